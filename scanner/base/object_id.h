// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <cstring>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace sealwarden {

// A SHA-1 git object id, 20 raw bytes.
struct ObjectId {
  std::array<uint8_t, 20> raw{};

  // By value, without a call: histories compare ids by the million.
  friend bool operator==(const ObjectId& a, const ObjectId& b) {
    return ((a.word<uint64_t>(0) ^ b.word<uint64_t>(0)) | (a.word<uint64_t>(8) ^ b.word<uint64_t>(8)) |
            (a.word<uint32_t>(16) ^ b.word<uint32_t>(16))) == 0;
  }
  friend std::strong_ordering operator<=>(const ObjectId& a, const ObjectId& b) {
    if (a.raw[0] != b.raw[0]) return a.raw[0] <=> b.raw[0];
    return std::memcmp(a.raw.data(), b.raw.data(), a.raw.size()) <=> 0;
  }
  [[nodiscard]] bool is_zero() const { return *this == ObjectId{}; }

  // 40 lower-case hex digits.
  [[nodiscard]] std::string hex() const {
    static constexpr char kDigits[] = "0123456789abcdef";
    std::string text(40, '0');
    for (size_t i = 0; i < raw.size(); ++i) {
      text[2 * i] = kDigits[raw[i] >> 4];
      text[2 * i + 1] = kDigits[raw[i] & 15];
    }
    return text;
  }
  // From exactly 20 raw bytes at `bytes`.
  static ObjectId from_raw(const void* bytes) {
    ObjectId id;
    std::memcpy(id.raw.data(), bytes, id.raw.size());
    return id;
  }
  // From exactly 40 hex digits of either case; nullopt for anything else.
  static std::optional<ObjectId> from_hex(std::string_view text) {
    if (text.size() != 40) return std::nullopt;
    ObjectId id;
    for (size_t i = 0; i < 40; ++i) {
      const char c = text[i];
      int value = 0;
      if (c >= '0' && c <= '9') value = c - '0';
      else if (c >= 'a' && c <= 'f') value = c - 'a' + 10;
      else if (c >= 'A' && c <= 'F') value = c - 'A' + 10;
      else return std::nullopt;
      id.raw[i / 2] = static_cast<uint8_t>(id.raw[i / 2] << 4 | value);
    }
    return id;
  }

 private:
  template <class Word>
  [[nodiscard]] Word word(size_t at) const {
    Word value;
    std::memcpy(&value, raw.data() + at, sizeof value);
    return value;
  }
};

}  // namespace sealwarden

template <>
struct std::hash<sealwarden::ObjectId> {
  // Ids are already uniform: their first bytes are the hash.
  size_t operator()(const sealwarden::ObjectId& id) const noexcept {
    size_t value = 0;
    std::memcpy(&value, id.raw.data(), sizeof value);
    return value;
  }
};
