// SPDX-License-Identifier: Apache-2.0
#include "scanner/doc/toml_text.h"

#include <algorithm>

#include "scanner/doc/utf8_text.h"

namespace sealwarden {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Whether a word has the form: 'd' stands for a digit, all else for itself.
bool has_form(std::string_view word, std::string_view form) {
  if (word.size() != form.size()) return false;
  for (size_t i = 0; i < form.size(); ++i)
    if (form[i] == 'd' ? !is_digit(word[i]) : word[i] != form[i]) return false;
  return true;
}

// A time of day: hours, minutes, perhaps seconds and their fraction.
bool is_time(std::string_view word) {
  const size_t point = word.find('.');
  if (point != std::string_view::npos) {
    const std::string_view fraction = word.substr(point + 1);
    if (fraction.empty() || !std::all_of(fraction.begin(), fraction.end(), is_digit)) return false;
    return has_form(word.substr(0, point), "dd:dd:dd");
  }
  return has_form(word, "dd:dd:dd") || has_form(word, "dd:dd");
}

bool is_date_or_time(std::string_view word) {
  if (is_time(word)) return true;
  if (!has_form(word.substr(0, 10), "dddd-dd-dd")) return false;
  if (word.size() == 10) return true;
  if (word[10] != 'T' && word[10] != 't' && word[10] != ' ') return false;
  word.remove_prefix(11);
  if (word.ends_with('Z') || word.ends_with('z')) return is_time(word.substr(0, word.size() - 1));
  const size_t offset = word.find_first_of("+-");
  if (offset != std::string_view::npos && !has_form(word.substr(offset + 1), "dd:dd")) return false;
  return is_time(word.substr(0, offset));
}

// Digits of a base with single underscores between them, from `at` on; gives the end.
size_t skip_digits(std::string_view word, size_t at, std::string_view digits) {
  const size_t begin = at;
  const auto is_one = [&](size_t i) { return i < word.size() && digits.find(word[i]) != std::string_view::npos; };
  while (is_one(at) || (at > begin && at < word.size() && word[at] == '_' && is_one(at + 1))) ++at;
  return at;
}

bool is_whole_number(std::string_view word, std::string_view digits) {
  return !word.empty() && skip_digits(word, 0, digits) == word.size();
}

constexpr std::string_view kDecimals = "0123456789";

// A number with a fraction or an exponent or both, without its sign.
bool is_real(std::string_view word) {
  if (word == "inf" || word == "nan") return true;
  size_t at = skip_digits(word, 0, kDecimals);
  if (at == 0 || (word[0] == '0' && at > 1)) return false;
  if (at < word.size() && word[at] == '.') {
    const size_t fraction = at + 1;
    at = skip_digits(word, fraction, kDecimals);
    if (at == fraction) return false;
  }
  if (at == word.size()) return true;
  if (word[at] != 'e' && word[at] != 'E') return false;
  ++at;
  if (at < word.size() && (word[at] == '+' || word[at] == '-')) ++at;
  return is_whole_number(word.substr(at), kDecimals);
}

NodeType number(std::string_view word) {
  if (word.size() > 1 && word[0] == '0' && (word[1] == 'x' || word[1] == 'o' || word[1] == 'b')) {
    const std::string_view digits = word[1] == 'x' ? "0123456789abcdefABCDEF" : word[1] == 'o' ? "01234567" : "01";
    return is_whole_number(word.substr(2), digits) ? NodeType::integer : NodeType::expression;
  }
  if (word.starts_with('+') || word.starts_with('-')) word.remove_prefix(1);
  if (is_whole_number(word, kDecimals) && (word[0] != '0' || word.size() == 1)) return NodeType::integer;
  return is_real(word) ? NodeType::real : NodeType::expression;
}

// A backslash at the end of a line, with blanks behind it perhaps, takes the line end and all blanks behind it away. Gives
// where the text goes on; `at`, which is behind the backslash: it is no such one.
size_t skip_line_end(std::string_view inner, size_t at) {
  const size_t next = std::min(inner.find_first_not_of(" \t", at), inner.size());
  if (next == inner.size() || (inner[next] != '\n' && inner[next] != '\r')) return at;
  return std::min(inner.find_first_not_of(" \t\r\n", next), inner.size());
}

// The escape whose letter is at `at`: gives the offset behind it; 0: it is none.
size_t decode_escape(std::string_view inner, size_t at, std::string& out) {
  static constexpr std::string_view kLetters = "btnfre\"\\", kMeanings = "\b\t\n\f\r\x1B\"\\";
  const size_t letter = kLetters.find(inner[at]);
  if (letter != std::string_view::npos) {
    out.push_back(kMeanings[letter]);
    return at + 1;
  }
  const size_t digits = inner[at] == 'u' ? 4 : inner[at] == 'U' ? 8 : inner[at] == 'x' ? 2 : 0;
  const uint32_t code = digits == 0 ? kNoHexNumber : hex_number(inner, at + 1, digits);
  if (code > 0x10FFFF || (code >= 0xD800 && code < 0xE000)) return 0;
  append_code_point(out, code);
  return at + 1 + digits;
}

}  // namespace

NodeType toml_word(std::string_view word) {
  if (word == "true" || word == "false") return NodeType::boolean;
  if (is_date_or_time(word)) return NodeType::text;
  return number(word);
}

std::string unify_line_ends(std::string_view inner) {
  std::string out;
  out.reserve(inner.size());
  for (size_t i = 0; i < inner.size(); ++i)
    if (inner[i] != '\r' || inner.substr(i + 1, 1) != "\n") out.push_back(inner[i]);
  return out;
}

std::string decode_toml_text(std::string_view inner, size_t& broken_at) {
  std::string out;
  out.reserve(inner.size());
  for (size_t at = 0; at < inner.size();) {
    if (inner[at] == '\r' && inner.substr(at + 1, 1) == "\n") {
      ++at;
    } else if (inner[at] != '\\' || at + 1 == inner.size()) {
      out.push_back(inner[at++]);
    } else if (const size_t joined = skip_line_end(inner, at + 1); joined > at + 1) {
      at = joined;
    } else if (const size_t end = decode_escape(inner, at + 1, out); end > 0) {
      at = end;
    } else {
      broken_at = std::min(broken_at, at);
      ++at;
    }
  }
  return out;
}

}  // namespace sealwarden
