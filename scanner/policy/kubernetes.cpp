// SPDX-License-Identifier: Apache-2.0
#include "scanner/policy/kubernetes.h"

#include <algorithm>
#include <memory>
#include <vector>

#include "rules/policy_reader.h"
#include "scanner/base/ascii.h"
#include "scanner/doc/parse.h"

namespace sealwarden {
namespace {

constexpr size_t kMostRoleFiles = 2000;                // of a tree, that are read for roles
constexpr size_t kLongestRoleFile = size_t{1} << 20;  // bytes; generated bundles are longer, and hold their roles themselves
constexpr size_t kMostRules = 10'000;                  // of all roles that one selects

FoundNodes find(Evaluator& evaluator, std::string_view path, uint32_t from) {
  const auto parsed = parse_document_path(path);
  return parsed ? evaluator.find(*parsed, from) : FoundNodes{};
}

Truth is_missing(Evaluator& evaluator, uint32_t container, std::string_view path) {
  const FoundNodes found = find(evaluator, path, container);
  const bool there = std::any_of(found.nodes.begin(), found.nodes.end(), [](const NodeValue& one) { return one.type != NodeType::null; });
  return there ? Truth::no : found.hidden ? Truth::unknown : Truth::yes;
}

void add_missing_resources(Evaluator& evaluator, uint32_t container, FoundNodes& out) {
  constexpr std::string_view kTexts[] = {
      "", "requests.cpu", "requests.memory", "requests.cpu, requests.memory", "limits.memory", "requests.cpu, limits.memory",
      "requests.memory, limits.memory", "requests.cpu, requests.memory, limits.memory"};
  const Truth memory_limit = is_missing(evaluator, container, "resources.limits.memory");
  const Truth missing[] = {is_missing(evaluator, container, "resources.requests.cpu") & is_missing(evaluator, container, "resources.limits.cpu"),
                           is_missing(evaluator, container, "resources.requests.memory") & memory_limit, memory_limit};
  size_t bits = 0;
  for (size_t i = 0; i < std::size(missing); ++i) {
    if (missing[i] == Truth::yes) bits |= size_t{1} << i;
    out.hidden = out.hidden || missing[i] == Truth::unknown;
  }
  if (bits != 0) out.nodes.push_back({container, NodeType::text, kTexts[bits], evaluator.file().nodes[container].span, &evaluator.file()});
}

// "*.example.com" covers one more label.
bool covers(std::string_view pattern, std::string_view host) {
  if (lower_case(pattern) == lower_case(host)) return true;
  const size_t dot = host.find('.');
  return pattern.starts_with("*.") && dot != std::string_view::npos && lower_case(pattern.substr(1)) == lower_case(host.substr(dot));
}

Truth is_host_covered(Evaluator& evaluator, uint32_t rule) {
  const FoundNodes entries = find(evaluator, "$root.spec.tls[*]", rule), hosts = find(evaluator, "host", rule);
  bool is_unknown = entries.hidden || hosts.hidden;
  for (const NodeValue& entry : entries.nodes) {
    if (entry.type != NodeType::map) {
      is_unknown = is_unknown || entry.type == NodeType::expression;
      continue;
    }
    const FoundNodes names = find(evaluator, "hosts[*]", entry.node);
    if (names.nodes.empty() && !names.hidden) return Truth::yes;
    if (hosts.nodes.empty() && !names.nodes.empty()) return Truth::yes;
    is_unknown = is_unknown || names.hidden;
    for (const NodeValue& name : names.nodes)
      for (const NodeValue& host : hosts.nodes) {
        if (covers(name.text, host.text)) return Truth::yes;
        is_unknown = is_unknown || name.type == NodeType::expression || host.type == NodeType::expression;
      }
  }
  return is_unknown ? Truth::unknown : Truth::no;
}

// The files of a tree that hold roles with labels, by which others may select them.
struct RoleFiles {
  struct One {
    std::string path, bytes;
    ParsedFile file;
  };
  std::vector<std::unique_ptr<One>> files;
};

RoleFiles read_role_files(const TreeView& tree) {
  RoleFiles roles;
  for (const std::string& path : tree.paths()) {
    if (roles.files.size() == kMostRoleFiles) break;
    const auto format = document_format(path);
    if (format != DocumentFormat::yaml && format != DocumentFormat::json) continue;
    const auto bytes = tree.read(path);
    if (!bytes || bytes->size() > kLongestRoleFile || bytes->find("ClusterRole") == std::string::npos || bytes->find("labels") == std::string::npos) continue;
    auto one = std::make_unique<RoleFiles::One>();
    one->path = path;
    one->bytes = *bytes;
    one->file = parse_document(*format, path, one->bytes);
    roles.files.push_back(std::move(one));
  }
  return roles;
}

std::string_view text_at(const ParsedFile& file, uint32_t map, std::string_view key) {
  const uint32_t child = file.child(map, key);
  return child == kNoDocumentNode ? std::string_view() : file.nodes[child].text;
}

// The file's objects: its documents, and the items of those that are lists.
std::vector<uint32_t> objects_of(const ParsedFile& file) {
  std::vector<uint32_t> objects;
  for (const Document& document : file.documents) {
    if (document.root == kNoDocumentNode || file.nodes[document.root].type != NodeType::map) continue;
    objects.push_back(document.root);
    const uint32_t items = file.child(document.root, "items");
    if (items == kNoDocumentNode || file.nodes[items].type != NodeType::sequence) continue;
    for (uint32_t item = file.nodes[items].first; item != kNoDocumentNode; item = file.nodes[item].next)
      if (file.nodes[item].type == NodeType::map) objects.push_back(item);
  }
  return objects;
}

// A role's labels have all that the selector names.
bool is_selected(const ParsedFile& file, uint32_t role, const ParsedFile& selecting, uint32_t match_labels) {
  const uint32_t metadata = file.child(role, "metadata");
  const uint32_t labels = metadata == kNoDocumentNode ? metadata : file.child(metadata, "labels");
  if (labels == kNoDocumentNode || selecting.nodes[match_labels].first == kNoDocumentNode) return false;
  for (uint32_t one = selecting.nodes[match_labels].first; one != kNoDocumentNode; one = selecting.nodes[one].next) {
    const uint32_t label = file.child(labels, selecting.nodes[one].key);
    if (label == kNoDocumentNode || file.nodes[label].text != selecting.nodes[one].text) return false;
  }
  return true;
}

void add_rules(const ParsedFile& file, const ParsedFile& selecting, uint32_t self, const std::vector<NodeValue>& selectors, FoundNodes& out) {
  for (const uint32_t role : objects_of(file)) {
    if ((&file == &selecting && role == self) || text_at(file, role, "kind") != "ClusterRole") continue;
    const bool selected = std::any_of(selectors.begin(), selectors.end(), [&](const NodeValue& one) {
      return one.type == NodeType::map && is_selected(file, role, selecting, one.node);
    });
    const uint32_t rules = selected ? file.child(role, "rules") : kNoDocumentNode;
    if (rules == kNoDocumentNode || file.nodes[rules].type != NodeType::sequence) continue;
    for (uint32_t rule = file.nodes[rules].first; rule != kNoDocumentNode && out.nodes.size() < kMostRules; rule = file.nodes[rule].next)
      if (file.nodes[rule].type == NodeType::map) out.nodes.push_back({rule, NodeType::map, {}, file.nodes[rule].span, &file});
  }
}

void add_aggregated(Evaluator& evaluator, uint32_t role, FoundNodes& out) {
  const std::vector<NodeValue> selectors = find(evaluator, "aggregationRule.clusterRoleSelectors[*].matchLabels", role).nodes;
  if (selectors.empty()) return;
  const ParsedFile& file = evaluator.file();
  add_rules(file, file, role, selectors, out);
  const TreeView* tree = evaluator.context().tree;
  if (tree == nullptr) return;
  const auto others = tree->memo().get<RoleFiles>("kubernetes roles", [&] { return read_role_files(*tree); });
  for (const auto& other : others->files)
    if (other->path != evaluator.context().path) add_rules(other->file, file, role, selectors, out);
}

}  // namespace

bool resolve_kubernetes_nodes(const std::string& name, Evaluator& evaluator, uint32_t node, FoundNodes& out) {
  if (name == "missing_resources") add_missing_resources(evaluator, node, out);
  else if (name == "rbac_aggregated") add_aggregated(evaluator, node, out);
  else return false;
  return true;
}

std::optional<Truth> resolve_kubernetes_condition(const std::string& name, Evaluator& evaluator, uint32_t node) {
  if (name == "ingress_host_covered") return is_host_covered(evaluator, node);
  return std::nullopt;
}

}  // namespace sealwarden
