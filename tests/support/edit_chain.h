// SPDX-License-Identifier: Apache-2.0
// Texts that are made of one another, each scanned with what is known of its base and held against a scan of the whole.
#pragma once

#include <algorithm>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "scanner/engine/blob_scanner.h"
#include "tests/support/catch.h"

namespace edit_chain {

using namespace sealwarden;

inline void require_same(const std::vector<Hit>& found, const std::vector<Hit>& expected) {
  for (size_t i = 0; i < std::min(found.size(), expected.size()); ++i) {
    CAPTURE(i, found[i].rule, expected[i].rule, found[i].match_start, expected[i].match_start);
    REQUIRE(found[i].rule == expected[i].rule);
    REQUIRE((found[i].secret == expected[i].secret));
    REQUIRE(found[i].member == expected[i].member);
    REQUIRE((found[i].region == expected[i].region));
    REQUIRE(found[i].match_start == expected[i].match_start);
    REQUIRE(found[i].match_end == expected[i].match_end);
    REQUIRE(found[i].allowed == expected[i].allowed);
    REQUIRE(found[i].allow_why == expected[i].allow_why);
    REQUIRE(found[i].refused == expected[i].refused);
    REQUIRE((found[i].check == expected[i].check));
    REQUIRE((found[i].judged == expected[i].judged));
    REQUIRE(found[i].decoded == expected[i].decoded);
  }
  REQUIRE(found.size() == expected.size());
}

// One text after the other, each made of the one before.
class Chain {
 public:
  Chain(const CompiledRules& rules, std::mt19937& random) : worker_(rules), oracle_(rules), random_(random) {}

  void start(std::string text) {
    text_ = std::move(text);
    copied_.clear();
    check(worker_.scan(text_));
    memory_ = worker_.memory();
  }

  // `insert`: makes what is put in.
  template <class Insert>
  void edit(const Insert& insert) {
    const std::string base = std::move(text_);
    text_.clear();
    copied_.clear();
    size_t at = 0;
    for (size_t edits = 1 + pick(4); edits > 0; --edits) {
      const size_t kind = pick(10);
      if (kind < 3 || base.empty()) {
        text_ += insert();
      } else if (kind < 8) {  // what follows, after a gap or none
        const size_t begin = pick(2) == 0 ? at : at + pick(base.size() - at + 1);
        const size_t end = begin + pick(base.size() - begin + 1);
        copy(base, begin, end - begin);
        at = end;
      } else {  // from anywhere: moved, or a second time
        const size_t begin = pick(base.size() + 1);
        copy(base, begin, pick(base.size() - begin + 1));
      }
    }
    if (pick(10) < 7 && at < base.size()) copy(base, at, base.size() - at);
    if (pick(8) == 0) text_ += insert();
    check(worker_.scan(text_, {base.size(), memory_.get(), copied_}));
    memory_ = worker_.memory();
  }

  size_t hits = 0;
  [[nodiscard]] const ScanStats& stats() const { return worker_.stats(); }
  [[nodiscard]] size_t size() const { return text_.size(); }

 private:
  size_t pick(size_t below) { return random_() % below; }

  void copy(const std::string& base, size_t begin, size_t size) {
    if (size == 0) return;
    const CopiedRegion region{text_.size(), begin, size};
    if (!copied_.empty() && copied_.back().end() == region.begin && copied_.back().base_end() == region.base_begin)
      copied_.back().size += size;
    else
      copied_.push_back(region);
    text_.append(base, begin, size);
  }

  void check(const std::vector<Hit>& found) {
    require_same(found, oracle_.scan(text_));
    hits += found.size();
    REQUIRE((candidates_of(worker_) == candidates_of(oracle_)));
    REQUIRE((gaps_of(worker_) == gaps_of(oracle_)));
  }

  static std::vector<std::pair<uint64_t, uint32_t>> candidates_of(const BlobScanner::Worker& worker) {
    std::vector<std::pair<uint64_t, uint32_t>> all;
    if (const auto memory = worker.memory())
      for (const auto& list : memory->candidates)
        for (const Candidate& one : list) all.emplace_back(one.end, one.anchor);
    std::sort(all.begin(), all.end());
    return all;
  }

  static std::vector<std::string> gaps_of(const BlobScanner::Worker& worker) {
    std::vector<std::string> all;
    for (const UnpackGap& gap : worker.gaps()) all.push_back(std::string(name_of(gap.kind)) + " " + gap.path + " " + gap.message);
    return all;
  }

  BlobScanner::Worker worker_, oracle_;
  std::mt19937& random_;
  std::string text_;
  std::vector<CopiedRegion> copied_;
  std::shared_ptr<const ScanMemory> memory_;
};

}  // namespace edit_chain
