// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "rules/checksum_parts.h"
#include "rules/checksum_recipes.h"

namespace sealwarden {
namespace {

bool equals(std::string_view field, std::string_view alphabet, uint32_t sum) { return decoded_number(field, alphabet) == sum; }

bool equals_hex(std::string_view field, uint32_t sum) {
  return field.size() == 8 && (equals(field, kHexLower, sum) || equals(field, kHexUpper, sum));
}

// In properties files and URLs the "=" before the check digits stands escaped; the sum covers the plain one.
std::string without_escaped_equals(std::string_view head) {
  for (const std::string_view form : {"\\=", "%3D", "%3d"})
    if (head.ends_with(form)) return joined(head.substr(0, head.size() - form.size()), "=");
  return std::string(head);
}

// Six base64 digits of four bytes: the last digit carries two bits and four zeros.
std::string base64_of(uint32_t sum) { return to_base64(little_endian(sum), kBase64, false); }

constexpr size_t kConfluentPrefix = 4;  // "cflt"
constexpr size_t kSanctumBody = 40;
constexpr size_t kHexPmBytes = 16;
constexpr size_t kXataRandom = 20, kXataBytes = 24;
constexpr size_t kShortestUnknown = 30;

// Whether `tail` is one of the two sums, in the encoding of its width.
bool is_sum(std::string_view tail, uint32_t of_body, uint32_t of_all) {
  for (const uint32_t sum : {of_body, of_all}) {
    if (tail.size() == 7 && equals(tail, kBase36, sum)) return true;
    if (tail.size() == 6 && (equals(tail, kDigitsUpperLower, sum) || equals(tail, kDigitsLowerUpper, sum))) return true;
    if (tail.size() == 8 && (equals_hex(tail, sum) || equals_hex(tail, byte_swapped(sum)))) return true;
  }
  return false;
}

// The body of a token of an unknown issuer: what follows its last "_" or "|".
std::string_view unknown_body(std::string_view head) {
  const size_t at = head.find_last_of("_|");
  return at == std::string_view::npos ? std::string_view{} : head.substr(at + 1);
}

bool holds_any_with(std::string_view head, std::string_view tail) {
  const std::string_view body = unknown_body(head);
  if (body.size() < kShortestUnknown || !all_of(body, kLettersDigits)) return false;
  if (is_sum(tail, crc32(body), crc32(head))) return true;
  if (tail.size() != 8) return false;
  const auto bytes = from_hex(body);
  return bytes && equals_hex(tail, crc32(*bytes));
}

// Xata's base62 packs bits: a character stands for the six low ones, or for five where these would be 30, 31, 62 or 63.
constexpr unsigned kFiveBits = 0x1E;

std::optional<std::string> unpacked_base62(std::string_view text) {
  std::array<uint8_t, 32> bits{};  // the least significant byte first
  if (text.size() > 36) return std::nullopt;  // 6 bits each would not fit
  size_t shift = 0;
  for (const char c : text) {
    const size_t value = kDigitsLowerUpper.find(c);
    if (value == std::string_view::npos) return std::nullopt;
    const auto placed = static_cast<unsigned>(value << shift % 8);
    bits[shift / 8] = static_cast<uint8_t>(bits[shift / 8] | (placed & 0xFF));
    bits[shift / 8 + 1] = static_cast<uint8_t>(bits[shift / 8 + 1] | placed >> 8);
    shift += (value & kFiveBits) == kFiveBits ? 5 : 6;
  }
  std::string bytes;
  for (size_t i = bits.size(); i > 0; --i) {
    if (i <= kXataBytes) bytes += static_cast<char>(bits[i - 1]);
    if (i > kXataBytes && bits[i - 1] != 0) return std::nullopt;
  }
  return bytes;
}

std::string packed_base62(std::string_view bytes) {
  const size_t total = bytes.size() * 8;
  const auto bit = [&](size_t at) {  // the least significant is 0
    return at < total ? static_cast<unsigned char>(bytes[bytes.size() - 1 - at / 8]) >> at % 8 & 1U : 0U;
  };
  std::string text;
  for (size_t at = 0; at < total;) {
    unsigned value = 0;
    for (size_t i = 0; i < 6; ++i) value |= bit(at + i) << i;
    const bool five = (value & kFiveBits) == kFiveBits && (at + 6 < total || value > 31);
    if ((value & kFiveBits) == kFiveBits) value &= 31U;
    text += kDigitsLowerUpper[value];
    at += five ? 5 : 6;
  }
  return text;
}

}  // namespace

// One issuer's older release wrote the letters with swapped case, so both alphabets count.
bool holds_base62_body(std::string_view token) {
  const auto cut = cut_tail(token, 6);
  if (!cut || body_of(cut->head).empty()) return false;
  const uint32_t sum = crc32(body_of(cut->head));
  return equals(cut->tail, kDigitsUpperLower, sum) || equals(cut->tail, kDigitsLowerUpper, sum);
}
std::string complete_base62_body(std::string_view prefix, std::string_view body) {
  return joined(prefix, body, encoded_number(crc32(body), kDigitsUpperLower, 6));
}

bool holds_base62_all_sep(std::string_view token) {
  const auto cut = cut_at_last(token, '_');
  return cut && cut->tail.size() <= 6 && equals(cut->tail, kDigitsUpperLower, crc32(cut->head));
}
std::string complete_base62_all_sep(std::string_view prefix, std::string_view body) {
  const std::string head = joined(prefix, body);
  return joined(head, "_", encoded_number(crc32(head), kDigitsUpperLower, 6));
}

bool holds_hex_body(std::string_view token) {
  const auto cut = cut_tail(token, 8);
  return cut && !body_of(cut->head).empty() && equals_hex(cut->tail, crc32(body_of(cut->head)));
}
std::string complete_hex_body(std::string_view prefix, std::string_view body) {
  return joined(prefix, body, encoded_number(crc32(body), kHexLower, 8));
}

bool holds_hex_body_sep(std::string_view token) {
  const auto cut = cut_at_last(token, '_');
  return cut && !body_of(cut->head).empty() && equals_hex(cut->tail, crc32(body_of(cut->head)));
}
std::string complete_hex_body_sep(std::string_view prefix, std::string_view body) {
  return joined(prefix, body, "_", encoded_number(crc32(body), kHexLower, 8));
}

bool holds_hex_le_all(std::string_view token) {
  const auto cut = cut_at_last(token, '_');
  return cut && equals_hex(cut->tail, byte_swapped(crc32(cut->head)));
}
std::string complete_hex_le_all(std::string_view prefix, std::string_view body) {
  const std::string head = joined(prefix, body);
  return joined(head, "_", encoded_number(byte_swapped(crc32(head)), kHexLower, 8));
}

bool holds_hex_all(std::string_view token) {
  const auto cut = cut_tail(token, 8);
  return cut && equals_hex(cut->tail, crc32(without_escaped_equals(cut->head)));
}
// The case of the check digits goes with that of the prefix.
std::string complete_hex_all(std::string_view prefix, std::string_view body) {
  const bool upper = !prefix.empty() && prefix[0] >= 'A' && prefix[0] <= 'Z';
  const std::string head = joined(prefix, body);
  return joined(head, encoded_number(crc32(without_escaped_equals(head)), upper ? kHexUpper : kHexLower, 8));
}

bool holds_base62l_all(std::string_view token) {
  const auto cut = cut_tail(token, 6);
  return cut && equals(cut->tail, kDigitsLowerUpper, crc32(cut->head));
}
std::string complete_base62l_all(std::string_view prefix, std::string_view body) {
  const std::string head = joined(prefix, body);
  return joined(head, encoded_number(crc32(head), kDigitsLowerUpper, 6));
}

bool holds_base64_body(std::string_view token) {
  const auto cut = cut_tail(token, 6);
  return cut && cut->head.size() > kConfluentPrefix && cut->tail == base64_of(crc32(cut->head.substr(kConfluentPrefix)));
}
std::string complete_base64_body(std::string_view prefix, std::string_view body) {
  return joined(prefix, body, base64_of(crc32(body)));
}

// About twenty comparisons with 32 bits each: a hit says by itself that a machine made the token.
bool holds_crc32_any(std::string_view token) {
  for (const size_t width : {6U, 7U, 8U}) {
    auto cut = cut_tail(token, width);
    if (!cut) continue;
    if (holds_any_with(cut->head, cut->tail)) return true;
    if (!cut->head.ends_with('_')) continue;
    cut->head.remove_suffix(1);
    if (holds_any_with(cut->head, cut->tail)) return true;
  }
  return false;
}

// <prefix>B.01.LLCCCCCCC, or without ".01": L counts the characters of B, C covers all before it.
bool holds_gitlab_routable(std::string_view token) {
  auto cut = cut_at_last(token, '.');
  if (!cut || cut->tail.size() != 9) return false;
  if (!equals(cut->tail.substr(2), kBase36, crc32(token.substr(0, token.size() - 7)))) return false;
  if (cut->head.ends_with(".01")) cut->head.remove_suffix(3);
  const auto length = decoded_number(cut->tail.substr(0, 2), kBase36);
  return length && *length > 0 && *length <= cut->head.size() &&
         all_of(cut->head.substr(cut->head.size() - *length), kBase64Url);
}
std::string complete_gitlab_routable(std::string_view prefix, std::string_view body) {
  const std::string head = joined(prefix, body, ".01.", encoded_number(body.size(), kBase36, 2));
  return joined(head, encoded_number(crc32(head), kBase36, 7));
}

// 12|<40><8>, with a prefix of the owner's before the 40 if he likes.
bool holds_sanctum(std::string_view token) {
  const size_t bar = token.find('|');
  if (bar == std::string_view::npos || bar == 0 || !all_of(token.substr(0, bar), kDecimal)) return false;
  const auto cut = cut_tail(token.substr(bar + 1), 8);
  if (!cut || cut->head.size() < kSanctumBody) return false;
  const std::string_view body = cut->head.substr(cut->head.size() - kSanctumBody);
  return all_of(body, kLettersDigits) && equals_hex(cut->tail, crc32(body));
}

bool holds_hex_pm(std::string_view token) {
  const auto bytes = from_hex(body_of(token));
  return bytes && bytes->size() == kHexPmBytes + 4 &&
         byte_swapped(from_little_endian(std::string_view(*bytes).substr(kHexPmBytes))) ==
             crc32(std::string_view(*bytes).substr(0, kHexPmBytes));
}
std::string complete_hex_pm(std::string_view prefix, std::string_view body) {
  return joined(prefix, body, encoded_number(crc32(from_hex(body).value_or("")), kHexLower, 8));
}

bool holds_xata(std::string_view token) {
  if (!token.starts_with("xau_") && !token.starts_with("xao_")) return false;
  const auto bytes = unpacked_base62(token.substr(4));
  return bytes && from_little_endian(std::string_view(*bytes).substr(kXataRandom)) ==
                      crc32(std::string_view(*bytes).substr(0, kXataRandom));
}
std::string complete_xata(std::string_view prefix, std::string_view body) {
  const std::string random = drawn_bytes(body, kXataRandom);
  return joined(prefix, packed_base62(joined(random, little_endian(crc32(random)))));
}

}  // namespace sealwarden
