// SPDX-License-Identifier: Apache-2.0
#include "scanner/doc/yaml_gaps.h"

#include <algorithm>
#include <cctype>

namespace sealwarden {
namespace {

bool is_break(char c) { return c == '\n' || c == '\r'; }
bool is_space(char c) { return c == ' ' || c == '\t' || is_break(c); }

size_t end_of_line(std::string_view text, size_t at, size_t end) {
  while (at < end && !is_break(text[at])) ++at;
  return at;
}

// Behind blanks, line breaks and comments.
uint32_t skip_space(std::string_view text, uint32_t at, uint32_t end) {
  while (at < end && (is_space(text[at]) || text[at] == '#'))
    at = text[at] == '#' ? static_cast<uint32_t>(end_of_line(text, at, end)) : at + 1;
  return at;
}

}  // namespace

void find_yaml_comments(std::string_view text, std::string_view source, Span gap, DocumentBuilder& builder) {
  static constexpr std::string_view kBefore = " \t\r\n[]{},:-?\"'";
  const std::string_view seen = text.substr(0, gap.end);
  for (size_t at = seen.find('#', gap.begin); at != std::string_view::npos; at = seen.find('#', at)) {
    if (at > gap.begin && kBefore.find(text[at - 1]) == std::string_view::npos) {
      ++at;
      continue;
    }
    const size_t end = end_of_line(text, at, gap.end);
    if (source[at] == '#') builder.comment({static_cast<uint32_t>(at), static_cast<uint32_t>(end)});
    at = end;
  }
}

YamlProperties read_yaml_properties(std::string_view text, uint32_t begin, uint32_t end) {
  YamlProperties properties;
  uint32_t at = begin;
  while (at < end && (text[at] == '&' || text[at] == '!')) {
    const bool anchor = text[at] == '&', verbatim = text.substr(at, 2) == "!<";
    if ((anchor ? properties.anchor : properties.tag).end != 0) break;
    uint32_t after = at + 1;
    static constexpr std::string_view kFlow = ",[]{}";
    const auto belongs = [text, anchor, verbatim](uint32_t i) {  // libyaml has letters and digits in an anchor, no other signs
      if (anchor) return std::isalnum(static_cast<unsigned char>(text[i])) != 0 || text[i] == '-' || text[i] == '_';
      return !is_space(text[i]) && (verbatim || kFlow.find(text[i]) == std::string_view::npos);
    };
    while (after < end && belongs(after))
      if (text[after++] == '>' && verbatim) break;
    if (anchor) properties.anchor = {at + 1, after};
    else properties.tag = {at, after};
    at = after;
    const uint32_t next = skip_space(text, at, end);
    if (next == end) break;  // nothing but the properties: the value is empty, behind them
    at = next;
  }
  properties.value = at;
  return properties;
}

Span yaml_block_content(std::string_view text, uint32_t begin, uint32_t end, std::string_view decoded) {
  const auto header = static_cast<uint32_t>(end_of_line(text, begin, end));
  uint32_t last = end;
  while (last > header && is_space(text[last - 1])) --last;
  if (last == header) return {header, header};
  last = static_cast<uint32_t>(end_of_line(text, last, end));
  uint32_t first = header;
  while (first < last && is_space(text[first]) && text[first] != '\t') ++first;
  // Blanks at the start of the decoded first line belong to it: more than the indentation that the header tells.
  const size_t line = decoded.find_first_not_of('\n');
  if (line == std::string_view::npos) return {first, last};
  for (size_t i = line; i < decoded.size() && decoded[i] == ' ' && first > header && text[first - 1] == ' '; ++i) --first;
  return {first, last};
}

}  // namespace sealwarden
