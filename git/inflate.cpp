// SPDX-License-Identifier: Apache-2.0
#include "git/inflate.h"

#include <libdeflate.h>

#include <algorithm>
#include <cstdint>
#include <string>

namespace sealwarden {
namespace {

// Deflate makes at most this many bytes of one; what claims more is a lie that is not worth its memory.
constexpr uint64_t kExpansion = 1032;

tl::unexpected<Error> broken() { return fail(Error::Kind::corrupt, "its compressed bytes are broken"); }

}  // namespace

void Inflater::Deleter::operator()(libdeflate_decompressor* decompressor) const {
  libdeflate_free_decompressor(decompressor);
}

Inflater::Inflater() : decompressor_(libdeflate_alloc_decompressor()) {}

Result<size_t> Inflater::inflate_to(char* to, Bytes packed, size_t size) const {
  size_t taken = 0;
  const libdeflate_result result =
      libdeflate_zlib_decompress_ex(decompressor_.get(), packed.data(), packed.size(), to, size, &taken, nullptr);
  if (result != LIBDEFLATE_SUCCESS) return broken();
  return taken;
}

Result<void> Inflater::check(Bytes packed, uint64_t size) const {
  if (!decompressor_) return fail(Error::Kind::limit, "no memory to decompress in");
  if (size / kExpansion > packed.size()) return broken();
  return {};
}

Result<OwnedBytes> Inflater::inflate(Bytes packed, uint64_t size, size_t* taken) const {
  TRY_VOID(check(packed, size));
  OwnedBytes bytes(static_cast<size_t>(size));
  TRY(const size_t read, inflate_to(bytes.data(), packed, bytes.size()));
  if (taken != nullptr) *taken = read;
  return bytes;
}

Result<Inflater::Stream> Inflater::inflate_into(ByteBuffer& buffer, Bytes packed, uint64_t size) const {
  TRY_VOID(check(packed, size));
  char* const to = buffer.reserve(static_cast<size_t>(size) + 1);  // a place even for nothing
  TRY(const size_t taken, inflate_to(to, packed, static_cast<size_t>(size)));
  return Stream{{to, static_cast<size_t>(size)}, taken};
}

// The size is not known before: room for a usual ratio first, four times as much while it does not suffice.
Result<Inflater::Unknown> Inflater::inflate_whole(Bytes packed, size_t limit) const {
  constexpr size_t kUsualRatio = 4, kLeast = 512;
  if (!decompressor_) return fail(Error::Kind::limit, "no memory to decompress in");
  for (size_t room = std::min(packed.size() * kUsualRatio + kLeast, limit);;) {
    Unknown out{OwnedBytes(room), 0};
    size_t taken = 0;
    const libdeflate_result result = libdeflate_zlib_decompress_ex(
        decompressor_.get(), packed.data(), packed.size(), out.bytes.data(), room, &taken, &out.size);
    if (result == LIBDEFLATE_SUCCESS && taken == packed.size()) return out;
    if (result != LIBDEFLATE_INSUFFICIENT_SPACE) return broken();
    if (room >= limit) return fail(Error::Kind::limit, "it is larger than " + std::to_string(limit) + " bytes");
    room = room < limit / kUsualRatio ? room * kUsualRatio : limit;
  }
}

}  // namespace sealwarden
