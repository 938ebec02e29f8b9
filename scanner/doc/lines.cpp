// SPDX-License-Identifier: Apache-2.0
#include "scanner/doc/lines.h"

#include "scanner/doc/builder.h"
#include "scanner/doc/utf8_text.h"
#include "scanner/doc/line_reader.h"
#include "scanner/doc/parse.h"

// What is left of a text that breaks its format: lines that give a value to a name, whatever they lie in.
//
//   line  = blanks { "- " } [ "export " ] key blanks ( ":" ( blank | end ) | "=" ) blanks value
//   key   = '"' any '"' | "'" any "'" | 1*( letter | digit | "_" | "-" | "." | "/" | "@" | "$" )
//   value = in quotes up to the closing one, else up to " #", a comma at the end taken off
namespace sealwarden {
namespace {

constexpr uint32_t kLongestKey = 256;

bool is_key_byte(char c) { return is_word(c) || c == '-' || c == '.' || c == '/' || c == '@' || c == '$'; }

struct Assignment {
  Span key, key_text, value, value_text;
  bool is_quoted = false;
};

// The key at `at`; an empty span: none.
bool read_key(Bytes bytes, uint32_t at, uint32_t end, Assignment& found) {
  if (at >= end) return false;
  const uint32_t last = std::min(end, at + kLongestKey);
  const char quote = bytes[at];
  uint32_t to = at;
  if (quote == '"' || quote == '\'') {
    ++to;
    while (to < last && bytes[to] != quote) ++to;
    if (to >= last || to == at + 1) return false;
    found.key = {at, to + 1};
    found.key_text = {at + 1, to};
    return true;
  }
  while (to < last && is_key_byte(bytes[to])) ++to;
  if (to == at || to == last) return false;
  found.key = found.key_text = {at, to};
  return true;
}

void read_value(Bytes bytes, uint32_t at, uint32_t end, Assignment& found) {
  Span value = trimmed(bytes, {at, end});
  const char quote = value.begin < value.end ? bytes[value.begin] : ' ';
  if (quote == '"' || quote == '\'') {
    uint32_t to = value.begin + 1;
    while (to < value.end && bytes[to] != quote) to += bytes[to] == '\\' && quote == '"' ? 2 : 1;
    if (to < value.end) {
      found.value = {value.begin, to + 1};
      found.value_text = {value.begin + 1, to};
      found.is_quoted = true;
      return;
    }
  }
  for (uint32_t to = value.begin; to < value.end; ++to)
    if (bytes[to] == '#' && (to == value.begin || is_blank(bytes[to - 1]))) value.end = to;
  value = trimmed(bytes, value);
  if (value.begin < value.end && bytes[value.end - 1] == ',') --value.end;
  found.value = found.value_text = trimmed(bytes, value);
}

bool read_line(Bytes bytes, const TextLine& line, Assignment& found) {
  uint32_t at = skip_blanks(bytes, line.begin, line.end);
  while (at + 1 < line.end && bytes[at] == '-' && is_blank(bytes[at + 1])) at = skip_blanks(bytes, at + 1, line.end);
  while (at < line.end && (bytes[at] == '{' || bytes[at] == ',')) at = skip_blanks(bytes, at + 1, line.end);
  if (text_of(bytes, {at, line.end}).starts_with("export ")) at = skip_blanks(bytes, at + 7, line.end);
  if (!read_key(bytes, at, line.end, found)) return false;
  at = skip_blanks(bytes, found.key.end, line.end);
  if (at >= line.end) return false;
  const bool is_colon = bytes[at] == ':' && (at + 1 == line.end || is_blank(bytes[at + 1]) || found.key.begin != found.key_text.begin);
  const bool is_equals = bytes[at] == '=' && (at + 1 == line.end || (bytes[at + 1] != '=' && bytes[at + 1] != '>' && bytes[at + 1] != '~'));
  if (!is_colon && !is_equals) return false;
  read_value(bytes, at + 1, line.end, found);
  if (found.is_quoted || is_equals) return true;
  // Of `key:` alone, `key: |` and `key: {` the value stands on other lines.
  const std::string_view value = text_of(bytes, found.value);
  return !value.empty() && value != "{" && value != "[" && value[0] != '|' && value[0] != '>' && value[0] != '&';
}

}  // namespace

void parse_lines_of(ParsedFile& into, Span part, const DocumentLimits& limits) {
  DocumentBuilder builder(into, limits);
  const Bytes bytes = into.bytes.substr(0, part.end);
  builder.begin_document(part.begin);
  const size_t first_node = into.nodes.size();
  const bool is_text = text_of(bytes, part).find('\0') == std::string_view::npos;
  bool goes_on = is_text;
  for (uint32_t at = part.begin; goes_on && at < part.end;) {
    const TextLine line = line_at(bytes, at);
    at = line.next;
    Assignment found;
    if (!read_line(bytes, line, found)) continue;
    if (into.nodes.size() == first_node) goes_on = builder.begin_map({}, {line.begin, line.end});
    const std::string_view value = text_of(bytes, found.value_text);
    const bool is_template = has_action(value);
    const auto flags = static_cast<uint16_t>((found.is_quoted ? kQuoted : 0) | (is_template ? kMasked : 0));
    goes_on = goes_on && builder.scalar({text_of(bytes, found.key_text), found.key}, is_template ? NodeType::expression : NodeType::text,
                                        value, found.value, {.flags = flags});
  }
  builder.finish_document(part.end, into.nodes.size() > first_node ? DocumentState::lines : DocumentState::failed);
  for (size_t node = first_node; node < into.nodes.size(); ++node)  // keys of different maps: no duplicates
    into.nodes[node].flags = static_cast<uint16_t>(into.nodes[node].flags & ~kDuplicateKey);
}

void parse_lines(ParsedFile& into, const DocumentLimits& limits) {
  parse_lines_of(into, {utf8_mark_size(into.bytes), static_cast<uint32_t>(into.bytes.size())}, limits);
}

}  // namespace sealwarden
