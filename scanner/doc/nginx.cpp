// SPDX-License-Identifier: Apache-2.0
// nginx configuration as a tree: `name argument ...;` is an entry, `name argument ... {` a map with its arguments in "#args",
// and what is named more than once a sequence. Blocks of Lua are texts. Of templates (Jinja, Mustache) "{% if %}" is skipped, and
// what "{{ x }}" fills in is an expression.
#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "scanner/doc/builder.h"
#include "scanner/doc/parse.h"
#include "scanner/doc/utf8_text.h"

namespace sealwarden {
namespace {

constexpr size_t kLongestAction = 200;   // of a template, with its braces
constexpr size_t kMostComplaints = 200;  // a file that is no configuration has one a line

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

// One word of a directive, with its quotes.
struct Word {
  size_t begin = 0, end = 0;
  bool is_quoted = false, has_escapes = false;
};

class NginxReader {
 public:
  NginxReader(ParsedFile& into, const DocumentLimits& limits)
      : bytes_(into.bytes), file_(into), builder_(into, limits, DocumentBuilder::Order::by_path) {}
  void read();

 private:
  void read_statement();
  void read_words();
  bool read_quoted(Word& word);
  void read_plain(Word& word);
  [[nodiscard]] size_t repeat_count_end(size_t brace) const;
  void skip_blanks();
  [[nodiscard]] size_t action_end(size_t at) const;
  [[nodiscard]] bool is_lone_action() const;
  void close_block();
  void write_directive();
  void open_block();
  void read_lua(size_t brace);
  [[nodiscard]] size_t lua_end(size_t at);
  [[nodiscard]] size_t lua_long_end(size_t at) const;

  struct Text {
    std::string_view text;
    Span span;
    uint16_t flags = 0;
  };
  Text word_text(const Word& word);
  Text arguments_text();

  [[nodiscard]] char peek(size_t at) const { return at < bytes_.size() ? bytes_[at] : '\0'; }
  [[nodiscard]] NodeKey key();
  static Span span(size_t begin, size_t end) { return {static_cast<uint32_t>(begin), static_cast<uint32_t>(end)}; }
  [[nodiscard]] bool may_search() const { return searched_ <= 2 * bytes_.size(); }
  void complain(size_t begin, size_t end, std::string what) {
    if (complaints_++ < kMostComplaints) builder_.problem(DocumentProblem::Kind::syntax, span(begin, end), std::move(what));
  }

  Bytes bytes_;
  ParsedFile& file_;
  DocumentBuilder builder_;
  size_t at_ = 0;
  std::vector<Word> words_;          // of the statement that is being read
  std::vector<size_t> open_blocks_;  // their braces
  size_t searched_ = 0;              // bytes in which the end of a quote was looked for in vain
  size_t complaints_ = 0;
};

void NginxReader::read() {
  at_ = utf8_mark_size(bytes_);
  builder_.begin_document(static_cast<uint32_t>(at_));
  builder_.begin_map({}, span(at_, bytes_.size()));
  while (!builder_.is_full()) {
    skip_blanks();
    if (at_ >= bytes_.size()) break;
    if (is_lone_action()) at_ = action_end(at_);
    else read_statement();
  }
  for (const size_t brace : open_blocks_)
    if (!builder_.is_full()) complain(brace, brace + 1, "a block is not closed");
  builder_.finish_document(static_cast<uint32_t>(bytes_.size()), DocumentState::parsed);
  sort_problems(file_);
}

// Blanks and comments, which begin only where a word could.
void NginxReader::skip_blanks() {
  while (at_ < bytes_.size()) {
    if (is_blank(bytes_[at_])) {
      ++at_;
    } else if (bytes_[at_] == '{' && (peek(at_ + 1) == '%' || peek(at_ + 1) == '#') && action_end(at_) != at_) {
      at_ = action_end(at_);
    } else if (bytes_[at_] == '#') {
      const size_t line_end = std::min(bytes_.find('\n', at_), bytes_.size());
      const size_t end = line_end > at_ && bytes_[line_end - 1] == '\r' ? line_end - 1 : line_end;
      builder_.comment(span(at_, end));
      at_ = line_end;
    } else {
      return;
    }
  }
}

// Behind "{{ x }}", "{% if x %}" and "{# x #}", with which templates are filled; `at` itself if there is none of them, or it has no end.
size_t NginxReader::action_end(size_t at) const {
  const char mark = peek(at + 1);
  if (mark != '{' && mark != '%' && mark != '#') return at;
  const char close[] = {mark == '{' ? '}' : mark, '}'};
  const size_t end = bytes_.substr(at, kLongestAction).find(std::string_view(close, 2), 2);
  return end == std::string_view::npos ? at : at + end + 2;
}

// An action that fills in whole directives: nothing follows it in its line.
bool NginxReader::is_lone_action() const {
  size_t end = action_end(at_);
  if (peek(at_) != '{' || end == at_) return false;
  while (peek(end) == ' ' || peek(end) == '\t' || peek(end) == '\r') ++end;
  return end >= bytes_.size() || bytes_[end] == '\n';
}

// Words, and what ends them: ';', '{', or what should not be there.
void NginxReader::read_statement() {
  const size_t begin = at_;
  read_words();
  const char mark = peek(at_);
  const bool at_end = at_ >= bytes_.size();
  if (words_.empty() && (at_end || mark != '}')) {
    if (!at_end) complain(at_, at_ + 1, "expected a directive");
    if (mark == '{') words_.push_back({at_, at_});
  }
  if (!at_end && mark == '{') {
    open_block();
    return;
  }
  if (!words_.empty()) {
    if (at_end || mark == '}') complain(begin, words_.back().end, "a directive is not closed by ';'");
    write_directive();
  }
  if (at_end) return;
  ++at_;
  if (mark == '}') close_block();
}

void NginxReader::close_block() {
  if (open_blocks_.empty()) return complain(at_ - 1, at_, "a closing brace has no opening one");
  open_blocks_.pop_back();
  builder_.end(static_cast<uint32_t>(at_));
}

void NginxReader::read_words() {
  words_.clear();
  for (;;) {
    skip_blanks();
    const char c = peek(at_);
    const bool is_action = c == '{' && peek(at_ + 1) == '{' && action_end(at_) != at_;
    if (at_ >= bytes_.size() || c == ';' || (c == '{' && !is_action) || c == '}') return;
    Word word{at_, at_};
    if ((c != '"' && c != '\'') || !read_quoted(word)) read_plain(word);
    words_.push_back(word);
  }
}

// A quoted word, whose quotes may be lines apart. False: it has no second quote, and is read as a plain word.
bool NginxReader::read_quoted(Word& word) {
  const char quote = bytes_[at_];
  size_t end = at_ + 1;
  while (end < bytes_.size() && bytes_[end] != quote && may_search()) {
    word.has_escapes = word.has_escapes || bytes_[end] == '\\';
    end += bytes_[end] == '\\' ? 2 : 1;
  }
  if (end >= bytes_.size() || bytes_[end] != quote) {
    searched_ += std::min(end, bytes_.size()) - at_;
    complain(at_, at_ + 1, "a quote is not closed");
    word.has_escapes = false;
    return false;
  }
  at_ = end + 1;
  const char c = peek(at_);
  if (at_ < bytes_.size() && !is_blank(c) && c != ';' && c != '{' && c != ')') {
    complain(word.begin, at_, "expected a blank behind a quote");
    return false;
  }
  word.is_quoted = c != ')';  // if ($a = "b")
  while (peek(at_) == ')') ++at_;
  word.end = at_;
  return true;
}

// A word up to a blank, ';' or '{'; braces of variables and of regular expressions' counts are part of it.
void NginxReader::read_plain(Word& word) {
  while (at_ < bytes_.size()) {
    const char c = bytes_[at_];
    if (is_blank(c) || c == ';') break;
    if (c == '\\' && at_ + 1 < bytes_.size()) {
      word.has_escapes = true;
      at_ += 2;
    } else if (c == '$' && peek(at_ + 1) == '{') {
      at_ += 2;
    } else if (c == '{' && peek(at_ + 1) == '{' && action_end(at_) != at_) {
      at_ = action_end(at_);
    } else if (c == '{') {
      const size_t end = at_ > word.begin ? repeat_count_end(at_) : at_;
      if (end == at_) break;
      at_ = end;
    } else {
      ++at_;
    }
  }
  word.end = at_;
}

// Behind "{2}", "{2,}" and "{2,3}"; `brace` itself if it is none of them.
size_t NginxReader::repeat_count_end(size_t brace) const {
  size_t at = brace + 1;
  while (is_digit(peek(at))) ++at;
  if (at == brace + 1) return brace;
  if (peek(at) == ',')
    for (++at; is_digit(peek(at));) ++at;
  return peek(at) == '}' ? at + 1 : brace;
}

NginxReader::Text NginxReader::word_text(const Word& word) {
  const size_t quote = word.is_quoted ? 1 : 0;
  const std::string_view raw = bytes_.substr(word.begin + quote, word.end - word.begin - 2 * quote);
  Text text{raw, span(word.begin, word.end), word.is_quoted ? uint16_t{kQuoted} : uint16_t{0}};
  if (!word.has_escapes) return text;
  constexpr std::string_view kLetters = "\"'\\trn", kMeanings = "\"'\\\t\r\n";
  std::string decoded;
  for (size_t i = 0; i < raw.size(); ++i) {
    const size_t found = raw[i] == '\\' && i + 1 < raw.size() ? kLetters.find(raw[i + 1]) : std::string_view::npos;
    if (found == std::string_view::npos) decoded += raw[i];
    else {
      decoded += kMeanings[found];
      ++i;
    }
  }
  if (decoded != raw) text.text = builder_.keep(std::move(decoded));
  return text;
}

// One argument without its quotes, or several as they are written, a blank between.
NginxReader::Text NginxReader::arguments_text() {
  if (words_.size() == 1) return {{}, span(words_[0].end, words_[0].end)};
  if (words_.size() == 2) return word_text(words_[1]);
  const size_t begin = words_[1].begin, end = words_.back().end;
  Text text{bytes_.substr(begin, end - begin), span(begin, end)};
  bool is_spaced = true;
  for (size_t i = 2; i < words_.size(); ++i) is_spaced = is_spaced && words_[i].begin == words_[i - 1].end + 1 && bytes_[words_[i].begin - 1] == ' ';
  if (is_spaced) return text;
  std::string joined;
  for (size_t i = 1; i < words_.size(); ++i) {
    if (i > 1) joined += ' ';
    joined.append(bytes_.substr(words_[i].begin, words_[i].end - words_[i].begin));
  }
  text.text = builder_.keep(std::move(joined));
  return text;
}

NodeKey NginxReader::key() {
  const Text name = word_text(words_[0]);
  return {.text = name.text, .span = name.span};
}

void NginxReader::write_directive() {
  const Text arguments = arguments_text();
  NodeExtra extra;
  extra.flags = arguments.flags;
  // What a template fills in is not known.
  const bool is_filled = arguments.text.find("{{") != std::string_view::npos && arguments.text.find("}}") != std::string_view::npos;
  builder_.repeated_scalar(key(), is_filled ? NodeType::expression : NodeType::text, arguments.text, arguments.span, extra);
}

void NginxReader::open_block() {
  const size_t brace = at_++;
  const std::string_view name = bytes_.substr(words_[0].begin, words_[0].end - words_[0].begin);
  const bool is_lua = name.ends_with("_by_lua_block");
  if (is_lua && words_.size() == 1) return read_lua(brace);
  const size_t begin = words_.size() > 1 ? words_[1].begin : brace;
  if (!builder_.enter_repeated_map(key(), span(begin, brace + 1))) return;
  if (words_.size() > 1) {
    const Text arguments = arguments_text();
    NodeExtra extra;
    extra.flags = arguments.flags;
    builder_.scalar({.text = "#args", .span = span(arguments.span.begin, arguments.span.begin)}, NodeType::text, arguments.text,
                    arguments.span, extra);
  }
  if (!is_lua) return open_blocks_.push_back(brace);
  words_.assign(1, {brace, brace});
  read_lua(brace);
  builder_.end(static_cast<uint32_t>(at_));
}

// The code between the braces as a text; of a block with arguments, as its entry "#text".
void NginxReader::read_lua(size_t brace) {
  size_t end = lua_end(brace + 1), next = end + 1;
  if (end == std::string_view::npos) {
    complain(brace, brace + 1, "a block of Lua is not closed");
    end = next = bytes_.size();
  }
  NodeKey name = key();
  if (name.text.empty()) name = {.text = "#text", .span = span(brace, brace)};
  NodeExtra extra;
  extra.flags = kQuoted | kBlock;
  builder_.repeated_scalar(name, NodeType::text, bytes_.substr(brace + 1, end - brace - 1), span(brace, next), extra);
  at_ = next;
}

// The brace that ends Lua code from `at` on; npos: there is none.
size_t NginxReader::lua_end(size_t at) {
  size_t depth = 1;
  while (at < bytes_.size()) {
    const char c = bytes_[at];
    if (c == '-' && peek(at + 1) == '-') {
      const size_t end = lua_long_end(at + 2);
      at = end != at + 2 ? end : std::min(bytes_.find('\n', at), bytes_.size());
    } else if (c == '[') {
      const size_t end = lua_long_end(at);
      at = end != at ? end : at + 1;
    } else if (c == '"' || c == '\'') {
      for (++at; at < bytes_.size() && bytes_[at] != c && bytes_[at] != '\n';) at += bytes_[at] == '\\' ? 2 : 1;
      ++at;
    } else {
      if (c == '{') ++depth;
      if (c == '}' && --depth == 0) return at;
      ++at;
    }
  }
  return std::string_view::npos;
}

// Behind a long string or comment, [[...]] or [=[...]=]; `at` itself if none begins there. One without an end reaches to the
// end of the file.
size_t NginxReader::lua_long_end(size_t at) const {
  if (peek(at) != '[') return at;
  size_t level = 0;
  while (peek(at + 1 + level) == '=') ++level;
  if (peek(at + 1 + level) != '[') return at;
  for (size_t end = at; (end = bytes_.find(']', end)) != std::string_view::npos; ++end) {
    size_t signs = 0;
    while (signs < level && peek(end + 1 + signs) == '=') ++signs;
    if (signs == level && peek(end + 1 + level) == ']') return end + 2 + level;
  }
  return bytes_.size();
}

}  // namespace

void parse_nginx(ParsedFile& into, const DocumentLimits& limits) { NginxReader(into, limits).read(); }

}  // namespace sealwarden
