// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

namespace sealwarden {

// Work that busy workers hand to idle ones. A worker joins, does what it has, and while it does may give parts of it away
// when somebody waits; then it takes what others gave until there is no more. Thread-safe.
template <class Task>
class SharedTasks {
 public:
  // From now on the others wait for what this worker may give.
  void join() {
    const std::lock_guard lock(mutex_);
    ++busy_;
  }
  // For a worker that ends early, by an exception for instance.
  void leave() {
    const std::lock_guard lock(mutex_);
    --busy_;
    changed_.notify_all();
  }
  // For a worker that has nothing left to do: the next task, for which it may have to wait; nullopt when nobody is left who
  // could give one, and the worker has left.
  std::optional<Task> take() {
    std::unique_lock lock(mutex_);
    --busy_;
    ++waiting_;
    while (tasks_.empty() && busy_ > 0) changed_.wait(lock);
    --waiting_;
    if (tasks_.empty()) {
      changed_.notify_all();
      return std::nullopt;
    }
    ++busy_;
    std::optional<Task> task(std::move(tasks_.back()));
    tasks_.pop_back();
    return task;
  }
  void give(Task task) {
    const std::lock_guard lock(mutex_);
    tasks_.push_back(std::move(task));
    changed_.notify_one();
  }
  // Whether a worker waits. Cheap: ask it often.
  [[nodiscard]] bool somebody_waits() const { return waiting_.load(std::memory_order_relaxed) > 0; }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Task> tasks_;
  size_t busy_ = 0;
  std::atomic<size_t> waiting_{0};
};

}  // namespace sealwarden
