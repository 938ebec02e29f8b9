// SPDX-License-Identifier: Apache-2.0
#include "git/delta.h"

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

class DeltaReader {
 public:
  explicit DeltaReader(Bytes rest) : rest_(rest) {}

  [[nodiscard]] bool at_end() const { return rest_.empty(); }
  std::optional<uint8_t> take_byte() {
    if (rest_.empty()) return std::nullopt;
    const auto byte = static_cast<uint8_t>(rest_.front());
    rest_.remove_prefix(1);
    return byte;
  }
  std::optional<Bytes> take(size_t size) {
    if (size > rest_.size()) return std::nullopt;
    const Bytes piece = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return piece;
  }
  std::optional<uint64_t> take_size() {
    constexpr unsigned kMostBits = 56;  // 2^63 bytes are more than there are
    uint64_t value = 0;
    for (unsigned shift = 0; shift <= kMostBits; shift += 7) {
      const std::optional<uint8_t> byte = take_byte();
      if (!byte) return std::nullopt;
      value |= uint64_t{*byte & 0x7fU} << shift;
      if ((*byte & 0x80U) == 0) return value;
    }
    return std::nullopt;
  }
  // A number of which only the bytes named by the lowest `count` bits of `flags` are there.
  std::optional<uint32_t> take_sparse(unsigned flags, unsigned count) {
    uint32_t value = 0;
    for (unsigned i = 0; i < count; ++i) {
      if ((flags >> i & 1U) == 0) continue;
      const std::optional<uint8_t> byte = take_byte();
      if (!byte) return std::nullopt;
      value |= uint32_t{*byte} << 8 * i;
    }
    return value;
  }

 private:
  Bytes rest_;
};

// What one instruction appends: bytes of the base, or of the delta itself.
struct Piece {
  Bytes bytes;
  bool is_copied = false;
};

// The piece of the instruction that starts with `code`; nullopt if it is broken.
std::optional<Piece> next_piece(DeltaReader& delta, uint8_t code, Bytes base) {
  constexpr uint32_t kSizeOfZero = 0x10000;
  if (code == 0) return std::nullopt;  // reserved
  if ((code & 0x80U) == 0) {
    const std::optional<Bytes> inserted = delta.take(code);
    return inserted ? std::optional(Piece{*inserted, false}) : std::nullopt;
  }
  const std::optional<uint32_t> offset = delta.take_sparse(code, 4);
  const std::optional<uint32_t> given = delta.take_sparse(code >> 4 & 7U, 3);
  if (!offset || !given) return std::nullopt;
  const size_t size = *given == 0 ? kSizeOfZero : *given;
  if (*offset > base.size() || size > base.size() - *offset) return std::nullopt;
  return Piece{base.substr(*offset, size), true};
}

void note_copy(std::vector<CopiedRegion>& copied, CopiedRegion region) {
  if (!copied.empty() && copied.back().end() == region.begin && copied.back().base_end() == region.base_begin)
    copied.back().size += region.size;
  else
    copied.push_back(region);
}

}  // namespace

Result<OwnedBytes> apply_delta(Bytes base, Bytes delta, size_t limit, std::vector<CopiedRegion>* copied) {
  if (copied != nullptr) copied->clear();
  DeltaReader reader(delta);
  const std::optional<uint64_t> base_size = reader.take_size(), size = reader.take_size();
  if (!base_size || !size || *base_size != base.size()) return broken();
  if (*size > limit) return fail(Error::Kind::limit, "it is larger than " + std::to_string(limit) + " bytes");
  // Each instruction makes at most 16 MiB of at least one byte; what claims more is a lie that is not worth its memory.
  if (*size >> 24 > delta.size()) return broken();
  OwnedBytes result(static_cast<size_t>(*size));
  size_t filled = 0;
  while (const std::optional<uint8_t> code = reader.take_byte()) {
    const std::optional<Piece> piece = next_piece(reader, *code, base);
    if (!piece || piece->bytes.size() > result.size() - filled) return broken();
    std::memcpy(result.data() + filled, piece->bytes.data(), piece->bytes.size());
    if (copied != nullptr && piece->is_copied)
      note_copy(*copied, {filled, static_cast<uint64_t>(piece->bytes.data() - base.data()), piece->bytes.size()});
    filled += piece->bytes.size();
  }
  if (filled != result.size()) return broken();
  return result;
}

}  // namespace sealwarden
