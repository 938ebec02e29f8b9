// SPDX-License-Identifier: Apache-2.0
#include "scanner/decode/encoded_runs.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

#include "scanner/decode/byte_masks.h"
#include "scanner/decode/pieces.h"
#include "scanner/decode/utf8.h"

namespace sealwarden {
namespace {

constexpr uint64_t kGap = 256, kMargin = 128, kWord = 4096;
constexpr uint64_t kShortestBase64 = 16, kShortestHex = 32, kFewestItems = 16;
constexpr uint64_t kHeadBytes = 18, kHeadSymbols = 36;  // by which a piece is judged; of its symbols so many are enough
constexpr unsigned kChunk = 64;  // blocks whose masks are made at once
constexpr std::array kEscapes = {Encoding::percent, Encoding::unicode_escape, Encoding::html_entity,
                                 Encoding::quoted_printable, Encoding::string_escape, Encoding::concatenation};

// The sum of all contexts that a run's bounds hang on: a chain's gap to an escape that is not there, that one, and what it
// depends on; a line that might be joined, the wrap, and what ends it; an item and a separator.
static_assert(kRunContext >= kGap + kLongestEscape + 2 * kEscapeContext);
static_assert(kRunContext >= kLongestLine + kLongestWrap + 8 && kRunContext >= kLongestSeparator + 8);

bool is_stop(char c) { return c == '\n' || c == '\r' || c == '\0'; }
bool has_stop(Bytes bytes) {
  return !bytes.empty() && (std::memchr(bytes.data(), '\n', bytes.size()) != nullptr || std::memchr(bytes.data(), '\r', bytes.size()) != nullptr ||
                            std::memchr(bytes.data(), '\0', bytes.size()) != nullptr);
}
bool is_run_byte(char c) { return is_in(Alphabet::standard, c) || is_in(Alphabet::url_safe, c) || c == '.' || c == '='; }

// How far a run reaches to the left of an escape that begins at `at`, and to the right of one that ends there.
uint64_t left_edge(Bytes text, uint64_t at) {
  uint64_t i = at;
  while (i > 0 && !is_stop(text[i - 1]) && (at - i < kMargin || (at - i < kMargin + kWord && is_run_byte(text[i - 1])))) --i;
  return i;
}
uint64_t right_edge(Bytes text, uint64_t at) {
  uint64_t i = at;
  while (i < text.size() && !is_stop(text[i]) && (i - at < kMargin || (i - at < kMargin + kWord && is_run_byte(text[i])))) ++i;
  return i;
}

// The farthest places at which an escape can end, or begin, whose run reaches `at`.
uint64_t lowest_reach(Bytes text, uint64_t at) {
  uint64_t i = at;
  while (i > 0 && at - i < kWord && is_run_byte(text[i - 1])) --i;
  return i > kMargin ? i - kMargin : 0;
}
uint64_t highest_reach(Bytes text, uint64_t at) {
  uint64_t i = at;
  while (i < text.size() && i - at < kWord && is_run_byte(text[i])) ++i;
  return std::min<uint64_t>(i + kMargin, text.size());
}

// The nearest telling escape that begins before `at` and ends behind it, or at or behind `lowest` with no end of a line
// between it and `at`; told by its begin.
std::optional<uint64_t> telling_before(Bytes text, Encoding encoding, uint64_t at, uint64_t lowest) {
  uint64_t last_stop = 0;  // + 1
  for (uint64_t i = at; i > 0 && i + kLongestEscape > lowest && i + kLongestEscape > last_stop; --i) {
    if (may_begin_escape(encoding, text[i - 1])) {
      const Escape escape = escape_at(encoding, text, i - 1);
      const uint64_t end = i - 1 + escape.size;
      if (escape.telling && (end >= at || (end >= lowest && end >= last_stop))) return i - 1;
    }
    if (last_stop == 0 && is_stop(text[i - 1])) last_stop = i;
  }
  return std::nullopt;
}

uint64_t less(uint64_t at, uint64_t distance) { return at > distance ? at - distance : 0; }

constexpr std::array<uint8_t, 256> make_introducers() {
  std::array<uint8_t, 256> table{};
  for (size_t i = 0; i < table.size(); ++i)
    for (const Encoding encoding : kEscapes)
      if (may_begin_escape(encoding, static_cast<char>(i))) table[i] |= static_cast<uint8_t>(1U << static_cast<unsigned>(encoding));
  return table;
}

// Of which encodings telling_before(text, ..., at, lowest) could find an escape, as bits: one look at the bytes for all six.
uint8_t introducers_before(Bytes text, uint64_t at, uint64_t lowest) {
  static constexpr std::array<uint8_t, 256> kIntroducers = make_introducers();
  uint8_t found = 0;
  uint64_t last_stop = 0;  // + 1
  for (uint64_t i = at; i > 0 && i + kLongestEscape > lowest && i + kLongestEscape > last_stop; --i) {
    found |= kIntroducers[static_cast<unsigned char>(text[i - 1])];
    if (last_stop == 0 && is_stop(text[i - 1])) last_stop = i;
  }
  return found;
}

// Where to begin looking for chains of escapes that reach `from`, or go on behind it. Of several the first: a run reaches over
// escapes that are too far away to belong to its chain.
uint64_t start_of_chain(Bytes text, Encoding encoding, uint64_t from, uint64_t lowest) {
  uint64_t start = from;
  for (auto before = telling_before(text, encoding, from, lowest); before;) {
    start = *before;
    before = telling_before(text, encoding, start, std::min(lowest, less(start, kGap)));
  }
  return start;
}

// The same for chains of pieces: those of the piece at `from`, of one that ends there or has its padding there, and of the
// next one, since `from` may lie in the wrap before it. Those three are read to their ends too: the result is from where to
// where.
Window pieces_around(Bytes text, Alphabet alphabet, uint64_t from) {
  Window read{from, from};
  const auto consider = [&](uint64_t at) {
    auto piece = piece_at(text, at, alphabet);
    if (!piece) return false;
    read.end = std::max(read.end, piece->end);
    for (; piece; piece = piece_before(text, *piece, alphabet)) read.begin = std::min(read.begin, piece->begin);
    return true;
  };
  for (uint64_t pads = 0; pads < 3 && pads < from; ++pads) {
    if (consider(from - 1 - pads) || text[from - 1 - pads] != '=') break;
  }
  for (uint64_t i = from; i < text.size() && i <= from + kLongestWrap; ++i)
    if (is_in(alphabet, text[i]) && consider(i)) break;
  return read;
}

uint64_t start_of_list(Bytes text, uint64_t from) {
  for (uint64_t i = from > 4 ? from - 4 : 0; i < text.size() && i <= from + kLongestSeparator; ++i) {
    if (text[i] != '0' || item_end(text, i) == i) continue;
    uint64_t start = i;
    while (const auto before = item_before(text, start)) start = *before;
    return std::min(start, from);
  }
  return from;
}

// The bits of `low` from which on `run` bits are set in a row, in `low` and `high` behind it. `run`: a power of two, to 32.
template <unsigned run, unsigned step = 1>
uint64_t starts_of_runs(uint64_t low, uint64_t high) {
  if constexpr (step == run)
    return low;
  else
    return starts_of_runs<run, step * 2>(low & (low >> step | high << (64 - step)), high & high >> step);
}

// What a byte is in text: of ASCII, the first of a sequence of UTF-8, another of one; and what may stand behind each.
enum : uint8_t { kAscii = 1, kLead = 2, kTail = 4 };
constexpr std::array<uint8_t, 256> make_text_classes() {
  std::array<uint8_t, 256> table{};
  for (unsigned c = 0x20; c < 0x7F; ++c) table[c] = kAscii;
  table['\t'] = table['\n'] = table['\r'] = kAscii;
  for (unsigned c = 0xC2; c < 0xF5; ++c) table[c] = kLead;
  for (unsigned c = 0x80; c < 0xC0; ++c) table[c] = kTail;
  return table;
}
constexpr auto kTextClasses = make_text_classes();
constexpr std::array<uint8_t, 5> kMayFollow = {0, kAscii | kLead, kTail, 0, kAscii | kLead | kTail};

// Whether three bytes can stand in text behind a byte of class `last`, which becomes that of the third.
bool continues_text(uint32_t three, uint8_t& last) {
  const uint8_t first = kTextClasses[three >> 16], second = kTextClasses[three >> 8 & 0xFF], third = kTextClasses[three & 0xFF];
  const bool may = (kMayFollow[last] & first) != 0 && (kMayFollow[first] & second) != 0 && (kMayFollow[second] & third) != 0;
  last = third;
  return may;
}

// Whether three bytes may be the start of something that may_hold_text() and is none, as far as they tell.
bool may_begin_other(uint32_t three) {
  const uint32_t first = three >> 16, two = three >> 8;
  if ((two & 0xFF) == 0) return kTextClasses[first] == kAscii;  // UTF-16, little endian
  switch (first) {
    case 0x00: case 0xFD: case 0xFE: case 0xFF: return true;  // UTF-16, xz, marks
    case 0x1F: return two == 0x1F8B;
    case 0x28: return three == 0x28B52F;
    case 0x37: return three == 0x377ABC;
    case 0x42: return three == 0x425A68;
    case 0x50: return three == 0x504B03;
    case 0x78: return two % 31 == 0;
    default: return false;
  }
}

// Text in UTF-16, told by its first units: with a mark, or printable ASCII.
bool is_utf16(Bytes head) {
  if (head.starts_with("\xFF\xFE") || head.starts_with("\xFE\xFF")) head.remove_prefix(2);
  if (head.size() < 8) return false;
  for (const size_t zero : {size_t{0}, size_t{1}}) {
    bool all = true;
    for (size_t i = 0; i + 1 < head.size(); i += 2)
      all = all && head[i + zero] == '\0' && count_text(head.substr(i + 1 - zero, 1)) == 1 && head[i + 1 - zero] > 0;
    if (all) return true;
  }
  return false;
}

// Whether three bytes may be the start of something that may_hold_text().
bool may_begin_well(uint32_t three) {
  uint8_t last = kAscii;
  return continues_text(three, last) || may_begin_other(three);
}

// Three bytes from four base64 characters, or from six hex digits.
template <Alphabet alphabet>
uint32_t read_three(const char* symbols) {
  constexpr unsigned kBits = alphabet == Alphabet::hex ? 4 : 6;
  uint32_t three = 0;
  for (unsigned i = 0; i < 24 / kBits; ++i) three = three << kBits | symbol_value(alphabet, symbols[i]);
  return three;
}

// Whether what the piece of `size` bytes at `begin` decodes to begins well. Most end within the first bytes.
template <Alphabet alphabet>
bool has_good_head(const char* begin, uint64_t size) {
  constexpr uint64_t kSymbols = alphabet == Alphabet::hex ? 6 : 4;  // of three bytes
  const uint64_t symbols = std::min(size, kHeadBytes / 3 * kSymbols) / kSymbols * kSymbols;
  const bool other = may_begin_other(read_three<alphabet>(begin));
  std::array<char, kHeadBytes> head;
  size_t made = 0;
  uint8_t last = kAscii;
  for (uint64_t i = 0; i < symbols; i += kSymbols) {
    const uint32_t three = read_three<alphabet>(begin + i);
    if (!continues_text(three, last) && !other) return false;
    for (int shift = 16; shift >= 0; shift -= 8) head[made++] = static_cast<char>(three >> shift & 0xFF);
  }
  return may_hold_text({head.data(), made});
}

class Finder {
 public:
  Finder(Bytes text, uint64_t from, uint64_t to, std::vector<EncodedRun>& out) : text_(text), from_(from), to_(to), read_to_(to), out_(out) {}

  // Returns how many bytes beyond the range were read.
  uint64_t find() {
    const uint64_t start = prepare();
    uint64_t at = start;
    while (at < text_.size() && (at <= limit_ || any_open(at))) {
      const unsigned blocks = make_masks(at);
      for (unsigned block = 0; block < blocks; ++block, at += kMaskedBytes) look_at_block(at, masks_[block], masks_[block + 1]);
    }
    for (const Encoding encoding : kEscapes) close(encoding);
    note_read(std::min<uint64_t>(at, text_.size()));
    return from_ - start + read_to_ - to_;
  }

 private:
  // A chain of telling escapes so far.
  struct Chain {
    uint64_t begin = 0, end = 0;
    unsigned escapes = 0;  // 0: there is none
  };

  // Where to begin and to end. Before its own start each kind of run would be found in pieces, and none that is looked for.
  uint64_t prepare() {
    uint64_t start = from_;
    limit_ = highest_reach(text_, to_);
    const uint64_t lowest = std::min(lowest_reach(text_, from_), less(from_, kGap));
    const uint8_t introduced = introducers_before(text_, from_, lowest);
    for (const Encoding encoding : kEscapes) {
      uint64_t& own = escapes_from_[static_cast<size_t>(encoding)];
      own = (introduced >> static_cast<unsigned>(encoding) & 1) != 0 ? start_of_chain(text_, encoding, from_, lowest) : from_;
      start = std::min(start, own);
    }
    for (const Alphabet alphabet : {Alphabet::standard, Alphabet::url_safe, Alphabet::hex}) {
      uint64_t& own = pieces_from_[static_cast<size_t>(alphabet)];
      const Window read = pieces_around(text_, alphabet, from_);
      own = read.begin;
      note_read(read.end);
      start = std::min(start, own);
    }
    list_from_ = start_of_list(text_, from_);
    return std::min(start, list_from_);
  }

  bool any_open(uint64_t at) const {
    return std::any_of(chains_.begin(), chains_.end(), [at](const Chain& chain) { return chain.escapes != 0 && at <= chain.end + kGap; });
  }

  // The masks of the blocks from `at` on that are looked at together, and of one more; how many they are. Beyond the text no
  // byte has a class.
  unsigned make_masks(uint64_t at) {
    const uint64_t wanted = at <= limit_ ? (limit_ - at) / kMaskedBytes + 1 : kChunk;
    const auto blocks = static_cast<unsigned>(std::min<uint64_t>(wanted, kChunk));
    const auto whole = static_cast<unsigned>(std::min<uint64_t>((text_.size() - at) / kMaskedBytes, blocks + 1));
    find_byte_masks(text_.data() + at, whole, masks_.data());
    if (whole > blocks) return blocks;
    std::array<char, kMaskedBytes> rest{};
    const Bytes left = text_.substr(at + whole * kMaskedBytes, kMaskedBytes);
    std::copy(left.begin(), left.end(), rest.begin());
    find_byte_masks(rest.data(), 1, &masks_[whole]);
    for (unsigned i = whole + 1; i <= blocks; ++i) masks_[i] = ByteMasks{};
    return blocks;
  }

  static unsigned first_bit(uint64_t mask) { return static_cast<unsigned>(std::countr_zero(mask)); }

  void look_at_block(uint64_t at, const ByteMasks& masks, const ByteMasks& next) {
    look_for_base64(at, masks, next);
    look_for_hex(at, masks, next);
    for (uint64_t seeds = masks.introducer; seeds != 0; seeds &= seeds - 1) look_at_introducer(at + first_bit(seeds));
    // "%" before a digit, "=" before a digit or the end of a line, "x" behind a digit.
    const uint64_t percent = masks.percent & (masks.digit >> 1 | next.digit << 63);
    for (uint64_t seeds = percent; seeds != 0; seeds &= seeds - 1) add_escape(Encoding::percent, at + first_bit(seeds));
    const uint64_t equals = masks.equals & ((masks.digit | masks.break_) >> 1 | (next.digit | next.break_) << 63);
    for (uint64_t seeds = equals; seeds != 0; seeds &= seeds - 1) add_escape(Encoding::quoted_printable, at + first_bit(seeds));
    const uint64_t x = masks.x & (masks.digit << 1 | last_digit_);
    for (uint64_t seeds = x; seeds != 0; seeds &= seeds - 1) try_list(at + first_bit(seeds) - 1);
    last_digit_ = masks.digit >> 63;
    look_for_joints(at, masks);
  }

  // At an ampersand or a backslash the next byte settles nearly all.
  void look_at_introducer(uint64_t at) {
    if (at + 1 == text_.size()) return;
    const char next = text_[at + 1];
    if (text_[at] == '&') {
      if (next == '#' || (next >= 'a' && next <= 'q')) add_escape(Encoding::html_entity, at);
    } else if (next == 'x' || next == 'u' || next == 'U') {
      add_escape(Encoding::unicode_escape, at);
    } else if (next == 'n' || next == 'r' || next == 't') {
      if (at + 2 < text_.size() && is_run_byte(text_[at + 2])) add_escape(Encoding::string_escape, at);
    } else if (next < 'a') {
      add_escape(Encoding::string_escape, at);
    }
  }

  // Pieces begin where a stretch of sixteen class bytes begins that does not continue one.
  void look_for_base64(uint64_t at, const ByteMasks& masks, const ByteMasks& next) {
    const uint64_t standard = starts_of_runs<16>(masks.standard, next.standard);
    const uint64_t url_safe = starts_of_runs<16>(masks.url_safe, next.url_safe);
    const uint64_t standard_edges = standard & ~(standard << 1 | last_standard_);
    const uint64_t url_safe_edges = url_safe & ~(url_safe << 1 | last_url_safe_);
    last_standard_ = standard >> 63;
    last_url_safe_ = url_safe >> 63;
    // Of the letter of an escape the next byte counts.
    const uint64_t may_start = ~masks.no_start | masks.introducer << 1 | last_introducer_;
    last_introducer_ = masks.introducer >> 63;
    for (uint64_t edges = (standard_edges | url_safe_edges) & may_start; edges != 0; edges &= edges - 1) {
      const uint64_t edge = edges & -edges, begin = at + first_bit(edges);
      const char* symbols = text_.data() + begin + (is_escaped_letter(text_, begin) ? 1 : 0);
      if (!may_begin_well(read_three<Alphabet::base64>(symbols))) continue;
      if ((standard_edges & edge) != 0) try_piece<Alphabet::standard>(begin);
      if ((url_safe_edges & edge) != 0) try_piece<Alphabet::url_safe>(begin);
    }
  }

  void look_for_hex(uint64_t at, const ByteMasks& masks, const ByteMasks& next) {
    // Of 32 bytes that begin here, four are the last ones of eight: these alone refuse nearly every block.
    const uint64_t pairs = masks.hex & (masks.hex >> 8 | next.hex << 56), pairs_behind = next.hex & next.hex >> 8;
    if ((pairs & (pairs >> 16 | pairs_behind << 48) & 0x8080808080808080) == 0) {
      last_hex_ = 0;
      return;
    }
    const uint64_t hex = starts_of_runs<32>(masks.hex, next.hex);
    for (uint64_t edges = hex & ~(hex << 1 | last_hex_); edges != 0; edges &= edges - 1) try_piece<Alphabet::hex>(at + first_bit(edges));
    last_hex_ = hex >> 63;
  }

  // The run that begins with the piece at `begin`, if it is one. The piece has 16 bytes at least, or 32 of hex, or one less if
  // its first one is the letter of an escape.
  template <Alphabet alphabet>
  void try_piece(uint64_t begin) {
    constexpr bool kHex = alphabet == Alphabet::hex;
    if (!kHex && is_escaped_letter(text_, begin)) ++begin;
    const char* symbols = text_.data() + begin;
    if (!may_begin_well(read_three<alphabet>(symbols))) return;
    if (begin < pieces_from_[static_cast<size_t>(alphabet)] || begin > to_) return;
    uint64_t size = 0;
    while (size < kHeadSymbols && begin + size < text_.size() && is_in(alphabet, symbols[size])) ++size;
    if (size >= (kHex ? kShortestHex : kShortestBase64) && has_good_head<alphabet>(symbols, size)) add_chain(alphabet, begin);
  }

  // The run that begins with the piece at `begin`, unless that continues one.
  void add_chain(Alphabet alphabet, uint64_t begin) {
    Window last = *piece_at(text_, begin, alphabet);
    if (piece_before(text_, last, alphabet)) return;
    uint64_t digits = last.end - last.begin;
    while (const auto behind = piece_behind(text_, last, alphabet)) {
      last = *behind;
      digits += last.end - last.begin;
    }
    note_read(last.end);
    if (alphabet == Alphabet::hex) {
      if (digits % 2 == 0) add_run({Encoding::hex, begin, last.end});
      return;
    }
    for (unsigned pads = 0; pads < 2 && last.end < text_.size() && text_[last.end] == '='; ++pads) ++last.end;
    add_run({Encoding::base64, begin, last.end});
  }

  // The list whose first item is at `begin`, if there is one.
  void try_list(uint64_t begin) {
    if (begin < list_from_ || begin > to_) return;
    uint64_t end = item_end(text_, begin);
    if (end == begin) return;
    std::string head;
    uint64_t items = 0;
    for (std::optional<uint64_t> item = begin; item; item = item_behind(text_, end)) {
      end = item_end(text_, *item);
      if (++items > 12) continue;
      uint32_t value = 0;
      for (uint64_t i = *item + 2; i < end; ++i) value = value << 4 | symbol_value(Alphabet::hex, text_[i]);
      head += static_cast<char>(value);
    }
    list_from_ = end;
    note_read(end);
    if (items >= kFewestItems && may_hold_text(head)) add_run({Encoding::hex, begin, end});
  }

  // Joints end at a quote behind nothing but filler behind a quote: adding a bit at the start of a stretch of filler carries
  // it to the byte behind, over the ends of blocks too.
  void look_for_joints(uint64_t at, const ByteMasks& masks) {
    const uint64_t starts = ((masks.quote << 1 | last_quote_) & masks.filler) | carry_;
    uint64_t sum = 0;
    carry_ = __builtin_add_overflow(masks.filler, starts, &sum) ? 1 : 0;
    last_quote_ = masks.quote >> 63;
    for (uint64_t ends = sum & ~masks.filler & masks.quote; ends != 0; ends &= ends - 1) {
      const uint64_t end = at + first_bit(ends);
      if (end + 1 == text_.size() || !may_join(text_[end + 1])) continue;  // most joints part no word
      uint64_t begin = end - 1;
      while (end - begin <= kLongestFiller && text_[begin] != '"' && text_[begin] != '\'' && text_[begin] != '`') --begin;
      add_escape(Encoding::concatenation, begin);
    }
  }

  void add_escape(Encoding encoding, uint64_t at) {
    if (at < escapes_from_[static_cast<size_t>(encoding)]) return;
    const Escape escape = escape_at(encoding, text_, at);
    if (!escape.telling) return;
    Chain& chain = chains_[static_cast<size_t>(encoding)];
    if (chain.escapes != 0 && (at > chain.end + kGap || has_stop(text_.substr(chain.end, at - chain.end)))) close(encoding);
    if (chain.escapes == 0) {
      if (at > limit_) return;
      chain.begin = at;
    }
    chain.end = at + escape.size;
    chain.escapes += escape.sure ? fewest_escapes(encoding) : 1;
  }

  void close(Encoding encoding) {
    Chain& chain = chains_[static_cast<size_t>(encoding)];
    if (chain.escapes >= fewest_escapes(encoding)) add_run({encoding, left_edge(text_, chain.begin), right_edge(text_, chain.end)});
    chain.escapes = 0;
  }

  void note_read(uint64_t end) { read_to_ = std::max(read_to_, end); }

  void add_run(const EncodedRun& run) {
    if (run.begin <= to_ && run.end >= from_) out_.push_back(run);
  }

  Bytes text_;
  uint64_t from_, to_, limit_ = 0;
  uint64_t read_to_;  // at least to_
  std::vector<EncodedRun>& out_;
  std::array<ByteMasks, kChunk + 1> masks_;
  std::array<Chain, kEncodings> chains_;
  std::array<uint64_t, kEncodings> escapes_from_{};
  std::array<uint64_t, 3> pieces_from_{};
  uint64_t list_from_ = 0;
  // What a block hands on to the next: its last bits, and a carry.
  uint64_t last_standard_ = 0, last_url_safe_ = 0, last_introducer_ = 0, last_hex_ = 0, last_digit_ = 0, last_quote_ = 0, carry_ = 0;
};

}  // namespace

std::string_view name_of(Encoding encoding) {
  switch (encoding) {
    case Encoding::base64: return "base64";
    case Encoding::hex: return "hex";
    case Encoding::percent: return "percent";
    case Encoding::unicode_escape: return "unicode-escape";
    case Encoding::html_entity: return "html-entity";
    case Encoding::quoted_printable: return "quoted-printable";
    case Encoding::string_escape: return "string-escape";
    case Encoding::concatenation: return "concatenation";
  }
  return "";
}

unsigned fewest_escapes(Encoding encoding) {
  switch (encoding) {
    case Encoding::quoted_printable: case Encoding::string_escape: return 2;
    default: return 1;
  }
}

bool is_compressed(Bytes head) {
  using namespace std::string_view_literals;
  static constexpr Bytes kMagic[] = {"\x1F\x8B\x08"sv, "PK\x03\x04"sv, "BZh"sv, "\xFD\x37zXZ\0"sv, "\x28\xB5\x2F\xFD"sv, "7z\xBC\xAF\x27\x1C"sv};
  for (const Bytes magic : kMagic)
    if (head.starts_with(magic)) return true;
  if (head.size() < 2 || head[0] != '\x78') return false;
  const auto flags = static_cast<unsigned char>(head[1]);  // zlib: the usual window, no dictionary, and a sum that fits
  return (flags & 0x20) == 0 && (0x7800 + flags) % 31 == 0;
}

bool may_hold_text(Bytes head) {
  if (is_compressed(head) || is_utf16(head)) return true;
  const auto ascii = std::count_if(head.begin(), head.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
  return static_cast<size_t>(ascii) * 2 >= head.size() && count_text(head) == head.size();
}

uint64_t find_encoded_runs(Bytes text, uint64_t from, uint64_t to, std::vector<EncodedRun>& out) {
  if (text.empty()) return 0;
  const size_t earlier = out.size();
  const uint64_t beyond = Finder(text, std::min<uint64_t>(from, text.size()), std::min<uint64_t>(to, text.size()), out).find();
  const auto begin = out.begin() + static_cast<ptrdiff_t>(earlier);
  std::sort(begin, out.end());
  out.erase(std::unique(begin, out.end()), out.end());
  return beyond;
}

}  // namespace sealwarden
