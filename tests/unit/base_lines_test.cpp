// SPDX-License-Identifier: Apache-2.0
#include "scanner/base/lines.h"

#include <algorithm>
#include <random>
#include <string>

#include "tests/support/catch.h"

using namespace sealwarden;

TEST_CASE("lines end at LF, columns count from 1, ends are exclusive") {
  Lines lines("ab\ncd\r\nef");
  CHECK(lines.region(0, 2) == Region{0, 2, 1, 1, 1, 3, 1, 3});
  CHECK(lines.region(3, 5) == Region{3, 5, 2, 1, 2, 3, 1, 3});
  CHECK(lines.region(5, 7) == Region{5, 7, 2, 3, 3, 1, 3, 1});  // CR is a column, LF ends the line
  CHECK(lines.region(7, 9) == Region{7, 9, 3, 1, 3, 3, 1, 3});  // no LF at the end
}

TEST_CASE("a region may lie at the very end and may be empty") {
  CHECK(Lines("").region(0, 0) == Region{});
  CHECK(Lines("a\n").region(2, 2) == Region{2, 2, 2, 1, 2, 1, 1, 1});
  CHECK(Lines("a").region(1, 1) == Region{1, 1, 1, 2, 1, 2, 2, 2});
}

TEST_CASE("UTF-16 columns count code units, bytes that are no UTF-8 one each") {
  const std::string text = "\xC3\xA9\xE2\x82\xAC\xF0\x9F\x94\x91\xFFx";  // 2, 3, 4 bytes, a stray byte, x
  const Region region = Lines(text).region(10, 11);
  CHECK(region.start_column == 11);
  CHECK(region.start_column_utf16 == 6);  // 1 + 1 + 2 + 1, from 1
  CHECK(region.end_column_utf16 == 7);
}

TEST_CASE("lines are found by offset") {
  Lines lines("a\nbb\n");
  for (int round = 0; round < 2; ++round) {  // also backwards
    CHECK(lines.line_start(0) == 0);
    CHECK(lines.line_start(1) == 0);
    CHECK(lines.next_line(1) == 2);
    CHECK(lines.line_start(4) == 2);
    CHECK(lines.next_line(2) == 5);
    CHECK(lines.line_start(5) == 5);
    CHECK(lines.next_line(5) == 5);
  }
}

TEST_CASE("lines of long texts are counted as one would") {
  std::mt19937 random(3);
  std::string text;
  while (text.size() < 20'000) text += random() % 9 == 0 ? '\n' : 'x';
  Lines lines(text);
  for (uint64_t offset = 0; offset <= text.size(); offset += random() % 700) {
    CAPTURE(offset);
    REQUIRE(lines.region(offset, offset).start_line == 1 + std::count(text.begin(), text.begin() + static_cast<ptrdiff_t>(offset), '\n'));
  }
}

namespace {

std::string random_text(std::mt19937& random) {
  static const std::string kPieces[] = {"a",    "\n",  "\r\n", "\xC3\xA9", "\xE2\x82\xAC", "\xF0\x9F\x94\x91",
                                        "\xFF", "\xE2"};
  std::string text;
  for (size_t count = random() % 30; count > 0; --count)
    text += kPieces[random() % 8];
  return text;
}

}  // namespace

TEST_CASE("a region does not depend on what was asked before") {
  const unsigned seed = 7;
  std::mt19937 random(seed);
  for (int i = 0; i < 4'000; ++i) {
    const std::string text = random_text(random);
    Lines asked_often(text);
    for (int k = 0; k < 6; ++k) {
      const uint64_t start = random() % (text.size() + 1);
      const uint64_t end = start + random() % (text.size() - start + 1);
      CAPTURE(seed, i, start, end);
      REQUIRE(asked_often.region(start, end) == Lines(text).region(start, end));
    }
  }
}
