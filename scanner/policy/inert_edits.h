// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "rules/lexicon.h"
#include "rules/rule_set.h"
#include "scanner/base/bytes.h"

namespace sealwarden {

// Lines that two versions of a file have in common, one behind the other.
struct KeptLines {
  size_t before = 0, after = 0;  // where they begin in each, in bytes
  size_t size = 0;               // in bytes, whole lines
};

// What one version of a YAML file became.
struct InertEdit {
  std::vector<KeptLines> kept;   // in their order; they do not touch
  bool moves_items = false;      // items came into lists or left them: those behind them have other numbers
};

// Tells edits of YAML files that no rule can care about which judges values by the names they stand under: a version's number, a
// comment, a sentence of a description. What was said of such values before the edit holds after it. Says "no" whenever it is not
// sure: it knows comments, blank lines, entries `key: value` and items `- value` of plain scalars where others of their kind stand,
// and lines within texts. Immutable, share freely.
class InertEdits {
 public:
  explicit InertEdits(const RuleSet& rules);

  struct Side;

  // How far edits can be inert for a rule.
  enum class Cover : uint8_t {
    none,
    silence,  // it judges values by names alone: where it said nothing, it says nothing after the edit
    all,      // and what it said holds too
  };
  [[nodiscard]] Cover covers(uint32_t rule) const { return covered_[rule]; }
  // nullopt: a rule could care, or looking closer would cost more than parsing. Time is linear in both.
  [[nodiscard]] std::optional<InertEdit> look_at(Bytes before, Bytes after) const;

 private:
  [[nodiscard]] bool are_inert(Side& side, size_t begin, size_t end, bool& moves_items) const;
  [[nodiscard]] bool is_inert(Side& side, size_t begin, size_t end, bool& moves_items) const;
  // Whether a rule could look at what stands under the key because of the key. `parent`: the key above it; nullopt: not known.
  [[nodiscard]] bool is_of_interest(std::string_view key, std::optional<std::string_view> parent) const;

  const Lexicon& lexicon_;
  std::vector<Cover> covered_;  // by rule
  // That paths of rules and kinds name, in lower case: alone, or by the key that they name above it.
  std::unordered_set<std::string> keys_;
  std::unordered_map<std::string, std::unordered_set<std::string>> keys_below_;
};

}  // namespace sealwarden
