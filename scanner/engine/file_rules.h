// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "rules/compiled_rules.h"
#include "scanner/base/bytes.h"

namespace sealwarden {

// Which file rules could hold for a file, by its name alone: asked for every entry of every tree, so most names must be
// refused by two hash look-ups. Immutable after construction; borrows the rule set.
class FileRuleIndex {
 public:
  explicit FileRuleIndex(const RuleSet& rules);
  // Rule indexes, ascending, distinct, whose paths could match some path that ends in `name`. No false negatives.
  void candidates(std::string_view name, std::vector<uint32_t>& out) const;
  [[nodiscard]] bool empty() const { return by_name_.empty() && by_suffix_.empty() && other_.empty(); }

 private:
  // A last component with wildcards; its fixed start and end, and the longest fixed part, refuse most names before the glob
  // is run.
  struct Pattern {
    std::string start, end, part, glob;
    uint32_t rule;
  };
  void add(std::string_view last_component, uint32_t rule);
  std::unordered_map<std::string, std::vector<uint32_t>> by_name_;    // "id_rsa"
  std::unordered_map<std::string, std::vector<uint32_t>> by_suffix_;  // ".tfstate" of "*.tfstate"
  std::vector<Pattern> other_;
};

// Whether the content has what the rule wants to see (magic, expressions, size). Locality: blob.
bool file_rule_confirms(const CompiledRules& rules, uint32_t rule, Bytes content);

}  // namespace sealwarden
