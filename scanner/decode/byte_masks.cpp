// SPDX-License-Identifier: Apache-2.0
#include "scanner/decode/byte_masks.h"

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
  add(set, 0, halves({2}), halves({0x2, 0x7}));       // " '
  add(set, 1, halves({6}), halves({0x0}));            // `
  add(set, 2, halves({2}), halves({0x6}));            // &
  add(set, 3, halves({5}), halves({0xC}));            // backslash
  add(set, 4, halves({2}), halves({0x0, 0xB, 0xE}));  // blank + .
  add(set, 5, halves({7}), halves({0xC, 0xE}));       // | ~
  add(set, 6, halves({0}), halves({0x9, 0xA, 0xD}));  // tab LF CR
  add(set, 7, halves({2}), halves({0x5}));            // %
  return set;
}
constexpr uint8_t kQuote = 0b11, kIntroducer = 0b1100, kFiller = 0b1111100, kBreak = 1 << 6, kPercent = 1 << 7;

constexpr NibbleSet make_start_set() {
  NibbleSet set;
  add(set, 0, halves({4}), halves({0x2, 0x5, 0x6, 0x7}));  // B E F G
  add(set, 1, halves({6}), 0xFF80);                        // g-o
  add(set, 2, halves({7}), 0x007F);                        // p-v
  return set;
}
constexpr uint8_t kNoStart = 0b111;

constexpr NibbleSet kWordSet = make_word_set(), kMarkSet = make_mark_set(), kStartSet = make_start_set();

// The classes of each byte, a bit for each, as find_byte_masks_portably() reads them.
constexpr unsigned bits_of(const NibbleSet& set, unsigned c) { return set.low[c & 15] & set.high[c >> 4]; }

constexpr std::array<uint8_t, 256> make_letter_classes() {
  std::array<uint8_t, 256> classes{};
  for (unsigned c = 0; c < 256; ++c) {
    const unsigned word = bits_of(kWordSet, c), start = bits_of(kStartSet, c);
    const bool in[] = {(word & kStandard) != 0, (word & kUrlSafe) != 0, (word & kHex) != 0,
                       (word & kDigit) != 0,    (word & kX) != 0,       (start & kNoStart) != 0};
    for (unsigned bit = 0; bit < 6; ++bit) classes[c] = static_cast<uint8_t>(classes[c] | unsigned{in[bit]} << bit);
  }
  return classes;
}

constexpr std::array<uint8_t, 256> make_mark_classes() {
  std::array<uint8_t, 256> classes{};
  for (unsigned c = 0; c < 256; ++c) {
    const unsigned mark = bits_of(kMarkSet, c);
    const bool in[] = {c == '=', (mark & kPercent) != 0, (mark & kIntroducer) != 0, (mark & kQuote) != 0, (mark & kFiller) != 0, (mark & kBreak) != 0};
    for (unsigned bit = 0; bit < 6; ++bit) classes[c] = static_cast<uint8_t>(classes[c] | unsigned{in[bit]} << bit);
  }
  return classes;
}
constexpr auto kLetterClasses = make_letter_classes(), kMarkClasses = make_mark_classes();

#if defined(__x86_64__)

// A table as a shuffle wants it: once for each 16 bytes of a register.
constexpr std::array<uint8_t, 64> repeat(const std::array<uint8_t, 16>& table) {
  std::array<uint8_t, 64> all{};
  for (unsigned i = 0; i < all.size(); ++i) all[i] = table[i % table.size()];
  return all;
}
alignas(64) constexpr auto kWordLow = repeat(kWordSet.low), kWordHigh = repeat(kWordSet.high);
alignas(64) constexpr auto kMarkLow = repeat(kMarkSet.low), kMarkHigh = repeat(kMarkSet.high);
alignas(64) constexpr auto kStartLow = repeat(kStartSet.low), kStartHigh = repeat(kStartSet.high);

__attribute__((target("avx2"))) inline __m256i load_32(const void* from) { return _mm256_loadu_si256(static_cast<const __m256i*>(from)); }

// The bytes that have any of `bits`.
__attribute__((target("avx2"))) inline uint32_t any_of(__m256i classes, uint8_t bits) {
  const __m256i none = _mm256_cmpeq_epi8(_mm256_and_si256(classes, _mm256_set1_epi8(static_cast<char>(bits))), _mm256_setzero_si256());
  return ~static_cast<uint32_t>(_mm256_movemask_epi8(none));
}

// GCC 14 gives a function with wide registers a stack that is not aligned for them when AddressSanitizer keeps frames on its own
// (its bug 110027).
#define NO_ASAN __attribute__((no_sanitize("address")))

__attribute__((target("avx2"))) NO_ASAN void find_byte_masks_avx2(const char* bytes, size_t count, ByteMasks* out) {
  const __m256i word_low = load_32(&kWordLow), word_high = load_32(&kWordHigh);
  const __m256i mark_low = load_32(&kMarkLow), mark_high = load_32(&kMarkHigh);
  const __m256i start_low = load_32(&kStartLow), start_high = load_32(&kStartHigh);
  const __m256i half = _mm256_set1_epi8(0xF);
  for (size_t block = 0; block < count; ++block, bytes += kMaskedBytes) {
    ByteMasks made{};
    for (unsigned shift = 0; shift < kMaskedBytes; shift += 32) {
      const __m256i text = load_32(bytes + shift);
      const __m256i high = _mm256_and_si256(_mm256_srli_epi16(text, 4), half);  // a low half with the top bit set reads 0
      const __m256i word = _mm256_and_si256(_mm256_shuffle_epi8(word_low, text), _mm256_shuffle_epi8(word_high, high));
      const __m256i mark = _mm256_and_si256(_mm256_shuffle_epi8(mark_low, text), _mm256_shuffle_epi8(mark_high, high));
      const __m256i start = _mm256_and_si256(_mm256_shuffle_epi8(start_low, text), _mm256_shuffle_epi8(start_high, high));
      made.standard |= uint64_t{any_of(word, kStandard)} << shift;
      made.url_safe |= uint64_t{any_of(word, kUrlSafe)} << shift;
      made.hex |= uint64_t{any_of(word, kHex)} << shift;
      made.digit |= uint64_t{any_of(word, kDigit)} << shift;
      made.x |= uint64_t{static_cast<uint32_t>(_mm256_movemask_epi8(word))} << shift;
      made.percent |= uint64_t{static_cast<uint32_t>(_mm256_movemask_epi8(mark))} << shift;
      made.no_start |= uint64_t{any_of(start, kNoStart)} << shift;
      made.equals |= uint64_t{static_cast<uint32_t>(_mm256_movemask_epi8(_mm256_cmpeq_epi8(text, _mm256_set1_epi8('='))))} << shift;
      made.introducer |= uint64_t{any_of(mark, kIntroducer)} << shift;
      made.quote |= uint64_t{any_of(mark, kQuote)} << shift;
      made.filler |= uint64_t{any_of(mark, kFiller)} << shift;
      made.break_ |= uint64_t{any_of(mark, kBreak)} << shift;
    }
    out[block] = made;
  }
}
static_assert(kX == 0x80 && kPercent == 0x80, "the top bit is what movemask sees");

__attribute__((target("avx512f,avx512bw"))) inline uint64_t find_any(__m512i classes, uint8_t bits) {
  return _mm512_test_epi8_mask(classes, _mm512_set1_epi8(static_cast<char>(bits)));
}

__attribute__((target("avx512f,avx512bw"))) NO_ASAN void find_byte_masks_avx512(const char* bytes, size_t count, ByteMasks* out) {
  const __m512i word_low = _mm512_loadu_si512(&kWordLow), word_high = _mm512_loadu_si512(&kWordHigh);
  const __m512i mark_low = _mm512_loadu_si512(&kMarkLow), mark_high = _mm512_loadu_si512(&kMarkHigh);
  const __m512i start_low = _mm512_loadu_si512(&kStartLow), start_high = _mm512_loadu_si512(&kStartHigh);
  const __m512i half = _mm512_set1_epi8(0xF);
  for (size_t block = 0; block < count; ++block, bytes += kMaskedBytes) {
    const __m512i text = _mm512_loadu_si512(bytes);
    const __m512i high = _mm512_and_si512(_mm512_srli_epi16(text, 4), half);
    const __m512i word = _mm512_and_si512(_mm512_shuffle_epi8(word_low, text), _mm512_shuffle_epi8(word_high, high));
    const __m512i mark = _mm512_and_si512(_mm512_shuffle_epi8(mark_low, text), _mm512_shuffle_epi8(mark_high, high));
    const __m512i start = _mm512_and_si512(_mm512_shuffle_epi8(start_low, text), _mm512_shuffle_epi8(start_high, high));
    out[block] = {.standard = find_any(word, kStandard),
                  .url_safe = find_any(word, kUrlSafe),
                  .hex = find_any(word, kHex),
                  .digit = find_any(word, kDigit),
                  .x = find_any(word, kX),
                  .no_start = find_any(start, kNoStart),
                  .equals = _mm512_cmpeq_epi8_mask(text, _mm512_set1_epi8('=')),
                  .percent = find_any(mark, kPercent),
                  .introducer = find_any(mark, kIntroducer),
                  .quote = find_any(mark, kQuote),
                  .filler = find_any(mark, kFiller),
                  .break_ = find_any(mark, kBreak)};
  }
}

#endif

}  // namespace

void find_byte_masks_portably(const char* bytes, size_t count, ByteMasks* out) {
  for (size_t block = 0; block < count; ++block) {
    ByteMasks made{};
    for (unsigned shift = 0; shift < kMaskedBytes; shift += 8, bytes += 8) {
      uint64_t letters = 0, marks = 0;  // the classes of eight bytes
      for (unsigned i = 0; i < 8; ++i) {
        letters |= uint64_t{kLetterClasses[static_cast<unsigned char>(bytes[i])]} << 8 * i;
        marks |= uint64_t{kMarkClasses[static_cast<unsigned char>(bytes[i])]} << 8 * i;
      }
      // One bit of each of eight bytes, side by side: the product brings bit 8 i to bit 56 + i.
      const auto gather = [shift](uint64_t classes, unsigned bit) {
        return ((classes >> bit & 0x0101010101010101) * 0x0102040810204080) >> 56 << shift;
      };
      made.standard |= gather(letters, 0);
      made.url_safe |= gather(letters, 1);
      made.hex |= gather(letters, 2);
      made.digit |= gather(letters, 3);
      made.x |= gather(letters, 4);
      made.no_start |= gather(letters, 5);
      made.equals |= gather(marks, 0);
      made.percent |= gather(marks, 1);
      made.introducer |= gather(marks, 2);
      made.quote |= gather(marks, 3);
      made.filler |= gather(marks, 4);
      made.break_ |= gather(marks, 5);
    }
    out[block] = made;
  }
}

void find_byte_masks(const char* bytes, size_t count, ByteMasks* out) {
#if defined(__x86_64__)
  static const auto kBest = __builtin_cpu_supports("avx512bw") ? find_byte_masks_avx512
                            : __builtin_cpu_supports("avx2")   ? find_byte_masks_avx2
                                                               : find_byte_masks_portably;
  return kBest(bytes, count, out);
#else
  find_byte_masks_portably(bytes, count, out);
#endif
}

}  // namespace sealwarden
