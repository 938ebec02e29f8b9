// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>

#include "scanner/base/bytes.h"

namespace sealwarden {

// Takes big-endian numbers and pieces off the front of foreign bytes; nullopt when they do not suffice, ever
// after too.
class ByteReader {
 public:
  explicit ByteReader(Bytes bytes) : rest_(bytes) {}

  [[nodiscard]] Bytes rest() const { return rest_; }
  std::optional<Bytes> take(size_t size) {
    if (size > rest_.size()) {
      rest_ = {};
      return std::nullopt;
    }
    const Bytes piece = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return piece;
  }
  // Up to `end`, which is taken too but not given.
  std::optional<Bytes> take_until(char end) {
    const size_t size = rest_.find(end);
    const std::optional<Bytes> piece = take(size == Bytes::npos ? size : size + 1);
    return piece ? std::optional(piece->substr(0, size)) : std::nullopt;
  }
  std::optional<uint16_t> take_u16() { return number<uint16_t>(); }
  std::optional<uint32_t> take_u32() { return number<uint32_t>(); }
  std::optional<uint64_t> take_u64() { return number<uint64_t>(); }

 private:
  template <class Number>
  std::optional<Number> number() {
    const std::optional<Bytes> piece = take(sizeof(Number));
    if (!piece) return std::nullopt;
    uint64_t value = 0;
    for (const char c : *piece)
      value = value << 8 | static_cast<uint8_t>(c);
    return static_cast<Number>(value);
  }

  Bytes rest_;
};

}  // namespace sealwarden
