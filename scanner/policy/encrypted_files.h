// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "scanner/policy/evaluator.h"
#include "scanner/policy/violation.h"

namespace sealwarden {

// The resolvers (resolvers.h) on files that are encrypted, or should be:
//   encrypted_at_head  the file is an old version, in the clear, of one that is encrypted in HEAD's tree
//   sealed_twin        of a Secret: the tree (of an old version: HEAD's) has a SealedSecret of its namespace and name
//   beside_file        arguments: names; one of them is in the file's folder or in one above it
// nullopt: the name is none of these.
// Whether the file of this path is encrypted in HEAD's tree: what encrypted_at_head cannot do without.
bool has_encrypted_head(const PolicyContext& context);
std::optional<Truth> resolve_encryption_condition(const std::string& name, const std::vector<std::string>& arguments, Evaluator& evaluator, uint32_t node);

// git_filter, for rules of kind tree: files that .gitattributes wants encrypted by git-crypt or transcrypt and that git keeps in the
// clear. Of a work tree the index is looked at: there the files are in the clear.
void find_unfiltered_files(const RuleSet& rules, uint32_t rule, const TreeView& tree, TreeFindings& out);

}  // namespace sealwarden
