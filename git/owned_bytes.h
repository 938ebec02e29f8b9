// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstring>
#include <memory>

#include "scanner/base/bytes.h"

namespace sealwarden {

// Bytes of a fixed size that stay where they are when their owner is moved (a short std::string's do not).
class OwnedBytes {
 public:
  OwnedBytes() = default;
  explicit OwnedBytes(size_t size) : data_(std::make_unique_for_overwrite<char[]>(size)), size_(size) {}

  static OwnedBytes copy_of(Bytes bytes) {
    OwnedBytes copy(bytes.size());
    if (!bytes.empty()) std::memcpy(copy.data(), bytes.data(), bytes.size());
    return copy;
  }

  [[nodiscard]] char* data() { return data_.get(); }
  [[nodiscard]] size_t size() const { return size_; }
  [[nodiscard]] Bytes view() const { return {data_.get(), size_}; }

 private:
  std::unique_ptr<char[]> data_;
  size_t size_ = 0;
};

}  // namespace sealwarden
