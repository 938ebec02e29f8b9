// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "scanner/policy/evaluator.h"
#include "scanner/policy/violation.h"

namespace sealwarden {

// What conditions cannot say because it needs a join: each by its name in rules (`@name` in a path, `resolver = "name"` in a
// condition or a tree rule). A name that is not known gives nothing; the loader refuses it before.

// `@name`: nodes that are found from `node` on.
void resolve_nodes(const std::string& name, Evaluator& evaluator, uint32_t node, FoundNodes& out);
// resolver = ["name", arguments...] in a condition.
Truth resolve_condition(const std::string& name, const std::vector<std::string>& arguments, Evaluator& evaluator, uint32_t node);
// False: from the path and the trees alone it is sure that the resolver says no of every node of the file. Cheap.
bool may_resolve(const std::string& name, const PolicyContext& context);
// resolver = "name" of a tree rule: appends what it finds, with the path that it is about.
void resolve_tree(const std::string& name, const RuleSet& rules, uint32_t rule, const TreeView& tree,
                  TreeFindings& out);

}  // namespace sealwarden
