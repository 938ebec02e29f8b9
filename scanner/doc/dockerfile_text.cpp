// SPDX-License-Identifier: Apache-2.0
#include "scanner/doc/dockerfile_text.h"

#include <algorithm>

#include "scanner/doc/utf8_text.h"

namespace sealwarden {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_name_char(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_digit(c) || c == '_'; }
bool is_json_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }
size_t skip_json_blanks(std::string_view text, size_t at) {
  while (at < text.size() && is_json_blank(text[at])) ++at;
  return at;
}

// The escape whose backslash stands at `at`, decoded; behind it, or npos if it is none.
size_t read_json_escape(std::string_view text, size_t at, std::string& out) {
  if (at + 1 >= text.size()) return std::string_view::npos;
  constexpr std::string_view kLetters = "\"\\/bfnrt", kMeanings = "\"\\/\b\f\n\r\t";
  if (const size_t found = kLetters.find(text[at + 1]); found != std::string_view::npos) {
    out += kMeanings[found];
    return at + 2;
  }
  if (text[at + 1] != 'u') return std::string_view::npos;
  uint32_t code = hex_number(text, at + 2, 4);
  if (code == kNoHexNumber) return std::string_view::npos;
  at += 6;
  if (code >= 0xD800 && code < 0xDC00 && text.substr(at, 2) == "\\u") {
    const uint32_t low = hex_number(text, at + 2, 4);
    if (low >= 0xDC00 && low < 0xE000) {
      code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
      at += 6;
    }
  }
  append_code_point(out, code);
  return at;
}

// The string whose quote stands at `at`; behind it, or npos.
size_t read_json_string(std::string_view text, size_t at, ExecString& into) {
  into.range.begin = ++at;
  while (at < text.size()) {
    const char c = text[at];
    if (c == '"') {
      into.range.end = at;
      return at + 1;
    }
    if (static_cast<unsigned char>(c) < 0x20) return std::string_view::npos;
    if (c == '\\') {
      if (!into.has_escapes) into.decoded = text.substr(into.range.begin, at - into.range.begin);
      into.has_escapes = true;
      at = read_json_escape(text, at, into.decoded);
      if (at == std::string_view::npos) return at;
      continue;
    }
    if (into.has_escapes) into.decoded += c;
    ++at;
  }
  return std::string_view::npos;
}

size_t word_end(std::string_view text, size_t at, char escape, bool& is_closed) {
  char quote = 0;
  for (; at < text.size(); ++at) {
    const char c = text[at];
    if (quote == 0 && is_docker_blank(c)) break;
    if (c == escape && quote != '\'' && at + 1 < text.size()) ++at;
    else if (quote != 0 && c == quote) quote = 0;
    else if (quote == 0 && (c == '"' || c == '\'')) quote = c;
  }
  is_closed = quote == 0;
  return at;
}

// The word as a heredoc's mark, whose name may be a word of its own; false: it is none.
bool read_heredoc_mark(std::string_view word, std::string_view name, HeredocMark& mark) {
  size_t at = 0;
  while (at < word.size() && is_digit(word[at])) ++at;
  if (word.substr(at, 2) != "<<") return false;
  word.remove_prefix(at + 2);
  if (word.starts_with('-')) {
    mark.strips_tabs = true;
    word.remove_prefix(1);
  }
  if (word.empty()) word = name;
  char quote = 0;
  for (size_t i = 0; i < word.size(); ++i) {
    const char c = word[i];
    if (c == '<') return false;
    if (quote != 0 && c == quote) quote = 0;
    else if (quote == 0 && (c == '"' || c == '\'')) {
      quote = c;
      mark.expands = false;
    } else if (c == '\\' && quote != '\'' && i + 1 < word.size()) mark.name += word[++i];
    else mark.name += c;
  }
  return quote == 0 && !mark.name.empty();
}

}  // namespace

void JoinedText::clear() {
  pieces_.clear();
  text_ = {};
}

void JoinedText::append(size_t begin, size_t end) {
  const size_t at = pieces_.empty() ? 0 : pieces_.back().at + (pieces_.back().end - pieces_.back().begin);
  if (!pieces_.empty() && begin == end) return;
  pieces_.push_back({at, begin, end});
}

void JoinedText::finish() {
  while (!pieces_.empty()) {
    Piece& last = pieces_.back();
    while (last.end > last.begin && is_docker_blank(bytes_[last.end - 1])) --last.end;
    if (last.end > last.begin || pieces_.size() == 1) break;
    pieces_.pop_back();
  }
  if (pieces_.size() == 1) {
    text_ = bytes_.substr(pieces_[0].begin, pieces_[0].end - pieces_[0].begin);
    return;
  }
  storage_.clear();
  for (const Piece& piece : pieces_) storage_.append(bytes_.substr(piece.begin, piece.end - piece.begin));
  text_ = storage_;
}

uint32_t JoinedText::source(size_t offset) const {
  if (pieces_.empty()) return 0;
  const auto after = std::upper_bound(pieces_.begin(), pieces_.end(), offset, [](size_t at, const Piece& piece) { return at < piece.at; });
  const Piece& piece = *(after - 1);
  return static_cast<uint32_t>(std::min(piece.begin + (offset - piece.at), piece.end));
}

size_t skip_docker_blanks(std::string_view text, size_t at) {
  while (at < text.size() && is_docker_blank(text[at])) ++at;
  return at;
}

size_t docker_plain_word_end(std::string_view text, size_t at) {
  while (at < text.size() && !is_docker_blank(text[at])) ++at;
  return at;
}

size_t docker_template_word_end(std::string_view text, size_t at) {
  constexpr size_t kLongestAction = 200;
  while (at < text.size() && !is_docker_blank(text[at])) {
    const bool is_braces = text.substr(at, 2) == "{{";
    const bool is_action = is_braces || text.substr(at, 2) == "<%";
    const size_t close = is_action ? text.substr(at, kLongestAction).find(is_braces ? "}}" : "%>", 2) : std::string_view::npos;
    at += close == std::string_view::npos ? 1 : close + 2;
  }
  return at;
}

size_t docker_word_end(std::string_view text, size_t at, char escape) {
  bool is_closed = true;
  return word_end(text, at, escape, is_closed);
}

bool is_docker_variable(std::string_view text, size_t at) {
  return text[at] == '$' && at + 1 < text.size() && (text[at + 1] == '{' || is_name_char(text[at + 1]));
}

bool read_exec_form(std::string_view text, size_t begin, std::vector<ExecString>& into) {
  into.clear();
  size_t at = skip_json_blanks(text, begin);
  if (at >= text.size() || text[at] != '[') return false;
  at = skip_json_blanks(text, at + 1);
  if (at < text.size() && text[at] == ']') return skip_json_blanks(text, at + 1) == text.size();
  while (at < text.size() && text[at] == '"') {
    at = read_json_string(text, at, into.emplace_back());
    if (at == std::string_view::npos) return false;
    at = skip_json_blanks(text, at);
    if (at >= text.size()) return false;
    if (text[at] == ']') return skip_json_blanks(text, at + 1) == text.size();
    if (text[at] != ',') return false;
    at = skip_json_blanks(text, at + 1);
  }
  return false;
}

// BuildKit looks for them with the backslash as escape, whatever the directive says, and finds none if a quote stays open.
std::vector<HeredocMark> find_heredoc_marks(std::string_view text, size_t begin) {
  std::vector<HeredocMark> marks;
  if (text.find("<<", begin) == std::string_view::npos) return marks;
  for (size_t at = skip_docker_blanks(text, begin); at < text.size();) {
    bool is_closed = true;
    size_t end = word_end(text, at, '\\', is_closed), name = end;
    if (is_closed && text.substr(at, end - at).ends_with("<<")) {  // "<< EOF", but not 1 << 2
      name = skip_docker_blanks(text, end);
      if (name < text.size() && (is_name_char(text[name]) || text[name] == '"' || text[name] == '\'') && !is_digit(text[name]))
        end = word_end(text, name, '\\', is_closed);
      else name = end;
    }
    if (!is_closed) return {};
    HeredocMark mark;
    const std::string_view sign = text.substr(at, (name < end ? docker_plain_word_end(text, at) : end) - at);
    if (read_heredoc_mark(sign, name < end ? text.substr(name, end - name) : std::string_view(), mark)) marks.push_back(std::move(mark));
    at = skip_docker_blanks(text, end);
  }
  return marks;
}

}  // namespace sealwarden
