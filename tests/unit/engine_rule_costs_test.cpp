// SPDX-License-Identifier: Apache-2.0
#include <chrono>
#include <thread>

#include "scanner/engine/blob_scanner.h"
#include "scanner/engine/rule_costs.h"
#include "tests/support/catch.h"
#include "tests/support/compile_rules.h"

namespace {

using namespace sealwarden;

// Rule 0: a prefilter anchor; rule 1: the regex is the anchor; rule 2 finds nothing.
constexpr const char* kRules = R"(
[[rule]]
id = "key"
title = "A key"
severity = "high"
regex = '''\bkey=([a-z]{4,8})'''
group = 1
stopwords = ["dummy"]
anchors = [{ regex = 'key=', before = 0, after = 8 }]
[[rule]]
id = "code"
title = "A code"
severity = "high"
regex = '''\bcode-[0-9]{6}\b'''
[[rule]]
id = "none"
title = "None"
severity = "high"
regex = '''\bnone-[0-9]{6}\b'''
)";

// "key=abcd" stands in it once more, as base64.
constexpr std::string_view kText =
    "key=abcd\nkey=dummyone\nkey=1234567890123456789\ncode-123456 xcode-123456\nbase64: eCBrZXk9YWJjZCB5IGFuZCBzb21lIG1vcmUgd29yZHM=\n";

uint64_t sum_of(const ScanCosts& costs) {
  uint64_t sum = costs.database_time + costs.encoded_time + costs.unpacking_time + costs.other_time + costs.measuring_time;
  for (const RuleCost& one : costs.rules) sum += one.nanoseconds;
  return sum;
}

}  // namespace

TEST_CASE("what is measured is what is scanned") {
  const auto rules = compile(kRules);
  BlobScanner::Worker plain(*rules), measured(*rules);
  ScanCosts costs;
  measured.set_costs(&costs);
  REQUIRE(costs.rules.size() == 3);
  const std::vector<Hit> hits = plain.scan(kText);
  const std::vector<Hit>& same = measured.scan(kText);
  REQUIRE(hits.size() == 3);
  REQUIRE(same.size() == 3);
  for (size_t i = 0; i < hits.size(); ++i) {
    CHECK(hits[i].rule == same[i].rule);
    CHECK(hits[i].region.start_byte == same[i].region.start_byte);
  }
  const RuleCost& key = costs.rules[0];
  CHECK(key.candidates == 4);  // one of them in the encoded run
  CHECK(key.counts.matches == 3);
  CHECK(key.counts.refused[static_cast<size_t>(Refusal::none)] == 2);
  CHECK(key.counts.refused[static_cast<size_t>(Refusal::stopword)] == 1);
  CHECK(costs.rules[1].candidates == 2);
  CHECK(costs.rules[1].counts.matches == 1);
  CHECK(costs.rules[2].candidates == 0);
  CHECK(costs.rules[2].clusters == 0);
  CHECK(costs.rules[2].nanoseconds == 0);
  CHECK(costs.encoded_runs >= 1);
  CHECK(costs.untold_candidates == 0);

  const ScanStats &stats = measured.stats(), &others = plain.stats();
  CHECK(stats.clusters == key.clusters + costs.rules[1].clusters);
  CHECK(stats.candidates == others.candidates);
  CHECK(stats.matches == others.matches);
  CHECK(stats.refused == others.refused);
}

TEST_CASE("each moment of a scan counts once") {
  const auto rules = compile(kRules);
  BlobScanner::Worker worker(*rules);
  ScanCosts costs;
  worker.set_costs(&costs);
  worker.scan(kText);
  CHECK(sum_of(costs) == costs.counted);
  const uint64_t before = costs.counted;
  worker.set_costs(nullptr);
  worker.scan(kText);
  CHECK(costs.counted == before);

  ScanCosts nested;
  nested.rules.resize(1);
  {
    const ScanCosts::Stage outer(&nested, &ScanCosts::other_time);
    {
      const ScanCosts::Stage inner(&nested, uint32_t{0});
      for (const uint64_t start = CpuClock().now(); CpuClock().now() - start < 20'000'000;) {}
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(100));  // no CPU time
  }
  CHECK(nested.rules[0].nanoseconds >= 20'000'000);
  CHECK(nested.other_time < 20'000'000);
  CHECK(sum_of(nested) == nested.counted);
}
