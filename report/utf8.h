// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace sealwarden {

// One character at the front of a text. `length` is 0 if the bytes there are no UTF-8 (or the text is empty).
struct Character {
  size_t length = 0;
  uint32_t code = 0;
};
Character first_character(std::string_view text);

// Whether a terminal or a reader obeys the character instead of showing it: C0, DEL, C1, line separators, and
// the marks that turn the direction of text.
bool is_control(uint32_t code);

// Characters in the text; a byte that is no UTF-8 counts as one.
size_t count_characters(std::string_view text);

}  // namespace sealwarden
