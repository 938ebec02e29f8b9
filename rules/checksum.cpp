// SPDX-License-Identifier: Apache-2.0
#include "rules/checksum.h"

#include <algorithm>
#include <array>

#include "scanner/base/digest.h"

namespace sealwarden {
namespace {

constexpr std::string_view kDigitsUpperLower =
    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
constexpr std::string_view kDigitsLowerUpper =
    "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
constexpr std::string_view kLettersDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
constexpr std::string_view kBase64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view kBase64Url = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr std::string_view kBase32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
constexpr std::string_view kBase36 = kDigitsLowerUpper.substr(0, 36);
constexpr std::string_view kHexLower = kDigitsLowerUpper.substr(0, 16);
constexpr std::string_view kHexUpper = kDigitsUpperLower.substr(0, 16);

constexpr std::array<uint32_t, 256> make_crc_table() {
  std::array<uint32_t, 256> table{};
  for (uint32_t i = 0; i < 256; ++i) {
    uint32_t value = i;
    for (int bit = 0; bit < 8; ++bit)
      value = (value & 1) != 0 ? value >> 1 ^ 0xEDB88320U : value >> 1;
    table[i] = value;
  }
  return table;
}

// CRC-32/ISO-HDLC. Tokens are short: a table of one byte is enough.
uint32_t crc32(std::string_view bytes) {
  static constexpr std::array<uint32_t, 256> kTable = make_crc_table();
  uint32_t value = 0xFFFFFFFFU;
  for (const char c : bytes)
    value = value >> 8 ^ kTable[(value ^ static_cast<unsigned char>(c)) & 0xFF];
  return value ^ 0xFFFFFFFFU;
}

uint32_t byte_swapped(uint32_t value) {
  return value << 24 | (value & 0xFF00U) << 8 | (value >> 8 & 0xFF00U) | value >> 24;
}

// `value` in `width` digits of the alphabet, most significant first.
std::string encode(uint64_t value, std::string_view alphabet, size_t width) {
  std::string text(width, alphabet[0]);
  for (size_t i = width; i > 0; --i) {
    text[i - 1] = alphabet[value % alphabet.size()];
    value /= alphabet.size();
  }
  return text;
}

// Decoding the field, not encoding the sum, makes differences of padding vanish. At most 8 digits, so it
// cannot overflow.
std::optional<uint64_t> decode(std::string_view text, std::string_view alphabet) {
  if (text.empty() || text.size() > 8) return std::nullopt;
  uint64_t value = 0;
  for (const char c : text) {
    const size_t digit = alphabet.find(c);
    if (digit == std::string_view::npos) return std::nullopt;
    value = value * alphabet.size() + digit;
  }
  return value;
}

bool equals(std::string_view field, std::string_view alphabet, uint32_t sum) {
  return decode(field, alphabet) == sum;
}

bool equals_hex(std::string_view field, uint32_t sum) {
  return field.size() == 8 && (equals(field, kHexLower, sum) || equals(field, kHexUpper, sum));
}

// A token cut into what stands before a place and what follows it.
struct Cut {
  std::string_view head, tail;
};

std::optional<Cut> cut_tail(std::string_view token, size_t width) {
  if (token.size() <= width) return std::nullopt;
  return Cut{token.substr(0, token.size() - width), token.substr(token.size() - width)};
}

// At the last `mark`, which belongs to neither part.
std::optional<Cut> cut_at_last(std::string_view token, char mark) {
  const size_t at = token.rfind(mark);
  if (at == std::string_view::npos) return std::nullopt;
  return Cut{token.substr(0, at), token.substr(at + 1)};
}

std::string joined(std::string_view a, std::string_view b, std::string_view c = {}) {
  return std::string(a).append(b).append(c);
}

// The body that ends `head`: what follows its last "_". Empty if there is no prefix.
std::string_view body_of(std::string_view head) {
  const auto cut = cut_at_last(head, '_');
  return cut ? cut->tail : std::string_view{};
}

// One issuer's older release wrote the letters with swapped case, so both alphabets count.
bool holds_base62_body(std::string_view token) {
  const auto cut = cut_tail(token, 6);
  if (!cut || body_of(cut->head).empty()) return false;
  const uint32_t sum = crc32(body_of(cut->head));
  return equals(cut->tail, kDigitsUpperLower, sum) || equals(cut->tail, kDigitsLowerUpper, sum);
}
std::string complete_base62_body(std::string_view prefix, std::string_view body) {
  return joined(prefix, body, encode(crc32(body), kDigitsUpperLower, 6));
}

bool holds_base62_all_sep(std::string_view token) {
  const auto cut = cut_at_last(token, '_');
  return cut && cut->tail.size() <= 6 && equals(cut->tail, kDigitsUpperLower, crc32(cut->head));
}
std::string complete_base62_all_sep(std::string_view prefix, std::string_view body) {
  const std::string head = joined(prefix, body);
  return joined(head, "_", encode(crc32(head), kDigitsUpperLower, 6));
}

bool holds_hex_body(std::string_view token) {
  const auto cut = cut_tail(token, 8);
  return cut && !body_of(cut->head).empty() && equals_hex(cut->tail, crc32(body_of(cut->head)));
}
std::string complete_hex_body(std::string_view prefix, std::string_view body) {
  return joined(prefix, body, encode(crc32(body), kHexLower, 8));
}

bool holds_hex_body_sep(std::string_view token) {
  const auto cut = cut_at_last(token, '_');
  return cut && !body_of(cut->head).empty() && equals_hex(cut->tail, crc32(body_of(cut->head)));
}
std::string complete_hex_body_sep(std::string_view prefix, std::string_view body) {
  return joined(joined(prefix, body), "_", encode(crc32(body), kHexLower, 8));
}

bool holds_hex_le_all(std::string_view token) {
  const auto cut = cut_at_last(token, '_');
  return cut && equals_hex(cut->tail, byte_swapped(crc32(cut->head)));
}
std::string complete_hex_le_all(std::string_view prefix, std::string_view body) {
  const std::string head = joined(prefix, body);
  return joined(head, "_", encode(byte_swapped(crc32(head)), kHexLower, 8));
}

// In properties files and URLs the "=" before the check digits stands escaped; the sum covers the plain one.
std::string without_escaped_equals(std::string_view head) {
  for (const std::string_view form : {"\\=", "%3D", "%3d"})
    if (head.ends_with(form)) return joined(head.substr(0, head.size() - form.size()), "=");
  return std::string(head);
}
bool holds_hex_all(std::string_view token) {
  const auto cut = cut_tail(token, 8);
  return cut && equals_hex(cut->tail, crc32(without_escaped_equals(cut->head)));
}
// The case of the check digits goes with that of the prefix.
std::string complete_hex_all(std::string_view prefix, std::string_view body) {
  const bool upper = !prefix.empty() && prefix[0] >= 'A' && prefix[0] <= 'Z';
  const std::string head = joined(prefix, body);
  return joined(head, encode(crc32(without_escaped_equals(head)), upper ? kHexUpper : kHexLower, 8));
}

bool holds_base62l_all(std::string_view token) {
  const auto cut = cut_tail(token, 6);
  return cut && equals(cut->tail, kDigitsLowerUpper, crc32(cut->head));
}
std::string complete_base62l_all(std::string_view prefix, std::string_view body) {
  const std::string head = joined(prefix, body);
  return joined(head, encode(crc32(head), kDigitsLowerUpper, 6));
}

// Six base64 digits of four bytes: the last digit carries two bits and four zeros.
std::string base64_of(uint32_t little_endian) {
  return encode(uint64_t{byte_swapped(little_endian)} << 4, kBase64, 6);
}
constexpr size_t kConfluentPrefix = 4;  // "cflt"
bool holds_base64_body(std::string_view token) {
  const auto cut = cut_tail(token, 6);
  return cut && cut->head.size() > kConfluentPrefix &&
         cut->tail == base64_of(crc32(cut->head.substr(kConfluentPrefix)));
}
std::string complete_base64_body(std::string_view prefix, std::string_view body) {
  return joined(prefix, body, base64_of(crc32(body)));
}

bool all_of_alphabet(std::string_view text, std::string_view alphabet) {
  return text.find_first_not_of(alphabet) == std::string_view::npos;
}
// <prefix>B.01.LLCCCCCCC, or without ".01": L counts the characters of B, C covers all before it.
bool holds_gitlab_routable(std::string_view token) {
  auto cut = cut_at_last(token, '.');
  if (!cut || cut->tail.size() != 9) return false;
  if (!equals(cut->tail.substr(2), kBase36, crc32(token.substr(0, token.size() - 7)))) return false;
  if (cut->head.ends_with(".01")) cut->head.remove_suffix(3);
  const auto length = decode(cut->tail.substr(0, 2), kBase36);
  return length && *length > 0 && *length <= cut->head.size() &&
         all_of_alphabet(cut->head.substr(cut->head.size() - *length), kBase64Url);
}
std::string complete_gitlab_routable(std::string_view prefix, std::string_view body) {
  const std::string head = joined(joined(prefix, body), ".01.", encode(body.size(), kBase36, 2));
  return joined(head, encode(crc32(head), kBase36, 7));
}

constexpr size_t kCratesBody = 31;
char xor_digit(std::string_view body) {
  unsigned char value = 0;
  for (const char c : body)
    value = static_cast<unsigned char>(value ^ static_cast<unsigned char>(c));
  return kLettersDigits[value % kLettersDigits.size()];
}
bool holds_crates_io(std::string_view token) {
  const auto cut = cut_tail(token, 1);
  if (!cut) return false;
  const std::string_view body = body_of(cut->head);
  return body.size() == kCratesBody && cut->tail[0] == xor_digit(body);
}
std::string complete_crates_io(std::string_view prefix, std::string_view body) {
  return joined(prefix, body, std::string(1, xor_digit(body)));
}

// The first `digits` base32 digits of the SHA-256.
std::string base32_of_digest(std::string_view text, size_t digits) {
  const Sha256 digest = sha256(text);
  std::string out;
  for (size_t bit = 0; out.size() < digits; bit += 5) {
    const unsigned pair = static_cast<unsigned>(digest[bit / 8]) << 8 | digest[bit / 8 + 1];
    out += kBase32[pair >> (11 - bit % 8) & 31];
  }
  return out;
}

// 77 covered bytes, 8 check digits, 8 of unknown use.
constexpr size_t kFineCovered = 77, kFineCheck = 8, kFineSeparator = 33;
bool holds_github_fine_grained(std::string_view token) {
  return token.size() == kFineCovered + 2 * kFineCheck &&
         token.substr(kFineCovered, kFineCheck) ==
             base32_of_digest(token.substr(0, kFineCovered), kFineCheck);
}
// A body of 74 brings the last 8 characters itself, one of 66 gets some.
std::string complete_github_fine_grained(std::string_view prefix, std::string_view body) {
  std::string head = joined(prefix, body);
  if (head.size() > kFineSeparator) head[kFineSeparator] = '_';
  std::string rest = head.size() > kFineCovered ? head.substr(kFineCovered) : std::string();
  head.resize(std::min(head.size(), kFineCovered));
  const std::string digits = base32_of_digest(head, 2 * kFineCheck);
  if (rest.empty()) rest = digits.substr(kFineCheck);
  return joined(head, digits.substr(0, kFineCheck), rest);
}

bool holds_none(std::string_view) { return true; }
std::string complete_none(std::string_view prefix, std::string_view body) { return joined(prefix, body); }

struct Recipe {
  Checksum checksum;
  std::string_view name;
  bool sure;
  bool (*holds)(std::string_view token);
  std::string (*complete)(std::string_view prefix, std::string_view body);
};

// In the order of the enumeration. Sure means: confirmed by the issuer or by its published samples.
constexpr Recipe kRecipes[] = {
    {Checksum::none, "none", false, holds_none, complete_none},
    {Checksum::crc32_base62_body, "crc32-base62-body", true, holds_base62_body, complete_base62_body},
    {Checksum::crc32_base62_body_advisory, "crc32-base62-body-advisory", false, holds_base62_body,
     complete_base62_body},
    {Checksum::crc32_base62_all_sep, "crc32-base62-all-sep", true, holds_base62_all_sep,
     complete_base62_all_sep},
    {Checksum::crc32_hex_body, "crc32-hex-body", true, holds_hex_body, complete_hex_body},
    {Checksum::crc32_hex_body_sep, "crc32-hex-body-sep", true, holds_hex_body_sep, complete_hex_body_sep},
    {Checksum::crc32_hex_le_all, "crc32-hex-le-all", true, holds_hex_le_all, complete_hex_le_all},
    {Checksum::crc32_hex_all, "crc32-hex-all", true, holds_hex_all, complete_hex_all},
    {Checksum::crc32_hex_all_advisory, "crc32-hex-all-advisory", false, holds_hex_all, complete_hex_all},
    {Checksum::crc32_base62l_all, "crc32-base62l-all", false, holds_base62l_all, complete_base62l_all},
    {Checksum::crc32_base64_body, "crc32-base64-body", true, holds_base64_body, complete_base64_body},
    {Checksum::gitlab_routable, "gitlab-routable", true, holds_gitlab_routable, complete_gitlab_routable},
    {Checksum::crates_io_xor, "crates-io-xor", true, holds_crates_io, complete_crates_io},
    {Checksum::github_fine_grained, "github-fine-grained", false, holds_github_fine_grained,
     complete_github_fine_grained},
};

constexpr bool in_order() {
  for (size_t i = 0; i < std::size(kRecipes); ++i)
    if (static_cast<size_t>(kRecipes[i].checksum) != i) return false;
  return true;
}
static_assert(in_order(), "kRecipes is indexed by Checksum");

const Recipe& recipe(Checksum checksum) { return kRecipes[static_cast<size_t>(checksum)]; }

}  // namespace

bool checksum_is_sure(Checksum checksum) { return recipe(checksum).sure; }

std::string_view name_of(Checksum checksum) { return recipe(checksum).name; }

std::optional<Checksum> parse_checksum(std::string_view name) {
  for (const Recipe& one : kRecipes)
    if (one.name == name) return one.checksum;
  return std::nullopt;
}

std::vector<std::string_view> checksum_names() {
  std::vector<std::string_view> names;
  for (const Recipe& one : kRecipes)
    names.push_back(one.name);
  return names;
}

bool checksum_holds(Checksum checksum, std::string_view token) { return recipe(checksum).holds(token); }

std::string checksum_complete(Checksum checksum, std::string_view prefix, std::string_view body) {
  return recipe(checksum).complete(prefix, body);
}

}  // namespace sealwarden
