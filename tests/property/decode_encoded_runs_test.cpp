// SPDX-License-Identifier: Apache-2.0
// Runs of encoded text: the fast finder against the definition, over whole texts, over ranges of them, and over texts that
// share a stretch; texts are made of what is nasty for one encoding or another.
#include <random>

#include "scanner/decode/byte_masks.h"
#include "scanner/decode/decoded_run.h"
#include "tests/support/catch.h"
#include "tests/support/encoded_text.h"

namespace {

using namespace sealwarden;

struct Maker {
  std::mt19937& random;
  unsigned kind;

  size_t pick(size_t below) { return random() % below; }

  std::string some(std::string_view letters, size_t most) {
    std::string made(pick(most + 1), ' ');
    for (char& c : made) c = letters[pick(letters.size())];
    return made;
  }

  std::string words(size_t most) {
    std::string made;
    while (made.size() < most) made += some("abcdefghijklmnop", 9) + " ";
    return made.substr(0, most);
  }

  std::string base64() {
    static constexpr size_t kWidths[] = {0, 0, 32, 40, 64, 76, 128, 129, 31};
    static constexpr std::string_view kWraps[] = {"\n", "\r\n", "\n    ", "\\n", "\\\n", "\\n\\\n  ", "\\r\\n", "\\n\n", " ", "\n\n"};
    return encoded_text::to_base64(words(10 + pick(200)), pick(2) == 0 ? encoded_text::kStandard : encoded_text::kUrlSafe, pick(2) == 0,
                                   kWidths[pick(std::size(kWidths))], kWraps[pick(std::size(kWraps))]);
  }

  std::string piece() {
    switch (kind) {
      case 0: return pick(3) == 0 ? base64() : pick(2) == 0 ? some("Iabcn/+-_=r\\", 40) : some("\n\r \\n\"=:", 5);
      case 1: return pick(3) == 0 ? encoded_text::to_hex(words(14 + pick(40)), "", pick(4) == 0 ? "\n" : "") : some("0x46a1 ,n", 40);
      case 2: return pick(2) == 0 ? encoded_text::to_hex(words(pick(24)), "0x", pick(4) == 0 ? ",\n  " : ", ") : some("0xA1 ,\nq", 12);
      case 3: return pick(4) == 0 ? some("ab.-=/", 300) : some("%4153 &amp;#x;lt\\u{0}U'\"/ntr=\n", 30);
      case 4: return pick(6) == 0 ? some("\\", 20) : pick(2) == 0 ? std::string("\\u0041\\x42") : some("\\u0041x\\{}n\"'/ \n", 16);
      case 5: return pick(3) == 0 ? some(" +.&~|\\\n", pick(2) == 0 ? 4 : 140) : some("\"'`ab=+. \\n", 12);
      case 6: if (pick(6) == 0) return "\n" + std::string(70 + pick(10), 'k') + (pick(2) == 0 ? "=\nab" : "=\r\nab");
              return pick(3) == 0 ? std::string("=3D=\n") : pick(2) == 0 ? some("ab cde", 60) : some("=4D1\r\n a", 20);
      default: return pick(5) == 0 ? base64() : pick(5) == 0 ? std::string(1, static_cast<char>(pick(256))) : some("%41&lt;\\x41\"=3D + n0x,", 20);
    }
  }

  std::string text(size_t size) {
    std::string made;
    while (made.size() < size) made += pick(60) == 0 ? some("abc ", 300) : piece();
    return made;
  }
};

std::vector<EncodedRun> find(Bytes text, uint64_t from, uint64_t to) {
  std::vector<EncodedRun> runs;
  find_encoded_runs(text, from, to, runs);
  return runs;
}

std::string show(const std::vector<EncodedRun>& runs) {
  std::string out;
  for (const EncodedRun& run : runs)
    out += std::string(name_of(run.encoding)) + " " + std::to_string(run.begin) + "-" + std::to_string(run.end) + "\n";
  return out;
}

}  // namespace

TEST_CASE("runs are those of the definition, in whole texts and in ranges", "[property]") {
  size_t found = 0;
  for (uint32_t seed = 0; seed < 2400; ++seed) {
    std::mt19937 random(seed);
    Maker maker{random, seed % 8};
    const std::string text = maker.text(random() % 3000);
    CAPTURE(seed, text);
    const std::vector<EncodedRun> expected = encoded_text::find_slowly(text);
    found += expected.size();
    REQUIRE(show(find(text, 0, text.size())) == show(expected));
    for (int range = 0; range < 12; ++range) {
      uint64_t from = random() % (text.size() + 1), to = random() % (text.size() + 1);
      if (from > to) std::swap(from, to);
      if (range < 4) to = std::min<uint64_t>(from + random() % 4, text.size());
      CAPTURE(from, to);
      std::vector<EncodedRun> touching;
      for (const EncodedRun& run : expected)
        if (run.begin <= to && run.end >= from) touching.push_back(run);
      REQUIRE(show(find(text, from, to)) == show(touching));
    }
  }
  CHECK(found > 20'000);
}

TEST_CASE("a run depends on its neighbourhood alone", "[property]") {
  // The same stretch in two texts: runs whose context lies in it are in both, and decode to the same.
  size_t shared = 0;
  for (uint32_t seed = 0; seed < 1200; ++seed) {
    std::mt19937 random(seed);
    Maker maker{random, seed % 8};
    const std::string stretch = maker.text(1500 + random() % 3000), head = maker.text(random() % 300);
    const std::string one = head + stretch + maker.text(random() % 300);
    const std::string other_head = maker.text(random() % 300), other = other_head + stretch + maker.text(random() % 300);
    CAPTURE(seed);
    const std::vector<EncodedRun> in_other = find(other, 0, other.size());
    for (const EncodedRun& run : find(one, 0, one.size())) {
      if (run.begin < head.size() + kRunContext || run.end + kRunContext > head.size() + stretch.size()) continue;
      const EncodedRun moved{run.encoding, run.begin - head.size() + other_head.size(), run.end - head.size() + other_head.size()};
      CAPTURE(run.begin, run.end, name_of(run.encoding));
      REQUIRE(std::find(in_other.begin(), in_other.end(), moved) != in_other.end());
      const auto decoded = decode(one, run), decoded_other = decode(other, moved);
      REQUIRE(decoded.has_value() == decoded_other.has_value());
      if (decoded) REQUIRE((decoded->text() == decoded_other->text()));
      ++shared;
    }
  }
  CHECK(shared > 2'000);
}

TEST_CASE("decoded bytes map to what encodes them", "[property]") {
  // What a range of the original decodes to on its own terms: ranges are in order, within the run, and grow with what is asked.
  for (uint32_t seed = 0; seed < 800; ++seed) {
    std::mt19937 random(seed);
    Maker maker{random, seed % 8};
    const std::string text = maker.text(4000);
    CAPTURE(seed);
    for (const EncodedRun& run : find(text, 0, text.size())) {
      const auto decoded = decode(text, run);
      if (!decoded) continue;
      const uint64_t size = decoded->text().size();
      REQUIRE(size <= run.end - run.begin);
      for (int i = 0; i < 8 && size > 0; ++i) {
        const uint64_t begin = random() % size, end = begin + 1 + random() % (size - begin);
        const Window range = decoded->original_range(begin, end);
        REQUIRE(run.begin <= range.begin);
        REQUIRE(range.begin < range.end);
        REQUIRE(range.end <= run.end);
        const Window first = decoded->original_range(begin, begin + 1), last = decoded->original_range(end - 1, end);
        REQUIRE(range == Window{first.begin, last.end});
        const std::string_view original = std::string_view(text).substr(first.begin, first.end - first.begin);
        if (original.size() == 1 && run.encoding != Encoding::base64 && run.encoding != Encoding::hex)
          REQUIRE(original[0] == decoded->text()[begin]);
      }
    }
  }
}

TEST_CASE("byte masks are the same with and without wide registers", "[property]") {
  std::mt19937 random(1);
  std::string bytes(64 * 50, ' ');
  for (char& c : bytes) c = static_cast<char>(random());
  for (int c = 0; c < 256; ++c) bytes[static_cast<size_t>(c)] = static_cast<char>(c);
  std::vector<ByteMasks> fast(50), slow(50);
  find_byte_masks(bytes.data(), 50, fast.data());
  find_byte_masks_portably(bytes.data(), 50, slow.data());
  const auto in = [](char c, std::string_view set) { return set.find(c) != std::string_view::npos; };
  for (size_t i = 0; i < bytes.size(); ++i) {
    for (const ByteMasks& made : {fast[i / 64], slow[i / 64]}) {
      const auto has = [&](uint64_t mask) { return (mask >> i % 64 & 1) != 0; };
      const char c = bytes[i];
      CAPTURE(i, static_cast<int>(c));
      REQUIRE(has(made.standard) == in(c, encoded_text::kStandard));
      REQUIRE(has(made.url_safe) == in(c, encoded_text::kUrlSafe));
      REQUIRE(has(made.hex) == in(c, encoded_text::kHexDigits));
      REQUIRE(has(made.digit) == in(c, "0123456789"));
      REQUIRE(has(made.x) == in(c, "xX"));
      REQUIRE(has(made.no_start) == in(c, "BEFGghijklmnopqrstuv"));
      REQUIRE(has(made.equals) == (c == '='));
      REQUIRE(has(made.percent) == (c == '%'));
      REQUIRE(has(made.introducer) == in(c, "&\\"));
      REQUIRE(has(made.quote) == in(c, "\"'`"));
      REQUIRE(has(made.filler) == in(c, " \t\n\r+.&~|\\"));
      REQUIRE(has(made.break_) == in(c, "\t\n\r"));
    }
  }
}
