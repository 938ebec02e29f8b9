// SPDX-License-Identifier: Apache-2.0
#include "scanner/engine/rule_costs.h"

#include <time.h>

#include <algorithm>

namespace sealwarden {
namespace {

uint64_t read_clock(clockid_t clock) {
  timespec time{};
  ::clock_gettime(clock, &time);
  return static_cast<uint64_t>(time.tv_sec) * 1'000'000'000 + static_cast<uint64_t>(time.tv_nsec);
}

}  // namespace

// Whoever takes the core away keeps it for longer than this; so what the cheap clock adds is CPU time, within this much.
uint64_t CpuClock::now() {
  constexpr uint64_t kTrusted = 50'000;
  uint64_t at = read_clock(CLOCK_MONOTONIC);
  if (last_ == 0 || at - asked_at_ > kTrusted) {
    told_then_ = read_clock(CLOCK_THREAD_CPUTIME_ID);
    asked_at_ = at = read_clock(CLOCK_MONOTONIC);
  }
  last_ = std::max(last_, told_then_ + (at - asked_at_));
  return last_;
}

void ScanCosts::Stage::begin() {
  counted_before_ = costs_->counted;
  start_ = costs_->clock.now();
}

void ScanCosts::Stage::end() {
  const uint64_t whole = costs_->clock.now() - start_;
  *figure_ += whole - (costs_->counted - counted_before_);
  costs_->counted = counted_before_ + whole;
}

}  // namespace sealwarden
