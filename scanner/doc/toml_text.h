// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "scanner/doc/document.h"

namespace sealwarden {

// The tokens of TOML.

// What an unquoted value is: integer, real, boolean, or text for dates and times; expression: none of them.
NodeType toml_word(std::string_view word);

// The text of a basic string, between its quotes and without the line end behind """. `broken_at`: offset of the first escape
// that is none, else left as it is; such an escape stays, without its backslash.
std::string decode_toml_text(std::string_view inner, size_t& broken_at);
// Lines end in LF, however they end in the file.
std::string unify_line_ends(std::string_view inner);

}  // namespace sealwarden
