// SPDX-License-Identifier: Apache-2.0
#include "scanner/policy/tree_rules.h"

#include <algorithm>
#include <optional>

#include "scanner/base/glob.h"
#include "scanner/policy/resolvers.h"

namespace sealwarden {
namespace {

bool exists(const TreeView& tree, const std::string& path) { return std::binary_search(tree.paths().begin(), tree.paths().end(), path); }

// One of the names lies in the folder of `path`, or in one above it.
bool has_companion(const PolicyPart& part, const TreeView& tree, const std::string& path) {
  std::string folder = path.substr(0, path.rfind('/') + 1);
  while (true) {
    for (const std::string& name : part.same_folder)
      if (exists(tree, folder + name)) return true;
    if (!part.or_ancestor || folder.empty()) return false;
    const size_t above = folder.size() < 2 ? std::string::npos : folder.rfind('/', folder.size() - 2);
    folder = above == std::string::npos ? std::string() : folder.substr(0, above + 1);
  }
}

}  // namespace

TreeFindings judge_tree_rules(const RuleSet& rules, const std::vector<uint32_t>& rules_of_trees, const TreeView& tree) {
  TreeFindings out;
  for (const uint32_t index : rules_of_trees) {
    const Rule& rule = rules.rules[index];
    const PolicyPart& part = *rule.policy;
    if (!part.resolver.empty()) {
      resolve_tree(part.resolver, rules, index, tree, out);
      continue;
    }
    const GlobList if_any(part.if_any), anywhere(part.anywhere);
    // Asked once a rule, and only if a file matches.
    std::optional<bool> is_there;
    for (const std::string& path : tree.paths()) {
      if (!if_any.any_matches(path) || rule.not_paths.any_matches(path)) continue;
      out.judged.push_back({path, index});
      if (!part.same_folder.empty() && has_companion(part, tree, path)) continue;
      if (!is_there) is_there = std::any_of(tree.paths().begin(), tree.paths().end(), [&](const std::string& one) { return anywhere.any_matches(one); });
      if (*is_there) continue;
      out.violations.push_back({path, {.rule = index, .kind = part.result, .severity = rule.severity, .confidence = rule.confidence, .message = part.message}});
    }
  }
  std::stable_sort(out.violations.begin(), out.violations.end(), [](const auto& a, const auto& b) {
    return std::tie(a.first, a.second.rule) < std::tie(b.first, b.second.rule);
  });
  return out;
}

}  // namespace sealwarden
