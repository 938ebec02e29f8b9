// SPDX-License-Identifier: Apache-2.0
#include "scanner/base/lines.h"

#include <algorithm>
#include <cstring>

#ifdef __SSE2__
#include <immintrin.h>
#endif

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

size_t count_feeds(Bytes bytes) {
  size_t feeds = 0, at = 0;
#ifdef __SSE2__
  // Counted in bytes of a register, which are summed before one can overflow.
  const __m128i feed = _mm_set1_epi8('\n'), zero = _mm_setzero_si128();
  while (at + 16 <= bytes.size()) {
    __m128i sums = zero;
    for (int rounds = 0; rounds < 255 && at + 16 <= bytes.size(); ++rounds, at += 16) {
      __m128i block;
      std::memcpy(&block, bytes.data() + at, sizeof block);
      sums = _mm_sub_epi8(sums, _mm_cmpeq_epi8(block, feed));
    }
    const __m128i halves = _mm_sad_epu8(sums, zero);
    feeds += static_cast<size_t>(_mm_cvtsi128_si64(halves)) + static_cast<size_t>(_mm_cvtsi128_si64(_mm_unpackhi_epi64(halves, halves)));
  }
#endif
  return feeds + static_cast<size_t>(std::count(bytes.begin() + static_cast<ptrdiff_t>(at), bytes.end(), '\n'));
}

}  // namespace

void Lines::move(Place& place, uint64_t offset) {
  if (offset < place.start) place = {};
  for (const Place& known : {start_, end_, asked_})
    if (known.offset <= offset && known.offset > place.offset) place = known;
  if (offset > place.offset) {
    const Bytes between = text_.substr(place.offset, offset - place.offset);
    if (const size_t feeds = count_feeds(between); feeds > 0) {
      place.line += feeds;
      place.start = place.offset + between.rfind('\n') + 1;
      place.next = 0;
    }
    place.offset = offset;
  }
}

uint64_t Lines::line_start(uint64_t offset) {
  move(asked_, offset);
  return asked_.start;
}

uint64_t Lines::next_line(uint64_t offset) {
  move(asked_, offset);
  if (asked_.next == 0) {
    const size_t feed = text_.find('\n', offset);
    asked_.next = feed == Bytes::npos ? text_.size() : feed + 1;
  }
  return asked_.next;
}

Region Lines::region(uint64_t start, uint64_t end) {
  move(start_, start);
  move(end_, end);
  const uint64_t first = start_.line, last = end_.line;
  const uint64_t first_start = start_.start, last_start = end_.start;
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
