// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "rules/compiled_rules.h"
#include "scanner/base/bytes.h"
#include "scanner/engine/windows.h"

struct hs_scratch;

namespace sealwarden {

// Runs the databases over a blob and gathers clusters by rule: the only place that runs Hyperscan. One per worker.
class CandidateScan {
 public:
  explicit CandidateScan(const CompiledRules& rules);  // throws std::bad_alloc
  ~CandidateScan();
  CandidateScan(const CandidateScan&) = delete;
  CandidateScan& operator=(const CandidateScan&) = delete;

  // Scans all of `bytes`. touched() then lists the rules that have clusters, ascending, and clusters(rule) gives them;
  // both until the next run.
  void run(Bytes bytes);
  [[nodiscard]] const std::vector<uint32_t>& touched() const { return touched_; }
  [[nodiscard]] const std::vector<Window>& clusters(uint32_t rule) const { return by_rule_[rule].clusters(); }
  [[nodiscard]] uint64_t candidates() const { return candidates_; }  // of the last run
  // Whether there is any candidate at all; stops at the first.
  bool any(Bytes bytes);

  // Hyperscan takes 32-bit lengths; larger blobs go through in pieces that overlap by the widest anchor.
  static constexpr size_t kPiece = size_t{1} << 30;
  // Smaller pieces, to test the seams.
  void set_piece_for_test(size_t piece) { piece_ = piece; }

 private:
  struct Pass;
  void add(uint32_t rule, Window window);
  void run_database(const CompiledRules::Database& one, Bytes bytes);
  static int on_match(unsigned id, unsigned long long from, unsigned long long to, unsigned flags, void* context);
  const CompiledRules& rules_;
  struct FreeScratch { void operator()(hs_scratch* scratch) const; };
  std::unique_ptr<hs_scratch, FreeScratch> scratch_;
  std::vector<ClusterList> by_rule_;
  std::vector<uint32_t> touched_;
  uint64_t candidates_ = 0;
  size_t piece_ = kPiece;
};

}  // namespace sealwarden
