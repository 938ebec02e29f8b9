// SPDX-License-Identifier: Apache-2.0
#include "rules/checksum_parts.h"

#include <algorithm>
#include <array>

#include "scanner/base/digest.h"

namespace sealwarden {
namespace {

constexpr std::string_view kBase58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
constexpr size_t kMostBase58 = 128;

constexpr std::array<uint32_t, 256> make_crc_table() {
  std::array<uint32_t, 256> table{};
  for (uint32_t i = 0; i < 256; ++i) {
    uint32_t value = i;
    for (int bit = 0; bit < 8; ++bit) value = (value & 1) != 0 ? value >> 1 ^ 0xEDB88320U : value >> 1;
    table[i] = value;
  }
  return table;
}

uint32_t rotated(uint32_t value, int bits) { return value << bits | value >> (32 - bits); }

struct MarvinState {
  uint32_t low, high;
  void mix() {
    high ^= low;
    low = rotated(low, 20) + high;
    high = rotated(high, 9) ^ low;
    low = rotated(low, 27) + high;
    high = rotated(high, 19);
  }
};

// Bytes as digits of `width` bits, the last one filled with zeros.
std::string regrouped(std::string_view bytes, std::string_view alphabet, unsigned width) {
  std::string text;
  uint32_t held = 0;
  unsigned bits = 0;
  for (const char c : bytes) {
    held = (held << 8 | static_cast<unsigned char>(c)) & 0xFFFFU;
    for (bits += 8; bits >= width; bits -= width) text += alphabet[held >> (bits - width) & ((1U << width) - 1)];
  }
  if (bits > 0) text += alphabet[held << (width - bits) & ((1U << width) - 1)];
  return text;
}

constexpr std::array<int8_t, 256> make_values(std::string_view alphabet, std::string_view second = {}) {
  std::array<int8_t, 256> values{};
  for (int8_t& value : values) value = -1;
  for (const std::string_view one : {alphabet, second})
    for (size_t i = 0; i < one.size(); ++i) values[static_cast<unsigned char>(one[i])] = static_cast<int8_t>(i);
  return values;
}

// The reverse; nullopt for a foreign character or a rest of a whole digit or more. Spare bits may be anything.
std::optional<std::string> ungrouped(std::string_view text, const std::array<int8_t, 256>& values, unsigned width) {
  std::string bytes;
  bytes.reserve(text.size() * width / 8);
  uint32_t held = 0;
  unsigned bits = 0;
  for (const char c : text) {
    const int8_t value = values[static_cast<unsigned char>(c)];
    if (value < 0) return std::nullopt;
    held = (held << width | static_cast<uint32_t>(value)) & 0xFFFFU;
    bits += width;
    if (bits < 8) continue;
    bits -= 8;
    bytes += static_cast<char>(held >> bits & 0xFF);
  }
  return bits < width ? std::optional(std::move(bytes)) : std::nullopt;
}

}  // namespace

std::string joined(std::string_view a, std::string_view b, std::string_view c, std::string_view d) {
  return std::string(a).append(b).append(c).append(d);
}

bool all_of(std::string_view text, std::string_view alphabet) { return text.find_first_not_of(alphabet) == std::string_view::npos; }

std::optional<Cut> cut_tail(std::string_view token, size_t width) {
  if (token.size() <= width) return std::nullopt;
  return Cut{token.substr(0, token.size() - width), token.substr(token.size() - width)};
}

std::optional<Cut> cut_at_last(std::string_view token, char mark) {
  const size_t at = token.rfind(mark);
  if (at == std::string_view::npos) return std::nullopt;
  return Cut{token.substr(0, at), token.substr(at + 1)};
}

std::string_view body_of(std::string_view head) {
  const auto cut = cut_at_last(head, '_');
  return cut ? cut->tail : std::string_view{};
}

std::string encoded_number(uint64_t value, std::string_view alphabet, size_t width) {
  std::string text(width, alphabet[0]);
  for (size_t i = width; i > 0; --i) {
    text[i - 1] = alphabet[value % alphabet.size()];
    value /= alphabet.size();
  }
  return text;
}

std::optional<uint64_t> decoded_number(std::string_view text, std::string_view alphabet) {
  if (text.empty() || text.size() > 8) return std::nullopt;
  uint64_t value = 0;
  for (const char c : text) {
    const size_t digit = alphabet.find(c);
    if (digit == std::string_view::npos) return std::nullopt;
    value = value * alphabet.size() + digit;
  }
  return value;
}

// Tokens are short: a table of one byte is enough.
uint32_t crc32(std::string_view bytes) {
  static constexpr std::array<uint32_t, 256> kTable = make_crc_table();
  uint32_t value = 0xFFFFFFFFU;
  for (const char c : bytes) value = value >> 8 ^ kTable[(value ^ static_cast<unsigned char>(c)) & 0xFF];
  return value ^ 0xFFFFFFFFU;
}

uint32_t byte_swapped(uint32_t value) {
  return value << 24 | (value & 0xFF00U) << 8 | (value >> 8 & 0xFF00U) | value >> 24;
}

std::string little_endian(uint32_t value) {
  std::string bytes;
  for (int shift = 0; shift < 32; shift += 8) bytes += static_cast<char>(value >> shift & 0xFF);
  return bytes;
}

uint32_t from_little_endian(std::string_view four_bytes) {
  uint32_t value = 0;
  for (size_t i = four_bytes.size(); i > 0; --i) value = value << 8 | static_cast<unsigned char>(four_bytes[i - 1]);
  return value;
}

uint32_t marvin32(std::string_view bytes, std::string_view seed) {
  MarvinState state{byte_swapped(from_little_endian(seed.substr(4, 4))), byte_swapped(from_little_endian(seed.substr(0, 4)))};
  const size_t whole = bytes.size() / 4 * 4;
  for (size_t i = 0; i < whole; i += 4) {
    state.low += from_little_endian(bytes.substr(i, 4));
    state.mix();
  }
  const std::string_view rest = bytes.substr(whole);
  state.low += from_little_endian(rest) | 0x80U << (8 * rest.size());
  state.mix();
  state.mix();
  return state.low ^ state.high;
}

std::string to_base64(std::string_view bytes, std::string_view alphabet, bool padded) {
  std::string text = regrouped(bytes, alphabet, 6);
  if (padded) text.append((4 - text.size() % 4) % 4, '=');
  return text;
}

std::optional<std::string> from_base64(std::string_view text) {
  static constexpr auto kValues = make_values(kBase64, kBase64Url);
  for (int i = 0; i < 2 && text.ends_with('='); ++i) text.remove_suffix(1);
  return ungrouped(text, kValues, 6);
}

std::string to_base32(std::string_view bytes, std::string_view alphabet) { return regrouped(bytes, alphabet, 5); }

std::optional<std::string> from_base32(std::string_view text, std::string_view alphabet) {
  return ungrouped(text, make_values(alphabet), 5);
}

std::string to_hex(std::string_view bytes) { return regrouped(bytes, kHexLower, 4); }

std::optional<std::string> from_hex(std::string_view text) {
  static constexpr auto kValues = make_values(kHexLower, kHexUpper);
  return text.size() % 2 == 0 ? ungrouped(text, kValues, 4) : std::nullopt;
}

std::optional<std::string> from_base58(std::string_view text) {
  static constexpr auto kValues = make_values(kBase58);
  if (text.size() > kMostBase58) return std::nullopt;
  std::string bytes;  // the least significant first
  for (const char c : text) {
    int carry = kValues[static_cast<unsigned char>(c)];
    if (carry < 0) return std::nullopt;
    for (char& byte : bytes) {
      carry += static_cast<unsigned char>(byte) * 58;
      byte = static_cast<char>(carry & 0xFF);
      carry >>= 8;
    }
    if (carry > 0) bytes += static_cast<char>(carry);
  }
  bytes.append(std::min(text.find_first_not_of('1'), text.size()), '\0');
  std::reverse(bytes.begin(), bytes.end());
  return bytes;
}

std::string to_base58(std::string_view bytes) {
  std::string digits;  // the least significant first
  for (const char c : bytes) {
    unsigned carry = static_cast<unsigned char>(c);
    for (char& digit : digits) {
      carry += static_cast<unsigned>(digit) << 8;
      digit = static_cast<char>(carry % 58);
      carry /= 58;
    }
    for (; carry > 0; carry /= 58) digits += static_cast<char>(carry % 58);
  }
  digits.append(std::min(bytes.find_first_not_of('\0'), bytes.size()), '\0');
  std::reverse(digits.begin(), digits.end());
  for (char& digit : digits) digit = kBase58[static_cast<unsigned char>(digit)];
  return digits;
}

std::string drawn_bytes(std::string_view seed, size_t count) {
  std::string bytes;
  for (char block = 0; bytes.size() < count; ++block) {
    const Sha256 digest = sha256(joined(seed, std::string(1, block)));
    bytes.append(digest.begin(), digest.end());
  }
  bytes.resize(count);
  return bytes;
}

std::string drawn_text(std::string_view seed, std::string_view alphabet, size_t count) {
  std::string text = drawn_bytes(seed, count);
  for (char& c : text) c = alphabet[static_cast<unsigned char>(c) % alphabet.size()];
  return text;
}

}  // namespace sealwarden
