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

// The resolvers of rules of kind tree (resolvers.h) on environments:
//   env_inventory  variables that program text and compose files read and that no inventory above them names (.env.example and its
//                  like, env.schema.toml, a table of variables in docs/); and, as info, names of an inventory that stand nowhere else.
//                  Only below folders with an inventory. Arguments: globs of more names that belong to the system
//   env_schema     what environment files lack that the env.schema.toml above them demands (environment_schema.h)
//   env_parity     keys that one of two environments' files has and the other has not, or as something else (environment_parity.h).
//                  Arguments: globs of more key paths that may differ
// False: the name is none of these.
bool find_environment_problems(const std::string& name, const RuleSet& rules, uint32_t rule, const TreeView& tree,
                               TreeFindings& out);

}  // namespace sealwarden
