// SPDX-License-Identifier: Apache-2.0
#include "scanner/app/diff_input.h"
#include "tests/support/catch.h"

using namespace sealwarden;

TEST_CASE("a diff gives the new side of its hunks, with lines and offsets") {
  const std::string diff =
      "diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -3,2 +5,3 @@ function\n kept\n-old\n+new\n+more\n"
      "\\ No newline at end of file\n"
      "diff --git a/y b/y\n--- a/y\n+++ /dev/null\n@@ -1 +0,0 @@\n-gone\n";
  const std::vector<DiffHunk> hunks = parse_diff(diff);
  REQUIRE(hunks.size() == 2);
  CHECK(hunks[0].path == "x");
  CHECK(hunks[0].text == "kept\nnew\nmore\n");
  CHECK(hunks[0].first_line == 5);
  CHECK(hunks[0].added == std::vector<bool>{false, true, true});
  REQUIRE(hunks[0].line_offsets.size() == 3);
  CHECK(diff.substr(hunks[0].line_offsets[1], 3) == "new");
  CHECK(hunks[1].path.empty());
  CHECK(hunks[1].text.empty());
}

TEST_CASE("lines of a hunk that look like headers are content") {
  const std::vector<DiffHunk> hunks = parse_diff("--- a\n+++ b\n@@ -1,2 +1,2 @@\n--- x\n+++ y\n same\n");
  REQUIRE(hunks.size() == 1);
  CHECK(hunks[0].text == "++ y\nsame\n");
}

TEST_CASE("any bytes are a diff") {
  CHECK(parse_diff("").empty());
  CHECK(parse_diff("@@ -1 +1").size() == 1);
  CHECK(parse_diff("@@ nonsense").empty());
  CHECK(parse_diff("@@ -99999999999999999999 +1 @@\n+x\n").empty());
  CHECK(parse_diff("@@ -1 +1,4 @@\n+x").size() == 1);
}
