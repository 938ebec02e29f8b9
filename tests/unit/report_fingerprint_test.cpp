// SPDX-License-Identifier: Apache-2.0
#include "report/fingerprint.h"

#include <set>
#include <string>
#include <vector>

#include "report/baseline.h"
#include "scanner/base/digest.h"
#include "scanner/base/parallel.h"
#include "tests/support/catch.h"
#include "tests/support/sample_report.h"

using namespace sealwarden;

namespace {

std::string field(const std::string& text) {
  std::string length(8, '\0');
  length[0] = static_cast<char>(text.size());
  return length + text;
}

std::string prefixed(const std::string& bytes) { return "sealwarden/v1:" + hex(sha256(bytes), 32); }

}  // namespace

// Written out once more: a change here breaks every baseline there is.
TEST_CASE("version 1 of the fingerprint is what it always was") {
  const std::string strong = sample::token("ghp_", 40, 1);
  CHECK(fingerprint("r", "a/b", Secret(strong)) ==
        prefixed(field("r") + "p" + field("a/b") + field("=" + strong)));
  CHECK(secret_id("r", Secret(strong)) == prefixed(field("r") + "-" + field("=" + strong)));
  const Sha256 slow = slow_hash("1234", "sealwarden/v1");
  const std::string weak = "~" + std::string(slow.begin(), slow.end());
  CHECK(fingerprint("r", "a", Secret("1234")) == prefixed(field("r") + "p" + field("a") + field(weak)));
  CHECK(secret_id("CFG-FILE-008", Secret()) == prefixed(field("CFG-FILE-008") + "-" + field("=")));
}

TEST_CASE("fingerprints differ where rule, path or secret do") {
  const Secret one("one"), two("two");
  const std::set<std::string> all = {
      fingerprint("r", "a", one), fingerprint("s", "a", one), fingerprint("r", "b", one),
      fingerprint("r", "a", two), fingerprint("r", "", one),  fingerprint("r", std::nullopt, one),
      fingerprint("ra", "", one), fingerprint("", "ra", one), fingerprint("r", "a", Secret()),
  };
  CHECK(all.size() == 9);
  CHECK(fingerprint("r", std::nullopt, one) == secret_id("r", one));
  for (const std::string& each : all)
    CHECK(is_fingerprint(each));
}

TEST_CASE("strength is length times bits of the narrowest alphabet") {
  const struct {
    const char* value;
    double least, most;
  } cases[] = {
      {"", 0, 0},           {"1234", 13.2, 13.4}, {"deadbeef", 32, 32}, {"DEADBEEF", 32, 32},
      {"abcxyz", 28, 29},   {"Abcxyz", 34, 35},   {"abc123", 24, 24},   {"xyz123", 31, 32},
      {"Xyz123", 35, 36},   {"Xy/+12", 36, 36},   {"Xy_-12", 36, 36},   {"a b", 19, 20},
      {"\xFF\xFE", 16, 16},
  };
  for (const auto& each : cases) {
    CAPTURE(each.value);
    CHECK(estimate_strength(each.value) >= each.least);
    CHECK(estimate_strength(each.value) <= each.most);
  }
}

TEST_CASE("threads may take fingerprints of the same weak values at once") {
  std::vector<std::string> made(400);
  const size_t before = thread_count();
  set_thread_count(8);
  parallel_ranges(made.size(), 1, [&](size_t first, size_t last, size_t) {
    for (size_t i = first; i < last; ++i)
      made[i] = secret_id("r", Secret("weak" + std::to_string(i % 5)));
  });
  set_thread_count(before);
  for (size_t i = 0; i < made.size(); ++i)
    CHECK(made[i] == secret_id("r", Secret("weak" + std::to_string(i % 5))));
}
