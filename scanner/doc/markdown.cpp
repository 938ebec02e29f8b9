// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <string>
#include <utility>
#include <vector>

#include "scanner/doc/adopt.h"
#include "scanner/doc/builder.h"
#include "scanner/doc/line_reader.h"
#include "scanner/doc/parse.h"
#include "scanner/doc/utf8_text.h"

// As much of Markdown as checklists, drills and sign-offs need, line by line. Inline marks (**, links, `code`) stay in the texts.
//
//   heading = 1*6"#" blank text [ blank 1*"#" ] | text line-end ( 1*"=" | 1*"-" )
//   item    = blanks ( "-" | "*" | "+" | 1*9digit ( "." | ")" ) ) blank [ box blank ] text | box blank text
//   box     = "[ ]" | "[x]" | "[X]" | a box or tick of Unicode
//   table   = row line-end delimiter-row line-end { row line-end }
//   code    = 3*"`" | 3*"~" up to as many
// All other lines are texts, one block each, so that "Role: ____ Date: ____" stands alone; "> " in front of any is left out.
namespace sealwarden {
namespace {

constexpr std::array<std::string_view, 10> kLevels = {"0", "1", "2", "3", "4", "5", "6", "7", "8", "9"};

struct Box {
  uint32_t size = 0;  // of its bytes; 0: none
  bool is_checked = false;
};

Box box_at(std::string_view text) {
  if (text.starts_with("[ ]")) return {3, false};
  if (text.starts_with("[x]") || text.starts_with("[X]")) return {3, true};
  constexpr std::array<std::pair<std::string_view, bool>, 8> kBoxes = {{{"\xE2\x98\x90", false},   // ballot box
                                                                        {"\xE2\x98\x91", true},    // with a tick
                                                                        {"\xE2\x98\x92", true},    // with a cross: how some fill it
                                                                        {"\xE2\x9C\x85", true},    // white heavy tick
                                                                        {"\xE2\x9C\x93", true},    // tick
                                                                        {"\xE2\x9C\x94", true},    // heavy tick
                                                                        {"\xE2\x9D\x8C", false},   // cross mark
                                                                        {"\xE2\xAC\x9C", false}}};  // white square
  for (const auto& [mark, is_checked] : kBoxes) {
    if (!text.starts_with(mark)) continue;
    const bool has_selector = text.substr(mark.size()).starts_with("\xEF\xB8\x8F");  // "as a picture"
    return {static_cast<uint32_t>(mark.size()) + (has_selector ? 3U : 0U), is_checked};
  }
  return {};
}

// "---", "* * *": a line across the page. One of '_' may be where someone signs.
bool is_rule(std::string_view line) {
  const char mark = line.empty() ? ' ' : line[0];
  if (mark != '-' && mark != '*') return false;
  return std::count(line.begin(), line.end(), mark) >= 3 && std::all_of(line.begin(), line.end(), [mark](char c) { return c == mark || is_blank(c); });
}

class MarkdownReader {
 public:
  MarkdownReader(ParsedFile& into, const DocumentLimits& limits) : file_(into), bytes_(into.bytes), limits_(limits), builder_(into, limits) {}
  void read();

 private:
  // A line without its quoting marks ("> ").
  struct Line {
    uint32_t begin, end, next;
    uint32_t column;  // of `begin`, tabs to multiples of 4
  };
  uint32_t front_matter(uint32_t begin);
  [[nodiscard]] Line line_from(uint32_t at) const;
  uint32_t block(const Line& line);
  bool heading(const Line& line);
  uint32_t underlined(const Line& line);
  bool item(const Line& line);
  uint32_t code(const Line& line);
  uint32_t table(const Line& line);
  uint32_t comment(const Line& line);
  void note_comments(const Line& line);
  void add(std::string_view kind, Span all, uint32_t level, Span level_span, Span text);
  void text_entry(std::string_view key, std::string_view text, Span span);
  std::vector<Span> cells(Span line) const;
  std::string_view cell_text(Span cell);
  [[nodiscard]] bool is_delimiter_row(const Line& line, size_t columns) const;
  uint32_t level_of(uint32_t column);

  ParsedFile& file_;
  Bytes bytes_;
  DocumentLimits limits_;
  DocumentBuilder builder_;
  std::vector<uint32_t> item_columns_;  // of the items that the next one may lie in
  bool no_comment_end_ = false;         // none closes behind here
};

MarkdownReader::Line MarkdownReader::line_from(uint32_t at) const {
  const TextLine line = line_at(bytes_, at);
  Line out{line.begin, line.end, line.next, 0};
  const auto skip = [&] {
    for (; out.begin < out.end && is_blank(bytes_[out.begin]); ++out.begin) out.column += bytes_[out.begin] == '\t' ? 4 - out.column % 4 : 1;
  };
  for (skip(); out.begin < out.end && bytes_[out.begin] == '>'; skip()) {
    out.begin += out.begin + 1 < out.end && bytes_[out.begin + 1] == ' ' ? 2 : 1;
    out.column = 0;
  }
  while (out.end > out.begin && is_blank(bytes_[out.end - 1])) --out.end;
  return out;
}

// The part between "---" or "+++" at the very front and the same mark again. Returns where the body begins.
uint32_t MarkdownReader::front_matter(uint32_t begin) {
  const TextLine first = line_at(bytes_, begin);
  const std::string_view mark = text_of(bytes_, trimmed(bytes_, {first.begin, first.end}));
  if ((mark != "---" && mark != "+++") || first.begin + 3 > first.end || is_blank(bytes_[first.begin])) return begin;
  for (uint32_t at = first.next; at < bytes_.size();) {
    const TextLine line = line_at(bytes_, at);
    const std::string_view text = text_of(bytes_, trimmed(bytes_, {line.begin, line.end}));
    if (text != mark && !(mark == "---" && text == "...")) {
      at = line.next;
      continue;
    }
    ParsedFile part;
    part.format = mark == "---" ? DocumentFormat::yaml : DocumentFormat::toml;
    part.bytes = bytes_.substr(first.next, line.begin - first.next);
    mark == "---" ? parse_yaml({}, part, limits_) : parse_toml_document(part, limits_);
    adopt_nodes(file_, part, kNoDocumentNode, [&](Span span) { return Span{span.begin + first.next, span.end + first.next}; });
    file_.documents.insert(file_.documents.end(), part.documents.begin(), part.documents.end());
    file_.problems.insert(file_.problems.end(), part.problems.begin(), part.problems.end());
    file_.comments.insert(file_.comments.end(), part.comments.begin(), part.comments.end());
    return line.next;
  }
  return begin;
}

void MarkdownReader::text_entry(std::string_view key, std::string_view text, Span span) {
  builder_.scalar({.text = key}, NodeType::text, text, span);
}

// Begins a block, with what all blocks have; text.end == 0: it has none. To be ended by the caller.
void MarkdownReader::add(std::string_view kind, Span all, uint32_t level, Span level_span, Span text) {
  builder_.begin_map({}, all);
  text_entry("kind", kind, {all.begin, all.begin});
  if (level > 0) builder_.scalar({.text = "level"}, NodeType::integer, kLevels[std::min<size_t>(level, 9)], level_span);
  if (text.end > 0) text_entry("text", text_of(bytes_, text), text);
}

bool MarkdownReader::heading(const Line& line) {
  uint32_t at = line.begin;
  while (at < line.end && bytes_[at] == '#') ++at;
  const uint32_t level = at - line.begin;
  if (level == 0 || level > 6 || (at < line.end && !is_blank(bytes_[at])) || line.column > 3) return false;
  Span text = trimmed(bytes_, {at, line.end});
  uint32_t marks = text.end;
  while (marks > text.begin && bytes_[marks - 1] == '#') --marks;
  if (marks == text.begin || is_blank(bytes_[marks - 1])) text = trimmed(bytes_, {text.begin, marks});
  add("heading", {line.begin, line.end}, level, {line.begin, at}, text);
  builder_.end(line.end);
  item_columns_.clear();
  return true;
}

// A line of text with "===" or "---" below it. Returns the line behind both; 0: it is none.
uint32_t MarkdownReader::underlined(const Line& line) {
  if (line.next >= bytes_.size() || line.column > 3) return 0;
  const char mark = bytes_[line.next];
  if (mark != '=' && mark != '-') return 0;
  const Line below = line_from(line.next);
  if (below.end - below.begin < 2) return 0;
  for (uint32_t at = below.begin; at < below.end; ++at)
    if (bytes_[at] != mark) return 0;
  add("heading", {line.begin, below.end}, mark == '=' ? 1 : 2, {below.begin, below.end}, {line.begin, line.end});
  builder_.end(below.end);
  item_columns_.clear();
  return below.next;
}

// 1 for an item of an outermost list, by where the items before it stand.
uint32_t MarkdownReader::level_of(uint32_t column) {
  while (!item_columns_.empty() && item_columns_.back() >= column) item_columns_.pop_back();
  if (item_columns_.size() < 16) item_columns_.push_back(column);  // deeper ones are of one level
  return static_cast<uint32_t>(item_columns_.size());
}

bool MarkdownReader::item(const Line& line) {
  uint32_t at = line.begin;
  const char first = bytes_[at];
  if (first == '-' || first == '*' || first == '+') {
    ++at;
  } else {
    while (at < line.end && at < line.begin + 9 && is_digit(bytes_[at])) ++at;
    if (at > line.begin) at = at < line.end && (bytes_[at] == '.' || bytes_[at] == ')') ? at + 1 : line.begin;
  }
  const Span mark{line.begin, at};
  if (mark.begin < mark.end && at < line.end && !is_blank(bytes_[at])) return false;
  at = skip_blanks(bytes_, at, line.end);
  Box box = box_at(bytes_.substr(at, line.end - at));
  if (box.size > 0 && at + box.size < line.end && !is_blank(bytes_[at + box.size])) box = {};
  if (mark.begin == mark.end && (box.size == 0 || first == '[')) return false;
  const Span text = trimmed(bytes_, {at + box.size, line.end});
  add("item", {line.begin, line.end}, level_of(line.column), mark, text);
  if (box.size > 0) builder_.scalar({.text = "checked"}, NodeType::boolean, box.is_checked ? "true" : "false", {at, at + box.size});
  builder_.end(line.end);
  return true;
}

// A fence and what it holds. Returns the line behind its end; 0: it is none.
uint32_t MarkdownReader::code(const Line& line) {
  const char mark = bytes_[line.begin];
  uint32_t at = line.begin;
  while (at < line.end && bytes_[at] == mark) ++at;
  const uint32_t size = at - line.begin;
  if ((mark != '`' && mark != '~') || size < 3 || (mark == '`' && text_of(bytes_, {at, line.end}).find('`') != std::string_view::npos)) return 0;
  Span inside{line.next, line.next};
  for (at = line.next; at < bytes_.size();) {
    const Line more = line_from(at);
    at = more.next;
    uint32_t marks = more.begin;
    while (marks < more.end && bytes_[marks] == mark) ++marks;
    if (marks - more.begin >= size && marks == more.end) break;
    inside.end = more.next;
  }
  add("code", {line.begin, at}, 0, {}, {});
  text_entry("text", text_of(bytes_, inside), inside);
  builder_.end(at);
  return at;
}

std::vector<Span> MarkdownReader::cells(Span line) const {
  if (line.begin < line.end && bytes_[line.begin] == '|') ++line.begin;
  std::vector<Span> found;
  uint32_t begin = line.begin;
  for (uint32_t at = line.begin; at < line.end; ++at) {
    if (bytes_[at] == '\\') {
      ++at;
    } else if (bytes_[at] == '|') {
      found.push_back(trimmed(bytes_, {begin, at}));
      begin = at + 1;
    }
  }
  const Span last = trimmed(bytes_, {std::min(begin, line.end), line.end});
  if (last.begin < last.end) found.push_back(last);
  return found;
}

std::string_view MarkdownReader::cell_text(Span cell) {
  const std::string_view raw = text_of(bytes_, cell);
  if (raw.find("\\|") == std::string_view::npos) return raw;
  std::string text;
  for (size_t at = 0; at < raw.size(); ++at)
    if (!raw.substr(at).starts_with("\\|")) text += raw[at];
  return builder_.keep(std::move(text));
}

bool MarkdownReader::is_delimiter_row(const Line& line, size_t columns) const {
  const std::string_view text = text_of(bytes_, {line.begin, line.end});
  if (text.find('-') == std::string_view::npos || text.find_first_not_of("|:- \t") != std::string_view::npos) return false;
  const std::vector<Span> found = cells({line.begin, line.end});
  if (found.size() != columns) return false;
  for (const Span cell : found) {
    std::string_view dashes = text_of(bytes_, cell);
    if (dashes.starts_with(':')) dashes.remove_prefix(1);
    if (dashes.ends_with(':')) dashes.remove_suffix(1);
    if (dashes.empty() || dashes.find_first_not_of('-') != std::string_view::npos) return false;
  }
  return true;
}

// Returns the line behind the table; 0: it is none.
uint32_t MarkdownReader::table(const Line& line) {
  if (line.next >= bytes_.size() || text_of(bytes_, {line.begin, line.end}).find('|') == std::string_view::npos) return 0;
  const Line below = line_from(line.next);
  if (below.begin == below.end || text_of(bytes_, {below.begin, below.end}).find_first_not_of("|:- \t") != std::string_view::npos) return 0;
  const std::vector<Span> header = cells({line.begin, line.end});
  if (header.empty() || !is_delimiter_row(below, header.size())) return 0;
  std::vector<std::string_view> columns;
  for (size_t i = 0; i < header.size(); ++i) {
    const std::string_view name = cell_text(header[i]);
    columns.push_back(name.empty() ? builder_.keep("#" + std::to_string(i + 1)) : name);
  }
  Span whole{line.begin, below.end};
  add("table", whole, 0, {}, {});
  builder_.begin_sequence({.text = "rows"}, {below.next, below.next});
  uint32_t at = below.next;
  while (at < bytes_.size() && !builder_.is_full()) {
    const Line row = line_from(at);
    if (row.begin == row.end || text_of(bytes_, {row.begin, row.end}).find('|') == std::string_view::npos) break;
    note_comments(row);
    builder_.begin_map({}, {row.begin, row.end});
    const std::vector<Span> found = cells({row.begin, row.end});
    for (size_t i = 0; i < found.size() && i < columns.size(); ++i)
      builder_.scalar({columns[i], header[i]}, NodeType::text, cell_text(found[i]), found[i]);
    builder_.end(row.end);
    whole.end = row.end;
    at = row.next;
  }
  builder_.end(whole.end);
  builder_.end(whole.end);
  return at;
}

// A comment at a line's start. Returns the line behind the one it ends in, if nothing stands behind it; 0: it is none.
uint32_t MarkdownReader::comment(const Line& line) {
  if (no_comment_end_ || !bytes_.substr(line.begin).starts_with("<!--")) return 0;
  const size_t close = bytes_.find("-->", line.begin + 4);
  no_comment_end_ = close == Bytes::npos;
  if (no_comment_end_) return 0;
  const auto end = static_cast<uint32_t>(close) + 3;
  builder_.comment({line.begin, end});
  const TextLine rest = line_at(bytes_, end);
  return skip_blanks(bytes_, rest.begin, rest.end) == rest.end ? rest.next : end;
}

// The comments that begin and end in the line, but not what is code between backticks. They stay in its text: a checklist names its
// items by them.
void MarkdownReader::note_comments(const Line& line) {
  const std::string_view text = text_of(bytes_, {0, line.end});
  for (size_t at = text.find_first_of("`<", line.begin); at < text.size(); at = text.find_first_of("`<", at)) {
    if (text[at] == '`') {
      const size_t inside = std::min(text.find_first_not_of('`', at), text.size()), size = inside - at;
      size_t close = text.find('`', inside);
      while (close < text.size()) {  // the next run of as many
        const size_t end = std::min(text.find_first_not_of('`', close), text.size());
        if (end - close == size) break;
        close = text.find('`', end);
      }
      if (close >= text.size()) return;
      at = close + size;
    } else if (!text.substr(at).starts_with("<!--")) {
      ++at;
    } else {
      const size_t close = text.find("-->", at + 4);
      if (close == std::string_view::npos) return;
      builder_.comment({static_cast<uint32_t>(at), static_cast<uint32_t>(close) + 3});
      at = close + 3;
    }
  }
}

uint32_t MarkdownReader::block(const Line& line) {
  if (line.begin == line.end) return line.next;
  if (const uint32_t next = comment(line)) return next;
  if (const uint32_t next = code(line)) return next;
  note_comments(line);
  if (heading(line) || is_rule(text_of(bytes_, {line.begin, line.end}))) return line.next;
  if (const uint32_t next = table(line)) return next;
  if (item(line)) return line.next;
  if (const uint32_t next = underlined(line)) return next;
  if (line.column == 0) item_columns_.clear();
  add("text", {line.begin, line.end}, 0, {}, {line.begin, line.end});
  builder_.end(line.end);
  return line.next;
}

void MarkdownReader::read() {
  const uint32_t begin = front_matter(utf8_mark_size(bytes_));
  const auto size = static_cast<uint32_t>(bytes_.size());
  builder_.begin_document(begin);
  builder_.begin_map({}, {begin, begin});
  builder_.begin_sequence({.text = "blocks"}, {begin, begin});
  for (uint32_t at = begin; at < size && !builder_.is_full();) at = block(line_from(at));
  builder_.end(size);
  builder_.finish_document(size, DocumentState::parsed);
}

}  // namespace

void parse_markdown(ParsedFile& into, const DocumentLimits& limits) { MarkdownReader(into, limits).read(); }

}  // namespace sealwarden
