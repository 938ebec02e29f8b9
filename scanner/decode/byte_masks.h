// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

namespace sealwarden {

// Which of 64 bytes are of which class: bit i is byte i.
struct ByteMasks {
  uint64_t standard;    // A-Z a-z 0-9 + /
  uint64_t url_safe;    // A-Z a-z 0-9 - _
  uint64_t hex;         // 0-9 A-F a-f
  uint64_t digit;       // 0-9
  uint64_t x;           // x X
  uint64_t no_start;    // B E F G g-v: with none of them begins what base64 makes of text
  uint64_t equals;      // =
  uint64_t percent;     // %
  uint64_t introducer;  // & backslash
  uint64_t quote;       // " ' `
  uint64_t filler;      // what may stand between two string literals that are one: blank tab LF CR + . & ~ | backslash
  uint64_t break_;      // tab LF CR
};

inline constexpr size_t kMaskedBytes = 64;

// The masks of `count` blocks of 64 bytes that begin at `bytes`.
void find_byte_masks(const char* bytes, size_t count, ByteMasks* out);
// The same without instructions that not every processor has.
void find_byte_masks_portably(const char* bytes, size_t count, ByteMasks* out);

}  // namespace sealwarden
