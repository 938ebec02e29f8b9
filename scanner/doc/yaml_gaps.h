// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

#include "scanner/doc/builder.h"
#include "scanner/doc/document.h"

namespace sealwarden {

// Finds the comments of a range that lies between scalars: each "#" behind a blank, a bracket or a line's begin.
// `source`: the file's bytes, of which `text` is what libyaml saw; a directive that it is not to see is a comment in `text` only.
void find_yaml_comments(std::string_view text, std::string_view source, Span gap, DocumentBuilder& builder);

// The anchor and tag before a value, and where the value begins. Looks at [begin, end).
struct YamlProperties {
  Span anchor;  // its name
  Span tag;     // with its "!"
  uint32_t value = 0;
};
YamlProperties read_yaml_properties(std::string_view text, uint32_t begin, uint32_t end);

// Where the content of a block text lies: `begin`, of the "|" or ">", and `end` as libyaml says, `decoded` what it made of it.
// The range goes from the first byte that is not indentation to the end of the last line that is not blank.
Span yaml_block_content(std::string_view text, uint32_t begin, uint32_t end, std::string_view decoded);

}  // namespace sealwarden
