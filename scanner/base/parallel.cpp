// SPDX-License-Identifier: Apache-2.0
#include "scanner/base/parallel.h"

#include <sched.h>
#include <tbb/global_control.h>
#include <tbb/parallel_for.h>
#include <tbb/task_arena.h>

#include <algorithm>
#include <atomic>
#include <memory>
#include <thread>

#include "scanner/base/stop.h"

namespace sealwarden {
namespace {

size_t threads = 0;

// Within a function, so that it is made after oneTBB's own statics and goes before them.
std::unique_ptr<tbb::global_control>& control() {
  static std::unique_ptr<tbb::global_control> value;
  return value;
}

// Those that this process may run on: a container or `taskset` may leave fewer than the machine has.
size_t usable_cores() {
  cpu_set_t set;
  CPU_ZERO(&set);
  const int count = ::sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : 0;
  return count > 0 ? static_cast<size_t>(count) : std::max<size_t>(1, std::thread::hardware_concurrency());
}

}  // namespace

void set_thread_count(size_t count) {
  threads = std::max<size_t>(1, count);
  // More threads than cores are allowed: the same input must give the same bytes at -j8 on two cores, and
  // tests say so.
  control() = std::make_unique<tbb::global_control>(tbb::global_control::max_allowed_parallelism, threads);
}

size_t thread_count() {
  if (threads == 0) threads = usable_cores();
  return threads;
}

namespace {

void run_ranges(size_t count, size_t grain, bool until_stopped,
                const std::function<void(size_t first, size_t last, size_t worker)>& body) {
  grain = std::max<size_t>(1, grain);
  const size_t workers = std::min(thread_count(), (count + grain - 1) / grain);
  std::atomic<size_t> next{0};
  // Each worker takes the next range when it is free: ranges stay in order, and a dear one holds up only its
  // own worker.
  const auto run = [&](size_t worker) {
    for (;;) {
      if (until_stopped && stop_requested.load(std::memory_order_relaxed)) return;
      const size_t first = next.fetch_add(grain, std::memory_order_relaxed);
      if (first >= count) return;
      try {
        body(first, std::min(count, first + grain), worker);
      } catch (...) {
        next = count;  // the other workers end too
        throw;
      }
    }
  };
  if (workers <= 1) {
    if (count > 0) run(0);
    return;
  }
  tbb::task_arena arena(static_cast<int>(workers));
  arena.execute([&] { tbb::parallel_for(size_t{0}, workers, size_t{1}, run, tbb::static_partitioner{}); });
}

}  // namespace

void parallel_ranges(size_t count, size_t grain,
                     const std::function<void(size_t first, size_t last, size_t worker)>& body) {
  run_ranges(count, grain, false, body);
}

void parallel_ranges_until_stopped(size_t count, size_t grain,
                                   const std::function<void(size_t first, size_t last, size_t worker)>& body) {
  run_ranges(count, grain, true, body);
}

}  // namespace sealwarden
