// SPDX-License-Identifier: Apache-2.0
#include "scanner/engine/candidate_scan.h"

#include <hs.h>

#include <algorithm>
#include <utility>

namespace sealwarden {

struct CandidateScan::Pass {
  CandidateScan& scan;
  size_t database;
  uint64_t size;         // of the whole blob
  uint64_t piece_start;  // offset of the piece in the blob
  Ends ends;             // of the hits that are wanted
};

CandidateScan::CandidateScan(const CompiledRules& rules) : rules_(rules), scratch_(rules.make_scratch()),
      by_rule_(rules.rule_set().rules.size()), word_ends_(by_rule_.size()), candidates_(rules.databases().size()) {}

int CandidateScan::on_match(unsigned id, unsigned long long, unsigned long long to, unsigned, void* context) {
  const Pass& pass = *static_cast<Pass*>(context);
  const uint64_t end = pass.piece_start + to;
  if (end < pass.ends.first || end > pass.ends.last) return 0;
  pass.scan.take({pass.scan.rules_.databases()[pass.database].first_anchor + id, end}, pass.database, pass.size);
  return 0;
}

void CandidateScan::take(Candidate candidate, size_t database, uint64_t size) {
  const AnchorInfo& anchor = rules_.anchor(candidate.anchor);
  if (!is_searched(rules_.rule(anchor.rule))) return;
  ++candidate_count_;
  if (candidates_[database].size() < kMostRemembered) candidates_[database].push_back(candidate);
  else is_complete_ = false;
  const uint64_t end = candidate.end;
  if (rules_.rule(anchor.rule).reader != Rule::Reader::regex) {
    std::vector<uint64_t>& ends = word_ends_[anchor.rule];
    if (ends.size() < kMostRemembered) ends.push_back(end);
    else words_known_ = false;
  }
  add(anchor.rule, {end - std::min<uint64_t>(end, anchor.before), std::min(size, end + anchor.after)});
}

void CandidateScan::add(uint32_t rule, Window window) {
  ClusterList& list = by_rule_[rule];
  if (list.clusters().empty()) touched_.push_back(rule);
  list.add(window);
}

WordEnds CandidateScan::words_in(uint32_t rule, Window cluster) const {
  if (!words_known_) return {};
  const std::vector<uint64_t>& ends = word_ends_[rule];
  const auto first = std::upper_bound(ends.begin(), ends.end(), cluster.begin), last = std::upper_bound(first, ends.end(), cluster.end);
  return {true, {first, last}};
}

void CandidateScan::look_for(Ends ends, size_t database, Bytes bytes) {
  // One byte more than the widest anchor, so that the first hits see what stands before them.
  const uint64_t overlap = rules_.widest_anchor() + 1;
  const uint64_t stop = std::min<uint64_t>(bytes.size(), ends.last + 1);  // the last hits see what stands behind them
  for (uint64_t start = ends.first - std::min(ends.first, overlap), first = ends.first;;) {
    const uint64_t end = std::min<uint64_t>(stop, start + piece_);
    // A hit that ends with the piece may hang on the byte behind it (\b): the next piece tells it, with that byte.
    Pass pass{*this, database, bytes.size(), start, {first, end == stop ? ends.last : end - 1}};
    bytes_scanned_ += end - start;
    const hs_error_t status = hs_scan(rules_.databases()[database].database, bytes.data() + start,
                                      static_cast<unsigned>(end - start), 0, scratch_.get(), on_match, &pass);
    if (status != HS_SUCCESS) return look_everywhere(bytes.size());
    if (end == stop) return;
    first = end;
    start = end - std::min(overlap, end - start - 1);
  }
}

// Hyperscan never should fail; if it does, nothing may be lost: every rule then looks at the whole blob.
void CandidateScan::look_everywhere(uint64_t size) {
  is_complete_ = words_known_ = false;
  for (uint32_t rule = 0; rule < by_rule_.size(); ++rule)
    if (is_searched(rules_.rule(rule))) add(rule, {0, size});
}

void CandidateScan::clear() {
  for (const uint32_t rule : touched_) {
    by_rule_[rule].clear();
    word_ends_[rule].clear();
  }
  touched_.clear();
  for (std::vector<Candidate>& list : candidates_) list.clear();
  is_complete_ = words_known_ = true;
  candidate_count_ = 0;
}

void CandidateScan::run(Bytes bytes) {
  clear();
  for (size_t database = 0; database < candidates_.size(); ++database) look_for({0, bytes.size()}, database, bytes);
  std::sort(touched_.begin(), touched_.end());
}

// Which ends lie so within a copied region that the hit, and a byte on either side, lies in it too: there the base's
// candidates are the text's. A text's start and its end are like no other place. False if little would be spared.
bool CandidateScan::plan(uint64_t size, const DerivedText& derived) {
  constexpr uint64_t kWorthwhile = 512;  // beginning to scan anew costs as much as scanning this
  const uint64_t reach = uint64_t{rules_.widest_anchor()} + 1;
  carried_.clear();
  uint64_t spared = 0;
  for (const CopiedRegion& region : derived.copied) {
    const bool starts_both = region.begin == 0 && region.base_begin == 0;
    const bool ends_both = region.end() == size && region.base_end() == derived.base_size;
    const Ends ends{starts_both ? 0 : region.begin + reach, ends_both ? size : region.end() - 1};
    if (ends.first + kWorthwhile > ends.last) continue;
    carried_.push_back({region, ends});
    spared += ends.last - ends.first;
  }
  const uint64_t seams = (carried_.size() + 1) * reach;
  return spared > seams + size / 8;
}

void CandidateScan::carry(const CopiedRegion& region, Ends ends, size_t database, uint64_t size, const ScanMemory& base) {
  const std::vector<Candidate>& list = base.candidates[database];
  const uint64_t first = ends.first - region.begin + region.base_begin, last = ends.last - region.begin + region.base_begin;
  for (auto one = std::lower_bound(list.begin(), list.end(), first, [](const Candidate& c, uint64_t end) { return c.end < end; });
       one != list.end() && one->end <= last; ++one)
    take({one->anchor, one->end - region.base_begin + region.begin}, database, size);
}

void CandidateScan::run(Bytes bytes, const DerivedText& derived) {
  if ((derived.base != nullptr && !derived.base->usable) || !plan(bytes.size(), derived)) return run(bytes);
  clear();
  for (size_t database = 0; database < candidates_.size(); ++database) {
    uint64_t next = 0;  // the first end that was not dealt with
    for (const Carried& one : carried_) {
      if (one.ends.first > next) look_for({next, one.ends.first - 1}, database, bytes);
      if (derived.base != nullptr) carry(one.region, one.ends, database, bytes.size(), *derived.base);
      next = one.ends.last + 1;
    }
    if (next <= bytes.size()) look_for({next, bytes.size()}, database, bytes);
  }
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
