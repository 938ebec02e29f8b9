// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "scanner/base/bytes.h"

namespace sealwarden {

// How many bytes UTF-8 needs for the code point, which is at most 0x10FFFF; halves of pairs are encoded as they are.
constexpr uint32_t utf8_size(uint32_t value) { return value < 0x80 ? 1 : value < 0x800 ? 2 : value < 0x10000 ? 3 : 4; }
void append_utf8(std::string& out, uint32_t value);

// How many bytes of `bytes` are text: printable ASCII, tab, line feed, carriage return, or part of a well-formed sequence of
// UTF-8. A sequence that the end cuts off is text.
uint64_t count_text(Bytes bytes);

}  // namespace sealwarden
