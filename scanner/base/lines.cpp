// SPDX-License-Identifier: Apache-2.0
#include "scanner/base/lines.h"

#include <algorithm>
#include <cstring>

namespace sealwarden {
namespace {

// UTF-16 code units that a reader of SARIF counts in these UTF-8 bytes; a byte that is no UTF-8 counts as one.
uint32_t utf16_units(Bytes bytes) {
  uint32_t units = 0;
  for (size_t i = 0; i < bytes.size();) {
    const auto lead = static_cast<unsigned char>(bytes[i]);
    size_t length = lead < 0x80 ? 1 : lead >= 0xF0 && lead < 0xF5 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC2 ? 2 : 1;
    if (lead >= 0xF5) length = 1;
    bool whole = i + length <= bytes.size();
    for (size_t k = 1; whole && k < length; ++k) whole = (static_cast<unsigned char>(bytes[i + k]) & 0xC0) == 0x80;
    if (!whole) length = 1;
    units += length == 4 ? 2 : 1;
    i += length;
  }
  return units;
}

}  // namespace

Lines::Lines(Bytes text) : text_(text), starts_{0} {
  const char* end = text.data() + text.size();
  for (const char* at = text.data(); at < end;) {
    const auto* feed = static_cast<const char*>(std::memchr(at, '\n', static_cast<size_t>(end - at)));
    if (feed == nullptr) break;
    at = feed + 1;
    starts_.push_back(static_cast<uint64_t>(at - text.data()));
  }
}

size_t Lines::line_of(uint64_t offset) const {
  return static_cast<size_t>(std::upper_bound(starts_.begin(), starts_.end(), offset) - starts_.begin()) - 1;
}

uint64_t Lines::line_start(size_t line) const { return line < starts_.size() ? starts_[line] : text_.size(); }

Region Lines::region(uint64_t start, uint64_t end) {
  const size_t first = line_of(start), last = line_of(end);
  const uint64_t first_start = starts_[first], last_start = starts_[last];
  if (cursor_offset_ < first_start || cursor_offset_ > start) {
    cursor_offset_ = first_start;
    cursor_units_ = 0;
  }
  const uint32_t start_units = cursor_units_ + utf16_units(text_.substr(cursor_offset_, start - cursor_offset_));
  if (start == text_.size() || (static_cast<unsigned char>(text_[start]) & 0xC0) != 0x80) {
    // Never within a character: what is counted from here on would depend on what was asked before.
    cursor_offset_ = start;
    cursor_units_ = start_units;
  }
  const uint64_t from = std::max(start, last_start);
  const uint32_t end_units = (first == last ? start_units : 0) + utf16_units(text_.substr(from, end - from));
  return {.start_byte = start,
          .end_byte = end,
          .start_line = static_cast<uint32_t>(first + 1),
          .start_column = static_cast<uint32_t>(start - first_start + 1),
          .end_line = static_cast<uint32_t>(last + 1),
          .end_column = static_cast<uint32_t>(end - last_start + 1),
          .start_column_utf16 = start_units + 1,
          .end_column_utf16 = end_units + 1};
}

}  // namespace sealwarden
