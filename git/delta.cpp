// SPDX-License-Identifier: Apache-2.0
#include "git/delta.h"

#include <bit>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>

// delta  = base-size:var result-size:var { copy | insert }
// copy   = bits 1sssoooo, then a byte for each o (of the offset) and s (of the size) that is set, low ones first; a size
//          of 0 means 65536
// insert = bits 0nnnnnnn (n > 0), then n bytes
// var    = 7 bits a byte, low ones first; the top bit says that more follow
namespace sealwarden {
namespace {

tl::unexpected<Error> broken() { return fail(Error::Kind::corrupt, "its delta is broken"); }

using Byte = unsigned char;

struct Instructions {
  const Byte* at;
  const Byte* end;
};

std::optional<uint64_t> take_size(Instructions& delta) {
  constexpr unsigned kMostBits = 56;  // 2^63 bytes are more than there are
  uint64_t value = 0;
  for (unsigned shift = 0; shift <= kMostBits && delta.at < delta.end; shift += 7) {
    const Byte byte = *delta.at++;
    value |= uint64_t{byte & 0x7fU} << shift;
    if ((byte & 0x80U) == 0) return value;
  }
  return std::nullopt;
}

// A number of which only the bytes named by the lowest bits of `flags` are there, kBytes at most; the caller knows that they
// are. Written out for each byte: histories have hundreds of millions of these.
template <unsigned kBytes>
uint32_t take_sparse(Instructions& delta, unsigned flags) {
  uint32_t value = 0;
  if ((flags & 1U) != 0) value = *delta.at++;
  if ((flags & 2U) != 0) value |= uint32_t{*delta.at++} << 8;
  if ((flags & 4U) != 0) value |= uint32_t{*delta.at++} << 16;
  if (kBytes > 3 && (flags & 8U) != 0) value |= uint32_t{*delta.at++} << 24;
  return value;
}

// What one instruction appends: the first bytes of `from`, which is the rest of the base or of the delta. None: it is broken.
struct Piece {
  Bytes from;
  size_t size = 0;
  bool is_copied = false;
};

// The piece of the next instruction; there is one.
Piece next_piece(Instructions& delta, Bytes base) {
  constexpr uint32_t kSizeOfZero = 0x10000;
  const Byte code = *delta.at++;
  const auto left = static_cast<size_t>(delta.end - delta.at);
  if ((code & 0x80U) == 0) {  // 0 is reserved
    if (code > left) return {};
    const Bytes inserted(reinterpret_cast<const char*>(delta.at), left);
    delta.at += code;
    return {inserted, code, false};
  }
  constexpr size_t kMostArguments = 7;
  if (left < kMostArguments && static_cast<size_t>(std::popcount(code & 0x7fU)) > left) return {};
  const uint32_t offset = take_sparse<4>(delta, code);
  const uint32_t given = take_sparse<3>(delta, code >> 4);
  const size_t size = given == 0 ? kSizeOfZero : given;
  if (offset > base.size() || size > base.size() - offset) return {};
  return {base.substr(offset), size, true};
}

void note_copy(std::vector<CopiedRegion>& copied, CopiedRegion region) {
  if (!copied.empty() && copied.back().end() == region.begin && copied.back().base_end() == region.base_begin)
    copied.back().size += region.size;
  else
    copied.push_back(region);
}

// What is left of a delta once its sizes are read.
struct Recipe {
  Instructions rest;
  uint64_t size;  // of what it makes
};

Result<Recipe> read_sizes(Bytes base, Bytes delta) {
  const auto* const start = reinterpret_cast<const Byte*>(delta.data());
  Instructions rest{start, start + delta.size()};
  const std::optional<uint64_t> base_size = take_size(rest), size = take_size(rest);
  if (!base_size || !size || *base_size != base.size()) return broken();
  return Recipe{rest, *size};
}

// Copies `size` bytes, and some behind them if there is room on both sides: most pieces are a few words, and a copy of fixed
// size needs no call.
void copy(char* to, size_t room, Bytes from, size_t size) {
  constexpr size_t kFew = 64;
  if (size <= kFew && room >= kFew && from.size() >= kFew) std::memcpy(to, from.data(), kFew);
  else std::memcpy(to, from.data(), size);
}

// Fills `to`, which has room for what the recipe makes.
Result<void> follow(Recipe recipe, Bytes base, char* to, std::vector<CopiedRegion>* copied) {
  if (copied != nullptr) copied->clear();
  size_t filled = 0;
  while (recipe.rest.at < recipe.rest.end) {
    const Piece piece = next_piece(recipe.rest, base);
    if (piece.size == 0 || piece.size > recipe.size - filled) return broken();
    copy(to + filled, recipe.size - filled, piece.from, piece.size);
    if (copied != nullptr && piece.is_copied)
      note_copy(*copied, {filled, static_cast<uint64_t>(piece.from.data() - base.data()), piece.size});
    filled += piece.size;
  }
  if (filled != recipe.size) return broken();
  return {};
}

}  // namespace

uint64_t stated_size(Bytes delta) {
  const auto* const start = reinterpret_cast<const Byte*>(delta.data());
  Instructions rest{start, start + delta.size()};
  return take_size(rest) ? take_size(rest).value_or(0) : 0;
}

Result<OwnedBytes> apply_delta(Bytes base, Bytes delta, size_t limit, std::vector<CopiedRegion>* copied) {
  TRY(const Recipe recipe, read_sizes(base, delta));
  if (recipe.size > limit) return fail(Error::Kind::limit, "it is larger than " + std::to_string(limit) + " bytes");
  // Each instruction makes at most 16 MiB of at least one byte; what claims more is a lie that is not worth its memory.
  if (recipe.size >> 24 > delta.size()) return broken();
  OwnedBytes result(static_cast<size_t>(recipe.size));
  TRY_VOID(follow(recipe, base, result.data(), copied));
  return result;
}

Result<std::optional<Bytes>> apply_delta_into(ByteBuffer& buffer, Bytes base, Bytes delta, std::vector<CopiedRegion>& copied) {
  TRY(const Recipe recipe, read_sizes(base, delta));
  if (recipe.size > buffer.capacity()) return std::optional<Bytes>();
  TRY_VOID(follow(recipe, base, buffer.data(), &copied));
  return std::optional(Bytes(buffer.data(), static_cast<size_t>(recipe.size)));
}

}  // namespace sealwarden
