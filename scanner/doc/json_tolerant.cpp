// SPDX-License-Identifier: Apache-2.0
// JSON as people write it: with comments (//, /* */, #), commas at the end, single-quoted strings, unquoted keys and the
// numbers of JSON5, and several documents in one file (NDJSON). It goes on behind a missing comma and a value that is none.
// Behind any other error the document ends; the next one begins at the next line whose first byte opens what the broken one
// opened, which is the next line of NDJSON and never a line within an indented document.
#include <algorithm>

#include "scanner/doc/builder.h"
#include "scanner/doc/json_text.h"
#include "scanner/doc/utf8_text.h"

namespace sealwarden {
namespace {

constexpr size_t kMostProblems = 100;  // told of a file; each costs memory, and more help nobody

bool is_line_end(char c) { return c == '\n' || c == '\r'; }

class TolerantJson {
 public:
  TolerantJson(ParsedFile& into, const DocumentLimits& limits)
      : builder_(into, limits), text_(into.bytes), at_(utf8_mark_size(into.bytes)) {}

  void read() {
    while (skip_blanks(), at_ < text_.size() && !is_over()) {
      const uint32_t begin = at_;
      builder_.begin_document(begin);
      open_.clear();
      const bool whole = read_tree();
      builder_.finish_document(std::max(end_, begin), DocumentState::parsed);
      if (!whole && !find_next_document(begin)) break;
      if (whole) skip_comma();
    }
  }

 private:
  enum class Step : uint8_t { opened, done, failed };

  [[nodiscard]] char peek(uint32_t ahead = 0) const { return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0'; }
  [[nodiscard]] bool at_end() const { return at_ >= text_.size(); }
  [[nodiscard]] bool is_over() const { return builder_.is_full() || problems_ > kMostProblems; }

  // False, so that a caller can return it.
  bool problem(uint32_t begin, uint32_t end, const char* what) {
    if (++problems_ <= kMostProblems) {
      builder_.problem(DocumentProblem::Kind::syntax, {begin, end}, what);
    } else if (problems_ == kMostProblems + 1) {
      builder_.problem(DocumentProblem::Kind::budget, {begin, end}, "more errors than are told; the rest is not read");
    }
    return false;
  }
  bool problem_here(const char* what) { return problem(at_, at_ + (at_end() ? 0 : 1), what); }

  // Length of the blank at `at_`; 0: there is none. JSON5 takes some of Unicode's, too.
  [[nodiscard]] uint32_t blank_size() const {
    const char c = peek();
    if (c == ' ' || (c >= '\t' && c <= '\r')) return 1;
    const Bytes rest = text_.substr(at_, 3);
    if (rest.starts_with("\xC2\xA0")) return 2;
    return rest == "\xE2\x80\xA8" || rest == "\xE2\x80\xA9" || rest == "\xEF\xBB\xBF" ? 3 : 0;
  }

  void skip_comment(uint32_t end) {
    builder_.comment({at_, end});
    at_ = end;
  }

  void skip_blanks() {
    while (!at_end()) {
      if (const uint32_t size = blank_size(); size > 0) {
        at_ += size;
      } else if (peek() == '#' || (peek() == '/' && peek(1) == '/')) {
        skip_comment(static_cast<uint32_t>(std::min(text_.find_first_of("\r\n", at_), text_.size())));
      } else if (peek() == '/' && peek(1) == '*') {
        const size_t close = text_.find("*/", at_ + 2);
        if (close == Bytes::npos) problem(at_, at_ + 2, "a comment that does not end");
        skip_comment(static_cast<uint32_t>(close == Bytes::npos ? text_.size() : close + 2));
      } else {
        return;
      }
    }
  }

  // Documents with commas between them are the inside of a sequence.
  void skip_comma() {
    skip_blanks();
    if (peek() != ',' || at_end()) return;
    problem_here("a comma between documents");
    ++at_;
  }

  // To the line that may begin the next document after an error at `at_`. False: there is none.
  bool find_next_document(uint32_t begin) {
    const char opener = text_[begin];
    const bool any = opener != '{' && opener != '[';
    uint32_t line = at_;
    if (line == begin || (line > 0 && line < text_.size() && !is_line_end(text_[line - 1]))) line = next_line(line);
    for (; line < text_.size(); line = next_line(line)) {
      if (any ? text_[line] == '{' || text_[line] == '[' : text_[line] == opener) {
        at_ = line;
        return true;
      }
    }
    return false;
  }

  [[nodiscard]] uint32_t next_line(uint32_t from) const {
    return static_cast<uint32_t>(std::min(text_.find_first_of("\r\n", from), text_.size() - 1) + 1);
  }

  // The decoded text of the string at `at_`, which is at its first quote. False: it does not end on its line; what is there is
  // given all the same.
  bool read_string(std::string_view& text) {
    const uint32_t begin = at_;
    const char quote = text_[at_++];
    bool has_escapes = false;
    while (!at_end() && text_[at_] != quote && !is_line_end(text_[at_])) {
      if (text_[at_] == '\\') {
        has_escapes = true;
        if (peek(1) == '\r' && peek(2) == '\n') ++at_;
        ++at_;
      }
      ++at_;
    }
    at_ = std::min(at_, static_cast<uint32_t>(text_.size()));
    text = text_.substr(begin + 1, at_ - begin - 1);
    if (has_escapes) decode(begin + 1, text);
    if (at_end() || text_[at_] != quote) return problem(begin, at_, "a string that does not end on its line");
    end_ = ++at_;
    return true;
  }

  void decode(uint32_t begin, std::string_view& text) {
    JsonEscapes escapes;
    std::string decoded = decode_json_text(text, escapes);
    if (escapes.broken_at != std::string_view::npos) {
      const auto broken = static_cast<uint32_t>(begin + escapes.broken_at);
      problem(broken, broken + 2, "an escape whose digits are missing");
    }
    text = builder_.keep(std::move(decoded));
  }

  // A token without quotes: up to a blank, a bracket or another mark of the grammar.
  std::string_view read_token() {
    const uint32_t begin = at_;
    while (!at_end() && blank_size() == 0 && Bytes(",:{}[]\"'#").find(text_[at_]) == Bytes::npos &&
           !(text_[at_] == '/' && (peek(1) == '/' || peek(1) == '*')) && static_cast<unsigned char>(text_[at_]) >= ' ')
      ++at_;
    return text_.substr(begin, at_ - begin);
  }

  bool read_key(NodeKey& key) {
    const uint32_t begin = at_;
    if (peek() == '"' || peek() == '\'') {
      if (!read_string(key.text)) return false;
    } else {
      key.text = read_token();
      if (key.text.empty()) return problem_here(at_end() ? "the document ends within a map" : "expected a key");
      end_ = at_;
    }
    key.span = {begin, end_};
    skip_blanks();
    if (peek() != ':') return problem_here("expected ':' after a key");
    ++at_;
    skip_blanks();
    return true;
  }

  bool open(const NodeKey& key) {
    const Span span{at_, at_ + 1};
    const bool is_map = peek() == '{';
    if (!(is_map ? builder_.begin_map(key, span) : builder_.begin_sequence(key, span))) return false;
    open_.push_back(is_map ? '}' : ']');
    end_ = ++at_;
    return true;
  }

  Step read_value(const NodeKey& key) {
    if (peek() == '{' && peek(1) == '{') return read_template(key);
    if (peek() == '{' || peek() == '[') return open(key) ? Step::opened : Step::failed;
    if (peek() == '"' || peek() == '\'') {
      const uint32_t begin = at_;
      std::string_view text;
      const bool ends = read_string(text);
      const bool added = builder_.scalar(key, NodeType::text, text, {begin, at_}, {.flags = kQuoted});
      end_ = at_;
      return ends && added ? Step::done : Step::failed;
    }
    return read_word(key) ? Step::done : Step::failed;
  }

  // "{{ action }}" where a value is due: a template that makes up the value.
  Step read_template(const NodeKey& key) {
    const uint32_t begin = at_;
    const size_t line_end = std::min(text_.find_first_of("\r\n", at_), text_.size());
    const size_t close = text_.substr(0, line_end).find("}}", at_ + 2);
    if (close == Bytes::npos) {
      problem_here("expected a key");
      return Step::failed;
    }
    end_ = at_ = static_cast<uint32_t>(close + 2);
    problem(begin, end_, "a template's action in place of a value");
    const std::string_view text = text_.substr(begin, end_ - begin);
    const bool added = builder_.scalar(key, NodeType::expression, text, {begin, end_}, {.flags = kMasked});
    return added ? Step::done : Step::failed;
  }

  bool read_word(const NodeKey& key) {
    const uint32_t begin = at_;
    std::string_view word = read_token();
    NodeType type = json5_number(word);
    if (word == "null") type = NodeType::null;
    if (word == "true" || word == "false") type = NodeType::boolean;
    end_ = at_;
    if (type == NodeType::text) {
      if (word.empty() || open_.empty()) {
        at_ = begin;
        return problem_here(at_end() ? "the document ends where a value is expected" : "expected a value");
      }
      type = NodeType::expression;
      word = rest_of_value(begin);
      problem(begin, end_, "expected a value");
    }
    return builder_.scalar(key, type, word, {begin, end_}) && !is_over();
  }

  // A value that is none, such as "process.env.PORT || 80", up to what can follow it.
  std::string_view rest_of_value(uint32_t begin) {
    at_ = static_cast<uint32_t>(std::min(text_.find_first_of(",]}\r\n", at_), text_.size()));
    end_ = at_;
    while (end_ > begin && (text_[end_ - 1] == ' ' || text_[end_ - 1] == '\t')) --end_;
    return text_.substr(begin, end_ - begin);
  }

  // From behind a value, or the opening of a map or sequence, to the next value, and its key. False: there is none, because
  // the document is over (`open_` is empty) or broken.
  bool find_next_value(NodeKey& key, bool is_first) {
    bool has_comma = is_first;
    for (;;) {
      if (open_.empty() || is_over()) return false;
      skip_blanks();
      if (at_end()) return problem_here("the document ends within a map or sequence");
      if (peek() == open_.back()) {
        end_ = ++at_;
        builder_.end(end_);
        open_.pop_back();
        has_comma = false;
      } else if (peek() == ',') {
        if (has_comma) problem_here("a comma without a value before it");
        has_comma = true;
        ++at_;
      } else {
        if (!has_comma) problem_here("expected ',' or the end of the map or sequence");
        key = {};
        return open_.back() == ']' || read_key(key);
      }
    }
  }

  bool read_tree() {
    NodeKey key;
    for (;;) {
      const Step step = read_value(key);
      if (step == Step::failed) return false;
      if (!find_next_value(key, step == Step::opened)) return open_.empty();
    }
  }

  DocumentBuilder builder_;
  Bytes text_;
  uint32_t at_;
  uint32_t end_ = 0;  // of the last token
  size_t problems_ = 0;
  std::string open_;  // what closes each open map and sequence
};

}  // namespace

void parse_json_tolerantly(ParsedFile& into, const DocumentLimits& limits) {
  TolerantJson(into, limits).read();
  sort_problems(into);
  note_encoding(into);
}

}  // namespace sealwarden
