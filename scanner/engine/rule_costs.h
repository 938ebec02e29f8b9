// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "scanner/engine/verify.h"

namespace sealwarden {

// What one rule cost in the texts that were scanned, encoded and packed ones included.
struct RuleCost {
  uint64_t candidates = 0;   // hits of its anchors
  uint64_t clusters = 0;
  uint64_t nanoseconds = 0;  // of verification: its clusters searched, matches checked or judged
  VerifyCounts counts;       // its matches, and what refused them
  uint64_t unsure = 0;       // matches that no check refused, below RuleSet::least_confidence
};

// CPU time of the thread, read by a cheap clock wherever nothing can have come between: the system's own clock of CPU time
// costs as much as a small cluster.
class CpuClock {
 public:
  uint64_t now();  // nanoseconds since some start; never goes back

 private:
  uint64_t asked_at_ = 0;   // by the cheap clock: when the system was asked last
  uint64_t told_then_ = 0;  // CPU time that it told
  uint64_t last_ = 0;
};

// Where the time of a worker's scans goes; only measured for a worker that was given one. Each moment of CPU time counts once.
// One thread only.
struct ScanCosts {
  std::vector<RuleCost> rules;     // by index into the rule set
  uint64_t untold_candidates = 0;  // of a text with more candidates than are remembered, those beyond: their rules are unknown
  uint64_t encoded_runs = 0;       // that were found in the texts themselves, not in others
  // Nanoseconds.
  uint64_t database_time = 0;   // Hyperscan, and gathering what it reports
  uint64_t encoded_time = 0;    // finding and decoding runs, not the search of what they decode to
  uint64_t unpacking_time = 0;  // archives, documents, wide characters; not the search of what is in them
  uint64_t other_time = 0;      // positions, allow comments, remembering
  uint64_t measuring_time = 0;  // that a scan has not: counting, rules compiled at their first use
  uint64_t counted = 0;         // the sum of all of these and of the rules' own
  CpuClock clock;

  // Counts the time of its life, without that of stages inside it. Does nothing if `costs` is null.
  class Stage {
   public:
    Stage(ScanCosts* costs, uint64_t ScanCosts::*figure) : Stage(costs, costs == nullptr ? nullptr : &(costs->*figure)) {}
    Stage(ScanCosts* costs, uint32_t rule) : Stage(costs, costs == nullptr ? nullptr : &costs->rules[rule].nanoseconds) {}
    Stage(const Stage&) = delete;
    Stage& operator=(const Stage&) = delete;
    ~Stage() {
      if (costs_ != nullptr) end();
    }

   private:
    Stage(ScanCosts* costs, uint64_t* figure) : costs_(costs), figure_(figure) {
      if (costs_ != nullptr) begin();
    }
    void begin();
    void end();
    ScanCosts* costs_;
    uint64_t* figure_;
    uint64_t counted_before_ = 0, start_ = 0;
  };
};

}  // namespace sealwarden
