// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

#include "scanner/base/parallel.h"

namespace sealwarden {

// Sorts as std::sort does, on at most thread_count() threads: stretches first, then two neighbours at a time are merged. `less`
// is called by several threads.
template <class Item, class Less>
void sort_in_parallel(std::vector<Item>& items, const Less& less) {
  constexpr size_t kWorthwhile = size_t{1} << 14;  // of fewer items no thread is started
  const size_t parts = std::clamp<size_t>(items.size() / kWorthwhile, 1, thread_count());
  const auto start_of = [&](size_t part) { return items.begin() + static_cast<ptrdiff_t>(items.size() * std::min(part, parts) / parts); };
  parallel_ranges(parts, 1, [&](size_t part, size_t, size_t) { std::sort(start_of(part), start_of(part + 1), less); });
  for (size_t width = 1; width < parts; width *= 2)
    parallel_ranges((parts + width - 1) / (2 * width), 1, [&](size_t pair, size_t, size_t) {
      const size_t first = pair * 2 * width;
      std::inplace_merge(start_of(first), start_of(first + width), start_of(first + 2 * width), less);
    });
}

}  // namespace sealwarden
