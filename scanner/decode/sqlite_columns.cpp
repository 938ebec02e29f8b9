// SPDX-License-Identifier: Apache-2.0
#include "scanner/decode/sqlite_columns.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>

#include "scanner/base/ascii.h"

namespace sealwarden {
namespace {

constexpr size_t kLongestName = 64;
constexpr size_t kMostColumns = 32'767;  // SQLite's own bound

bool is_name_byte(char c) {
  return is_word(c) || c == '$' || static_cast<uint8_t>(c) >= 0x80;
}

// One word, quoted name, string or sign from the front of the text; blanks and comments before it are dropped.
struct Token {
  Bytes text;
  bool is_quoted = false;
};

Token next_token(Bytes& text) {
  for (;;) {
    text.remove_prefix(std::min(text.size(), text.find_first_not_of(" \t\r\n\f")));
    if (text.starts_with("--")) {
      text.remove_prefix(std::min(text.size(), text.find('\n')));
    } else if (text.starts_with("/*")) {
      const size_t end = text.find("*/", 2);
      text.remove_prefix(end == Bytes::npos ? text.size() : end + 2);
    } else {
      break;
    }
  }
  if (text.empty()) return {};
  const char open = text[0];
  size_t size = 1;
  if (open == '"' || open == '\'' || open == '`' || open == '[') {
    const char close = open == '[' ? ']' : open;
    size = text.find(close, 1);
    while (open != '[' && size != Bytes::npos && size + 1 < text.size() && text[size + 1] == close) size = text.find(close, size + 2);
    const Bytes name = text.substr(1, size == Bytes::npos ? size : size - 1);
    text.remove_prefix(size == Bytes::npos ? text.size() : size + 1);
    return {name, true};
  }
  while (is_name_byte(open) && size < text.size() && is_name_byte(text[size])) ++size;
  const Bytes word = text.substr(0, size);
  text.remove_prefix(size);
  return {word};
}

// A part of the list that is no column begins with one of these words.
bool begins_constraint(const Token& token) {
  static constexpr std::array<std::string_view, 5> kWords = {"constraint", "primary", "unique", "check", "foreign"};
  if (token.is_quoted || token.text.size() > 10) return false;
  std::string lower(token.text);
  for (char& c : lower) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
  return std::ranges::find(kWords, lower) != kWords.end();
}

}  // namespace

std::vector<std::string> sqlite_columns(Bytes statement) {
  std::vector<std::string> names;
  Token token = next_token(statement);
  while (!statement.empty() && (token.is_quoted || token.text != "(")) token = next_token(statement);
  size_t depth = 1;
  bool is_first = true;
  while (!statement.empty() && depth > 0 && names.size() < kMostColumns) {
    token = next_token(statement);
    const char sign = token.is_quoted || token.text.size() != 1 ? '\0' : token.text[0];
    if (is_first && depth == 1) {
      if (begins_constraint(token) || sign == ')') break;
      names.emplace_back(token.text.size() <= kLongestName ? token.text : "");
      is_first = false;
    } else if (sign == '(') {
      ++depth;
    } else if (sign == ')') {
      --depth;
    } else if (sign == ',' && depth == 1) {
      is_first = true;
    }
  }
  return names;
}

}  // namespace sealwarden
