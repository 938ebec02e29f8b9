// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "rules/compiled_rules.h"
#include "scanner/base/bytes.h"
#include "scanner/engine/scan_memory.h"
#include "scanner/engine/verify.h"
#include "scanner/engine/windows.h"

namespace sealwarden {

// Runs the databases over a blob and gathers clusters by rule: the only place that runs Hyperscan. One per worker.
class CandidateScan {
 public:
  explicit CandidateScan(const CompiledRules& rules);  // throws std::bad_alloc
  CandidateScan(const CandidateScan&) = delete;
  CandidateScan& operator=(const CandidateScan&) = delete;

  // Scans all of `bytes`. touched() then lists the rules that have clusters, ascending, and clusters(rule) gives them;
  // both until the next run.
  void run(Bytes bytes);
  // The same for a text that was made of another one: candidates within copied regions are those of the base, shifted, and
  // only what lies near the seams is scanned. The result is that of run(bytes).
  void run(Bytes bytes, const DerivedText& derived);
  [[nodiscard]] const std::vector<uint32_t>& touched() const { return touched_; }
  [[nodiscard]] const std::vector<Window>& clusters(uint32_t rule) const { return by_rule_[rule].clusters(); }
  // Where the words of a rule that reads assignments end in one of its clusters.
  [[nodiscard]] WordEnds words_in(uint32_t rule, Window cluster) const;
  [[nodiscard]] const std::vector<std::vector<Candidate>>& candidates() const { return candidates_; }  // by database
  [[nodiscard]] uint64_t candidate_count() const { return candidate_count_; }
  [[nodiscard]] bool is_complete() const { return is_complete_; }  // false: candidates() does not list all
  [[nodiscard]] uint64_t bytes_scanned() const { return bytes_scanned_; }  // by Hyperscan, in all runs
  // Whether there is any candidate at all; stops at the first.
  bool any(Bytes bytes);

  // Hyperscan takes 32-bit lengths; larger blobs go through in pieces that overlap by the widest anchor.
  static constexpr size_t kPiece = size_t{1} << 30;
  // Smaller pieces, to test the seams.
  void set_piece_for_test(size_t piece) { piece_ = piece; }

 private:
  struct Pass;
  // Ends of hits, from the first to the last, both included.
  struct Ends {
    uint64_t first = 0, last = 0;
  };
  void clear();
  void add(uint32_t rule, Window window);
  void take(Candidate candidate, size_t database, uint64_t size);
  void look_for(Ends ends, size_t database, Bytes bytes);
  void look_everywhere(uint64_t size);
  bool plan(uint64_t size, const DerivedText& derived);
  void carry(const CopiedRegion& region, Ends ends, size_t database, uint64_t size, const ScanMemory& base);
  static int on_match(unsigned id, unsigned long long from, unsigned long long to, unsigned flags, void* context);
  const CompiledRules& rules_;
  ScratchPtr scratch_;
  std::vector<ClusterList> by_rule_;
  std::vector<std::vector<uint64_t>> word_ends_;  // by rule, ascending; of rules that read assignments
  bool words_known_ = true;  // false: word_ends_ does not list all
  std::vector<uint32_t> touched_;
  std::vector<std::vector<Candidate>> candidates_;
  struct Carried {
    CopiedRegion region;
    Ends ends;
  };
  std::vector<Carried> carried_;
  static constexpr size_t kMostRemembered = size_t{1} << 20;  // candidates by database, words by rule; 16 and 8 bytes each
  bool is_complete_ = true;
  uint64_t candidate_count_ = 0;
  uint64_t bytes_scanned_ = 0;
  size_t piece_ = kPiece;
};

}  // namespace sealwarden
