// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "scanner/doc/document.h"

namespace sealwarden {

// The tokens of JSON, as the strict reader and the tolerant one need them.

// A number as JSON writes it ("-1.5e3"); text: it is none. All texts that do not begin with a digit or '-' are none.
NodeType json_number(std::string_view token);
// The same with what JSON5 adds: hexadecimal, a leading '+', a point without digits on one side, Infinity, NaN.
NodeType json5_number(std::string_view token);

// Escapes of a string that JSON does not know.
struct JsonEscapes {
  bool strict = true;                           // none but those of JSON
  size_t broken_at = std::string_view::npos;    // of the first that JSON5 does not know either: its offset
};
// The text between the quotes, decoded. A broken escape stays as it is, without its backslash. A half of a pair becomes U+FFFD.
std::string decode_json_text(std::string_view inner, JsonEscapes& escapes);

// Reads a text that may have comments, trailing commas, single-quoted strings and unquoted keys, and goes on behind some errors.
void parse_json_tolerantly(ParsedFile& into, const DocumentLimits& limits);

}  // namespace sealwarden
