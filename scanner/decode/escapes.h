// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "scanner/base/bytes.h"

namespace sealwarden {

enum class Encoding : uint8_t {
  base64, hex, percent, unicode_escape, html_entity, quoted_printable, string_escape, concatenation
};
inline constexpr unsigned kEncodings = 8;

// An escape: a few bytes that stand for others.
struct Escape {
  enum class Kind : uint8_t { nothing, byte, code_point };
  uint32_t size = 0;   // in the text; 0: there is no escape
  uint32_t value = 0;  // the byte or the code point
  Kind kind = Kind::byte;
  // Whether it can hide a secret from one who does not decode. One that stands for a letter outside ASCII cannot: that is how
  // texts in most languages are written in JSON.
  bool telling = false;
  // Whether one is enough where of its encoding there must be several: nothing else looks like it, or a token begins behind it.
  bool sure = false;
};

inline constexpr uint64_t kLongestFiller = 128;                // between two string literals that are one
inline constexpr uint64_t kLongestEscape = kLongestFiller + 2;
inline constexpr uint64_t kEscapeContext = 80;  // an escape depends on so many bytes before it and behind it, and on its own

// The escape that begins at text[at], at < text.size(), of any encoding but base64 and hex:
//
//   percent           %41
//   unicode_escape    \u0041 \U00000041 \u{41} \x41 behind an even number of backslashes; \x is a byte, the others are code
//                     points, of which a pair of halves is one
//   html_entity       &#65; &#x41; &amp; &lt; &gt; &quot; &apos;
//   quoted_printable  =41 with capitals; "=" before a line break that 40 bytes without one stand before;
//                     sure if it ends a line of a mail's length within a word
//   string_escape     \" \' \` \/ \\ \n \r \t behind an even number of backslashes; of a letter telling only before twelve bytes of a word
//   concatenation     what stands between two literals: a quote, an operator (+ . .. & ~ || ++ or none) among blanks and line
//                     breaks, backslashes before the latter, and a quote; without an operator both quotes are the same
//
// Sixteen or more backslashes are no escapes. No two telling escapes of one encoding overlap.
Escape escape_at(Encoding encoding, Bytes text, uint64_t at);

// Whether escapes begin with the byte at all.
inline constexpr bool may_begin_escape(Encoding encoding, char c) {
  switch (encoding) {
    case Encoding::percent: return c == '%';
    case Encoding::html_entity: return c == '&';
    case Encoding::quoted_printable: return c == '=';
    case Encoding::concatenation: return c == '"' || c == '\'' || c == '`';
    default: return c == '\\';
  }
}

// Whether a byte may be part of a secret that a joint parts. A joint is telling if such bytes stand on both sides. None of them
// fills joints, so that no two telling ones overlap.
bool may_join(char c);

}  // namespace sealwarden
