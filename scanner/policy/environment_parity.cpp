// SPDX-License-Identifier: Apache-2.0
#include "scanner/policy/environment_parity.h"

#include <algorithm>
#include <map>
#include <optional>
#include <string_view>

#include "scanner/base/ascii.h"
#include "scanner/base/glob.h"
#include "scanner/doc/parse.h"
#include "scanner/policy/path_classes.h"
#include "scanner/policy/text_credentials.h"

namespace sealwarden {
namespace {

constexpr size_t kMostPairs = 500, kLongestFile = size_t{1} << 20, kMostGaps = 50;  // of a tree, bytes, of a pair
constexpr size_t kDeepest = 64;

enum class Side : uint8_t { staging, production };

std::optional<Side> side_of(std::string_view word) {
  for (const std::string_view one : {"staging", "stage", "stg", "preprod", "preproduction", "uat"})
    if (word == one) return Side::staging;
  for (const std::string_view one : {"production", "prod", "prd", "live"})
    if (word == one) return Side::production;
  return std::nullopt;
}

bool is_separator(char c) { return c == '/' || c == '-' || c == '_' || c == '.'; }

// A path whose one word for an environment is taken out.
struct EnvironmentPath {
  Side side = Side::staging;
  std::string pattern;  // with a NUL at the word's place
  std::string base;     // of the file of both: "values.yaml" of "values-prod.yaml"; empty: none
};

std::optional<EnvironmentPath> environment_path(const std::string& path) {
  std::optional<EnvironmentPath> found;
  for (size_t begin = 0; begin <= path.size();) {
    size_t end = begin;
    while (end < path.size() && !is_separator(path[end])) ++end;
    if (const auto side = side_of(lower_case(std::string_view(path).substr(begin, end - begin)))) {
      if (found) return std::nullopt;  // of two words, which one counts?
      found = EnvironmentPath{*side, path.substr(0, begin) + std::string(1, '\0') + path.substr(end), {}};
      if (begin > 0 && path[begin - 1] != '/') found->base = path.substr(0, begin - 1) + path.substr(end);
    }
    begin = end + 1;
  }
  return found;
}

bool is_compared(DocumentFormat format) {
  return format == DocumentFormat::yaml || format == DocumentFormat::json || format == DocumentFormat::dotenv || format == DocumentFormat::toml ||
         format == DocumentFormat::properties || format == DocumentFormat::ini || format == DocumentFormat::hcl;
}

// Keys that say how large an environment is and where it runs.
constexpr std::string_view kAllowed[] = {
    "replica*", "**/replica*", "resources", "**/resources", "autoscaling", "**/autoscaling", "hpa", "**/hpa", "nodeselector", "**/nodeselector",
    "tolerations", "**/tolerations",
    "affinity", "**/affinity", "**/{min,max}replicas", "{min,max}replicas", "**/poddisruptionbudget", "poddisruptionbudget", "pdb", "**/pdb",
    "topologyspreadconstraints",
    "**/topologyspreadconstraints", "**/annotations", "**/podannotations", "annotations", "podannotations", "**/labels", "labels", "sops", "sops_*",
};

class PairCheck {
 public:
  PairCheck(const RuleSet& rules, uint32_t rule, const TreeView& tree, TreeFindings& out)
      : rules_(rules), index_(rule), tree_(tree), out_(out) {}

  void check(const std::string& left_path, const std::string& right_path, const std::string& base_path) {
    Side_ left, right, base;
    if (!read(left_path, left) || !read(right_path, right)) return;
    if (!base_path.empty()) static_cast<void>(read(base_path, base));
    left_ = &left, right_ = &right, base_ = &base;
    gaps_ = shared_ = 0;
    found_.clear();
    for (size_t i = 0; i < std::min(left.roots.size(), right.roots.size()); ++i)
      compare(left.roots[i], right.roots[i], i < base.roots.size() ? base.roots[i] : kNoDocumentNode, "", 0);
    // Two files that have nothing in common are of two things.
    if (shared_ == 0) return;
    for (const std::string* path : {&left_path, &right_path}) out_.judged.push_back({*path, index_, gaps_ == 0});
    for (auto& one : found_) out_.violations.push_back(std::move(one));
  }

 private:
  struct Side_ {
    std::string path, bytes;
    ParsedFile file;
    std::vector<uint32_t> roots;
  };

  bool read(const std::string& path, Side_& side) {
    const auto format = document_format(path);
    auto bytes = format && is_compared(*format) ? tree_.read(path) : std::nullopt;
    if (!bytes || bytes->size() > kLongestFile) return false;
    side.path = path;
    side.bytes = std::move(*bytes);
    side.file = parse_document(*format, path, side.bytes);
    if (!side.file.problems.empty() && (*format == DocumentFormat::yaml || *format == DocumentFormat::json)) return false;
    const bool is_kustomization = path.find("kustomization.") != std::string::npos;
    for (const Document& document : side.file.documents) {
      const uint32_t root = document.root;
      if (root == kNoDocumentNode || side.file.nodes[root].type != NodeType::map) continue;
      if (is_kustomization) {
        for (const std::string_view key : {"configMapGenerator", "secretGenerator"})
          if (const uint32_t list = side.file.child(root, key); list != kNoDocumentNode) side.roots.push_back(list);
        continue;
      }
      const uint32_t kind = side.file.child(root, "kind");
      if (kind != kNoDocumentNode && side.file.child(root, "apiVersion") != kNoDocumentNode) {
        const uint32_t data = side.file.nodes[kind].text == "ConfigMap" ? side.file.child(root, "data") : kNoDocumentNode;
        if (data != kNoDocumentNode) side.roots.push_back(data);
        continue;
      }
      side.roots.push_back(root);
    }
    return !side.roots.empty();
  }

  // The children of a map, of a list of things with names, of a list of variables: by their names.
  static std::map<std::string_view, uint32_t> children(const ParsedFile& file, uint32_t node) {
    std::map<std::string_view, uint32_t> out;
    if (node == kNoDocumentNode) return out;
    const DocumentNode& one = file.nodes[node];
    for (uint32_t child = one.first; (one.type == NodeType::map || one.type == NodeType::sequence) &&
        child != kNoDocumentNode; child = file.nodes[child].next) {
      const DocumentNode& entry = file.nodes[child];
      if (one.type == NodeType::map) {
        if ((entry.flags & kMergeKey) == 0) out[entry.key] = child;
        continue;
      }
      std::string_view name, value;
      if (entry.type == NodeType::map) {
        const uint32_t named = file.child(child, "name");
        if (named != kNoDocumentNode) out[file.nodes[named].text] = child;
      } else if (one.key == "literals" && split_assignment(entry.text, name, value)) {
        out[name] = child;
      }
    }
    return out;
  }

  [[nodiscard]] bool is_allowed(const std::string& path) const {
    const std::string lower = lower_case(path);
    if (std::any_of(std::begin(kAllowed), std::end(kAllowed), [&](std::string_view glob) { return glob_matches("/" + std::string(glob), lower); }))
        return true;
    const auto& more = rules_.rules[index_].policy->arguments;
    return std::any_of(more.begin(), more.end(), [&](const std::string& glob) { return glob_matches("/" + glob, path); });
  }

  void compare(uint32_t left, uint32_t right, uint32_t base, const std::string& prefix, size_t depth) {
    const ParsedFile &a = left_->file, &b = right_->file;
    if (depth > kDeepest || ((a.nodes[left].flags | b.nodes[right].flags) & kMasked) != 0) return;
    const auto ours = children(a, left), theirs = children(b, right), both = children(base_->file, base);
    for (const auto& [key, node] : ours) {
      const std::string path = prefix.empty() ? std::string(key) : prefix + "/" + std::string(key);
      if (is_allowed(path)) continue;
      const auto twin = theirs.find(key);
      if (twin == theirs.end()) {
        if (!both.contains(key)) add(*left_, node, path, "is set here, and not in " + right_->path);
        continue;
      }
      ++shared_;
      if (const std::string change = type_change(a.nodes[node], b.nodes[twin->second]); !change.empty()) add(*right_, twin->second, path,
          change + left_->path);
      const auto under = both.find(key);
      compare(node, twin->second, under == both.end() ? kNoDocumentNode : under->second, path, depth + 1);
    }
    for (const auto& [key, node] : theirs) {
      const std::string path = prefix.empty() ? std::string(key) : prefix + "/" + std::string(key);
      if (!ours.contains(key) && !both.contains(key) && !is_allowed(path)) add(*right_, node, path, "is set here, and not in " + left_->path);
    }
  }

  static std::string_view type_name(const DocumentNode& node) {
    switch (node.type) {
      case NodeType::map: return "a map";
      case NodeType::sequence: return "a list";
      case NodeType::text: return "a text";
      case NodeType::integer:
      case NodeType::real: return "a number";
      case NodeType::boolean: return "a boolean";
      default: return {};
    }
  }
  static std::string type_change(const DocumentNode& a, const DocumentNode& b) {
    const std::string_view one = type_name(a), other = type_name(b);
    if (one.empty() || other.empty() || one == other) return {};
    return "is " + std::string(other) + " here, and " + std::string(one) + " in ";
  }

  void add(const Side_& side, uint32_t node, const std::string& key_path, const std::string& what) {
    if (++gaps_ > kMostGaps) return;
    const Rule& rule = rules_.rules[index_];
    std::string shown = key_path;
    std::replace(shown.begin(), shown.end(), '/', '.');
    Violation violation{.rule = index_, .kind = rule.policy->result, .severity = rule.severity, .confidence = rule.confidence, .node = shown};
    const DocumentNode& one = side.file.nodes[node];
    violation.span = one.key_span.end > one.key_span.begin ? one.key_span : one.span;
    if (one.key_span.end <= one.key_span.begin) violation.span.end = std::min(violation.span.end, violation.span.begin + 1);
    violation.message = "The key " + shown.substr(0, 200) + " " + what + ".";
    violation.subject = "parity\n" + shown + "\n" + what;
    found_.emplace_back(side.path, std::move(violation));
  }

  const RuleSet& rules_;
  uint32_t index_;
  const TreeView& tree_;
  TreeFindings& out_;
  std::vector<std::pair<std::string, Violation>> found_;
  const Side_ *left_ = nullptr, *right_ = nullptr, *base_ = nullptr;
  size_t gaps_ = 0, shared_ = 0;
};

}  // namespace

void find_parity_gaps(const RuleSet& rules, uint32_t rule, const TreeView& tree, TreeFindings& out) {
  std::map<std::string, std::pair<std::string, EnvironmentPath>> staging;
  std::vector<std::pair<std::string, EnvironmentPath>> production;
  for (const std::string& path : tree.paths()) {
    const auto format = document_format(path);
    if (!format || !is_compared(*format)) continue;
    auto one = environment_path(path);
    if (!one) continue;
    const std::vector<std::string> classes = classes_of_path(rules, path);
    if (std::any_of(classes.begin(), classes.end(), [](const std::string& name) { return name == "test" || name == "example" || name == "docs" ||
        name == "vendored" || name == "generated"; }))
      continue;
    if (one->side == Side::staging) staging.try_emplace(one->pattern, path, *one);
    else production.emplace_back(path, std::move(*one));
  }
  PairCheck check(rules, rule, tree, out);
  size_t pairs = 0;
  for (const auto& [path, one] : production) {
    const auto twin = staging.find(one.pattern);
    if (twin != staging.end() && ++pairs <= kMostPairs) check.check(twin->second.first, path, one.base);
  }
}

}  // namespace sealwarden
