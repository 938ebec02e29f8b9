// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "rules/rule_set.h"

namespace sealwarden {

// Which rules of a set run. A word is an id, name or former id of a rule, a glob of these, "kind:config", "pack:NAME", or a kind's
// or pack's name alone, if no rule is called so.
struct RuleSelection {
  std::vector<std::string> only;  // empty: all
  std::vector<std::string> skip;  // taken from these

  [[nodiscard]] bool empty() const { return only.empty() && skip.empty(); }
};

// The pack of a shipped rule; empty for a user's.
std::string_view pack_of(const Rule& rule);

// Disables what is not selected; what is disabled stays so. A word that fits no rule is an Error of kind usage.
Result<void> select_rules(RuleSet& set, const RuleSelection& selection);

}  // namespace sealwarden
