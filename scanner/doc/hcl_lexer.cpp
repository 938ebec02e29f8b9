// SPDX-License-Identifier: Apache-2.0
#include "scanner/doc/hcl_lexer.h"

#include <algorithm>

#include "scanner/doc/utf8_text.h"

namespace sealwarden {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_blank(char c) { return c == ' ' || c == '\t'; }
bool begins_identifier(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || static_cast<unsigned char>(c) >= 0x80;
}
bool continues_identifier(char c) { return begins_identifier(c) || is_digit(c) || c == '-'; }
bool is_hex_digit(char c) { return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }

// Of a text whose byte `at` is '$' or '%': 3 for $${, which is no interpolation; 2 for ${; 0 for others.
size_t template_mark(std::string_view text, size_t at) {
  const char mark = text[at];
  if (mark != '$' && mark != '%') return 0;
  if (text.substr(at + 1, 1) == "{") return 2;
  return at + 2 < text.size() && text[at + 1] == mark && text[at + 2] == '{' ? 3 : 0;
}

size_t line_end(std::string_view text, size_t at) { return std::min(text.find('\n', at), text.size()); }

}  // namespace

void HclLexer::skip_comment(size_t end) {
  if (at_ >= comments_end_) {
    comments_.push_back({{static_cast<uint32_t>(at_), static_cast<uint32_t>(end)}});
    comments_end_ = end;
  }
  at_ = end;
}

void HclLexer::skip_blanks() {
  while (at_ < bytes_.size()) {
    const char c = bytes_[at_];
    if (is_blank(c) || (c == '\r' && peek(at_ + 1) != '\n')) {
      ++at_;
    } else if (c == '#' || (c == '/' && peek(at_ + 1) == '/')) {
      size_t end = line_end(bytes_, at_);
      if (end < bytes_.size() && bytes_[end - 1] == '\r') --end;
      skip_comment(end);
    } else if (c == '/' && peek(at_ + 1) == '*') {
      const size_t end = bytes_.find("*/", at_ + 2);
      if (end == std::string_view::npos) return;  // an unknown token
      skip_comment(end + 2);
    } else {
      return;
    }
  }
}

HclLexeme HclLexer::next() {
  skip_blanks();
  HclLexeme lexeme{.begin = at_, .end = at_};
  if (at_ >= bytes_.size()) return lexeme;
  const char c = bytes_[at_];
  if (c == '"') return read_string();
  if (c == '<' && peek(at_ + 1) == '<') return read_heredoc();
  if (begins_identifier(c)) {
    lexeme.kind = HclToken::identifier;
    lexeme.end = identifier_end(at_);
  } else if (is_digit(c)) {
    lexeme.kind = HclToken::number;
    lexeme.end = number_end(at_);
  } else if (c == '\n' || c == '\r') {
    lexeme.kind = HclToken::newline;
    lexeme.end = at_ + (c == '\r' ? 2 : 1);
  } else {
    return read_sign();
  }
  at_ = lexeme.end;
  return lexeme;
}

HclLexeme HclLexer::read_sign() {
  HclLexeme lexeme{.kind = HclToken::sign, .begin = at_, .end = at_ + 1};
  const char c = bytes_[at_], after = peek(at_ + 1);
  switch (c) {
    case '(': case '[': case '{': lexeme.kind = HclToken::open; break;
    case ')': case ']': case '}': lexeme.kind = HclToken::close; break;
    case ':': lexeme.kind = HclToken::colon; break;
    case ',': lexeme.kind = HclToken::comma; break;
    case '?': case '+': case '-': case '*': case '%': break;
    case '=':
      if (after == '=' || after == '>') ++lexeme.end;
      else lexeme.kind = HclToken::assign;
      break;
    case '!': case '<': case '>':
      if (after == '=') ++lexeme.end;
      break;
    case '.':
      if (after == '.' && peek(at_ + 2) == '.') lexeme.end += 2;
      break;
    case '&': case '|':
      if (after == c) ++lexeme.end;
      else lexeme.kind = HclToken::unknown;
      break;
    case '/':
      if (after != '*') break;
      lexeme.kind = HclToken::unknown;  // a comment without an end
      lexeme.end = bytes_.size();
      break;
    default: lexeme.kind = HclToken::unknown; break;
  }
  at_ = lexeme.end;
  return lexeme;
}

size_t HclLexer::identifier_end(size_t at) const {
  for (;;) {
    while (at < bytes_.size() && continues_identifier(bytes_[at])) ++at;
    if (peek(at) != ':' || peek(at + 1) != ':' || !begins_identifier(peek(at + 2))) return at;
    at += 3;
  }
}

size_t HclLexer::number_end(size_t at) const {
  if (bytes_[at] == '0' && (peek(at + 1) == 'x' || peek(at + 1) == 'X') && is_hex_digit(peek(at + 2))) {
    at += 2;
    while (is_hex_digit(peek(at))) ++at;
    return at;
  }
  while (is_digit(peek(at))) ++at;
  if (peek(at) == '.' && is_digit(peek(at + 1)))
    for (++at; is_digit(peek(at));) ++at;
  if (peek(at) == 'e' || peek(at) == 'E') {
    const size_t digits = at + (peek(at + 1) == '+' || peek(at + 1) == '-' ? 2 : 1);
    if (is_digit(peek(digits)))
      for (at = digits; is_digit(peek(at));) ++at;
  }
  return at;
}

HclLexeme HclLexer::broken_line(size_t begin) {
  size_t end = line_end(bytes_, begin);
  if (end > begin && bytes_[end - 1] == '\r') --end;
  at_ = end;
  return {.kind = HclToken::broken, .begin = begin, .end = end};
}

HclLexeme HclLexer::read_string() {
  const size_t begin = at_, end = string_end(begin);
  if (end == std::string_view::npos) return broken_line(begin);
  at_ = end;
  return {.kind = HclToken::string, .begin = begin, .end = end, .body_begin = begin + 1, .body_end = end - 1};
}

// Behind the quote that ends the string; npos if there is none. Lines end strings, but not the interpolations within them;
// since a quote that is never closed may reach far, what is searched in vain is limited for the whole file.
size_t HclLexer::string_end(size_t quote) {
  nesting_.assign(1, '"');
  size_t at = quote + 1;
  bool many_lines = false;
  while (at < bytes_.size()) {
    const char c = bytes_[at];
    if (c == '\n') {
      if (nesting_.back() == '"' || !may_search()) break;
      many_lines = true;
      ++at;
    } else if (c == '\\') {
      at += peek(at + 1) == '\n' ? 1 : 2;
    } else if (nesting_.back() == '"') {
      const size_t mark = template_mark(bytes_, at);
      if (mark == 2) nesting_.push_back('{');
      at += std::max<size_t>(mark, 1);
      if (c != '"') continue;
      nesting_.pop_back();
      if (nesting_.empty()) return at;
    } else if ((c == '#' && bytes_[at - 1] != '.') || (c == '/' && peek(at + 1) == '/')) {
      at = line_end(bytes_, at);
    } else if (c == '/' && peek(at + 1) == '*' && may_search()) {
      const size_t end = bytes_.find("*/", at + 2);
      many_lines = true;
      at = end == std::string_view::npos ? bytes_.size() : end + 2;
    } else {
      if (c == '"' || c == '{') nesting_.push_back(c);
      else if (c == '}') nesting_.pop_back();
      ++at;
    }
  }
  if (many_lines) searched_ += std::min(at, bytes_.size()) - quote;
  return std::string_view::npos;
}

// <<NAME or <<-NAME, lines, and a line with nothing but NAME.
HclLexeme HclLexer::read_heredoc() {
  const size_t begin = at_;
  size_t name = begin + 2;
  const bool strips_indent = peek(name) == '-';
  if (strips_indent) ++name;
  size_t name_end = name;
  if (begins_identifier(peek(name)))
    while (name_end < bytes_.size() && continues_identifier(bytes_[name_end])) ++name_end;
  size_t first = name_end;
  while (is_blank(peek(first)) || peek(first) == '\r') ++first;
  if (name_end == name || peek(first) != '\n' || !may_search()) return broken_line(begin);
  ++first;
  for (size_t at = first; at < bytes_.size();) {
    const size_t end = line_end(bytes_, at);
    size_t word = at, word_end = end;
    while (word < word_end && is_blank(bytes_[word])) ++word;
    while (word_end > word && (is_blank(bytes_[word_end - 1]) || bytes_[word_end - 1] == '\r')) --word_end;
    if (word_end - word == name_end - name && bytes_.substr(word, word_end - word) == bytes_.substr(name, name_end - name)) {
      at_ = word_end;
      return {.kind = HclToken::heredoc, .strips_indent = strips_indent, .begin = begin, .end = word_end, .body_begin = first, .body_end = at};
    }
    at = end + 1;
  }
  searched_ += bytes_.size() - begin;
  return broken_line(begin);
}

bool has_hcl_template(std::string_view body) {
  for (size_t at = 0; at < body.size();) {
    const size_t mark = template_mark(body, at);
    if (mark == 2) return true;
    at += std::max<size_t>(mark, 1);
  }
  return false;
}

bool decode_hcl_string(std::string_view body, std::string& out) {
  constexpr std::string_view kLetters = "nrt\"\\abfv", kMeanings = "\n\r\t\"\\\a\b\f\v";
  bool all_known = true;
  for (size_t at = 0; at < body.size();) {
    const char c = body[at];
    const char letter = at + 1 < body.size() ? body[at + 1] : '\0';
    if (c != '\\') {
      const bool is_escape = template_mark(body, at) == 3;
      out += c;
      if (is_escape) out += '{';
      at += is_escape ? 3 : 1;
    } else if (const size_t found = kLetters.find(letter); found != std::string_view::npos) {
      out += kMeanings[found];
      at += 2;
    } else {
      const size_t digits = letter == 'u' ? 4 : letter == 'U' ? 8 : 0;
      const uint32_t code = digits == 0 ? kNoHexNumber : hex_number(body, at + 2, digits);
      if (code == kNoHexNumber) {
        all_known = false;
        out += c;
        ++at;
      } else {
        append_code_point(out, code);
        at += 2 + digits;
      }
    }
  }
  return all_known;
}

std::string decode_hcl_heredoc(std::string_view body, bool strips_indent) {
  size_t indent = std::string_view::npos;
  for (size_t at = 0; strips_indent && at < body.size(); at = line_end(body, at) + 1) {
    size_t first = at;
    while (first < body.size() && is_blank(body[first])) ++first;
    if (first < body.size() && body[first] != '\n' && body[first] != '\r') indent = std::min(indent, first - at);
  }
  if (indent == std::string_view::npos) indent = 0;
  std::string out;
  for (size_t at = 0; at < body.size();) {
    const size_t end = std::min(line_end(body, at) + 1, body.size());
    for (size_t skipped = 0; skipped < indent && at < end && is_blank(body[at]); ++skipped) ++at;
    while (at < end) {
      const size_t mark = template_mark(body, at);
      out += body[at];
      if (mark == 3) out += '{';
      at += mark == 3 ? 3 : 1;
    }
  }
  return out;
}

}  // namespace sealwarden
