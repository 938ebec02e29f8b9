// SPDX-License-Identifier: Apache-2.0
#include "scanner/policy/resolvers.h"

#include "scanner/policy/compose_files.h"
#include "scanner/policy/encrypted_files.h"
#include "scanner/policy/environment.h"
#include "scanner/policy/github_workflows.h"
#include "scanner/policy/kubernetes.h"
#include "scanner/policy/sops.h"
#include "scanner/policy/terraform.h"
#include "scanner/policy/text_resolvers.h"

namespace sealwarden {
namespace {

// The items behind the node's in the list that it is an item of.
void add_later_siblings(const ParsedFile& file, uint32_t node, FoundNodes& out) {
  const uint32_t parent = file.nodes[node].parent;
  if (parent == kNoDocumentNode || file.nodes[parent].type != NodeType::sequence) return;
  for (uint32_t one = file.nodes[node].next; one != kNoDocumentNode; one = file.nodes[one].next)
    if (file.nodes[one].type != NodeType::alias) out.nodes.push_back({one, file.nodes[one].type, file.nodes[one].text, file.nodes[one].span, &file});
}

}  // namespace

void resolve_nodes(const std::string& name, Evaluator& evaluator, uint32_t node, FoundNodes& out) {
  if (name == "later_siblings") return add_later_siblings(evaluator.file(), node, out);
  if (resolve_kubernetes_nodes(name, evaluator, node, out) || resolve_text_nodes(name, evaluator, node, out)) return;
  if (resolve_sops_nodes(name, evaluator, node, out)) return;
  resolve_github(name, evaluator, node, out);
}

Truth resolve_condition(const std::string& name, const std::vector<std::string>& arguments, Evaluator& evaluator, uint32_t node) {
  if (name == "terraform_type") return is_terraform_type(arguments, evaluator, node);
  if (name == "covers_port") return covers_port(arguments, evaluator, node);
  if (const auto truth = resolve_kubernetes_condition(name, evaluator, node)) return *truth;
  if (const auto truth = resolve_sops_condition(name, arguments, evaluator, node)) return *truth;
  if (const auto truth = resolve_encryption_condition(name, arguments, evaluator, node)) return *truth;
  if (const auto truth = resolve_named_files(name, arguments, evaluator, node)) return *truth;
  return resolve_text_condition(name, arguments, evaluator, node).value_or(Truth::unknown);
}

bool may_resolve(const std::string& name, const PolicyContext& context) {
  if (name == "sops_required") return is_demanded_by_sops(context);
  if (name == "encrypted_at_head") return has_encrypted_head(context);
  return true;
}

void resolve_tree(const std::string& name, const RuleSet& rules, uint32_t rule, const TreeView& tree,
                  TreeFindings& out) {
  if (name == "git_filter") find_unfiltered_files(rules, rule, tree, out);
  else find_environment_problems(name, rules, rule, tree, out);
}

}  // namespace sealwarden
