// SPDX-License-Identifier: Apache-2.0
#include "scanner/engine/candidate_scan.h"

#include <hs.h>

#include <algorithm>
#include <new>

namespace sealwarden {

struct CandidateScan::Pass {
  CandidateScan& scan;
  uint64_t size;          // of the whole blob
  uint64_t piece_start;   // offset of the piece in the blob
  uint64_t told_to;       // hits that end at or before this were told by the piece before
  uint32_t first_anchor;  // of the database that runs
};

CandidateScan::CandidateScan(const CompiledRules& rules) : rules_(rules), by_rule_(rules.rule_set().rules.size()) {
  hs_scratch_t* scratch = nullptr;
  for (const CompiledRules::Database& one : rules.databases())
    if (hs_alloc_scratch(one.database, &scratch) != HS_SUCCESS) {
      hs_free_scratch(scratch);
      throw std::bad_alloc();
    }
  scratch_.reset(scratch);
}

CandidateScan::~CandidateScan() = default;

void CandidateScan::FreeScratch::operator()(hs_scratch* scratch) const { hs_free_scratch(scratch); }

int CandidateScan::on_match(unsigned id, unsigned long long, unsigned long long to, unsigned, void* context) {
  const Pass& pass = *static_cast<Pass*>(context);
  const uint64_t end = pass.piece_start + to;
  if (end <= pass.told_to) return 0;
  CandidateScan& self = pass.scan;
  const AnchorInfo& anchor = self.rules_.anchor(pass.first_anchor + id);
  if (self.rules_.rule(anchor.rule).disabled) return 0;
  ++self.candidates_;
  self.add(anchor.rule, {end - std::min<uint64_t>(end, anchor.before), std::min(pass.size, end + anchor.after)});
  return 0;
}

void CandidateScan::add(uint32_t rule, Window window) {
  ClusterList& list = by_rule_[rule];
  if (list.clusters().empty()) touched_.push_back(rule);
  list.add(window);
}

void CandidateScan::run_database(const CompiledRules::Database& one, Bytes bytes) {
  // One byte more than the widest anchor, so that a piece's first anchors see what stands before them.
  const uint64_t overlap = rules_.widest_anchor() + 1;
  uint64_t told_to = 0;
  for (uint64_t start = 0;;) {
    const uint64_t end = std::min<uint64_t>(bytes.size(), start + piece_);
    Pass pass{*this, bytes.size(), start, told_to, one.first_anchor};
    const hs_error_t status = hs_scan(one.database, bytes.data() + start, static_cast<unsigned>(end - start), 0,
                                      scratch_.get(), on_match, &pass);
    if (status != HS_SUCCESS) {
      // It never should; if it does, nothing may be lost: every rule then looks at the whole blob.
      for (uint32_t rule = 0; rule < by_rule_.size(); ++rule)
        if (!rules_.rule(rule).regex.empty() && !rules_.rule(rule).disabled) add(rule, {0, bytes.size()});
      return;
    }
    if (end == bytes.size()) return;
    // A hit that ends with the piece may hang on the byte behind it (\b): the next piece tells it, with that byte.
    told_to = end - 1;
    start = end - std::min(overlap, end - start - 1);
  }
}

void CandidateScan::run(Bytes bytes) {
  for (const uint32_t rule : touched_) by_rule_[rule].clear();
  touched_.clear();
  candidates_ = 0;
  for (const CompiledRules::Database& one : rules_.databases()) run_database(one, bytes);
  std::sort(touched_.begin(), touched_.end());
}

bool CandidateScan::any(Bytes bytes) {
  const auto stop = [](unsigned, unsigned long long, unsigned long long, unsigned, void*) { return 1; };
  for (const CompiledRules::Database& one : rules_.databases())
    if (bytes.size() > kPiece || hs_scan(one.database, bytes.data(), static_cast<unsigned>(bytes.size()), 0,
                                         scratch_.get(), stop, nullptr) != HS_SUCCESS)
      return true;
  return false;
}

}  // namespace sealwarden
