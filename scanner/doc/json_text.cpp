// SPDX-License-Identifier: Apache-2.0
#include "scanner/doc/json_text.h"

#include "scanner/doc/utf8_text.h"

namespace sealwarden {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

size_t skip_digits(std::string_view token, size_t at) {
  while (at < token.size() && is_digit(token[at])) ++at;
  return at;
}

// The exponent from `at` to the end; an empty one counts.
bool is_exponent(std::string_view token, size_t at) {
  if (at == token.size()) return true;
  if ((token[at] | 0x20) != 'e') return false;
  ++at;
  if (at < token.size() && (token[at] == '+' || token[at] == '-')) ++at;
  return at < token.size() && skip_digits(token, at) == token.size();
}

// A "\uXXXX" whose digits begin at `at`, with the second half of a pair. Gives the offset behind it; `at`: it is broken.
size_t decode_unicode(std::string_view inner, size_t at, std::string& out) {
  uint32_t code = hex_number(inner, at, 4);
  if (code == kNoHexNumber) return at;
  size_t end = at + 4;
  if (code >= 0xD800 && code < 0xDC00 && inner.substr(end, 2) == "\\u") {
    const uint32_t low = hex_number(inner, end + 2, 4);
    if (low >= 0xDC00 && low < 0xE000) {
      code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
      end += 6;
    }
  }
  append_code_point(out, code);
  return end;
}

// The letter behind a backslash, for the escapes of one letter: 'n' is a line feed. '\xFF': it is none of JSON's.
char simple_escape(char letter) {
  switch (letter) {
    case '"': case '\\': case '/': return letter;
    case 'b': return '\b';
    case 'f': return '\f';
    case 'n': return '\n';
    case 'r': return '\r';
    case 't': return '\t';
    default: return '\xFF';
  }
}

// What only JSON5 knows. `at` is that of the letter; gives the offset behind it.
size_t decode_json5_escape(std::string_view inner, size_t at, std::string& out, JsonEscapes& escapes) {
  escapes.strict = false;
  const char letter = inner[at];
  if (letter == '\r') return at + (inner.substr(at + 1, 1) == "\n" ? 2 : 1);  // a line goes on
  if (letter == '\n') return at + 1;
  if (letter == 'x' || letter == 'u') {
    const uint32_t code = letter == 'x' ? hex_number(inner, at + 1, 2) : kNoHexNumber;
    if (code != kNoHexNumber) {
      append_code_point(out, code);
      return at + 3;
    }
    if (escapes.broken_at == std::string_view::npos) escapes.broken_at = at - 1;
  }
  out.push_back(letter == 'v' ? '\v' : letter == '0' ? '\0' : letter);
  return at + 1;
}

}  // namespace

NodeType json_number(std::string_view token) {
  size_t at = token.starts_with('-') ? 1 : 0;
  const size_t digits = at;
  at = skip_digits(token, at);
  if (at == digits || (token[digits] == '0' && at > digits + 1)) return NodeType::text;
  if (at == token.size()) return NodeType::integer;
  if (token[at] == '.') {
    const size_t fraction = at + 1;
    at = skip_digits(token, fraction);
    if (at == fraction) return NodeType::text;
  }
  return is_exponent(token, at) ? NodeType::real : NodeType::text;
}

NodeType json5_number(std::string_view token) {
  if (token.starts_with('+') || token.starts_with('-')) token.remove_prefix(1);
  if (token == "Infinity" || token == "NaN") return NodeType::real;
  if (token.starts_with("0x") || token.starts_with("0X")) {
    token.remove_prefix(2);
    const bool hexadecimal = token.find_first_not_of("0123456789abcdefABCDEF") == std::string_view::npos;
    return hexadecimal && !token.empty() ? NodeType::integer : NodeType::text;
  }
  size_t at = skip_digits(token, 0), digits = at;
  if (at > 0 && at == token.size()) return NodeType::integer;
  if (at < token.size() && token[at] == '.') {
    const size_t fraction = at + 1;
    at = skip_digits(token, fraction);
    digits += at - fraction;
  }
  return digits > 0 && is_exponent(token, at) ? NodeType::real : NodeType::text;
}

std::string decode_json_text(std::string_view inner, JsonEscapes& escapes) {
  std::string out;
  out.reserve(inner.size());
  size_t at = 0;
  for (;;) {
    const size_t backslash = inner.find('\\', at);
    out.append(inner, at, backslash - at);
    if (backslash >= inner.size() - 1) return out;  // npos too; a backslash alone at the end escapes nothing
    at = backslash + 1;
    const char decoded = simple_escape(inner[at]);
    if (decoded != '\xFF') {
      out.push_back(decoded);
      ++at;
      continue;
    }
    const size_t end = inner[at] == 'u' ? decode_unicode(inner, at + 1, out) : at + 1;
    at = end > at + 1 ? end : decode_json5_escape(inner, at, out, escapes);
  }
}

}  // namespace sealwarden
