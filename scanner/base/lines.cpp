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

Lines::Position Lines::position(uint64_t offset) const {
  const auto after = std::upper_bound(starts_.begin(), starts_.end(), offset);
  const uint64_t start = *std::prev(after);
  return {static_cast<uint32_t>(after - starts_.begin()), static_cast<uint32_t>(offset - start + 1),
          utf16_units(text_.substr(start, offset - start)) + 1};
}

Region Lines::region(uint64_t start, uint64_t end) const {
  const Position from = position(start);
  const Position to = position(end);
  return {start,   end,       from.line,         from.column,    to.line,
          to.column, from.column_utf16, to.column_utf16};
}

}  // namespace sealwarden
