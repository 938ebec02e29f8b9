// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "scanner/base/bytes.h"

namespace sealwarden {

// The bytes of a UTF-8 character that begins with this byte; 1 for a byte that begins none.
uint32_t size_of_character(char first);
enum class WideForm : uint8_t { none, utf16_le, utf16_be, utf32_le, utf32_be };
// By the byte order mark at the front alone.
WideForm form_of_wide_text(Bytes bytes);

// Text in UTF-16 or UTF-32 as UTF-8 without its mark, and the way back. Lone surrogates and what is no code point become U+FFFD;
// a torn last unit is left out. Borrows nothing.
class WideText {
 public:
  WideText(WideForm form, Bytes bytes);
  [[nodiscard]] const std::string& text() const { return text_; }
  [[nodiscard]] std::string take_text() { return std::move(text_); }
  [[nodiscard]] bool is_damaged() const { return is_damaged_; }
  // Where in the bytes the character stands that `text` holds at this offset; `text` is what take_text() gave. Within a
  // character: where it begins. A text's end: the end of its last character.
  [[nodiscard]] uint32_t original(Bytes text, uint32_t offset) const;

 private:
  // A character's start in both; one for each kStep bytes of text, the first at or behind them.
  struct Mark {
    uint32_t text, bytes;
  };
  static constexpr uint32_t kStep = 64;

  WideForm form_;
  std::string text_;
  std::vector<Mark> marks_;
  bool is_damaged_ = false;
};

}  // namespace sealwarden
