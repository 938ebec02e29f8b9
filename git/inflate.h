// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

#include "git/owned_bytes.h"
#include "scanner/base/bytes.h"
#include "scanner/base/result.h"

struct libdeflate_decompressor;

namespace sealwarden {

// Unpacks zlib streams, checksum included. One per thread. Errors are of kind corrupt or limit.
class Inflater {
 public:
  Inflater();

  // The stream that `packed` starts with (more may follow) must give exactly `size` bytes.
  // `taken`, if given, is set to how many bytes of `packed` the stream has.
  [[nodiscard]] Result<OwnedBytes> inflate(Bytes packed, uint64_t size, size_t* taken = nullptr) const;
  // The same into `buffer`, which grows as needed.
  struct Stream {
    Bytes bytes;  // in the buffer
    size_t taken = 0;
  };
  [[nodiscard]] Result<Stream> inflate_into(ByteBuffer& buffer, Bytes packed, uint64_t size) const;
  // `packed` must be one stream as a whole. At most `limit` bytes come out; `size` is how many.
  struct Unknown {
    OwnedBytes bytes;
    size_t size = 0;
  };
  [[nodiscard]] Result<Unknown> inflate_whole(Bytes packed, size_t limit) const;

 private:
  [[nodiscard]] Result<void> check(Bytes packed, uint64_t size) const;
  [[nodiscard]] Result<size_t> inflate_to(char* to, Bytes packed, size_t size) const;
  struct Deleter {
    void operator()(libdeflate_decompressor* decompressor) const;
  };
  std::unique_ptr<libdeflate_decompressor, Deleter> decompressor_;
};

}  // namespace sealwarden
