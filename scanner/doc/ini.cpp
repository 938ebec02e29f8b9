// SPDX-License-Identifier: Apache-2.0
#include "scanner/doc/ini.h"

#include <string>

#include "scanner/doc/builder.h"
#include "scanner/doc/utf8_text.h"
#include "scanner/doc/line_reader.h"
#include "scanner/doc/parse.h"

//   file    = { blank-line | comment | section | entry }
//   section = "[" name "]"            git: "[" name blank '"' sub '"' "]"
//   entry   = key [ blanks ( "=" | ":" ) blanks value ]
//   comment = blanks ( ";" | "#" ) any
//
// plain: a value goes on in lines that are indented deeper than its key, as Python's configparser has it, but for a line that
// gives a value to a name itself after a value that is not empty: other readers, and people, take that for a key.
namespace sealwarden {
namespace {

class IniReader {
 public:
  IniReader(ParsedFile& into, const DocumentLimits& limits, IniDialect dialect)
      : bytes_(into.bytes), builder_(into, limits, DocumentBuilder::Order::by_path), dialect_(dialect) {}
  void read();

 private:
  struct Value {
    Span span;
    std::string_view text;
    bool is_quoted = false;
  };
  // Joins what a value's lines hold, without copying it if it is one line.
  struct Joined {
    Span span;
    std::string text;
    uint32_t lines = 0;
  };
  void read_line(const TextLine& line, uint32_t begin);
  void begin_section(const TextLine& line, uint32_t begin);
  void git_section(const TextLine& line, uint32_t begin);
  void enter(std::string_view name, Span span);
  void leave_section();
  void read_entry(const TextLine& line, uint32_t begin);
  void add(Span key, const Value& value);
  void add_bare(Span key);
  Value plain_value(const TextLine& line, uint32_t key_begin, uint32_t at);
  Value systemd_value(const TextLine& line, uint32_t at);
  Value git_value(uint32_t at);
  void git_comment(uint32_t& at);
  void read_host(const TextLine& line, uint32_t begin);
  [[nodiscard]] Value unquoted(Span span) const;
  [[nodiscard]] Span without_comment(Span span);
  [[nodiscard]] bool is_comment(uint32_t at, uint32_t end) const { return at < end && (bytes_[at] == ';' || bytes_[at] == '#'); }
  [[nodiscard]] uint32_t separator(Span line) const;
  [[nodiscard]] bool goes_on(const TextLine& line, uint32_t begin, uint32_t indent, bool has_value) const;
  void join(Joined& joined, Span piece, char glue);

  Bytes bytes_;
  DocumentBuilder builder_;
  IniDialect dialect_;
  uint32_t at_ = 0;        // the next line
  uint32_t last_end_ = 0;  // behind the last thing that was read
  bool is_host_list_ = false;
};

void IniReader::read() {
  at_ = utf8_mark_size(bytes_);
  const auto size = static_cast<uint32_t>(bytes_.size());
  builder_.begin_document(at_);
  builder_.begin_map({}, {at_, at_});
  is_host_list_ = dialect_ == IniDialect::inventory;
  while (at_ < size && !builder_.is_full()) {
    const TextLine line = line_at(bytes_, at_);
    at_ = line.next;
    const uint32_t begin = skip_blanks(bytes_, line.begin, line.end);
    if (begin < line.end) read_line(line, begin);
  }
  leave_section();
  builder_.finish_document(size, DocumentState::parsed);
}

void IniReader::read_line(const TextLine& line, uint32_t begin) {
  if (is_comment(begin, line.end)) return builder_.comment({begin, line.end});
  if (is_action_line(text_of(bytes_, trimmed(bytes_, {begin, line.end})))) return builder_.flag_open(kMasked);
  if (bytes_[begin] == '[') return dialect_ == IniDialect::git ? git_section(line, begin) : begin_section(line, begin);
  is_host_list_ ? read_host(line, begin) : read_entry(line, begin);
}

void IniReader::leave_section() {
  while (builder_.depth() > 1) builder_.end(last_end_);
}

void IniReader::enter(std::string_view name, Span span) {
  builder_.enter_map({name, span}, span);
  last_end_ = span.end;
}

void IniReader::begin_section(const TextLine& line, uint32_t begin) {
  const Span text = without_comment(trimmed(bytes_, {begin, line.end}));
  const size_t close = text_of(bytes_, text).rfind(']');
  if (close == std::string_view::npos)
    return builder_.problem(DocumentProblem::Kind::syntax, text, "a section's name has no ']' behind it");
  const Span name = trimmed(bytes_, {begin + 1, begin + static_cast<uint32_t>(close)});
  leave_section();
  const Span whole{begin, begin + static_cast<uint32_t>(close) + 1};
  builder_.enter_map({text_of(bytes_, name), name}, whole);
  last_end_ = whole.end;
  const std::string_view group = text_of(bytes_, name);
  is_host_list_ = dialect_ == IniDialect::inventory && !group.ends_with(":vars");
}

// [remote "origin"], the part in quotes with \" and \\; what stands behind the ']' is an entry.
void IniReader::git_section(const TextLine& line, uint32_t begin) {
  uint32_t at = begin + 1;
  while (at < line.end && bytes_[at] != ']' && bytes_[at] != '"') ++at;
  const Span name = trimmed(bytes_, {begin + 1, at});
  Span sub;
  std::string sub_name;
  if (at < line.end && bytes_[at] == '"') {
    sub.begin = at++;
    for (; at < line.end && bytes_[at] != '"'; ++at) {
      if (bytes_[at] == '\\' && at + 1 < line.end) ++at;
      sub_name += bytes_[at];
    }
    sub.end = std::min(at + 1, line.end);
    at = skip_blanks(bytes_, sub.end, line.end);
  }
  if (at >= line.end || bytes_[at] != ']')
    return builder_.problem(DocumentProblem::Kind::syntax, {begin, line.end}, "a section's name has no ']' behind it");
  leave_section();
  enter(text_of(bytes_, name), name);
  if (sub.end != 0) {
    const std::string_view raw = text_of(bytes_, {sub.begin + 1, sub.end - 1});
    enter(raw == sub_name ? raw : builder_.keep(std::move(sub_name)), sub);
  }
  last_end_ = at + 1;
  const uint32_t rest = skip_blanks(bytes_, at + 1, line.end);
  if (rest >= line.end) return;
  if (is_comment(rest, line.end)) return builder_.comment({rest, line.end});
  read_entry(line, rest);
}

// The offset of what parts a key from its value; the line's end: nothing does.
uint32_t IniReader::separator(Span line) const {
  const bool only_equals = dialect_ != IniDialect::plain || text_of(bytes_, line).starts_with("//");
  for (uint32_t at = line.begin; at < line.end; ++at)
    if (bytes_[at] == '=' || (bytes_[at] == ':' && !only_equals)) return at;
  return line.end;
}

void IniReader::read_entry(const TextLine& line, uint32_t begin) {
  const uint32_t at = separator({begin, line.end});
  if (at == line.end) {
    add_bare(without_comment(trimmed(bytes_, {begin, line.end})));
    return;
  }
  const Span key = trimmed(bytes_, {begin, at});
  if (dialect_ == IniDialect::git) {
    if (text_of(bytes_, key).find_first_of("#;") != std::string_view::npos) return add_bare(without_comment({begin, line.end}));
    return add(key, git_value(at + 1));
  }
  if (dialect_ == IniDialect::systemd) return add(key, systemd_value(line, at + 1));
  add(key, plain_value(line, begin, at + 1));
}

void IniReader::add_bare(Span key) {
  if (key.begin == key.end) return;
  last_end_ = key.end;
  const NodeKey name{text_of(bytes_, key), key};
  if (dialect_ == IniDialect::git) {
    builder_.repeated_scalar(name, NodeType::boolean, "true", key);
  } else {
    builder_.scalar(name, NodeType::null, {}, {key.end, key.end});
  }
}

void IniReader::add(Span key, const Value& value) {
  last_end_ = value.span.end;
  std::string_view name = text_of(bytes_, key);
  const bool is_list = name.ends_with("[]");
  if (is_list) name.remove_suffix(2);
  const bool is_made_up = has_action(value.text);
  const NodeExtra extra{.flags = static_cast<uint16_t>((value.is_quoted ? kQuoted : 0) | (is_made_up ? kMasked : 0))};
  const NodeType type = is_made_up ? NodeType::expression : NodeType::text;
  if (is_list || dialect_ == IniDialect::git || dialect_ == IniDialect::systemd) {
    builder_.repeated_scalar({name, key}, type, value.text, value.span, extra);
  } else {
    builder_.scalar({name, key}, type, value.text, value.span, extra);
  }
}

// A comment behind a value: its mark stands behind a blank. systemd has none.
Span IniReader::without_comment(Span span) {
  if (dialect_ == IniDialect::systemd) return span;
  for (uint32_t at = span.begin; at < span.end; ++at) {
    if (!is_comment(at, span.end) || (at > span.begin && !is_blank(bytes_[at - 1]))) continue;
    builder_.comment({at, span.end});
    span.end = at;
  }
  return trimmed(bytes_, span);
}

// A value in quotes that hold all of it.
IniReader::Value IniReader::unquoted(Span span) const {
  const std::string_view text = text_of(bytes_, span);
  const char quote = text.empty() ? ' ' : text[0];
  if (text.size() < 2 || (quote != '"' && quote != '\'') || text.find(quote, 1) != text.size() - 1) return {span, text};
  return {span, text.substr(1, text.size() - 2), true};
}

void IniReader::join(Joined& joined, Span piece, char glue) {
  if (joined.lines++ == 0) joined.span = piece;
  else joined.text += glue;
  joined.text += text_of(bytes_, piece);
  if (piece.begin < piece.end) joined.span.end = piece.end;
}

bool IniReader::goes_on(const TextLine& line, uint32_t begin, uint32_t indent, bool has_value) const {
  if (begin - line.begin <= indent) return false;
  if (!has_value) return true;
  uint32_t at = begin;
  while (at < line.end && (is_word(bytes_[at]) || bytes_[at] == '-' || bytes_[at] == '.')) ++at;
  const uint32_t mark = skip_blanks(bytes_, at, line.end);
  return at == begin || mark == line.end || bytes_[mark] != '=' || bytes_.substr(mark).starts_with("==");
}

IniReader::Value IniReader::plain_value(const TextLine& line, uint32_t key_begin, uint32_t at) {
  const Span first = trimmed(bytes_, {at, line.end});
  // A quoted value may hold what looks like a comment.
  if (first.begin < first.end && (bytes_[first.begin] == '"' || bytes_[first.begin] == '\'')) {
    const size_t close = text_of(bytes_, first).find(bytes_[first.begin], 1);
    if (close != std::string_view::npos) {
      const uint32_t behind = first.begin + static_cast<uint32_t>(close) + 1;
      const uint32_t rest = skip_blanks(bytes_, behind, line.end);
      if (rest == line.end) return unquoted({first.begin, behind});
      if (is_comment(rest, line.end)) {
        builder_.comment({rest, line.end});
        return unquoted({first.begin, behind});
      }
    }
  }
  Joined joined;
  join(joined, without_comment(first), '\n');
  const bool has_value = joined.span.begin < joined.span.end;
  uint32_t empty_lines = 0;
  for (uint32_t next = at_; next < bytes_.size();) {
    const TextLine more = line_at(bytes_, next);
    const uint32_t begin = skip_blanks(bytes_, more.begin, more.end);
    next = more.next;
    if (begin == more.end) {
      ++empty_lines;
      continue;
    }
    if (is_comment(begin, more.end) && begin > more.begin) {
      builder_.comment({begin, more.end});
      at_ = next;
      continue;
    }
    if (!goes_on(more, begin, key_begin - line.begin, has_value)) break;
    joined.text.append(empty_lines, '\n');
    empty_lines = 0;
    join(joined, without_comment(trimmed(bytes_, {begin, more.end})), '\n');
    at_ = next;
  }
  if (joined.lines == 1) return unquoted(joined.span);
  return {joined.span, builder_.keep(std::move(joined.text))};
}

IniReader::Value IniReader::systemd_value(const TextLine& line, uint32_t at) {
  Joined joined;
  Span piece = trimmed(bytes_, {at, line.end});
  while (true) {
    const bool is_open = piece.begin < piece.end && bytes_[piece.end - 1] == '\\';
    join(joined, is_open ? trimmed(bytes_, {piece.begin, piece.end - 1}) : piece, ' ');
    if (!is_open) break;
    TextLine more{};
    uint32_t begin = 0;
    do {  // comments between the lines are left out
      if (at_ >= bytes_.size()) break;
      more = line_at(bytes_, at_);
      at_ = more.next;
      begin = skip_blanks(bytes_, more.begin, more.end);
      if (is_comment(begin, more.end)) builder_.comment({begin, more.end});
    } while (is_comment(begin, more.end));
    piece = trimmed(bytes_, {begin, more.end});
    if (more.next == 0) break;
  }
  if (joined.lines == 1) return unquoted(joined.span);
  return {joined.span, builder_.keep(std::move(joined.text))};
}

void IniReader::git_comment(uint32_t& at) {
  const uint32_t begin = at;
  while (at < bytes_.size() && bytes_[at] != '\n' && bytes_[at] != '\r') ++at;
  builder_.comment({begin, at});
}

// Quotes may open and close anywhere; within and without them a backslash escapes, and before a line's end goes on.
IniReader::Value IniReader::git_value(uint32_t at) {
  const auto size = static_cast<uint32_t>(bytes_.size());
  at = skip_blanks(bytes_, at, size);
  Value value{.span = {at, at}};
  std::string text;
  size_t kept = 0;  // without the blanks behind it
  uint32_t quotes = 0;
  for (; at < size && bytes_[at] != '\n' && bytes_[at] != '\r'; ++at) {
    char c = bytes_[at];
    const bool is_inside = quotes % 2 == 1;
    if (c == '"') {
      ++quotes;
    } else if (!is_inside && (c == '#' || c == ';')) {
      git_comment(at);
      break;
    } else if (c == '\\' && at + 1 < size) {
      c = bytes_[++at];
      if (c == '\r' && bytes_.substr(at, 2) == "\r\n") ++at;
      if (c == '\n' || c == '\r') continue;
      text += c == 'n' ? '\n' : c == 't' ? '\t' : c == 'b' ? '\b' : c;
    } else {
      text += c;
      if (is_blank(c) && !is_inside) continue;
    }
    kept = text.size();
    value.span.end = at + 1;
  }
  if (quotes % 2 == 1) builder_.problem(DocumentProblem::Kind::syntax, value.span, "a quote is not closed on its line");
  at_ = at < size ? line_at(bytes_, at).next : size;
  text.resize(kept);
  const std::string_view raw = text_of(bytes_, value.span);
  value.is_quoted = quotes == 2 && raw.front() == '"' && raw.back() == '"';
  const std::string_view inside = value.is_quoted ? raw.substr(1, raw.size() - 2) : raw;
  value.text = inside == text ? inside : builder_.keep(std::move(text));
  return value;
}

// A line of an inventory: host { blanks name "=" value }, values perhaps in quotes.
void IniReader::read_host(const TextLine& line, uint32_t begin) {
  uint32_t at = begin;
  const auto token = [&] {
    const uint32_t from = at = skip_blanks(bytes_, at, line.end);
    char quote = '\0';
    for (; at < line.end && (quote != '\0' || !is_blank(bytes_[at])); ++at) {
      const char c = bytes_[at];
      if (quote == c) quote = '\0';
      else if (quote == '\0' && (c == '"' || c == '\'')) quote = c;
    }
    return Span{from, at};
  };
  const Span host = token();
  at = skip_blanks(bytes_, at, line.end);
  const std::string_view name = text_of(bytes_, host);
  if (name.find('=') != std::string_view::npos || (at < line.end && bytes_[at] == '=')) return read_entry(line, begin);
  if (at == line.end || is_comment(at, line.end)) return add_bare(host);
  if (!builder_.enter_map({name, host}, host)) return;
  while (skip_blanks(bytes_, at, line.end) < line.end) {
    const Span word = token();
    if (is_comment(word.begin, line.end)) {
      builder_.comment({word.begin, line.end});
      break;
    }
    const size_t equals = text_of(bytes_, word).find('=');
    if (equals == std::string_view::npos) continue;
    const uint32_t middle = word.begin + static_cast<uint32_t>(equals);
    add({word.begin, middle}, unquoted({middle + 1, word.end}));
  }
  builder_.end(last_end_);
}

// Whether the file's name is this, perhaps with the extension of a template or sample behind it.
bool is_named(std::string_view name, std::string_view wanted) {
  return name == wanted || (name.starts_with(wanted) && name[wanted.size()] == '.');
}

}  // namespace

std::optional<IniDialect> ini_dialect_of(std::string_view path) {
  const std::string lower = lower_case(path);
  const size_t slash = lower.rfind('/');
  const std::string_view name = std::string_view(lower).substr(slash == std::string::npos ? 0 : slash + 1);
  for (const std::string_view git : {".gitconfig", "gitconfig", ".gitmodules", ".lfsconfig"})
    if (is_named(name, git)) return IniDialect::git;
  if (lower.ends_with(".git/config")) return IniDialect::git;
  if (is_named(name, ".npmrc") || is_named(name, "npmrc")) return IniDialect::npm;
  if (is_named(name, "hosts") || is_named(name, "inventory")) return IniDialect::inventory;
  for (const std::string_view unit : {".service", ".socket", ".timer", ".mount"})
    if (const size_t at = name.find(unit); at != std::string_view::npos && is_named(name.substr(at), unit)) return IniDialect::systemd;
  return std::nullopt;
}

IniDialect ini_dialect_of_text(Bytes bytes) {
  for (uint32_t at = utf8_mark_size(bytes); at < bytes.size();) {
    const TextLine line = line_at(bytes, at);
    at = line.next;
    const std::string_view text = text_of(bytes, trimmed(bytes, {line.begin, line.end}));
    if (!text.starts_with('[')) continue;
    const size_t quote = text.find('"');
    const size_t close = text.find("\"]");
    if (quote != std::string_view::npos && close != std::string_view::npos && close > quote && quote > 1 && is_blank(text[quote - 1]))
      return IniDialect::git;
  }
  return IniDialect::plain;
}

void parse_ini_dialect(ParsedFile& into, const DocumentLimits& limits, IniDialect dialect) { IniReader(into, limits, dialect).read(); }

void parse_ini(ParsedFile& into, const DocumentLimits& limits) { parse_ini_dialect(into, limits, ini_dialect_of_text(into.bytes)); }

}  // namespace sealwarden
