// SPDX-License-Identifier: Apache-2.0
#include "scanner/engine/byte_masks.h"

#include <array>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace sealwarden {
namespace {

// A byte's classes are found from its two halves: each bit of a set is a rectangle of high and low halves, and a byte is in it
// if both halves are. So 16-entry tables do, which a shuffle reads for all bytes of a register at once.
struct NibbleSet {
  std::array<uint8_t, 16> low{}, high{};
};

constexpr void add(NibbleSet& set, unsigned bit, unsigned high_halves, unsigned low_halves) {  // halves as bit sets
  for (unsigned i = 0; i < 16; ++i) {
    if (high_halves >> i & 1) set.high[i] = static_cast<uint8_t>(set.high[i] | 1u << bit);
    if (low_halves >> i & 1) set.low[i] = static_cast<uint8_t>(set.low[i] | 1u << bit);
  }
}

constexpr unsigned halves(std::initializer_list<unsigned> list) {
  unsigned set = 0;
  for (const unsigned one : list) set |= 1u << one;
  return set;
}

constexpr NibbleSet make_word_set() {
  NibbleSet set;
  add(set, 0, halves({4, 6}), 0x007E);            // A-F a-f
  add(set, 1, halves({4, 6}), 0xFF80);            // G-O g-o
  add(set, 2, halves({5, 7}), 0x07FF);            // P-Z p-z
  add(set, 3, halves({3}), 0x03FF);               // 0-9
  add(set, 4, halves({2}), halves({0xB, 0xF}));   // + /
  add(set, 5, halves({2}), halves({0xD}));        // -
  add(set, 6, halves({5}), halves({0xF}));        // _
  add(set, 7, halves({5, 7}), halves({0x8}));     // X x
  return set;
}
constexpr uint8_t kHex = 0b1001, kStandard = 0b11111, kUrlSafe = 0b1101111, kDigit = 1 << 3, kX = 1 << 7;

constexpr NibbleSet make_mark_set() {
  NibbleSet set;
  add(set, 0, halves({2}), halves({0x2, 0x7}));            // " '
  add(set, 1, halves({6}), halves({0x0}));                 // `
  add(set, 2, halves({2}), halves({0x5, 0x6}));            // % &
  add(set, 3, halves({5}), halves({0xC}));                 // backslash
  add(set, 4, halves({2}), halves({0x0, 0x6, 0xB, 0xE}));  // blank & + .
  add(set, 5, halves({7}), halves({0xC, 0xE}));            // | ~
  add(set, 6, halves({0}), halves({0x9, 0xA, 0xD}));       // tab LF CR
  add(set, 7, halves({3}), halves({0xD}));                 // =
  return set;
}
constexpr uint8_t kQuote = 0b11, kIntroducer = 0b1100, kFiller = 0b1111000, kBreak = 1 << 6, kEquals = 1 << 7;

constexpr NibbleSet kWordSet = make_word_set(), kMarkSet = make_mark_set();

#if defined(__x86_64__)

__attribute__((target("avx2"))) __m256i twice(const std::array<uint8_t, 16>& table) {
  return _mm256_broadcastsi128_si256(_mm_loadu_si128(reinterpret_cast<const __m128i*>(table.data())));
}

// The bytes that have any of `bits`.
__attribute__((target("avx2"))) inline uint32_t any_of(__m256i classes, uint8_t bits) {
  const __m256i none = _mm256_cmpeq_epi8(_mm256_and_si256(classes, _mm256_set1_epi8(static_cast<char>(bits))), _mm256_setzero_si256());
  return ~static_cast<uint32_t>(_mm256_movemask_epi8(none));
}

__attribute__((target("avx2"))) void find_byte_masks_avx2(const char* bytes, size_t count, ByteMasks* out) {
  const __m256i word_low = twice(kWordSet.low), word_high = twice(kWordSet.high);
  const __m256i mark_low = twice(kMarkSet.low), mark_high = twice(kMarkSet.high);
  const __m256i half = _mm256_set1_epi8(0xF);
  for (size_t block = 0; block < count; ++block, bytes += kMaskedBytes) {
    ByteMasks made{};
    for (unsigned shift = 0; shift < kMaskedBytes; shift += 32) {
      const __m256i text = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(bytes + shift));
      const __m256i high = _mm256_and_si256(_mm256_srli_epi16(text, 4), half);  // a low half with the top bit set reads 0
      const __m256i word = _mm256_and_si256(_mm256_shuffle_epi8(word_low, text), _mm256_shuffle_epi8(word_high, high));
      const __m256i mark = _mm256_and_si256(_mm256_shuffle_epi8(mark_low, text), _mm256_shuffle_epi8(mark_high, high));
      made.standard |= uint64_t{any_of(word, kStandard)} << shift;
      made.url_safe |= uint64_t{any_of(word, kUrlSafe)} << shift;
      made.hex |= uint64_t{any_of(word, kHex)} << shift;
      made.digit |= uint64_t{any_of(word, kDigit)} << shift;
      made.x |= uint64_t{static_cast<uint32_t>(_mm256_movemask_epi8(word))} << shift;
      made.equals |= uint64_t{static_cast<uint32_t>(_mm256_movemask_epi8(mark))} << shift;
      made.introducer |= uint64_t{any_of(mark, kIntroducer)} << shift;
      made.quote |= uint64_t{any_of(mark, kQuote)} << shift;
      made.filler |= uint64_t{any_of(mark, kFiller)} << shift;
      made.break_ |= uint64_t{any_of(mark, kBreak)} << shift;
    }
    out[block] = made;
  }
}
static_assert(kX == 0x80 && kEquals == 0x80, "the top bit is what movemask sees");

#endif

}  // namespace

void find_byte_masks_portably(const char* bytes, size_t count, ByteMasks* out) {
  for (size_t block = 0; block < count; ++block, bytes += kMaskedBytes) {
    ByteMasks made{};
    for (unsigned i = 0; i < kMaskedBytes; ++i) {
      const auto c = static_cast<unsigned char>(bytes[i]);
      const unsigned word = kWordSet.low[c & 15] & kWordSet.high[c >> 4], mark = kMarkSet.low[c & 15] & kMarkSet.high[c >> 4];
      const auto bit = [&](unsigned classes, unsigned bits) { return uint64_t{(classes & bits) != 0} << i; };
      made.standard |= bit(word, kStandard);
      made.url_safe |= bit(word, kUrlSafe);
      made.hex |= bit(word, kHex);
      made.digit |= bit(word, kDigit);
      made.x |= bit(word, kX);
      made.equals |= bit(mark, kEquals);
      made.introducer |= bit(mark, kIntroducer);
      made.quote |= bit(mark, kQuote);
      made.filler |= bit(mark, kFiller);
      made.break_ |= bit(mark, kBreak);
    }
    out[block] = made;
  }
}

void find_byte_masks(const char* bytes, size_t count, ByteMasks* out) {
#if defined(__x86_64__)
  static const bool wide = __builtin_cpu_supports("avx2");
  if (wide) return find_byte_masks_avx2(bytes, count, out);
#endif
  find_byte_masks_portably(bytes, count, out);
}

}  // namespace sealwarden
