// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "rules/rule_set.h"
#include "scanner/base/result.h"

struct hs_database;
namespace re2 {
class RE2;
}

namespace sealwarden {

// Which rule an anchor belongs to and how far around its end the rule's match may lie.
struct AnchorInfo {
  uint32_t rule;    // index into RuleSet::rules
  uint32_t before;  // bytes before the anchor's END that a match may start: anchor width + Anchor::before
  uint32_t after;   // bytes behind the anchor's END that a match may end
  uint32_t width;   // widest hit of the anchor, bytes: how far pieces must overlap
};

// The rules ready to run: one Hyperscan database for the shipped rules, one for the user's, RE2 objects made at first use.
// Immutable after construction (the lazy part is guarded); share freely.
class CompiledRules {
 public:
  // Uses the embedded database for the shipped rules if the library takes it, else the cache, else compiles.
  // `cache_folder` is private to the user; empty means no cache.
  static Result<std::unique_ptr<CompiledRules>> make(RuleSet rules, const std::string& cache_folder);
  ~CompiledRules();

  [[nodiscard]] const RuleSet& rule_set() const { return rules_; }
  [[nodiscard]] const Rule& rule(uint32_t index) const { return rules_.rules[index]; }
  struct Database {
    const hs_database* database;  // never null
    uint32_t first_anchor;        // Hyperscan's id i is anchor first_anchor + i
  };
  [[nodiscard]] const std::vector<Database>& databases() const { return databases_; }
  [[nodiscard]] const AnchorInfo& anchor(uint32_t id) const { return anchors_[id]; }
  [[nodiscard]] uint32_t widest_anchor() const { return widest_anchor_; }
  // The compiled expression of a secret rule. Thread-safe.
  [[nodiscard]] const re2::RE2& matcher(uint32_t rule) const;
  // Of a file rule's confirm.regex / not_regex or any other expression of the set; nullptr if the rule has none.
  [[nodiscard]] const re2::RE2* confirm_matcher(uint32_t rule) const;
  [[nodiscard]] const re2::RE2* refuse_matcher(uint32_t rule) const;
  // How the databases were had, for --stats: "embedded", "cached", "compiled".
  [[nodiscard]] const std::vector<std::string>& origins() const { return origins_; }

 private:
  struct Lazy;
  CompiledRules() = default;
  RuleSet rules_;
  std::vector<Database> databases_;
  std::vector<AnchorInfo> anchors_;
  uint32_t widest_anchor_ = 0;
  std::vector<std::string> origins_;
  std::vector<std::unique_ptr<Lazy>> lazy_;
};

}  // namespace sealwarden
