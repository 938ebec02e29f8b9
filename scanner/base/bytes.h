// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>
#include <string_view>

namespace sealwarden {

// Raw bytes, not text. Borrowed: valid as long as the owner says.
using Bytes = std::string_view;

// A growing buffer that is reused from blob to blob without being zeroed. One per worker.
class ByteBuffer {
 public:
  // Makes room for at least `size` bytes; earlier content is lost. Throws std::bad_alloc.
  char* reserve(size_t size) {
    if (size > capacity_) {
      data_.reset();  // free first: the peak is one buffer, not two
      capacity_ = 0;
      data_ = std::make_unique_for_overwrite<char[]>(size);
      capacity_ = size;
    }
    return data_.get();
  }
  char* data() { return data_.get(); }
  [[nodiscard]] size_t capacity() const { return capacity_; }

 private:
  std::unique_ptr<char[]> data_;
  size_t capacity_ = 0;
};

}  // namespace sealwarden
