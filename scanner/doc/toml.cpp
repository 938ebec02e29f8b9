// SPDX-License-Identifier: Apache-2.0
// TOML, read by a reader of our own: toml++ ends at the first error without a tree, tells places in lines and code points and
// no comments at all, and overflows the stack on a key of some hundred thousand parts. It is what the tests hold this against.
//
// Tables may be opened again anywhere, so a tree of items is made first and given to the builder when the text is over. An
// error ends its line only: the next line is read as if nothing had been.
#include <algorithm>
#include <map>

#include "scanner/doc/builder.h"
#include "scanner/doc/parse.h"
#include "scanner/doc/toml_text.h"
#include "scanner/doc/utf8_text.h"

namespace sealwarden {
namespace {

constexpr size_t kMostProblems = 100;  // told of a file; each costs memory, and more help nobody
constexpr uint32_t kNone = UINT32_MAX;

// How a table came to be, which says what may be added to it.
enum class Made : uint8_t { by_value, by_path, by_header, by_double_header };

struct Item {
  NodeType type = NodeType::map;
  Made made = Made::by_value;
  uint16_t depth = 1;  // of the root
  uint16_t flags = 0;
  NodeKey key;
  std::string_view text;
  Span span;
  uint32_t first = kNone, last = kNone, next = kNone;
};

bool is_bare(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' || (c & 0x80) != 0;
}

class TomlReader {
 public:
  TomlReader(ParsedFile& into, const DocumentLimits& limits)
      : builder_(into, limits), limits_(limits), text_(into.bytes), at_(utf8_mark_size(into.bytes)) {}

  void read() {
    builder_.begin_document(at_);
    items_.push_back({.span = {at_, static_cast<uint32_t>(text_.size())}});
    while (skip_lines(), !at_end() && !is_over()) {
      const bool whole = peek() == '[' ? read_header() : read_entry(table_);
      if (!whole || !read_line_end()) skip_line();
    }
    give_items();
    builder_.finish_document(static_cast<uint32_t>(text_.size()), DocumentState::parsed);
  }

 private:
  [[nodiscard]] bool at_end() const { return at_ >= text_.size(); }
  [[nodiscard]] char peek(uint32_t ahead = 0) const { return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0'; }
  [[nodiscard]] bool at_line_end() const { return at_end() || text_[at_] == '\n' || text_[at_] == '\r'; }
  [[nodiscard]] bool is_over() const { return builder_.is_full() || problems_ > kMostProblems; }
  [[nodiscard]] uint32_t find_first_of(std::string_view letters, size_t from) const {
    return static_cast<uint32_t>(std::min(text_.find_first_of(letters, from), text_.size()));
  }

  // False, so that a caller can return it.
  bool problem(Span at, std::string what, DocumentProblem::Kind kind = DocumentProblem::Kind::syntax) {
    if (++problems_ <= kMostProblems) {
      builder_.problem(kind, at, std::move(what));
    } else if (problems_ == kMostProblems + 1) {
      builder_.problem(DocumentProblem::Kind::budget, at, "more errors than are told; the rest is not read");
    }
    return false;
  }
  // A limit ends the document here.
  void stop(std::string what) {
    problem({at_, at_}, std::move(what), DocumentProblem::Kind::budget);
    problems_ = kMostProblems + 1;
  }
  bool problem_here(const char* what) { return problem({at_, at_ + (at_end() ? 0 : 1)}, what); }

  void skip_blanks() {
    while (peek() == ' ' || peek() == '\t') ++at_;
  }
  void skip_comment() {
    if (peek() != '#') return;
    const uint32_t end = find_first_of("\r\n", at_);
    builder_.comment({at_, end});
    at_ = end;
  }
  void skip_line() { at_ = find_first_of("\r\n", at_); }
  // Blanks, comments and line ends.
  void skip_lines() {
    for (;;) {
      skip_blanks();
      skip_comment();
      if (at_end() || !at_line_end()) return;
      ++at_;
    }
  }
  bool read_line_end() {
    skip_blanks();
    skip_comment();
    return at_line_end() || problem_here("expected the end of the line");
  }

  // --- the tree of items ---

  [[nodiscard]] uint32_t find(uint32_t map, std::string_view key) const {
    const auto found = entries_.find({map, key});
    return found == entries_.end() ? kNone : found->second;
  }

  // kNone: refused by a limit, which is told.
  uint32_t add(uint32_t parent, Item item) {
    if (is_over()) return kNone;  // its text may be beyond the limit
    item.depth = static_cast<uint16_t>(items_[parent].depth + 1);
    if (items_.size() >= limits_.nodes) {
      stop("the document has more than " + std::to_string(limits_.nodes) + " nodes");
      return kNone;
    }
    const bool is_scalar = item.type != NodeType::map && item.type != NodeType::sequence;
    if (!is_scalar && item.depth > limits_.depth) {
      const std::string what = "the document is nested deeper than " + std::to_string(limits_.depth) + " levels";
      problem(item.span, what, DocumentProblem::Kind::budget);
      return kNone;
    }
    const auto index = static_cast<uint32_t>(items_.size());
    if (items_[parent].type == NodeType::map) entries_[{parent, item.key.text}] = index;
    items_.push_back(std::move(item));
    uint32_t& last = items_[parent].last;
    (last == kNone ? items_[parent].first : items_[last].next) = index;
    return last = index;
  }

  // The table that entries of `item` belong to: itself, or the last of an array of tables; kNone: it is no table.
  [[nodiscard]] uint32_t table_of(uint32_t item) const {
    if (items_[item].type == NodeType::map) return item;
    return items_[item].made == Made::by_double_header ? items_[item].last : kNone;
  }

  // The table that all but the last of the key's parts name, from `table` on.
  uint32_t enter_parts(uint32_t table, uint32_t begin) {
    for (size_t i = 0; i + 1 < parts_.size() && table != kNone; ++i) {
      const uint32_t existing = find(table, parts_[i].text);
      uint32_t next = existing == kNone ? kNone : table_of(existing);
      const bool is_value = existing != kNone && (next == kNone || items_[next].made == Made::by_value);
      if (is_value) problem(parts_[i].span, "this key has a value already");
      if (next == kNone) next = add(table, {.made = Made::by_path, .key = parts_[i], .span = {begin, parts_[i].span.end}});
      table = next;
    }
    return table;
  }

  // --- keys and headers ---

  bool read_key_part() {
    const uint32_t begin = at_;
    NodeKey part;
    if (peek() == '"' || peek() == '\'') {
      if (!read_line_string(part.text)) return false;
    } else {
      while (is_bare(peek())) ++at_;
      part.text = text_.substr(begin, at_ - begin);
      if (part.text.empty()) return problem_here("expected a key");
    }
    part.span = {begin, at_};
    parts_.push_back(part);
    return true;
  }

  bool read_key() {
    parts_.clear();
    for (;;) {
      skip_blanks();
      if (!read_key_part()) return false;
      skip_blanks();
      if (peek() != '.') return true;
      if (parts_.size() >= limits_.depth) return problem_here("a key of too many parts");
      ++at_;
    }
  }

  bool read_header() {
    const uint32_t begin = at_;
    const bool is_array = peek(1) == '[';
    at_ += is_array ? 2 : 1;
    // What follows a broken header must not become part of the table before it.
    table_ = kNone;
    if (!read_key()) return false;
    if (peek() != ']' || (is_array && peek(1) != ']')) return problem_here("expected the end of the table's name");
    at_ += is_array ? 2 : 1;
    const uint32_t parent = enter_parts(0, begin);
    if (parent == kNone) return false;
    table_ = is_array ? add_array_item(parent, {begin, at_}) : open_table(parent, {begin, at_});
    return table_ != kNone;
  }

  uint32_t open_table(uint32_t parent, Span header) {
    const NodeKey& key = parts_.back();
    const uint32_t existing = find(parent, key.text);
    if (existing != kNone && items_[existing].type == NodeType::map) {
      if (items_[existing].made != Made::by_path) problem(header, "this table is there already");
      items_[existing].made = Made::by_header;
      items_[existing].span.end = std::max(items_[existing].span.end, header.end);
      return existing;
    }
    if (existing != kNone) problem(key.span, "this key has a value already");
    return add(parent, {.made = Made::by_header, .key = key, .span = header});
  }

  uint32_t add_array_item(uint32_t parent, Span header) {
    const NodeKey& key = parts_.back();
    uint32_t array = find(parent, key.text);
    if (array == kNone || items_[array].made != Made::by_double_header) {
      if (array != kNone) problem(key.span, "this key has a value already");
      array = add(parent, {.type = NodeType::sequence, .made = Made::by_double_header, .key = key, .span = header});
      if (array == kNone) return kNone;
    }
    return add(array, {.made = Made::by_header, .key = {}, .span = header});
  }

  // --- entries and values ---

  // A line `key = value`. Those behind a broken header become a table without a name.
  bool read_entry(uint32_t table) {
    if (table == kNone) table = table_ = add(0, {.made = Made::by_header, .key = {}, .span = {at_, at_}});
    open_.clear();
    uint32_t parent = kNone;
    NodeKey key;
    if (!read_entry_key(table, parent, key)) return false;
    do {
      if (!read_value(parent, key)) return false;
    } while (find_next_value(parent, key));
    return open_.empty();
  }

  // Up to the value; `parent` is the table that the last part of the key is an entry of.
  bool read_entry_key(uint32_t table, uint32_t& parent, NodeKey& key) {
    const uint32_t begin = at_;
    if (!read_key()) return false;
    if (peek() != '=') return problem_here("expected '=' after a key");
    ++at_;
    skip_blanks();
    parent = enter_parts(table, begin);
    if (parent == kNone) return false;
    key = parts_.back();
    if (find(parent, key.text) != kNone) problem(key.span, "this key has a value already");
    return true;
  }

  bool read_value(uint32_t parent, const NodeKey& key) {
    const uint32_t begin = at_;
    if (peek() == '[' || peek() == '{') {
      const NodeType type = peek() == '[' ? NodeType::sequence : NodeType::map;
      ++at_;
      const uint32_t item = add(parent, {.type = type, .key = key, .span = {begin, at_}});
      if (item == kNone) return false;
      open_.push_back(item);
      is_first_ = true;
      return true;
    }
    is_first_ = false;
    if (peek() == '"' || peek() == '\'') {
      std::string_view text;
      const bool ends = read_string(text);
      const Item item{.type = NodeType::text, .flags = kQuoted, .key = key, .text = text, .span = {begin, at_}};
      return add(parent, item) != kNone && ends;
    }
    return read_word(parent, key);
  }

  bool read_word(uint32_t parent, const NodeKey& key) {
    const uint32_t begin = at_;
    static constexpr std::string_view kEnds = " \t\r\n,]}#";
    at_ = find_first_of(kEnds, at_);
    // A date may have a blank before its time.
    const bool is_date = at_ - begin == 10 && text_[begin + 4] == '-';
    if (is_date && peek() == ' ' && peek(1) >= '0' && peek(1) <= '9') at_ = find_first_of(kEnds, at_ + 1);
    std::string_view word = text_.substr(begin, at_ - begin);
    NodeType type = toml_word(word);
    if (type == NodeType::expression) {
      at_ = find_first_of(open_.empty() ? "\r\n#" : "\r\n#,]}", at_);
      uint32_t end = at_;
      while (end > begin && (text_[end - 1] == ' ' || text_[end - 1] == '\t')) --end;
      word = text_.substr(begin, end - begin);
      if (word.empty()) return problem_here("expected a value");
      problem({begin, end}, "a value that is neither in quotes nor a number, date or boolean");
    }
    const auto end = static_cast<uint32_t>(begin + word.size());
    return add(parent, {.type = type, .key = key, .text = word, .span = {begin, end}}) != kNone;
  }

  // Within brackets, from behind a value to the next one. False: all are closed (`open_` is empty), or there is an error.
  bool find_next_value(uint32_t& parent, NodeKey& key) {
    bool has_comma = is_first_;
    while (!open_.empty() && !is_over()) {
      Item& around = items_[open_.back()];
      const bool is_map = around.type == NodeType::map;
      skip_lines();
      if (at_end()) {
        const uint32_t begin = around.span.begin;
        return problem({begin, begin + 1}, is_map ? "a table that does not end" : "an array that does not end");
      }
      if (peek() == (is_map ? '}' : ']')) {
        around.span.end = ++at_;
        open_.pop_back();
        has_comma = false;
      } else if (peek() == ',' && !has_comma) {
        has_comma = true;
        ++at_;
      } else if (!has_comma) {
        return problem_here(is_map ? "expected ',' or '}'" : "expected ',' or ']'");
      } else if (is_map) {
        return read_entry_key(open_.back(), parent, key);
      } else {
        parent = open_.back();
        key = {};
        return true;
      }
    }
    return false;
  }

  // --- strings ---

  bool read_string(std::string_view& text) {
    const std::string_view three = text_.substr(at_, 3);
    return three == "\"\"\"" || three == "'''" ? read_block_string(text) : read_line_string(text);
  }

  bool read_line_string(std::string_view& text) {
    const uint32_t begin = at_;
    const char quote = text_[at_++];
    bool has_escapes = false;
    while (!at_line_end() && text_[at_] != quote) {
      if (quote == '"' && text_[at_] == '\\') {
        has_escapes = true;
        ++at_;
        if (at_line_end()) break;
      }
      ++at_;
    }
    text = text_.substr(begin + 1, at_ - begin - 1);
    if (has_escapes) decode(begin + 1, text);
    if (at_line_end()) return problem({begin, at_}, "a string that does not end on its line");
    ++at_;
    return true;
  }

  bool read_block_string(std::string_view& text) {
    const uint32_t begin = at_;
    const std::string_view quotes = text_.substr(at_, 3);
    size_t end = at_ + 3;
    for (;; ++end) {
      end = text_.find_first_of(quotes[0] == '"' ? "\"\\" : "'", end);
      if (end == Bytes::npos || text_.substr(end, 3) == quotes) break;
      if (text_[end] == '\\') ++end;
    }
    at_ += 3;
    if (end == Bytes::npos) return problem({begin, at_}, "a string that does not end");
    for (unsigned extra = 0; extra < 2 && text_.substr(end + 3, 1) == quotes.substr(0, 1); ++extra) ++end;
    if (text_.substr(at_, 2) == "\r\n") ++at_;
    if (peek() == '\n') ++at_;
    text = text_.substr(at_, end - at_);
    if (quotes[0] == '"' && text.find('\\') != std::string_view::npos) {
      decode(at_, text);
    } else if (text.find("\r\n") != std::string_view::npos) {
      text = keep(unify_line_ends(text));
    }
    at_ = static_cast<uint32_t>(end + 3);
    return true;
  }

  // The builder must not come to its limit of text before it has been given the items.
  std::string_view keep(std::string text) {
    kept_ += text.size();
    if (kept_ <= limits_.text) return builder_.keep(std::move(text));
    stop("the document has more than " + std::to_string(limits_.text >> 20) + " MiB of text");
    return {};
  }

  void decode(uint32_t begin, std::string_view& text) {
    size_t broken = std::string_view::npos;
    std::string decoded = decode_toml_text(text, broken);
    if (broken != std::string_view::npos) {
      const auto at = static_cast<uint32_t>(begin + broken);
      problem({at, at + 1}, "an escape that is none");
    }
    text = keep(std::move(decoded));
  }

  // --- the tree, as the builder takes it ---

  bool give(const Item& item) {
    if (item.type == NodeType::map) return builder_.begin_map(item.key, item.span);
    if (item.type == NodeType::sequence) return builder_.begin_sequence(item.key, item.span);
    return builder_.scalar(item.key, item.type, item.text, item.span, {.flags = item.flags});
  }

  // A table ends where the last of what belongs to it ends.
  void give_items() {
    std::vector<uint32_t> path{0};
    bool fits = give(items_[0]);
    uint32_t next = items_[0].first;
    while (fits && !path.empty()) {
      if (next == kNone) {
        const Item& closed = items_[path.back()];
        builder_.end(closed.span.end);
        path.pop_back();
        next = closed.next;
        if (!path.empty()) items_[path.back()].span.end = std::max(items_[path.back()].span.end, closed.span.end);
        continue;
      }
      const Item& item = items_[next];
      fits = give(item);
      if (item.type == NodeType::map || item.type == NodeType::sequence) {
        path.push_back(next);
        next = item.first;
      } else {
        items_[path.back()].span.end = std::max(items_[path.back()].span.end, item.span.end);
        next = item.next;
      }
    }
  }

  DocumentBuilder builder_;
  DocumentLimits limits_;
  Bytes text_;
  uint32_t at_;
  size_t problems_ = 0;
  uint64_t kept_ = 0;  // bytes of decoded text
  std::vector<Item> items_;  // the root is the first
  // The last entry of a table and a key. Ordered, since keys of one hash are easily made.
  std::map<std::pair<uint32_t, std::string_view>, uint32_t> entries_;
  uint32_t table_ = 0;            // that lines are entries of; kNone: its header is broken
  std::vector<NodeKey> parts_;    // of the key that was read last
  std::vector<uint32_t> open_;    // brackets of the value that is read
  bool is_first_ = false;         // the last of `open_` was opened just now
};

}  // namespace

void parse_toml_document(ParsedFile& into, const DocumentLimits& limits) {
  TomlReader(into, limits).read();
  sort_problems(into);
  note_encoding(into);
}

}  // namespace sealwarden
