// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "scanner/base/bytes.h"
#include "scanner/base/window.h"

namespace sealwarden {

// Pieces, wraps and items as encoded_runs.h defines them.

// `base64`: either of the two, for runs of one of them.
enum class Alphabet : uint8_t { standard, url_safe, hex, base64 };

inline constexpr uint64_t kShortestLine = 32, kLongestLine = 128, kLongestIndent = 64;
inline constexpr uint64_t kLongestWrap = 5 + 1 + kLongestIndent;
inline constexpr uint64_t kLongestSeparator = 80;

// The value of each byte in each alphabet, 0 to 63 or 0 to 15, or kNoSymbol.
inline constexpr uint8_t kNoSymbol = 0xFF;
using SymbolTable = std::array<uint8_t, 256>;

constexpr std::array<SymbolTable, 4> make_symbol_tables() {
  std::array<SymbolTable, 4> values{};
  for (auto& table : values) table.fill(kNoSymbol);
  constexpr Bytes kLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  for (uint8_t alphabet = 0; alphabet < 2; ++alphabet) {
    for (uint8_t i = 0; i < kLetters.size(); ++i) values[alphabet][static_cast<unsigned char>(kLetters[i])] = i;
    values[alphabet][alphabet == 0 ? '+' : '-'] = 62;
    values[alphabet][alphabet == 0 ? '/' : '_'] = 63;
  }
  for (uint8_t i = 0; i < 10; ++i) values[2]['0' + i] = i;
  for (uint8_t i = 0; i < 6; ++i) values[2]['a' + i] = values[2]['A' + i] = static_cast<uint8_t>(10 + i);
  for (unsigned c = 0; c < 256; ++c) values[3][c] = values[0][c] != kNoSymbol ? values[0][c] : values[1][c];
  return values;
}
inline constexpr auto kSymbolTables = make_symbol_tables();

inline uint32_t symbol_value(Alphabet alphabet, char c) {
  return kSymbolTables[static_cast<size_t>(alphabet)][static_cast<unsigned char>(c)];
}
inline bool is_in(Alphabet alphabet, char c) { return symbol_value(alphabet, c) != kNoSymbol; }

// Whether text[at] is the letter of an escape "\n", "\r" or "\t", as far as its backslash tells.
inline bool is_escaped_letter(Bytes text, uint64_t at) {
  return at > 0 && text[at - 1] == '\\' && (text[at] == 'n' || text[at] == 'r' || text[at] == 't');
}

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
