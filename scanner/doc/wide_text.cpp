// SPDX-License-Identifier: Apache-2.0
#include "scanner/doc/wide_text.h"

#include <algorithm>
#include <string_view>

#include "scanner/doc/utf8_text.h"

namespace sealwarden {
namespace {

constexpr uint32_t byte_at(Bytes bytes, size_t at) { return static_cast<unsigned char>(bytes[at]); }
constexpr bool is_wide_unit_of_four(WideForm form) { return form == WideForm::utf32_le || form == WideForm::utf32_be; }

uint32_t unit_at(WideForm form, Bytes bytes, size_t at) {
  switch (form) {
    case WideForm::utf16_le: return byte_at(bytes, at) | byte_at(bytes, at + 1) << 8;
    case WideForm::utf16_be: return byte_at(bytes, at) << 8 | byte_at(bytes, at + 1);
    case WideForm::utf32_le:
      return byte_at(bytes, at) | byte_at(bytes, at + 1) << 8 | byte_at(bytes, at + 2) << 16 | byte_at(bytes, at + 3) << 24;
    case WideForm::utf32_be:
      return byte_at(bytes, at) << 24 | byte_at(bytes, at + 1) << 16 | byte_at(bytes, at + 2) << 8 | byte_at(bytes, at + 3);
    case WideForm::none: break;
  }
  return byte_at(bytes, at);
}

// The bytes that the character of `size` bytes of UTF-8 has in the wide form. A replaced surrogate has what a surrogate has.
uint32_t wide_size(WideForm form, uint32_t size) { return is_wide_unit_of_four(form) || size == 4 ? 4 : 2; }

}  // namespace

uint32_t size_of_character(char first) {
  const auto byte = static_cast<unsigned char>(first);
  return byte < 0xC0 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4;
}

WideForm form_of_wide_text(Bytes bytes) {
  using std::string_view_literals::operator""sv;
  if (bytes.starts_with("\xFF\xFE\0\0"sv)) return WideForm::utf32_le;
  if (bytes.starts_with("\0\0\xFE\xFF"sv)) return WideForm::utf32_be;
  if (bytes.starts_with("\xFF\xFE"sv)) return WideForm::utf16_le;
  if (bytes.starts_with("\xFE\xFF"sv)) return WideForm::utf16_be;
  return WideForm::none;
}

WideText::WideText(WideForm form, Bytes bytes) : form_(form) {
  const size_t unit = is_wide_unit_of_four(form) ? 4 : 2;
  text_.reserve(bytes.size() / unit + 4);
  size_t at = unit;  // the mark
  while (at + unit <= bytes.size()) {
    if (text_.size() >= marks_.size() * kStep) marks_.push_back({static_cast<uint32_t>(text_.size()), static_cast<uint32_t>(at)});
    uint32_t value = unit_at(form, bytes, at);
    size_t used = unit;
    if (unit == 2 && value >= 0xD800 && value < 0xDC00 && at + 4 <= bytes.size()) {
      const uint32_t low = unit_at(form, bytes, at + 2);
      if (low >= 0xDC00 && low < 0xE000) {
        value = 0x10000 + ((value - 0xD800) << 10) + (low - 0xDC00);
        used = 4;
      }
    }
    is_damaged_ = is_damaged_ || value > 0x10FFFF || (value >= 0xD800 && value < 0xE000);
    append_code_point(text_, value);
    at += used;
  }
  is_damaged_ = is_damaged_ || at < bytes.size();
  if (marks_.empty()) marks_.push_back({0, static_cast<uint32_t>(std::min(unit, bytes.size()))});
}

uint32_t WideText::original(Bytes text, uint32_t offset) const {
  size_t index = std::min<size_t>(offset / kStep, marks_.size() - 1);
  if (marks_[index].text > offset) --index;  // never below the first, which is 0
  Mark at = marks_[index];
  while (at.text < offset && at.text < text.size()) {
    const uint32_t size = size_of_character(text[at.text]);
    if (at.text + size > offset) break;
    at.text += size;
    at.bytes += wide_size(form_, size);
  }
  return at.bytes;
}

}  // namespace sealwarden
