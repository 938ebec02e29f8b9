// SPDX-License-Identifier: Apache-2.0
#include "scanner/base/parallel_sort.h"

#include <cstdint>
#include <random>

#include "tests/support/catch.h"

using namespace sealwarden;

TEST_CASE("sorting on several threads gives what sorting on one gives") {
  const size_t before = thread_count();
  std::mt19937 random(5);
  for (const size_t threads : {1U, 2U, 3U, 5U, 8U}) {
    set_thread_count(threads);
    for (const size_t size : {0U, 1U, 20'000U, 70'001U, 150'000U}) {
      CAPTURE(threads, size);
      std::vector<uint32_t> items(size);
      for (uint32_t& item : items) item = static_cast<uint32_t>(random() % 50'000);
      std::vector<uint32_t> expected = items;
      std::sort(expected.begin(), expected.end(), std::greater<>());
      sort_in_parallel(items, std::greater<>());
      CHECK((items == expected));
    }
  }
  set_thread_count(before);
}
