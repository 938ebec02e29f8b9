// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <string_view>

#include "scanner/base/ascii.h"
#include "scanner/base/bytes.h"
#include "scanner/doc/document.h"

namespace sealwarden {

// Lines that end with LF, CRLF, CR or the text's end. For the formats that are read by lines.
struct TextLine {
  uint32_t begin = 0, end = 0;  // without the line's end
  uint32_t next = 0;            // the next line's first byte
};

inline TextLine line_at(Bytes bytes, uint32_t begin) {
  const auto size = static_cast<uint32_t>(bytes.size());
  uint32_t end = begin;
  while (end < size && bytes[end] != '\n' && bytes[end] != '\r') ++end;
  uint32_t next = end;
  if (next < size) next += bytes.substr(end, 2) == "\r\n" ? 2 : 1;
  return {begin, end, next};
}

inline std::string_view text_of(Bytes bytes, Span span) { return bytes.substr(span.begin, span.end - span.begin); }

// The span without the blanks at its ends.
inline Span trimmed(Bytes bytes, Span span) {
  while (span.begin < span.end && is_blank(bytes[span.begin])) ++span.begin;
  while (span.end > span.begin && is_blank(bytes[span.end - 1])) --span.end;
  return span;
}

// The first offset from `at` on that is no blank; at most `end`.
inline uint32_t skip_blanks(Bytes bytes, uint32_t at, uint32_t end) {
  while (at < end && is_blank(bytes[at])) ++at;
  return at;
}

// Whether a template makes up the text, or part of it: "{{ x }}", "<%= x %>". (Elsewhere such bytes are as good as never seen.)
inline bool has_action(std::string_view text) {
  return text.find("{{") != std::string_view::npos || text.find("<%") != std::string_view::npos;
}

// Whether a line of a template is nothing but an action or a comment of the template's language.
inline bool is_action_line(std::string_view line) {
  return line.starts_with("{%") || line.starts_with("{#") || line.starts_with("<%") || (line.starts_with("{{") && line.ends_with("}}"));
}

}  // namespace sealwarden
