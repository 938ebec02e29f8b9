// SPDX-License-Identifier: Apache-2.0
#include "scanner/decode/escapes.h"

#include <algorithm>
#include <array>
#include <optional>

#include "scanner/base/ascii.h"

namespace sealwarden {
namespace {

constexpr uint64_t kMostBackslashes = 16;
constexpr uint64_t kSoftLine = 40;  // mail breaks its lines near 76

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const char small = static_cast<char>(c | 0x20);
  return small >= 'a' && small <= 'f' ? small - 'a' + 10 : -1;
}

bool is_printable(uint32_t value) { return value >= 0x20 && value < 0x7F; }

bool is_quote(char c) { return c == '"' || c == '\'' || c == '`'; }

char get(Bytes text, uint64_t at) { return at < text.size() ? text[at] : '\0'; }

// The value of exactly `digits` hex digits at `at`.
std::optional<uint32_t> read_hex(Bytes text, uint64_t at, uint64_t digits) {
  if (at + digits > text.size()) return std::nullopt;
  uint32_t value = 0;
  for (uint64_t i = at; i < at + digits; ++i) {
    const int digit = hex_value(text[i]);
    if (digit < 0) return std::nullopt;
    value = value << 4 | static_cast<uint32_t>(digit);
  }
  return value;
}

Escape percent_at(Bytes text, uint64_t at) {
  if (text[at] != '%') return {};
  const auto value = read_hex(text, at + 1, 2);
  if (!value) return {};
  return {3, *value, Escape::Kind::byte, is_printable(*value)};
}

// Whether the backslash at `at` begins an escape, and is not the second half of an escaped backslash.
bool begins_escape(Bytes text, uint64_t at) {
  if (text[at] != '\\') return false;
  uint64_t before = 0;
  while (before < at && before < kMostBackslashes && text[at - 1 - before] == '\\') ++before;
  return before < kMostBackslashes && before % 2 == 0;
}

Escape code_point(uint64_t size, uint32_t value) {
  if (value > 0x10FFFF) return {};
  if (value >= 0xD800 && value < 0xE000) value = 0xFFFD;
  return {static_cast<uint32_t>(size), value, Escape::Kind::code_point, is_printable(value)};
}

// One to `most` digits of base 10 or 16 and then `end`; of the escape that begins at `at`, its digits at `from`.
Escape number_at(Bytes text, uint64_t at, uint64_t from, uint32_t base, uint64_t most, char end) {
  uint32_t value = 0;
  uint64_t i = from;
  for (; i < text.size() && i < from + most; ++i) {
    const int digit = hex_value(text[i]);
    if (digit < 0 || static_cast<uint32_t>(digit) >= base) break;
    value = value * base + static_cast<uint32_t>(digit);
  }
  if (i == from || get(text, i) != end) return {};
  return code_point(i + 1 - at, value);
}

Escape unicode_escape_at(Bytes text, uint64_t at) {
  if (!begins_escape(text, at)) return {};
  const char kind = get(text, at + 1);
  if (kind == 'x') {
    const auto value = read_hex(text, at + 2, 2);
    if (!value) return {};
    return {4, *value, Escape::Kind::byte, is_printable(*value)};
  }
  if (kind == 'U') {
    const auto value = read_hex(text, at + 2, 8);
    return value ? code_point(10, *value) : Escape{};
  }
  if (kind != 'u') return {};
  if (get(text, at + 2) == '{') return number_at(text, at, at + 3, 16, 6, '}');
  const auto value = read_hex(text, at + 2, 4);
  if (!value) return {};
  if (*value >= 0xD800 && *value < 0xDC00 && get(text, at + 6) == '\\' && get(text, at + 7) == 'u') {
    const auto low = read_hex(text, at + 8, 4);
    if (low && *low >= 0xDC00 && *low < 0xE000) return code_point(12, 0x10000 + ((*value - 0xD800) << 10) + (*low - 0xDC00));
  }
  return code_point(6, *value);
}

Escape html_entity_at(Bytes text, uint64_t at) {
  if (text[at] != '&') return {};
  if (get(text, at + 1) == '#') {
    const bool hex = get(text, at + 2) == 'x' || get(text, at + 2) == 'X';
    return hex ? number_at(text, at, at + 3, 16, 6, ';') : number_at(text, at, at + 2, 10, 7, ';');
  }
  struct Entity { Bytes name; char value; };
  static constexpr Entity kNamed[] = {{"amp;", '&'}, {"lt;", '<'}, {"gt;", '>'}, {"quot;", '"'}, {"apos;", '\''}};
  const Bytes rest = text.substr(at + 1, 5);
  for (const Entity& one : kNamed)
    if (rest.starts_with(one.name))
      return {static_cast<uint32_t>(one.name.size() + 1), static_cast<uint32_t>(one.value), Escape::Kind::byte, true};
  return {};
}

// The byte of "=41" at `at`.
std::optional<uint32_t> quoted_byte(Bytes text, uint64_t at) {
  if (at + 3 > text.size() || text[at] != '=') return std::nullopt;
  if (text[at + 1] > 'F' || text[at + 2] > 'F') return std::nullopt;  // capitals only
  return read_hex(text, at + 1, 2);
}

// Whether the byte at `at` is the last one of a line as programs break them that write mail: at 76, or a few bytes before.
bool ends_mail_line(Bytes text, uint64_t at) {
  constexpr uint64_t kShortest = 73, kLongest = 77;
  const uint64_t first = at + 1 > kLongest + 1 ? at - kLongest : 0;  // of the line that would be one too long
  const size_t feed = text.substr(first, at - first).rfind('\n');
  const uint64_t begin = feed == Bytes::npos ? first : first + feed + 1;
  if (feed == Bytes::npos && first != 0) return false;
  return at + 1 - begin >= kShortest && at + 1 - begin <= kLongest;
}

// Words of prose and names of variables are shorter than what one would keep secret.
bool begins_token(Bytes text, uint64_t at) {
  constexpr uint64_t kShortestToken = 12;
  for (uint64_t i = at; i < at + kShortestToken; ++i)
    if (const char c = get(text, i); !is_word(c) && c != '-') return false;
  return true;
}

Escape quoted_printable_at(Bytes text, uint64_t at) {
  if (text[at] != '=') return {};
  if (const auto value = quoted_byte(text, at)) {
    // "=41" may also be an assignment: then it stands alone, and both digits are decimal.
    const bool letters = text[at + 2] >= 'A' || quoted_byte(text, at + 3) || (at >= 3 && quoted_byte(text, at - 3));
    const bool telling = letters && is_printable(*value);
    return {3, *value, Escape::Kind::byte, telling, telling && begins_token(text, at + 3)};
  }
  const uint64_t feed = at + (get(text, at + 1) == '\r' ? 2 : 1);
  if (get(text, feed) != '\n' || at < kSoftLine) return {};
  if (text.substr(at - kSoftLine, kSoftLine).find('\n') != Bytes::npos) return {};
  const bool sure = is_word(text[at - 1]) && is_word(get(text, feed + 1)) && ends_mail_line(text, at);
  return {static_cast<uint32_t>(feed + 1 - at), 0, Escape::Kind::nothing, true, sure};
}

Escape string_escape_at(Bytes text, uint64_t at) {
  if (!begins_escape(text, at)) return {};
  const char c = get(text, at + 1);
  const auto mark = [&] { return Escape{2, static_cast<unsigned char>(c), Escape::Kind::byte, true, false}; };
  const auto letter = [&](char value) {  // which seems to belong to the token behind it: "\nghp_..."
    const bool token = begins_token(text, at + 2);
    return Escape{2, static_cast<unsigned char>(value), Escape::Kind::byte, token, token};
  };
  switch (c) {
    case '"': case '\'': case '`': case '/': case '\\': return mark();
    case 'n': return letter('\n');
    case 'r': return letter('\r');
    case 't': return letter('\t');
    default: return {};
  }
}

Escape joint_at(Bytes text, uint64_t at) {
  if (!is_quote(text[at]) || (at > 0 && text[at - 1] == '\\')) return {};
  std::array<char, 2> written{};
  size_t size = 0;
  uint64_t i = at + 1;
  for (const uint64_t last = at + 1 + kLongestFiller; i < text.size() && !is_quote(text[i]); ++i) {
    if (i == last) return {};
    const char c = text[i];
    if (is_space(c)) continue;
    if (c == '\\' && (get(text, i + 1) == '\n' || get(text, i + 1) == '\r')) continue;
    if (size == written.size()) return {};
    written[size++] = c;
  }
  if (i == text.size() || i == at + 1) return {};
  static constexpr Bytes kOperators[] = {"+", ".", "..", "&", "~", "||", "++"};
  const Bytes op(written.data(), size);
  const bool known = size == 0 ? text[at] == text[i] : std::find(std::begin(kOperators), std::end(kOperators), op) != std::end(kOperators);
  if (!known) return {};
  const bool left = at > 0 && may_join(text[at - 1]) && !(at > 1 && text[at - 2] == '\\');  // not the n of "...\n"
  return {static_cast<uint32_t>(i + 1 - at), 0, Escape::Kind::nothing, left && may_join(get(text, i + 1))};
}

}  // namespace

bool may_join(char c) { return is_word(c) || c == '-' || c == '/' || c == '=' || c == ':' || c == '@' || c == '%'; }

Escape escape_at(Encoding encoding, Bytes text, uint64_t at) {
  switch (encoding) {
    case Encoding::percent: return percent_at(text, at);
    case Encoding::unicode_escape: return unicode_escape_at(text, at);
    case Encoding::html_entity: return html_entity_at(text, at);
    case Encoding::quoted_printable: return quoted_printable_at(text, at);
    case Encoding::string_escape: return string_escape_at(text, at);
    case Encoding::concatenation: return joint_at(text, at);
    case Encoding::base64: case Encoding::hex: break;
  }
  return {};
}

}  // namespace sealwarden
