// SPDX-License-Identifier: Apache-2.0
#include "scanner/base/parallel.h"

#include <atomic>
#include <stdexcept>
#include <vector>

#include "scanner/base/stop.h"
#include "tests/support/catch.h"

using namespace sealwarden;

namespace {

class Threads {
 public:
  explicit Threads(size_t count) : before_(thread_count()) { set_thread_count(count); }
  Threads(const Threads&) = delete;
  Threads& operator=(const Threads&) = delete;
  ~Threads() { set_thread_count(before_); }

 private:
  size_t before_;
};

// How often each item was met; a slot met by two calls at once, or out of range, spoils the result.
std::vector<int> visits(size_t count, size_t grain) {
  std::vector<int> seen(count, 0);
  std::vector<std::atomic<int>> busy(thread_count());
  std::atomic<bool> wrong{false};
  parallel_ranges(count, grain, [&](size_t first, size_t last, size_t worker) {
    if (worker >= busy.size() || busy[worker].fetch_add(1) != 0 || first >= last || last > count)
      wrong = true;
    for (size_t i = first; i < last; ++i)
      ++seen[i];
    busy[worker].fetch_sub(1);
  });
  CHECK_FALSE(wrong);
  return seen;
}

}  // namespace

TEST_CASE("ranges cover each item once, with any number of threads") {
  for (const size_t threads : {1, 2, 8}) {
    const Threads set(threads);
    CHECK(thread_count() == threads);
    for (const size_t count : {0, 1, 7, 1000, 4097})
      for (const size_t grain : {0, 1, 3, 64, 10'000}) {
        CAPTURE(threads, count, grain);
        CHECK(visits(count, grain) == std::vector<int>(count, 1));
      }
  }
}

TEST_CASE("loops may be nested") {
  const Threads set(8);
  std::atomic<int> sum{0};
  parallel_ranges(20, 1, [&](size_t, size_t, size_t) {
    parallel_ranges(20, 1, [&](size_t first, size_t last, size_t) { sum += static_cast<int>(last - first); });
  });
  CHECK(sum == 400);
}

TEST_CASE("an exception ends the loop and comes out") {
  for (const size_t threads : {1, 8}) {
    const Threads set(threads);
    std::atomic<size_t> done{0};
    const auto run = [&] {
      parallel_ranges(10'000'000, 1, [&](size_t first, size_t, size_t) {
        if (first == 5) throw std::runtime_error("enough");
        ++done;
      });
    };
    CHECK_THROWS_AS(run(), std::runtime_error);
    CHECK(done < 10'000'000 - 1);
  }
}

TEST_CASE("no more ranges are handed out once a stop was asked for") {
  const Threads set(8);
  std::atomic<size_t> done{0};
  const auto stop_at_once = [&](size_t, size_t, size_t) {
    ++done;
    stop_requested = true;
  };
  parallel_ranges_until_stopped(1'000'000, 1, stop_at_once);
  CHECK(done <= 8);
  // Where half the work would be a wrong result, it goes on.
  done = 0;
  parallel_ranges(1'000, 1, stop_at_once);
  stop_requested = false;
  CHECK(done == 1'000);
}
