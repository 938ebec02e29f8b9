// SPDX-License-Identifier: Apache-2.0
#include "scanner/decode/content.h"

#include <algorithm>

#include "scanner/decode/utf8.h"

namespace sealwarden {
namespace {

using Form = WideText::Form;

bool is_little(Form form) { return form == Form::utf16_little || form == Form::utf32_little; }
uint64_t unit_size(Form form) { return form == Form::utf16_little || form == Form::utf16_big ? 2 : 4; }

uint32_t unit_at(Bytes bytes, uint64_t offset, Form form) {
  const uint64_t size = unit_size(form);
  uint32_t unit = 0;
  for (uint64_t i = 0; i < size; ++i)
    unit = unit << 8 | static_cast<unsigned char>(bytes[offset + (is_little(form) ? size - 1 - i : i)]);
  return unit;
}

struct CodePoint {
  uint32_t value;
  uint32_t bytes;  // in the original
};

// The code point at `offset`, where at least a unit is left; half a pair, and what is none, stands for itself as U+FFFD.
CodePoint code_point_at(Bytes bytes, uint64_t offset, Form form) {
  const uint32_t unit = unit_at(bytes, offset, form);
  const auto size = static_cast<uint32_t>(unit_size(form));
  if (unit < 0xD800 || (unit > 0xDFFF && unit <= 0x10FFFF)) return {unit, size};
  if (size == 2 && unit < 0xDC00 && offset + 4 <= bytes.size()) {
    const uint32_t low = unit_at(bytes, offset + 2, form);
    if (low >= 0xDC00 && low <= 0xDFFF) return {0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00), 4};
  }
  return {0xFFFD, size};
}

// Western text without a mark: all bytes of nearly every unit but its lowest are NUL, and nearly no lowest one is.
bool is_western(Bytes sample, Form form) {
  const uint64_t size = unit_size(form), units = sample.size() / size;
  const uint64_t lowest = is_little(form) ? 0 : size - 1;
  uint64_t narrow = 0, empty = 0;
  for (uint64_t i = 0; i + size <= sample.size(); i += size) {
    uint64_t zeros = 0;
    for (uint64_t k = 0; k < size; ++k) zeros += k != lowest && sample[i + k] == '\0';
    narrow += zeros == size - 1;
    empty += sample[i + lowest] == '\0';
  }
  return narrow * 10 >= units * 7 && empty * 20 <= units;
}

}  // namespace

WideText::WideText(Bytes original, Form form) : original_(original), form_(form) {
  text_.reserve(original.size() / unit_size(form) + 16);
  for (uint64_t at = 0; at + unit_size(form) <= original.size();) {
    if (marks_.empty() || text_.size() - marks_.back().decoded >= kStep) marks_.push_back({text_.size(), at});
    const CodePoint point = code_point_at(original, at, form);
    at += point.bytes;
    append_utf8(text_, point.value);
  }
}

std::string_view WideText::encoding() const {
  switch (form_) {
    case Form::utf16_little: return "utf-16le";
    case Form::utf16_big: return "utf-16be";
    case Form::utf32_little: return "utf-32le";
    case Form::utf32_big: return "utf-32be";
  }
  return "";
}

uint64_t WideText::original_offset(uint64_t offset) const {
  auto mark = std::upper_bound(marks_.begin(), marks_.end(), offset,
                               [](uint64_t value, const Mark& one) { return value < one.decoded; });
  if (mark == marks_.begin()) return 0;
  --mark;
  uint64_t decoded = mark->decoded, at = mark->original;
  while (at + unit_size(form_) <= original_.size()) {
    const CodePoint point = code_point_at(original_, at, form_);
    if (decoded + utf8_size(point.value) > offset) break;
    decoded += utf8_size(point.value);
    at += point.bytes;
  }
  return at;
}

std::optional<WideText::Form> wide_form(Bytes blob) {
  using namespace std::string_view_literals;
  if (blob.size() < 4) return std::nullopt;
  // The mark of UTF-32 begins with that of UTF-16, whose text would have to begin with a NUL.
  if (blob.starts_with("\xFF\xFE\0\0"sv)) return Form::utf32_little;
  if (blob.starts_with("\0\0\xFE\xFF"sv)) return Form::utf32_big;
  if (blob.starts_with("\xFF\xFE")) return Form::utf16_little;
  if (blob.starts_with("\xFE\xFF")) return Form::utf16_big;
  const Bytes sample = blob.substr(0, std::min<size_t>(blob.size(), 4096));
  if (sample.find('\0') == Bytes::npos) return std::nullopt;
  for (const Form form : {Form::utf16_little, Form::utf16_big, Form::utf32_little, Form::utf32_big})
    if (is_western(sample.substr(0, sample.size() / unit_size(form) * unit_size(form)), form)) return form;
  return std::nullopt;
}

bool is_lfs_pointer(Bytes blob) {
  return blob.size() < 1024 && blob.starts_with("version https://git-lfs.github.com/spec/v") &&
         blob.find("\noid sha256:") != Bytes::npos;
}

}  // namespace sealwarden
