// SPDX-License-Identifier: Apache-2.0
#include "scanner/policy/kept_lines.h"

#include <algorithm>
#include <random>

#include "tests/support/catch.h"

using namespace sealwarden;

namespace {

// The lines that are kept, one behind the other; "no" if that was not looked for.
std::string kept(const std::string& before, const std::string& after) {
  const auto lines = find_kept_lines(before, after);
  if (!lines) return "no";
  std::string out;
  size_t old_end = 0, new_end = 0;
  for (const KeptLines& one : *lines) {
    CHECK((one.size > 0 && one.before >= old_end && one.after >= new_end));
    CHECK(before.substr(one.before, one.size) == after.substr(one.after, one.size));
    CHECK((one.before == 0 || before[one.before - 1] == '\n'));
    CHECK((one.after == 0 || after[one.after - 1] == '\n'));
    old_end = one.before + one.size;
    new_end = one.after + one.size;
    out += before.substr(one.before, one.size);
  }
  return out;
}

// How many lines the longest common sequence has: the slow twin.
size_t longest(const std::vector<std::string>& a, const std::vector<std::string>& b) {
  std::vector<std::vector<size_t>> best(a.size() + 1, std::vector<size_t>(b.size() + 1));
  for (size_t i = 0; i < a.size(); ++i)
    for (size_t j = 0; j < b.size(); ++j) best[i + 1][j + 1] = a[i] == b[j] ? best[i][j] + 1 : std::max(best[i][j + 1], best[i + 1][j]);
  return best[a.size()][b.size()];
}

std::string joined(const std::vector<std::string>& lines) {
  std::string out;
  for (const std::string& line : lines) out += line + "\n";
  return out;
}

}  // namespace

TEST_CASE("lines that two versions have in common", "[kept]") {
  CHECK(kept("", "").empty());
  CHECK(kept("a\n", "").empty());
  CHECK(kept("", "a\n").empty());
  CHECK(kept("a\nb\n", "a\nb\n") == "a\nb\n");
  CHECK(kept("a\nb\nc\n", "a\nx\nc\n") == "a\nc\n");
  CHECK(kept("a\nb\nc\n", "c\nb\na\n").size() == 2);
  CHECK(kept("a\nb", "a\nb\nc") == "a\n");  // "b" and "b\n" are not the same
  CHECK(kept("a\nb", "x\nb") == "b");
  CHECK(kept("ab\n", "aab\n").empty());
}

TEST_CASE("as many lines as can be are kept", "[kept]") {
  std::mt19937 random(5);
  for (int i = 0; i < 2000; ++i) {
    std::vector<std::string> before, after;
    for (size_t n = random() % 12; n > 0; --n) before.push_back(std::string(1, static_cast<char>('a' + random() % 4)));
    for (size_t n = random() % 12; n > 0; --n) after.push_back(std::string(1, static_cast<char>('a' + random() % 4)));
    INFO(joined(before) << "--\n" << joined(after));
    CHECK(kept(joined(before), joined(after)).size() == 2 * longest(before, after));
  }
}

TEST_CASE("too many changes are not looked for", "[kept]") {
  std::string before, after;
  for (int i = 0; i < 3000; ++i) {
    before += "old " + std::to_string(i) + "\n";
    after += "new " + std::to_string(i) + "\n";
  }
  CHECK(kept(before, after) == "no");
  CHECK(kept(before, before + after.substr(0, 2000)) == before);
}
