// SPDX-License-Identifier: Apache-2.0
#include "scanner/base/glob.h"

#include <string>

#include "tests/support/catch.h"

using sealwarden::GlobList;
using sealwarden::glob_matches;
using sealwarden::glob_matches_member;

namespace {

struct Case {
  const char* glob;
  const char* path;
  bool expected;
};

constexpr Case kCases[] = {
    {"*.pem", "a/b/key.pem", true},  // without '/' the last component alone
    {"key.pem", "a/key.pem", true},
    {"key.pem", "key.pem/x", false},
    {"/key.pem", "key.pem", true},  // from the root
    {"/key.pem", "a/key.pem", false},
    {"docs/*", "docs/a", true},  // a star stops at '/'
    {"docs/*", "docs/a/b", false},
    {"docs/**", "docs/a/b", true},
    {"docs/**", "docs", false},
    {"docs/**", "a/docs/x", false},
    {"**/docs/**", "docs/x", true},  // "**/" stands for no folder too
    {"**/docs/**", "a/b/docs/x/y", true},
    {"**/docs/**", "adocs/x", false},
    {"a/**/b", "a/b", true},
    {"a/**/b", "a/x/y/b", true},
    {"a/**/b", "a/xb", false},
    {"a**b/c", "axx/yyb/c", true},
    {"**", "", true},
    {"?.c", "a.c", true},
    {"?.c", ".c", false},
    {"a/?", "a//", false},
    {"[a-c]x", "bx", true},
    {"[a-c]x", "dx", false},
    {"[!a-c]x", "dx", true},
    {"[^a-c]x", "ax", false},
    {"[]]x", "]x", true},
    {"[]x", "[]x", true},        // no class: plain characters
    {"a/[!x]b", "a//b", false},  // a class never is '/'
    {"*.{yml,yaml}", "a.yaml", true},
    {"*.{yml,yaml}", "a.yamlx", false},
    {"{a,b}/{c,d}", "b/d", true},
    {"{a,b}/{c,d}", "b/e", false},
    {"{docs/**,*.md}", "x/y/read.md", true},  // each alternative is a glob of its own
    {"a{,b}", "a", true},
    {"a{b", "a{b", true},
    {"a\\{b,c\\}", "a{b,c}", true},  // quoted braces are plain
    {"a\\{b,c\\}", "a\\b", false},
    {"\\*", "*", true},
    {"\\*", "x", false},
    {"A", "a", false},
    {"", "", true},
    {"", "a", false},
    {"*", "\xFF\x80", true},
};

}  // namespace

TEST_CASE("globs match as their description says") {
  for (const Case& each : kCases) {
    CAPTURE(each.glob, each.path);
    CHECK(glob_matches(each.glob, each.path) == each.expected);
  }
}

TEST_CASE("a list of globs says what they say one by one") {
  for (const Case& each : kCases) {
    CAPTURE(each.glob, each.path);
    CHECK(GlobList({each.glob}).any_matches(each.path) == each.expected);
    CHECK(GlobList({"none/x", each.glob, "*.none"}).any_matches(each.path) == each.expected);
    CHECK(GlobList({each.glob}).any_matches_member(each.path, {}) == each.expected);
  }
  CHECK_FALSE(GlobList().any_matches("x"));
  const GlobList first = {"*.{a,b}"}, second = first;
  CHECK((second.any_matches("x.b") && first == second && first.size() == 1));
  CHECK(GlobList({"*.zip"}).any_matches_member("sub/s.zip!d/x", "d/x"));
}

TEST_CASE("a member of an archive is named by the archive, by all of its path, or by its own name") {
  const std::string whole = "sub/s.zip!d/other.txt", member = "d/other.txt";
  for (const char* glob : {"s.zip", "*.zip", "**/*.zip", "sub/**", "s.zip!**", "s.zip!d/*x", "**/s.zip!d/*", "other.txt", "*.txt", "**/other.txt", "**/d/*"}) {
    CAPTURE(glob);
    CHECK(glob_matches_member(glob, whole, member) == (std::string_view(glob) != "s.zip!d/*x"));  // a '/': from the root
  }
  for (const char* glob : {"sub", "d/*", "*.tar", "s.zip!*", "zip!**"}) {
    CAPTURE(glob);
    CHECK_FALSE(glob_matches_member(glob, whole, member));
  }
  CHECK_FALSE(glob_matches_member("a", "a!b", ""));  // a file of that name
  CHECK(glob_matches_member("*.txt", "!d/other.txt", member));
}

TEST_CASE("many alternatives are all tried") {
  CHECK(glob_matches("{a,b,c,d,e,f,g,h,i,j}/{a,b,c,d,e,f,g,h,i,j}/x", "j/j/x"));
}

TEST_CASE("a hostile glob is answered at once") {
  std::string glob;
  for (int i = 0; i < 40; ++i)
    glob += "*a";
  CHECK_FALSE(glob_matches(glob + "b", std::string(4000, 'a')));
  std::string braces;
  for (int i = 0; i < 60; ++i)
    braces += "{a,b}";
  CHECK_FALSE(glob_matches(braces, "x"));
}
