// SPDX-License-Identifier: Apache-2.0
#include "scanner/base/ledger.h"

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "scanner/base/parallel.h"
#include "tests/support/catch.h"

using namespace sealwarden;

namespace {

constexpr Skip kLast = Skip::special_file;

bool same(const std::vector<Ledger::Row>& a, const std::vector<Ledger::Row>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const auto& x, const auto& y) {
    return x.reason == y.reason && x.loss == y.loss && x.count == y.count && x.examples == y.examples;
  });
}

}  // namespace

TEST_CASE("an empty ledger is complete") {
  const Ledger ledger;
  CHECK(ledger.complete());
  CHECK(ledger.rows().empty());
  CHECK(ledger.scanned_blobs() == 0);
}

TEST_CASE("rows are sorted, counts are whole, examples are the smallest few") {
  Ledger ledger;
  for (int i = 30; i > 0; --i)
    ledger.skip(Skip::limit, "file " + std::to_string(100 + i));
  ledger.skip(Skip::corrupt_pack, "b");
  ledger.skip(Skip::corrupt_pack, "a");
  ledger.scanned(2, 10);
  ledger.scanned(3, 20);
  const auto rows = ledger.rows();
  REQUIRE(rows.size() == 2);
  CHECK(rows[0].reason == Skip::corrupt_pack);
  CHECK(rows[0].examples == std::vector<std::string>{"a", "b"});
  CHECK(rows[1].count == 30);
  CHECK(rows[1].examples.size() == Ledger::kExamples);
  CHECK(rows[1].examples.front() == "file 101");
  CHECK(rows[1].examples.back() == "file 110");
  CHECK(ledger.scanned_blobs() == 5);
  CHECK(ledger.scanned_bytes() == 30);
}

TEST_CASE("the content does not depend on the order of calls") {
  std::vector<std::string> examples;
  for (int i = 0; i < 500; ++i)
    examples.push_back("e" + std::to_string(i % 37));
  Ledger in_order;
  for (const auto& example : examples)
    in_order.skip(Skip::missing_object, example);
  std::shuffle(examples.begin(), examples.end(), std::mt19937(3));
  Ledger parallel;
  const size_t before = thread_count();
  set_thread_count(8);
  parallel_ranges(examples.size(), 1, [&](size_t first, size_t last, size_t) {
    for (size_t i = first; i < last; ++i)
      parallel.skip(Skip::missing_object, examples[i]);
  });
  set_thread_count(before);
  CHECK(same(in_order.rows(), parallel.rows()));
}

TEST_CASE("a loss makes the scan incomplete, and strict knows more losses") {
  for (size_t i = 0; i <= static_cast<size_t>(kLast); ++i) {
    const auto reason = static_cast<Skip>(i);
    Ledger lenient, strict(true);
    lenient.skip(reason, "x");
    strict.skip(reason, "x");
    CAPTURE(std::string(name_of(reason)));
    CHECK(lenient.complete() == !is_loss(reason));
    CHECK(strict.complete() == !strict_is_loss(reason));
    CHECK((!is_loss(reason) || strict_is_loss(reason)));
    CHECK(strict.rows()[0].loss == strict_is_loss(reason));
  }
  CHECK(is_loss(Skip::interrupted));
  CHECK_FALSE(is_loss(Skip::submodule));
  CHECK(strict_is_loss(Skip::lfs_pointer));
  CHECK_FALSE(strict_is_loss(Skip::symlink_not_followed));
}
