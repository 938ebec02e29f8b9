// SPDX-License-Identifier: Apache-2.0
#include "scanner/base/glob.h"

#include <random>
#include <string>
#include <string_view>

#include "tests/support/catch.h"

namespace {

// The slow twin: the description of a glob without braces, classes and quotes, as a recursion.
bool matches_slowly(std::string_view glob, std::string_view path, bool at_start) {
  if (glob.empty()) return path.empty();
  if (glob.starts_with("**")) {
    const bool whole = at_start && glob.substr(2).starts_with('/');
    if (whole && matches_slowly(glob.substr(3), path, true)) return true;
    if (!whole && matches_slowly(glob.substr(2), path, false)) return true;
    for (size_t i = 0; i < path.size(); ++i) {
      if (whole && path[i] == '/' && matches_slowly(glob.substr(3), path.substr(i + 1), true)) return true;
      if (!whole && matches_slowly(glob.substr(2), path.substr(i + 1), false)) return true;
    }
    return false;
  }
  if (glob[0] == '*' && matches_slowly(glob.substr(1), path, false)) return true;
  if (path.empty()) return false;
  if (glob[0] == '*') return path[0] != '/' && matches_slowly(glob, path.substr(1), false);
  if (glob[0] == '?') return path[0] != '/' && matches_slowly(glob.substr(1), path.substr(1), false);
  return glob[0] == path[0] && matches_slowly(glob.substr(1), path.substr(1), path[0] == '/');
}

std::string random_text(std::mt19937& random, std::string_view alphabet, size_t most) {
  std::string text;
  for (size_t length = random() % (most + 1); text.size() < length;)
    text += alphabet[random() % alphabet.size()];
  return text;
}

// "***" is read as "**"; the twin does not know it.
void erase_triple_stars(std::string& glob) {
  for (size_t at = 0; (at = glob.find("***")) != glob.npos;)
    glob.erase(at, 1);
}

}  // namespace

TEST_CASE("globs agree with their slow twin") {
  const unsigned seed = 20'261'121;
  std::mt19937 random(seed);
  for (int i = 0; i < 60'000; ++i) {
    std::string glob = "x/" + random_text(random, "ab/*?", 7);
    erase_triple_stars(glob);
    const std::string path = "x/" + random_text(random, "ab/", 7);
    CAPTURE(seed, i, glob, path);
    REQUIRE(sealwarden::glob_matches(glob, path) == matches_slowly(glob, path, true));
  }
}
