// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <vector>

#include "rules/anchors.h"
#include "rules/rule_set.h"
#include "scanner/base/result.h"

struct hs_database;
struct hs_scratch;
namespace re2 {
class RE2;
}

namespace sealwarden {

struct FreeScratch {
  void operator()(hs_scratch* scratch) const;
};
using ScratchPtr = std::unique_ptr<hs_scratch, FreeScratch>;

// The rules ready to run: one Hyperscan database for the shipped rules, one for the user's, RE2 objects made
// at first use. Immutable after construction (the lazy part is guarded); share freely.
class CompiledRules {
 public:
  // Uses the embedded database for the shipped rules if the library takes it, else the cache, else compiles.
  // `cache_folder` is private to the user; empty means no cache. Rules that are compiled here are linted
  // first; what the lint says is an Error of kind usage.
  static Result<std::unique_ptr<CompiledRules>> make(RuleSet rules, const std::string& cache_folder);
  CompiledRules(const CompiledRules&) = delete;
  CompiledRules& operator=(const CompiledRules&) = delete;
  ~CompiledRules();

  [[nodiscard]] const RuleSet& rule_set() const { return rules_; }
  [[nodiscard]] const Rule& rule(uint32_t index) const { return rules_.rules[index]; }
  struct Database {
    const hs_database* database;  // never null
    uint32_t first_anchor;        // Hyperscan's id i is anchor first_anchor + i
    size_t size;                  // bytes in memory
  };
  [[nodiscard]] const std::vector<Database>& databases() const { return databases_; }
  // Where one thread at a time can run all databases. Thread-safe. Throws std::bad_alloc.
  [[nodiscard]] ScratchPtr make_scratch() const;
  [[nodiscard]] const AnchorInfo& anchor(uint32_t id) const { return anchors_[id]; }
  [[nodiscard]] const std::vector<AnchorInfo>& anchors() const { return anchors_; }
  [[nodiscard]] uint32_t widest_anchor() const { return widest_anchor_; }
  // The compiled expression of a secret rule. Thread-safe.
  [[nodiscard]] const re2::RE2& matcher(uint32_t rule) const;
  // Of a file rule's confirm.regex / not_regex or any other expression of the set; nullptr if the rule has
  // none.
  [[nodiscard]] const re2::RE2* confirm_matcher(uint32_t rule) const;
  [[nodiscard]] const re2::RE2* refuse_matcher(uint32_t rule) const;
  // How the databases were had, for --stats: "embedded", "cached", "compiled".
  [[nodiscard]] const std::vector<std::string>& origins() const { return origins_; }

 private:
  struct Lazy;
  CompiledRules() = default;
  // Adds the database of rules [first, last); nothing if they have no anchors.
  Result<void> add_part(size_t first, size_t last, const std::string& cache_folder);
  bool adopt_embedded();
  bool adopt(Bytes encoded, size_t first, std::string_view origin);
  bool add_database(const hs_database* database, const std::vector<AnchorInfo>& infos, size_t first, std::string_view origin);
  RuleSet rules_;
  std::vector<Database> databases_;
  struct FreeDatabase {
    void operator()(hs_database* database) const;
  };
  std::vector<std::unique_ptr<hs_database, FreeDatabase>> owned_;  // those that are not embedded
  mutable std::mutex spare_guard_;
  mutable ScratchPtr spare_;  // making it showed that the library takes the databases; the first who asks gets it
  std::vector<AnchorInfo> anchors_;
  uint32_t widest_anchor_ = 0;
  std::vector<std::string> origins_;
  std::unique_ptr<Lazy[]> lazy_;  // of each rule
};

}  // namespace sealwarden
