// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>

#include "scanner/base/bytes.h"

namespace sealwarden {

// Reads numbers from the front of bytes that may end at any point. Behind the end all numbers are zero, and ok() is false
// for good: a reader may ask once for several reads. Borrows the bytes.
class ByteCursor {
 public:
  explicit ByteCursor(Bytes bytes) : rest_(bytes) {}

  [[nodiscard]] bool ok() const { return ok_; }
  [[nodiscard]] Bytes rest() const { return rest_; }
  [[nodiscard]] size_t left() const { return rest_.size(); }

  // The next `size` bytes; none if there are fewer.
  Bytes take(uint64_t size) {
    if (size > rest_.size()) {
      ok_ = false;
      rest_ = {};
      return {};
    }
    const Bytes taken = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return taken;
  }
  void skip(uint64_t size) { take(size); }

  uint8_t u8() { return static_cast<uint8_t>(little(1)); }
  uint16_t le16() { return static_cast<uint16_t>(little(2)); }
  uint32_t le32() { return static_cast<uint32_t>(little(4)); }
  uint64_t le64() { return little(8); }
  uint16_t be16() { return static_cast<uint16_t>(big(2)); }
  uint32_t be32() { return static_cast<uint32_t>(big(4)); }

 private:
  uint64_t little(unsigned size) {
    uint64_t value = 0;
    unsigned shift = 0;
    for (const char c : take(size)) {
      value |= uint64_t{static_cast<uint8_t>(c)} << shift;
      shift += 8;
    }
    return value;
  }
  uint64_t big(unsigned size) {
    uint64_t value = 0;
    for (const char c : take(size)) value = value << 8 | static_cast<uint8_t>(c);
    return value;
  }

  Bytes rest_;
  bool ok_ = true;
};

}  // namespace sealwarden
