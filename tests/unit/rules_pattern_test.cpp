// SPDX-License-Identifier: Apache-2.0
#include "rules/pattern.h"

#include "tests/support/catch.h"

using namespace sealwarden;

TEST_CASE("constructs that differ between parts and wholes or between the engines are refused") {
  struct Row {
    std::string regex, always, for_hyperscan;  // what the complaint says; empty: none
  };
  const std::vector<Row> rows = {
      {"abc[0-9]+", "", ""},
      {"^abc", "^ or $", "^ or $"},
      {"abc$", "^ or $", "^ or $"},
      {"(?m)^abc$", "", ""},
      {"(?m:^a)b$", "^ or $", "^ or $"},
      {"(?im)^a(?-m)$", "^ or $", "^ or $"},
      {"\\^\\$[$^]", "", ""},
      {"\\Q^$\\E", "", ""},
      {"\\Aabc", "\\A or \\z", "\\A or \\z"},
      {"abc\\z", "\\A or \\z", "\\A or \\z"},
      {"\\\\A", "", ""},
      {"a\\Cb", "\\C", "\\C"},
      {"\\bkey\\b", "", ""},
      {"\xc3\xa9", "", ""},
      {"(?i)\xc3\xa9", "beyond ASCII", "beyond ASCII"},
      {"(?i)a(?-i)\xc3\xa9", "", ""},
      {"[\xc3\xa9]", "beyond ASCII", "beyond ASCII"},
      {"[\\x80-\\xff]", "beyond ASCII", "beyond ASCII"},
      {"[\\x{e9}]", "beyond ASCII", "beyond ASCII"},
      {"[\\x00-\\x7f\\177]", "", ""},
      {"[\\200]", "beyond ASCII", "beyond ASCII"},
      {"\\xe9", "", ""},
      {"(?i)\\xe9", "beyond ASCII", "beyond ASCII"},
      {"[^\"']", "", ""},
      {"\\pL", "\\p", "\\p"},
      {"[\\p{Greek}]", "\\p", "\\p"},
      {"[a\\S]", "", "\\S inside"},
      {"a\\S\\s", "", ""},
      {"(?U)a+", "", "(?U)"},
      {"(?P<iUm>a)", "", ""},
      {"[]^$]a", "", ""},
      {"[[:alpha:]$]a", "", ""},
  };
  for (const Row& row : rows) {
    INFO(row.regex);
    for (const bool for_hyperscan : {false, true}) {
      const auto found = forbidden_constructs(row.regex, for_hyperscan);
      const std::string& expected = for_hyperscan ? row.for_hyperscan : row.always;
      CHECK(found.size() == (expected.empty() ? 0 : 1));
      if (!expected.empty() && !found.empty()) CHECK(found[0].find(expected) != std::string::npos);
    }
  }
}

TEST_CASE("blanks are rewritten for Hyperscan, nothing else is") {
  CHECK(hyperscan_form("a\\sb") == "a[\\t\\n\\f\\r\\x20]b");
  CHECK(hyperscan_form("[^\\s'\\]]") == "[^\\t\\n\\f\\r\\x20'\\]]");
  CHECK(hyperscan_form("\\S\\v[\\v]") == "[^\\t\\n\\f\\r\\x20]\\x0b[\\x0b]");
  for (const std::string same : {"(?i)\\bab[]x](?P<n>[[:digit:]]{2,3})|\\\\s\\Q\\s\\E", "[^]a]", ""})
    CHECK(hyperscan_form(same) == same);
}

TEST_CASE("outer word boundaries go, inner ones stay") {
  CHECK(without_outer_boundaries("\\b(ghp_[a-z]{3})\\b") == "(ghp_[a-z]{3})");
  CHECK(without_outer_boundaries("(?i)\\bkey\\b") == "(?i)key");
  CHECK(without_outer_boundaries("\\b\\bkey") == "key");
  CHECK(without_outer_boundaries("(\\bkey\\b)x") == "(\\bkey\\b)x");
  CHECK(without_outer_boundaries("a\\bb\\\\b") == "a\\bb\\\\b");
}

TEST_CASE("widths come from Hyperscan") {
  CHECK(pattern_width("abc[0-9]{2,5}")->least == 5);
  CHECK(pattern_width("abc[0-9]{2,5}")->most == 8);
  CHECK(pattern_width("\\babc\\b")->most == 3);
  CHECK(pattern_width("a+")->most == kUnbounded);
  CHECK(pattern_width("a*")->least == 0);
  CHECK_FALSE(pattern_width("(a"));
  CHECK(*count_groups("(a)(?:b)(?P<c>c)") == 2);
  CHECK_FALSE(count_groups("(a"));
}
