// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "rules/rule_set.h"
#include "scanner/policy/tree_view.h"
#include "scanner/policy/violation.h"

namespace sealwarden {

// Rules of kind tree (`rules_of_trees`: their indexes): for each file that matches `if_any`, whether what the rule requires is
// there; or what the rule's resolver finds. By path, then rule.
TreeFindings judge_tree_rules(const RuleSet& rules, const std::vector<uint32_t>& rules_of_trees, const TreeView& tree);

}  // namespace sealwarden
