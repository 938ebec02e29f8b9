// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "scanner/doc/document.h"

namespace sealwarden {

// Appends a code point as UTF-8. What is none (halves of pairs, beyond 0x10FFFF) becomes U+FFFD.
void append_code_point(std::string& out, uint32_t code);

// The number that `count` hexadecimal digits at `at` make; kNoHexNumber: they are not there. `count` is at most 8, and the
// number no greater than 0xFFFFFFFE.
inline constexpr uint32_t kNoHexNumber = UINT32_MAX;
uint32_t hex_number(std::string_view text, size_t at, size_t count);

// Offset of the first byte that belongs to no UTF-8 character; the size of the text if there is none.
size_t first_invalid_utf8(Bytes text);

// Length of the UTF-8 mark at the front of a text: 3 or 0.
inline uint32_t utf8_mark_size(Bytes text) { return text.starts_with("\xEF\xBB\xBF") ? 3 : 0; }

// Brings problems into the order of their places, which a parser that tells of a token's inside first has to do.
void sort_problems(ParsedFile& file);

// Notes where the file's bytes stop being UTF-8, once and in its place among the problems. Called after the documents are
// finished, so that a text in another encoding, whose tree is whole, does not count as partial.
void note_encoding(ParsedFile& file);

}  // namespace sealwarden
