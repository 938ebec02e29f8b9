// SPDX-License-Identifier: Apache-2.0
#include "scanner/policy/sops.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "rules/pattern_table.h"
#include "scanner/base/ascii.h"
#include "scanner/doc/parse.h"
#include "scanner/policy/secret_leaves.h"
#include "scanner/policy/secret_value.h"

namespace sealwarden {
namespace {

constexpr std::string_view kConfigName = ".sops.yaml";
constexpr size_t kMostRules = 1000;                  // of one .sops.yaml
constexpr size_t kLongestBinary = size_t{4} << 20;  // bytes that are read to see whether they are JSON of SOPS

std::string_view text_at(const ParsedFile& file, uint32_t map, std::string_view key) {
  const uint32_t child = file.child(map, key);
  return child == kNoDocumentNode ? std::string_view() : file.nodes[child].text;
}

// Which values are encrypted, by the words of a creation rule or of a file's metadata.
class Selectors {
 public:
  Selectors() = default;
  // The entries PREFIX + "encrypted_regex" and so on of a map.
  Selectors(const ParsedFile& file, uint32_t map, const std::string& prefix) {
    const auto text = [&](std::string_view name) { return std::string(text_at(file, map, prefix + std::string(name))); };
    unencrypted_suffix_ = text("unencrypted_suffix");
    encrypted_suffix_ = text("encrypted_suffix");
    unencrypted_regex_ = pattern(text("unencrypted_regex"));
    encrypted_regex_ = pattern(text("encrypted_regex"));
    unencrypted_comment_ = pattern(text("unencrypted_comment_regex"));
    encrypted_comment_ = pattern(text("encrypted_comment_regex"));
    chooses_ = !unencrypted_suffix_.empty() || !encrypted_suffix_.empty() || unencrypted_regex_ || encrypted_regex_ || unencrypted_comment_ ||
        encrypted_comment_;
    if (!chooses_) unencrypted_suffix_ = "_unencrypted";
  }

  // Whether a selector other than SOPS' own is given.
  [[nodiscard]] bool chooses() const { return chooses_; }
  // One of the expressions could not be read, so nothing can be said.
  [[nodiscard]] bool is_broken() const { return broken_; }

  // What the keys and comments from the root to a node said so far. Bits.
  using Seen = uint32_t;
  [[nodiscard]] Seen see_key(Seen seen, std::string_view key) const {
    if (!unencrypted_suffix_.empty() && key.ends_with(unencrypted_suffix_)) seen |= kUnencryptedSuffix;
    if (!encrypted_suffix_.empty() && key.ends_with(encrypted_suffix_)) seen |= kEncryptedSuffix;
    if (unencrypted_regex_ && (seen & kUnencryptedRegex) == 0 && unencrypted_regex_->search(key)) seen |= kUnencryptedRegex;
    if (encrypted_regex_ && (seen & kEncryptedRegex) == 0 && encrypted_regex_->search(key)) seen |= kEncryptedRegex;
    return seen;
  }
  [[nodiscard]] bool reads_comments() const { return unencrypted_comment_ || encrypted_comment_; }
  [[nodiscard]] Seen see_comment(Seen seen, std::string_view comment) const {
    if (unencrypted_comment_ && unencrypted_comment_->search(comment)) seen |= kUnencryptedComment;
    if (encrypted_comment_ && encrypted_comment_->search(comment)) seen |= kEncryptedComment;
    return seen;
  }
  // In SOPS' order: a later selector overrules the earlier ones.
  [[nodiscard]] bool selects(Seen seen) const {
    bool encrypted = true;
    if ((seen & kUnencryptedSuffix) != 0) encrypted = false;
    if (!encrypted_suffix_.empty()) encrypted = (seen & kEncryptedSuffix) != 0;
    if ((seen & kUnencryptedRegex) != 0) encrypted = false;
    if (encrypted_regex_) encrypted = (seen & kEncryptedRegex) != 0;
    if ((seen & kUnencryptedComment) != 0) encrypted = false;
    if (encrypted_comment_) encrypted = (seen & kEncryptedComment) != 0;
    return encrypted;
  }

 private:
  static constexpr Seen kUnencryptedSuffix = 1, kEncryptedSuffix = 2, kUnencryptedRegex = 4, kEncryptedRegex = 8, kUnencryptedComment = 16,
      kEncryptedComment = 32;
  std::unique_ptr<PatternMatcher> pattern(const std::string& regex) {
    if (regex.empty()) return nullptr;
    auto compiled = compile_pattern(regex);
    broken_ = broken_ || compiled == nullptr;
    return compiled;
  }

  std::string unencrypted_suffix_, encrypted_suffix_;
  std::unique_ptr<PatternMatcher> unencrypted_regex_, encrypted_regex_, unencrypted_comment_, encrypted_comment_;
  bool chooses_ = false, broken_ = false;
};

// The comments of a file that belong to an entry: on its line, or on the lines directly above it.
class EntryComments {
 public:
  explicit EntryComments(const ParsedFile& file) : file_(file) {}

  template <class Visit>
  void of(uint32_t node, const Visit& visit) const {
    const Span key = file_.nodes[node].key_span;
    if (key.end == key.begin) return;
    const auto& comments = file_.comments;
    const auto behind = std::lower_bound(comments.begin(), comments.end(), key.begin, [](const DocumentComment& one,
        uint32_t at) { return one.span.begin < at; });
    const size_t line_end = std::min(file_.bytes.find('\n', key.end), file_.bytes.size());
    if (behind != comments.end() && behind->span.begin < line_end) visit(text_of(behind->span));
    uint32_t line_begin = start_of_line(key.begin);
    for (auto one = behind; one != comments.begin() && line_begin > 0;) {
      --one;
      if (start_of_line(one->span.begin) != start_of_line(line_begin - 1)) break;
      line_begin = start_of_line(one->span.begin);
      if (!is_blank_line(line_begin, one->span.begin)) break;  // behind another value
      visit(text_of(one->span));
    }
  }

 private:
  [[nodiscard]] uint32_t start_of_line(uint32_t at) const {
    const size_t feed = at == 0 ? Bytes::npos : file_.bytes.rfind('\n', at - 1);
    return feed == Bytes::npos ? 0 : static_cast<uint32_t>(feed) + 1;
  }
  [[nodiscard]] bool is_blank_line(uint32_t from, uint32_t to) const { return std::all_of(file_.bytes.begin() + from, file_.bytes.begin() + to, is_blank); }
  [[nodiscard]] std::string_view text_of(Span span) const {
    std::string_view text = file_.bytes.substr(span.begin, span.end - span.begin);
    while (!text.empty() && (text.front() == '#' || text.front() == ';' || text.front() == ' ')) text.remove_prefix(1);
    return text;
  }
  const ParsedFile& file_;
};

bool is_encrypted_leaf(std::string_view text) {
  if (!text.starts_with("ENC[AES256_GCM,data:") || !text.ends_with("]")) return false;
  const size_t iv = text.find(",iv:"), tag = text.find(",tag:"), type = text.find(",type:");
  return iv != std::string_view::npos && tag != std::string_view::npos && type != std::string_view::npos && iv < tag && tag < type;
}

// Calls visit(leaf) for each scalar of a document that the selectors choose; metadata is left out.
template <class Visit>
void selected_leaves(const ParsedFile& file, uint32_t root, const Selectors& selectors, const Visit& visit) {
  const EntryComments comments(file);
  std::vector<std::pair<uint32_t, Selectors::Seen>> open{{root, 0}};
  while (!open.empty()) {
    const auto [node, above] = open.back();
    open.pop_back();
    const DocumentNode& one = file.nodes[node];
    if (one.type == NodeType::alias) continue;
    if (one.parent == root && (one.key == "sops" || one.key.starts_with("sops_"))) continue;
    Selectors::Seen seen = node == root ? above : selectors.see_key(above, one.key);
    if (node != root && selectors.reads_comments()) comments.of(node, [&](std::string_view text) { seen = selectors.see_comment(seen, text); });
    if (one.type == NodeType::map || one.type == NodeType::sequence) {
      const size_t before = open.size();
      for (uint32_t child = one.first; child != kNoDocumentNode; child = file.nodes[child].next) open.emplace_back(child, seen);
      std::reverse(open.begin() + static_cast<ptrdiff_t>(before), open.end());
    } else if (selectors.selects(seen)) {
      visit(node);
    }
  }
}

void add_plain_leaves(const ParsedFile& file, uint32_t root, FoundNodes& out) {
  if (!has_sops_metadata(file, root)) return;
  const uint32_t metadata = file.child(root, "sops");
  const Selectors selectors = metadata == kNoDocumentNode ? Selectors(file, root, "sops_") : Selectors(file, metadata, "");
  if (selectors.is_broken()) {
    out.hidden = true;
    return;
  }
  selected_leaves(file, root, selectors, [&](uint32_t leaf) {
    const DocumentNode& node = file.nodes[leaf];
    if (node.type == NodeType::null || node.type == NodeType::expression || node.text.empty() || is_encrypted_leaf(node.text)) return;
    out.nodes.push_back({leaf, node.type, node.text, node.span, &file});
  });
}

// One of the creation_rules of a .sops.yaml.
struct CreationRule {
  std::unique_ptr<PatternMatcher> path;  // none: any
  bool is_broken = false;
  Selectors selectors;
};
struct SopsConfig {
  std::vector<CreationRule> rules;
};

SopsConfig read_config(const std::string& path, const std::string& bytes) {
  SopsConfig config;
  const ParsedFile file = parse_document(DocumentFormat::yaml, path, bytes);
  if (file.documents.empty() || file.documents.front().root == kNoDocumentNode) return config;
  const uint32_t rules = file.child(file.documents.front().root, "creation_rules");
  if (rules == kNoDocumentNode || file.nodes[rules].type != NodeType::sequence) return config;
  for (uint32_t one = file.nodes[rules].first; one != kNoDocumentNode && config.rules.size() < kMostRules; one = file.nodes[one].next) {
    if (file.nodes[one].type != NodeType::map) continue;
    CreationRule rule;
    if (const std::string_view regex = text_at(file, one, "path_regex"); !regex.empty()) {
      rule.path = compile_pattern(regex);
      rule.is_broken = rule.path == nullptr;
    }
    rule.selectors = Selectors(file, one, "");
    config.rules.push_back(std::move(rule));
  }
  return config;
}

// The paths of a tree's .sops.yaml files: most trees have none, and no file of theirs is worth another look.
struct ConfigPaths {
  std::vector<std::string> paths;  // sorted
};

enum class Demand : uint8_t { none, catch_all, named };
struct Demanded {
  Demand demand = Demand::none;
  const CreationRule* rule = nullptr;
  std::shared_ptr<const SopsConfig> config;  // keeps the rule
};

// A rule that would take any file of that ending names none.
bool takes_anything(const CreationRule& rule, const std::string& path) {
  if (rule.path == nullptr) return true;
  const size_t dot = path.rfind('.'), slash = path.rfind('/');
  const std::string ending = dot == std::string::npos || (slash != std::string::npos && dot < slash) ? std::string() : path.substr(dot);
  return rule.path->search("qzjx/qzjx" + ending) && rule.path->search("qzjx" + ending);
}

Demanded demanded(const TreeView& tree, const TreeView& listed, const std::string& path) {
  const auto configs = listed.memo().get<ConfigPaths>("sops configurations", [&] {
    ConfigPaths found;
    for (const std::string& one : listed.paths())
      if (one == kConfigName || one.ends_with("/.sops.yaml")) found.paths.push_back(one);
    std::sort(found.paths.begin(), found.paths.end());
    return found;
  });
  if (configs->paths.empty()) return {};
  for (size_t end = path.rfind('/');; end = end == 0 ? std::string::npos : path.rfind('/', end - 1)) {
    const std::string folder = end == std::string::npos ? std::string() : path.substr(0, end + 1);
    const std::string at = folder + std::string(kConfigName);
    if (std::binary_search(configs->paths.begin(), configs->paths.end(), at)) {
      const auto config = tree.memo().get<SopsConfig>("sops " + at, [&] { return read_config(at, tree.read(at).value_or(std::string())); });
      const std::string relative = path.substr(folder.size());
      for (const CreationRule& rule : config->rules) {
        if (rule.is_broken) return {};  // SOPS stops there too
        if (rule.path && !rule.path->search(relative)) continue;
        return {takes_anything(rule, relative) ? Demand::catch_all : Demand::named, &rule, config};
      }
    }
    if (end == std::string::npos) return {};
  }
}

bool is_word_of_kubernetes(const ParsedFile& file, uint32_t root) {
  return file.child(root, "apiVersion") != kNoDocumentNode && file.child(root, "kind") != kNoDocumentNode;
}

// What is worth encrypting: a literal that the rule selects. Of what is known to be something else than a file of secrets (objects
// of Kubernetes that are no Secret, a kustomization, a chart) only real secrets.
bool is_worth(const Evaluator& evaluator, const Demanded& demanded) {
  const ParsedFile& file = evaluator.file();
  const std::string& path = evaluator.context().path;
  const std::string name = path.substr(path.rfind('/') + 1);
  const bool is_other_file = name.starts_with("kustomization.") || name.starts_with("Chart.") || name.starts_with("README");
  const Lexicon& lexicon = evaluator.context().lexicon;
  for (const Document& document : file.documents) {
    if (document.root == kNoDocumentNode) continue;
    const bool is_other = is_other_file || (is_word_of_kubernetes(file, document.root) && text_at(file, document.root, "kind") != "Secret");
    bool found = false;
    selected_leaves(file, document.root, demanded.rule->selectors, [&](uint32_t leaf) {
      const DocumentNode& node = file.nodes[leaf];
      if (found || node.type == NodeType::null || node.type == NodeType::boolean || node.type == NodeType::expression || node.text.empty()) return;
      if (demanded.demand == Demand::catch_all || is_other) found = is_secret_leaf(lexicon, file, leaf);
      else found = !is_reference_value(lexicon, node.text) && !is_placeholder_value(lexicon, name_of_leaf(file, leaf), node.text) &&
          !is_encrypted_value(node.text);
    });
    if (found) return true;
  }
  return false;
}

// Of old versions only configurations count that HEAD still has, so that no tree is listed but HEAD's.
Demanded demanded(const PolicyContext& context) {
  if (context.tree == nullptr || context.path.ends_with(kConfigName)) return {};
  return demanded(*context.tree, context.head != nullptr ? *context.head : *context.tree, context.path);
}

Truth is_required(const std::vector<std::string>& arguments, const Evaluator& evaluator, uint32_t node) {
  const PolicyContext& context = evaluator.context();
  const ParsedFile& file = evaluator.file();
  // Once a file: SOPS takes it as a whole.
  for (const Document& document : file.documents) {
    if (document.root == kNoDocumentNode) continue;
    if (document.root != node) return Truth::no;
    break;
  }
  const Demanded wanted = demanded(context);
  if (wanted.demand == Demand::none || is_encrypted_file(context.path, file.bytes) || !is_worth(evaluator, wanted)) return Truth::no;
  if (arguments.empty()) return Truth::yes;
  return truth(arguments.front() == (wanted.demand == Demand::named ? "named" : "catch_all"));
}

}  // namespace

bool has_sops_metadata(const ParsedFile& file, uint32_t root) {
  if (root == kNoDocumentNode || file.nodes[root].type != NodeType::map) return false;
  const uint32_t metadata = file.child(root, "sops");
  if (metadata != kNoDocumentNode && file.nodes[metadata].type == NodeType::map)
    return file.child(metadata, "mac") != kNoDocumentNode && (file.child(metadata, "version") != kNoDocumentNode || file.child(metadata,
        "lastmodified") != kNoDocumentNode);
  return file.child(root, "sops_mac") != kNoDocumentNode && file.child(root, "sops_version") != kNoDocumentNode;
}

bool is_sops_file(std::string_view path, Bytes bytes) {
  if (bytes.find("sops") == Bytes::npos || bytes.find("mac") == Bytes::npos) return false;
  if (bytes.size() > kLongestBinary) return bytes.find("ENC[AES256_GCM,") != Bytes::npos;
  const bool is_object = bytes.starts_with("{");
  const auto format = is_object ? std::optional(DocumentFormat::json) : document_format(path);
  if (!format) return false;
  const ParsedFile file = parse_document(*format, path, bytes);
  return std::any_of(file.documents.begin(), file.documents.end(), [&](const Document& one) { return has_sops_metadata(file, one.root); });
}

bool is_demanded_by_sops(const PolicyContext& context) { return demanded(context).demand != Demand::none; }

bool resolve_sops_nodes(const std::string& name, Evaluator& evaluator, uint32_t node, FoundNodes& out) {
  if (name != "sops_plain_leaves") return false;
  add_plain_leaves(evaluator.file(), node, out);
  return true;
}

std::optional<Truth> resolve_sops_condition(const std::string& name, const std::vector<std::string>& arguments, Evaluator& evaluator, uint32_t node) {
  if (name != "sops_required") return std::nullopt;
  return is_required(arguments, evaluator, node);
}

}  // namespace sealwarden
