// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <mutex>
#include <string>

namespace sealwarden {

// One line on standard error that is written over, at most ten times a second; nothing if it is off. Thread-safe.
class Progress {
 public:
  Progress(bool on, std::string what);
  ~Progress();  // wipes the line
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void set_total(uint64_t items) { total_ = items; }
  // Call once per batch of items.
  void advance(uint64_t items, uint64_t bytes, uint64_t findings);

 private:
  void print(std::chrono::steady_clock::time_point now);
  const bool on_;
  const std::string what_;
  const std::chrono::steady_clock::time_point start_;
  uint64_t total_ = 0;
  std::atomic<uint64_t> items_{0}, bytes_{0}, findings_{0};
  std::mutex mutex_;
  std::chrono::steady_clock::time_point printed_{};
};

}  // namespace sealwarden
