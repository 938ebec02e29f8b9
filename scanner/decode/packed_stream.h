// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "scanner/base/bytes.h"
#include "scanner/decode/unpacking.h"

namespace sealwarden {

// `xz` is also lzip and LZMA files with a head; `lzma` has none.
enum class Codec : uint8_t { stored, deflate, zlib, gzip, bzip2, xz, zstd, lzma };

// The filters of a Codec::lzma stream, which says nothing of itself.
struct LzmaChain {
  struct Filter {
    uint64_t id;  // liblzma's
    Bytes properties;
  };
  std::vector<Filter> filters;  // the one that was applied first to the plain bytes comes first; at most four
  uint64_t size;                // of the plain bytes
};

// The plain bytes of a compressed stream, piece by piece, charged to the job. gzip, bzip2, xz and zstd go on with further
// streams that follow at once, as their own programs do. Borrows the packed bytes.
class PackedStream {
 public:
  enum class State : uint8_t {
    open,         // there may be more
    end,          // all was given
    truncated,    // the packed bytes end too early
    corrupt,      // they break their format
    limit,        // the job's budget is spent
    memory,       // the decompressor would need more than kMostMemory
    unsupported,  // no such method
  };
  static constexpr uint64_t kMostMemory = 128ULL << 20;

  PackedStream(Codec codec, Bytes packed, Unpacking& job, const LzmaChain* chain = nullptr);
  ~PackedStream();
  PackedStream(const PackedStream&) = delete;
  PackedStream& operator=(const PackedStream&) = delete;

  // The next `size` bytes, fewer only if state() says why. Valid until the next call, stored ones as long as the packed.
  Bytes next(uint64_t size);
  // Makes next() begin anew with the bytes that it gave last, or the last `size` of them.
  void put_back(size_t size = SIZE_MAX);
  // Passes over `size` bytes; false if there are fewer.
  bool skip(uint64_t size);

  [[nodiscard]] State state() const { return state_; }
  // What it gives are its own bytes.
  [[nodiscard]] bool is_stored() const { return decoder_ == nullptr; }
  // The packed bytes that were not consumed.
  [[nodiscard]] Bytes packed_rest() const { return packed_; }

  class Decoder;  // one per codec, in the .cpp

 private:
  Unpacking& job_;
  Bytes packed_, last_;
  std::unique_ptr<Decoder> decoder_;  // none for what is stored
  unsigned weight_ = 1;
  State state_ = State::open;
  std::string buffer_;
};

// Why a stream ended early, for a gap: its kind and half a sentence.
UnpackGap::Kind kind_of(PackedStream::State);
std::string_view message_of(PackedStream::State);

uint32_t crc32_of(Bytes bytes);

// Gives the next `size` bytes of the stream, or all of it, as one admitted member, a long text in pieces. A gap says if it ends
// early, is longer than a member may be (the rest of `size` is then passed over) or does not have the CRC-32 that it should have.
constexpr uint64_t kWholeStream = UINT64_MAX;
void give_stream(PackedStream& stream, uint64_t size, std::optional<uint32_t> crc, std::string_view path, Unpacking& job);

}  // namespace sealwarden
