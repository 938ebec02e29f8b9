// SPDX-License-Identifier: Apache-2.0
#include "scanner/app/diff_input.h"
#include "tests/support/catch.h"

using namespace sealwarden;

TEST_CASE("a diff gives the new side of its hunks, with lines and offsets") {
  const std::string diff =
      "diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -3,2 +5,3 @@ function\n kept\n-old\n+new\n+more\n"
      "\\ No newline at end of file\n"
      "diff --git a/y b/y\ndeleted file mode 100644\n--- a/y\n+++ /dev/null\n@@ -1 +0,0 @@\n-gone\n";
  const Diff read = parse_diff(diff);
  CHECK(read.losses.empty());
  REQUIRE(read.files.size() == 2);
  CHECK(read.files[0].path == "x");
  CHECK_FALSE(read.files[0].new_name);
  REQUIRE(read.files[0].hunks.size() == 1);
  const DiffHunk& hunk = read.files[0].hunks[0];
  CHECK(hunk.text == "kept\nnew\nmore\n");
  CHECK(hunk.first_line == 5);
  CHECK(hunk.added == std::vector<bool>{false, true, true});
  REQUIRE(hunk.line_offsets.size() == 3);
  CHECK(diff.substr(hunk.line_offsets[1], 3) == "new");
  CHECK(read.files[1].path.empty());
  REQUIRE(read.files[1].hunks.size() == 1);
  CHECK(read.files[1].hunks[0].text.empty());
}

TEST_CASE("lines of a hunk that look like headers are content") {
  const Diff read = parse_diff("--- a\n+++ b\n@@ -1,2 +1,2 @@\n--- x\n+++ y\n same\n");
  REQUIRE(read.files.size() == 1);
  CHECK(read.files[0].hunks[0].text == "++ y\nsame\n");
  CHECK(read.losses.empty());
}

TEST_CASE("a merge's diff has a column for each parent") {
  const std::string diff =
      "diff --cc x\nindex 1,2..3\n--- a/x\n+++ b/x\n@@@ -1,3 -1,3 +1,4 @@@ f\n  same\n- ours\n -theirs\n++both\n+ first\n"
      " +second\n";
  const Diff read = parse_diff(diff);
  CHECK(read.losses.empty());
  REQUIRE(read.files.size() == 1);
  CHECK(read.files[0].path == "x");
  const DiffHunk& hunk = read.files[0].hunks[0];
  CHECK(hunk.text == "same\nboth\nfirst\nsecond\n");
  CHECK(hunk.added == std::vector<bool>{false, true, true, true});
  CHECK(diff.substr(hunk.line_offsets[2], 5) == "first");

  const Diff octopus = parse_diff("diff --combined x\n@@@@ -0,0 -0,0 -1 +1,2 @@@@\n++ old\n+++new\n");
  CHECK(octopus.losses.empty());
  CHECK(octopus.files[0].hunks[0].text == "old\nnew\n");
}

TEST_CASE("names that a diff brings are known") {
  const Diff read = parse_diff(
      "diff --git a/empty file b/empty file\nnew file mode 100644\nindex 0..e\n"
      "diff --git a/old b/dir/new\nsimilarity index 100%\nrename from old\nrename to dir/new\n"
      "diff --git a/from b/to\ncopy from from\ncopy to to\n--- a/from\n+++ b/to\n@@ -1 +1 @@\n-a\n+b\n"
      "diff --git \"a/t\\303\\244\\tb\" \"b/t\\303\\244\\tb\"\nnew file mode 120000\n--- /dev/null\n"
      "+++ \"b/t\\303\\244\\tb\"\n@@ -0,0 +1 @@\n+target\n\\ No newline at end of file\n"
      "diff --git a/changed b/changed\nindex 1..2 100644\n--- a/changed\n+++ b/changed\n@@ -1 +1 @@\n-a\n+b\n"
      "diff -ruN old/plain new/plain\n--- /dev/null\t1970-01-01\n+++ new/plain\t2024-01-01\n@@ -0,0 +1 @@\n+x\n");
  CHECK(read.losses.empty());
  REQUIRE(read.files.size() == 6);
  const auto says = [&](size_t i, const char* path, bool new_name, bool whole, bool symlink) {
    CHECK(read.files[i].path == path);
    CHECK(read.files[i].new_name == new_name);
    CHECK(read.files[i].whole == whole);
    CHECK(read.files[i].symlink == symlink);
  };
  says(0, "empty file", true, true, false);
  says(1, "dir/new", true, false, false);
  says(2, "to", true, false, false);
  says(3, "t\303\244\tb", true, false, true);
  says(4, "changed", false, false, false);
  says(5, "new/plain", true, true, false);
}

TEST_CASE("paths without git's prefixes stay whole") {
  const Diff read = parse_diff("diff --git b/x b/x\n--- b/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n");
  REQUIRE(read.files.size() == 1);
  CHECK(read.files[0].path == "b/x");
}

TEST_CASE("what cannot be read is a loss") {
  const auto loss = [](const std::string& diff) {
    const Diff read = parse_diff(diff);
    return read.losses.size() == 1 ? read.losses[0] : std::to_string(read.losses.size()) + " losses";
  };
  const std::string header = "diff --git a/x b/x\n", hunk = header + "--- a/x\n+++ b/x\n@@ -1,2 +1,2 @@\n";
  const std::string mismatch = "x: the hunk at line 4 does not match its header";
  CHECK(loss(header + "new file mode 100644\nBinary files /dev/null and b/x differ\n").starts_with("x: binary"));
  CHECK(loss("Binary files a/x and b/x differ\n").starts_with("x: binary"));
  CHECK(loss("diff --cc x\nindex 1,2..3\nBinary files differ\n").starts_with("x: binary"));
  CHECK(loss(header + "index 1..2\nGIT binary patch\nliteral 1\nIcmZ\n") == "x: a binary patch");
  CHECK(loss(header + "deleted file mode 100644\nGIT binary patch\nliteral 0\n") == "0 losses");
  CHECK(loss(header + "deleted file mode 100644\nBinary files a/x and /dev/null differ\n") == "0 losses");
  CHECK(loss(hunk + " a\n b\n+c\n") == mismatch);
  CHECK(loss(hunk + " a\n") == mismatch);
  CHECK(loss(hunk + "-a\n-b\n-c\n+d\n+e\n") == mismatch);
  CHECK(loss(hunk + " a\ndiff --git a/y b/y\n") == mismatch);
  CHECK(loss(hunk + " a\n b\n-- \n2.30\n") == "0 losses");
  CHECK(loss("\x1b[36m@@ -1 +1 @@\x1b[m\n") == "line 1 of the diff: a hunk that cannot be read");
  CHECK(loss("@@ -99999999999999999999 +1 @@\n+x\n") == "line 1 of the diff: a hunk that cannot be read");
}

TEST_CASE("a file whose content was not all read is not whole") {
  const Diff read = parse_diff("--- /dev/null\n+++ b/x\n@@ -0,0 +1,3 @@\n+a\n");
  REQUIRE(read.files.size() == 1);
  CHECK(read.files[0].new_name);
  CHECK_FALSE(read.files[0].whole);
}

TEST_CASE("any bytes are a diff") {
  CHECK(parse_diff("").files.empty());
  CHECK(parse_diff("@@ -1 +1").files.size() == 1);
  CHECK(parse_diff("@@ nonsense").files.empty());
  CHECK(parse_diff("@@ -1 +1,4 @@\n+x").files[0].hunks[0].text == "x\n");
  CHECK(parse_diff("@@@@@@@@").files.empty());
  CHECK(parse_diff("@@ -1 +1 @@\n\r\n").files[0].hunks[0].text == "\n");
  CHECK(parse_diff("diff --git\ndiff --git \nBinary files differ\nBinary files  and  differ\n+++ \"\\\"").files.empty());
}
