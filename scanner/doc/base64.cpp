// SPDX-License-Identifier: Apache-2.0
#include "scanner/doc/base64.h"

#include <cstdint>

namespace sealwarden {
namespace {

uint32_t value_of(char c) {
  if (is_upper(c)) return static_cast<uint32_t>(c - 'A');
  if (is_lower(c)) return static_cast<uint32_t>(c - 'a' + 26);
  if (is_digit(c)) return static_cast<uint32_t>(c - '0' + 52);
  return c == '+' || c == '-' ? 62 : 63;
}

}  // namespace

std::optional<std::string> decode_base64(Bytes text) {
  std::string out;
  out.reserve(text.size() / 4 * 3 + 2);
  uint32_t bits = 0, letters = 0, padding = 0;
  for (const char c : text) {
    if (is_space(c)) continue;
    if (c == '=') {
      ++padding;
      continue;
    }
    if (!is_base64_letter(c) || padding > 0) return std::nullopt;
    bits = bits << 6 | value_of(c);
    if (++letters % 4 != 0) continue;
    for (const uint32_t shift : {16U, 8U, 0U}) out += static_cast<char>(static_cast<unsigned char>(bits >> shift));
    bits = 0;
  }
  const uint32_t rest = letters % 4;
  if (rest == 1 || padding > 2 || (padding > 0 && rest + padding != 4)) return std::nullopt;
  if (rest == 2) out += static_cast<char>(static_cast<unsigned char>(bits >> 4));
  if (rest == 3) {
    out += static_cast<char>(static_cast<unsigned char>(bits >> 10));
    out += static_cast<char>(static_cast<unsigned char>(bits >> 2));
  }
  return out;
}

}  // namespace sealwarden
