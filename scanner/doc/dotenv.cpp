// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <string>

#include "scanner/doc/builder.h"
#include "scanner/doc/utf8_text.h"
#include "scanner/doc/line_reader.h"
#include "scanner/doc/parse.h"

//   line  = blanks [ "export " ] key blanks ( "=" | ":" blank ) blanks value [ blank "#" any ] | "#" any
//   value = "'" any but ' "'"               raw, over several lines
//         | "`" any but ` "`"               the same
//         | '"' any, escapes \n \r \t \f \b \" \\ \$ \` '"'   over several lines
//         | bare up to the line's end
//
// A quote that nothing closes, or behind which more than a comment stands, is part of a bare value. Lines of shell (.envrc) and
// all else that gives no name a value are passed over.
namespace sealwarden {
namespace {

bool is_key_byte(char c) { return is_word(c) || c == '.' || c == '-'; }

// Whether the shell, or what reads the file as it would, puts something into the text.
bool is_expression(std::string_view text) {
  if (text.size() > 1 && text[0] == '$' && (is_letter(text[1]) || text[1] == '_')) {
    size_t at = 1;
    while (at < text.size() && is_word(text[at])) ++at;
    if (at == text.size()) return true;
  }
  for (size_t at = text.find('$'); at != std::string_view::npos; at = text.find('$', at + 1)) {
    if (at + 1 >= text.size() || (text[at + 1] != '{' && text[at + 1] != '(')) continue;
    size_t slashes = 0;
    while (slashes < at && text[at - 1 - slashes] == '\\') ++slashes;
    if (slashes % 2 == 0) return true;
  }
  return has_action(text);
}

class DotenvReader {
 public:
  DotenvReader(ParsedFile& into, const DocumentLimits& limits) : bytes_(into.bytes), builder_(into, limits) {}
  void read();

 private:
  uint32_t line(const TextLine& line);
  // The value at `at`; returns the next line's first byte.
  uint32_t quoted(const NodeKey& key, uint32_t at);
  uint32_t bare(const NodeKey& key, uint32_t at);
  uint32_t closing_quote(uint32_t open);
  std::string_view unescaped(Span inside);

  Bytes bytes_;
  DocumentBuilder builder_;
  std::array<bool, 3> is_exhausted_{};  // no further closing quote of this kind: ' ` "
};

// The quote that closes the one at `open`; the size: none.
uint32_t DotenvReader::closing_quote(uint32_t open) {
  const char quote = bytes_[open];
  const auto size = static_cast<uint32_t>(bytes_.size());
  bool& is_exhausted = is_exhausted_[quote == '\'' ? 0 : quote == '`' ? 1 : 2];
  if (is_exhausted) return size;  // else a file of opening quotes would be searched to its end for each
  uint32_t at = open + 1;
  while (at < size && bytes_[at] != quote) at += bytes_[at] == '\\' && quote == '"' ? 2 : 1;
  if (at < size) return at;
  is_exhausted = true;
  return size;
}

std::string_view DotenvReader::unescaped(Span inside) {
  const std::string_view raw = text_of(bytes_, inside);
  if (raw.find('\\') == std::string_view::npos) return raw;
  std::string out;
  for (size_t at = 0; at < raw.size(); ++at) {
    if (raw[at] != '\\' || at + 1 == raw.size()) {
      out += raw[at];
      continue;
    }
    const char c = raw[++at];
    switch (c) {
      case 'n': out += '\n'; break;
      case 'r': out += '\r'; break;
      case 't': out += '\t'; break;
      case 'f': out += '\f'; break;
      case 'b': out += '\b'; break;
      case '"': case '\\': case '$': case '`': case '\'': out += c; break;
      default: out += '\\'; out += c;
    }
  }
  return builder_.keep(std::move(out));
}

uint32_t DotenvReader::quoted(const NodeKey& key, uint32_t at) {
  const uint32_t close = closing_quote(at);
  if (close >= bytes_.size()) return bare(key, at);
  const TextLine rest = line_at(bytes_, close + 1);
  const uint32_t behind = skip_blanks(bytes_, rest.begin, rest.end);
  if (behind < rest.end && bytes_[behind] != '#' && bytes_[behind] != ';') return bare(key, at);
  const Span inside{at + 1, close};
  const std::string_view raw = text_of(bytes_, inside);
  const bool is_made_up = bytes_[at] == '"' ? is_expression(raw) : has_action(raw);
  const std::string_view text = is_made_up || bytes_[at] != '"' ? raw : unescaped(inside);
  const auto flags = static_cast<uint16_t>(kQuoted | (has_action(raw) ? kMasked : 0));
  builder_.scalar(key, is_made_up ? NodeType::expression : NodeType::text, text, {at, close + 1}, {.flags = flags});
  if (behind < rest.end && bytes_[behind] == '#') builder_.comment({behind, rest.end});
  return rest.next;
}

uint32_t DotenvReader::bare(const NodeKey& key, uint32_t at) {
  const TextLine line = line_at(bytes_, at);
  Span value{at, line.end};
  for (uint32_t i = at; i < value.end; ++i) {
    if (bytes_[i] != '#' || (i != at && !is_blank(bytes_[i - 1]))) continue;
    builder_.comment({i, line.end});
    value.end = i;
  }
  value = trimmed(bytes_, value);
  const std::string_view text = text_of(bytes_, value);
  const auto flags = static_cast<uint16_t>(has_action(text) ? kMasked : 0);
  builder_.scalar(key, is_expression(text) ? NodeType::expression : NodeType::text, text, value, {.flags = flags});
  return line.next;
}

uint32_t DotenvReader::line(const TextLine& line) {
  uint32_t at = skip_blanks(bytes_, line.begin, line.end);
  if (at == line.end) return line.next;
  if (bytes_[at] == '#') {
    builder_.comment({at, line.end});
    return line.next;
  }
  if (is_action_line(text_of(bytes_, trimmed(bytes_, {at, line.end})))) builder_.flag_open(kMasked);
  const bool is_exported = text_of(bytes_, {at, line.end}).starts_with("export") && at + 6 < line.end && is_blank(bytes_[at + 6]);
  if (is_exported) at = skip_blanks(bytes_, at + 6, line.end);
  const Span key{at, static_cast<uint32_t>(std::find_if_not(bytes_.begin() + at, bytes_.begin() + line.end, is_key_byte) - bytes_.begin())};
  if (key.begin == key.end || is_digit(bytes_[key.begin])) return line.next;
  const NodeKey name{text_of(bytes_, key), key};
  at = skip_blanks(bytes_, key.end, line.end);
  if (at == line.end) {  // a name alone: its value comes from elsewhere
    if (!is_exported && at == key.end && is_upper(bytes_[key.begin])) builder_.scalar(name, NodeType::null, {}, {key.end, key.end});
    return line.next;
  }
  const bool is_colon = bytes_[at] == ':' && (at + 1 == line.end || is_blank(bytes_[at + 1]));
  if (bytes_[at] != '=' && !is_colon) return line.next;
  at = skip_blanks(bytes_, at + 1, line.end);
  const bool has_quote = at < line.end && (bytes_[at] == '"' || bytes_[at] == '\'' || bytes_[at] == '`');
  return has_quote ? quoted(name, at) : bare(name, at);
}

void DotenvReader::read() {
  const auto size = static_cast<uint32_t>(bytes_.size());
  uint32_t at = utf8_mark_size(bytes_);
  builder_.begin_document(at);
  builder_.begin_map({}, {at, at});
  while (at < size && !builder_.is_full()) at = line(line_at(bytes_, at));
  builder_.finish_document(size, DocumentState::parsed);
}

}  // namespace

void parse_dotenv(ParsedFile& into, const DocumentLimits& limits) { DotenvReader(into, limits).read(); }

}  // namespace sealwarden
