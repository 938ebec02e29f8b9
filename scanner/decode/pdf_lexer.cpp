// SPDX-License-Identifier: Apache-2.0
#include "scanner/decode/pdf_lexer.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "scanner/decode/content.h"

namespace sealwarden {
namespace {

using Token = PdfLexer::Token;
using Kind = Token::Kind;

constexpr size_t kLongestString = 64 << 10;  // what is longer was not closed, and goes on as the next string
enum class Class : uint8_t { other, blank, sign };

constexpr std::array<Class, 256> kClasses = [] {
  std::array<Class, 256> classes{};
  for (const char c : Bytes("\0\t\n\f\r ", 6)) classes[static_cast<uint8_t>(c)] = Class::blank;
  for (const char c : Bytes("()<>[]{}/%")) classes[static_cast<uint8_t>(c)] = Class::sign;
  return classes;
}();

bool is_white_space(char c) { return kClasses[static_cast<uint8_t>(c)] == Class::blank; }
bool is_sign(char c) { return kClasses[static_cast<uint8_t>(c)] == Class::sign; }

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// What stands behind a backslash at `at`, which is moved behind it.
void append_escape(Bytes text, size_t& at, std::string& out) {
  static constexpr Bytes kLetters = "nrtbf", kMeanings = "\n\r\t\b\f";
  if (at >= text.size()) return;
  const char c = text[at++];
  const size_t letter = kLetters.find(c);
  if (letter != Bytes::npos) {
    out += kMeanings[letter];
  } else if (c >= '0' && c <= '7') {
    int value = c - '0';
    for (int i = 0; i < 2 && at < text.size() && text[at] >= '0' && text[at] <= '7'; ++i) value = value * 8 + (text[at++] - '0');
    out += static_cast<char>(value);
  } else if (c == '\r') {  // a line that goes on
    if (at < text.size() && text[at] == '\n') ++at;
  } else if (c != '\n') {
    out += c;
  }
}

}  // namespace

Token PdfLexer::token(Kind kind, size_t size) {
  const Token result{kind, text_.substr(at_, size)};
  at_ += result.text.size();
  return result;
}

// Parentheses inside count in pairs, but for those behind a backslash. at_ stands behind the first one.
Token PdfLexer::string() {
  const size_t start = at_, stop = std::min(text_.size(), start + kLongestString);
  size_t depth = 1, at = start;
  for (; at < stop; ++at) {
    const char c = text_[at];
    if (c == '\\') {
      ++at;
    } else if (c == '(') {
      ++depth;
    } else if (c == ')' && --depth == 0) {
      break;
    }
  }
  at = std::min(at, stop);
  at_ = at < text_.size() && depth == 0 ? at + 1 : at;
  return {Kind::string, text_.substr(start, at - start)};
}

Token PdfLexer::next() {
  for (;;) {
    while (at_ < text_.size() && is_white_space(text_[at_])) ++at_;
    if (at_ == text_.size() || text_[at_] != '%') break;
    at_ = std::min(text_.size(), text_.find_first_of("\r\n", at_));
  }
  if (at_ == text_.size()) return {};
  const Bytes rest = text_.substr(at_);
  if (rest.starts_with("<<")) return token(Kind::open_dictionary, 2);
  if (rest.starts_with(">>")) return token(Kind::close_dictionary, 2);
  const char first = rest[0];
  if (first == '(') {
    ++at_;
    return string();
  }
  if (first == '[') return token(Kind::open_array, 1);
  if (first == ']') return token(Kind::close_array, 1);
  size_t size = 1;
  if (first == '<') {
    while (size < rest.size() && size < kLongestString && (hex_digit(rest[size]) >= 0 || is_white_space(rest[size]))) ++size;
    const Bytes digits = rest.substr(1, size - 1);
    at_ += size < rest.size() && rest[size] == '>' ? size + 1 : size;
    return {Kind::hex_string, digits};
  }
  if (first != '/' && is_sign(first)) return token(Kind::word, 1);
  while (size < rest.size() && kClasses[static_cast<uint8_t>(rest[size])] == Class::other) ++size;
  if (first == '/') {
    ++at_;
    return token(Kind::name, size - 1);
  }
  const bool is_number = (first >= '0' && first <= '9') || first == '-' || first == '.' || first == '+';
  return token(is_number ? Kind::number : Kind::word, size);
}

int64_t pdf_number(Bytes text) {
  int64_t value = 0;
  if (text.starts_with('+')) text.remove_prefix(1);
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

std::string decode_ascii_hex(Bytes text) {
  std::string out;
  int high = -1;
  for (const char c : text) {
    const int digit = hex_digit(c);
    if (c == '>') break;
    if (digit < 0) continue;
    if (high >= 0) out += static_cast<char>(high << 4 | digit);
    high = high >= 0 ? -1 : digit;
  }
  if (high >= 0) out += static_cast<char>(high << 4);
  return out;
}

std::string decode_ascii_85(Bytes text) {
  std::string out;
  uint64_t group = 0;
  unsigned count = 0;
  const auto flush = [&](unsigned bytes) {
    for (unsigned i = 0; i < bytes; ++i) out += static_cast<char>(group >> (24 - 8 * i));
    group = count = 0;
  };
  for (const char c : text) {
    if (c == '~') break;
    if (c == 'z' && count == 0) out.append(4, '\0');
    if (c < '!' || c > 'u') continue;
    group = group * 85 + static_cast<unsigned>(c - '!');
    if (++count == 5) flush(4);
  }
  if (count > 1) {  // filled up with the highest digit
    const unsigned bytes = count - 1;
    for (; count < 5; ++count) group = group * 85 + 84;
    flush(bytes);
  }
  return out;
}

std::string pdf_string(const Token& token) {
  if (token.kind == Kind::hex_string) return decode_ascii_hex(token.text);
  std::string out;
  for (size_t at = 0; at < token.text.size();) {
    const char c = token.text[at++];
    if (c == '\\') {
      append_escape(token.text, at, out);
    } else {
      out += c;
    }
  }
  return out;
}

std::string pdf_text(const Token& token) {
  std::string bytes = pdf_string(token);
  if (!bytes.starts_with("\xFE\xFF")) return bytes;
  return std::string(WideText(Bytes(bytes).substr(2), WideText::Form::utf16_big).text());
}

}  // namespace sealwarden
