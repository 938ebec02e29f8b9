// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>

#include "scanner/base/bytes.h"
#include "scanner/engine/windows.h"

namespace sealwarden {

// Pieces, wraps and items as encoded_runs.h defines them.

// `base64`: either of the two, for runs of one of them.
enum class Alphabet : uint8_t { standard, url_safe, hex, base64 };

inline constexpr uint64_t kShortestLine = 32, kLongestLine = 128, kLongestIndent = 64;
inline constexpr uint64_t kLongestWrap = 5 + 1 + kLongestIndent;
inline constexpr uint64_t kLongestSeparator = 80;

bool is_in(Alphabet alphabet, char c);
// The value of a byte that is in one of the alphabets: 0 to 63, or 0 to 15.
uint32_t symbol_value(Alphabet alphabet, char c);

// Whether text[at] is the letter of an escape "\n", "\r" or "\t", as far as its backslash tells.
bool is_escaped_letter(Bytes text, uint64_t at);

// The piece that text[at] belongs to; none if it belongs to none.
std::optional<Window> piece_at(Bytes text, uint64_t at, Alphabet alphabet);
// Where the wrap ends that begins at `at`; `at` if none does.
uint64_t wrap_end(Bytes text, uint64_t at);
// The piece that a wrap joins to `piece`, behind it and before it.
std::optional<Window> piece_behind(Bytes text, Window piece, Alphabet alphabet);
std::optional<Window> piece_before(Bytes text, Window piece, Alphabet alphabet);

// Where the item of a list ends that begins at `at`; `at` if none does.
uint64_t item_end(Bytes text, uint64_t at);
// Where the item begins that follows, in a list, one that ends at `end`; that precedes one that begins at `begin`.
std::optional<uint64_t> item_behind(Bytes text, uint64_t end);
std::optional<uint64_t> item_before(Bytes text, uint64_t begin);

}  // namespace sealwarden
