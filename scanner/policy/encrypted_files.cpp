// SPDX-License-Identifier: Apache-2.0
#include "scanner/policy/encrypted_files.h"

#include <algorithm>
#include <map>
#include <set>
#include <string_view>

#include "rules/policy_reader.h"
#include "scanner/base/ascii.h"
#include "scanner/base/glob.h"
#include "scanner/doc/parse.h"
#include "scanner/policy/secret_leaves.h"

namespace sealwarden {
namespace {

constexpr size_t kMostAttributeFiles = 2000, kMostAttributeLines = 20'000;  // of a tree
constexpr size_t kLongestLine = 2048;                                       // git's own bound
constexpr uint64_t kMostMatches = 20'000'000;                               // of patterns with paths
constexpr size_t kMostSealed = 20'000, kLongestManifest = size_t{1} << 20;

// ---- SOPS and Ansible at HEAD ----

// Where the encrypted twin of a file lies by the usual names, if it does not stay at its own.
std::vector<std::string> twin_paths(const std::string& path) {
  const size_t slash = path.rfind('/'), name_at = slash == std::string::npos ? 0 : slash + 1;
  const std::string folder = path.substr(0, name_at), name = path.substr(name_at);
  std::vector<std::string> twins{path};
  const size_t dot = name.rfind('.');
  if (dot != std::string::npos)
    for (const std::string_view word : {".enc", ".sops", ".encrypted"}) twins.push_back(folder + name.substr(0, dot) + std::string(word) + name.substr(dot));
  twins.push_back(folder + "enc." + name);
  twins.push_back(path + ".enc");
  return twins;
}

Truth is_encrypted_at_head(const Evaluator& evaluator) {
  const PolicyContext& context = evaluator.context();
  return truth(has_encrypted_head(context) && !is_encrypted_file(context.path, evaluator.file().bytes));
}

// ---- sealed secrets ----

std::string_view scalar_at(const ParsedFile& file, uint32_t map, std::string_view key) {
  const uint32_t child = map == kNoDocumentNode ? map : file.child(map, key);
  return child == kNoDocumentNode || file.nodes[child].type == NodeType::expression ? std::string_view() : file.nodes[child].text;
}

// "namespace/name"; empty: a name that is made up, or none.
std::string object_name(const ParsedFile& file, uint32_t root) {
  const uint32_t metadata = file.child(root, "metadata");
  const std::string_view name = scalar_at(file, metadata, "name");
  if (name.empty()) return {};
  const std::string_view space = scalar_at(file, metadata, "namespace");
  return std::string(space.empty() ? "default" : space) + "/" + std::string(name);
}

struct SealedNames {
  std::set<std::string> names;
};

SealedNames read_sealed(const TreeView& tree) {
  SealedNames sealed;
  size_t read = 0;
  for (const std::string& path : tree.paths()) {
    const auto format = document_format(path);
    if (format != DocumentFormat::yaml && format != DocumentFormat::json) continue;
    if (++read > kMostSealed) break;
    const auto bytes = tree.read(path);
    if (!bytes || bytes->size() > kLongestManifest || bytes->find("SealedSecret") == std::string::npos) continue;
    const ParsedFile file = parse_document(*format, path, *bytes);
    for (const Document& one : file.documents)
      if (one.root != kNoDocumentNode && scalar_at(file, one.root, "kind") == "SealedSecret")
        if (std::string name = object_name(file, one.root); !name.empty()) sealed.names.insert(std::move(name));
  }
  return sealed;
}

Truth has_sealed_twin(const Evaluator& evaluator) {
  const PolicyContext& context = evaluator.context();
  const TreeView* tree = context.head != nullptr ? context.head : context.tree;
  if (tree == nullptr || scalar_at(evaluator.file(), evaluator.root(), "kind") != "Secret") return Truth::no;
  const std::string name = object_name(evaluator.file(), evaluator.root());
  if (name.empty()) return Truth::no;
  const auto sealed = tree->memo().get<SealedNames>("sealed secrets", [&] { return read_sealed(*tree); });
  return truth(sealed->names.contains(name));
}

// ---- files beside a file ----

Truth is_beside(const std::vector<std::string>& names, const PolicyContext& context) {
  if (context.tree == nullptr) return Truth::no;
  for (size_t end = context.path.rfind('/');; end = end == 0 ? std::string::npos : context.path.rfind('/', end - 1)) {
    const std::string folder = end == std::string::npos ? std::string() : context.path.substr(0, end + 1);
    std::string key = "beside " + folder;
    for (const std::string& name : names) key += "\n" + name;
    const auto there = context.tree->memo().get<bool>(key, [&] {
      return std::any_of(names.begin(), names.end(), [&](const std::string& name) { return context.tree->read(folder + name).has_value(); });
    });
    if (*there) return Truth::yes;
    if (end == std::string::npos) return Truth::no;
  }
}

// ---- .gitattributes ----

enum class GitFilter : uint8_t { other, git_crypt, transcrypt };

struct AttributeLine {
  std::string folder;  // of the file that says it, with '/'
  std::string glob;
  bool sets = false;   // it says something about the filter
  GitFilter filter = GitFilter::other;
};

// A pattern of git as a glob of ours: braces mean nothing there. Empty: it never matches a file.
std::string as_glob(std::string_view pattern) {
  if (pattern.ends_with('/') || pattern.starts_with('!')) return {};
  std::string glob;
  for (const char c : pattern) {
    if (c == '{' || c == '}' || c == ',') glob += '\\';
    glob += c;
  }
  return glob;
}

GitFilter filter_of(std::string_view name) {
  if (name == "git-crypt" || name.starts_with("git-crypt-")) return GitFilter::git_crypt;
  if (name == "crypt" || name.starts_with("crypt-")) return GitFilter::transcrypt;
  return GitFilter::other;
}

class Attributes {
 public:
  void read(const std::string& path, std::string_view bytes) {
    const std::string folder = path.substr(0, path.rfind('/') + 1);
    if (bytes.starts_with("\xEF\xBB\xBF")) bytes.remove_prefix(3);  // as git does
    while (!bytes.empty() && lines_.size() < kMostAttributeLines) {
      const size_t feed = std::min(bytes.find('\n'), bytes.size());
      if (feed <= kLongestLine) line(folder, bytes.substr(0, feed));
      bytes.remove_prefix(std::min(feed + 1, bytes.size()));
    }
  }
  [[nodiscard]] bool names_filter() const { return std::any_of(lines_.begin(), lines_.end(),
      [](const AttributeLine& one) { return one.filter != GitFilter::other; }); }
  // What the last line says that matches; those of deeper folders were read later.
  [[nodiscard]] GitFilter filter(const std::string& path) const {
    for (auto one = lines_.rbegin(); one != lines_.rend(); ++one)
      if (path.starts_with(one->folder) && ++matches_ < kMostMatches && glob_matches(one->glob, std::string_view(path).substr(one->folder.size())))
          return one->filter;
    return GitFilter::other;
  }

 private:
  void line(const std::string& folder, std::string_view text) {
    std::vector<std::string> words;
    for (size_t at = 0; at < text.size();) {
      if (is_space(text[at])) {
        ++at;
        continue;
      }
      std::string word;
      if (words.empty() && text[at] == '"') {  // a pattern with blanks
        for (++at; at < text.size() && text[at] != '"'; ++at) {
          if (text[at] == '\\' && at + 1 < text.size()) ++at;
          word += text[at];
        }
        if (at < text.size()) ++at;
      } else {
        while (at < text.size() && !is_space(text[at])) word += text[at++];
      }
      words.push_back(std::move(word));
    }
    if (words.size() < 2 || words.front().starts_with('#')) return;
    AttributeLine made{.folder = folder, .glob = {}};
    for (size_t i = 1; i < words.size(); ++i) apply(words[i], made);
    if (!made.sets) return;
    if (words.front().starts_with("[attr]")) {
      if (folder.empty()) macros_[words.front().substr(6)] = made.filter;
      return;
    }
    made.glob = as_glob(words.front());
    if (!made.glob.empty()) lines_.push_back(std::move(made));
  }

  void apply(const std::string& word, AttributeLine& line) const {
    if (word.starts_with("filter=")) {
      line.sets = true;
      line.filter = filter_of(std::string_view(word).substr(7));
    } else if (word == "-filter" || word == "!filter") {
      line.sets = true;
      line.filter = GitFilter::other;
    } else if (const auto macro = macros_.find(word); macro != macros_.end()) {
      line.sets = true;
      line.filter = macro->second;
    }
  }

  std::vector<AttributeLine> lines_;
  std::map<std::string, GitFilter> macros_;
  mutable uint64_t matches_ = 0;
};

bool is_filtered(GitFilter filter, std::string_view bytes) {
  if (filter == GitFilter::git_crypt) return bytes.starts_with(std::string_view("\0GITCRYPT\0", 10));
  return bytes.starts_with("U2FsdGVkX1") || bytes.starts_with("Salted__");
}

}  // namespace

bool has_encrypted_head(const PolicyContext& context) {
  if (context.head == nullptr || context.path.empty()) return false;
  return *context.head->memo().get<bool>("encrypted " + context.path, [&] {
    for (const std::string& path : twin_paths(context.path)) {
      const auto bytes = context.head->read(path);
      if (bytes) return is_encrypted_file(path, *bytes);
    }
    return false;
  });
}

std::optional<Truth> resolve_encryption_condition(const std::string& name, const std::vector<std::string>& arguments, Evaluator& evaluator,
    uint32_t /*node*/) {
  if (name == "encrypted_at_head") return is_encrypted_at_head(evaluator);
  if (name == "sealed_twin") return has_sealed_twin(evaluator);
  if (name == "beside_file") return arguments.empty() ? Truth::no : is_beside(arguments, evaluator.context());
  return std::nullopt;
}

void find_unfiltered_files(const RuleSet& rules, uint32_t index, const TreeView& tree, TreeFindings& out) {
  const TreeView& kept = *tree.stored();
  std::vector<std::string> files;
  for (const std::string& path : kept.paths())
    if ((path == ".gitattributes" || path.ends_with("/.gitattributes")) && files.size() < kMostAttributeFiles) files.push_back(path);
  const auto depth = [](const std::string& path) { return std::count(path.begin(), path.end(), '/'); };
  std::stable_sort(files.begin(), files.end(), [&](const std::string& a, const std::string& b) { return depth(a) < depth(b); });
  Attributes attributes;
  for (const std::string& path : files)
    if (const auto bytes = kept.read(path); bytes) attributes.read(path, *bytes);
  if (!attributes.names_filter()) return;
  const Rule& rule = rules.rules[index];
  for (const std::string& path : kept.paths()) {
    const std::string name = path.substr(path.rfind('/') + 1);
    if (name == ".gitattributes" || name == ".gitignore") continue;  // git-crypt refuses them too
    const GitFilter filter = attributes.filter(path);
    if (filter == GitFilter::other) continue;
    const auto bytes = kept.read(path);
    if (!bytes || bytes->empty()) continue;  // git-crypt leaves empty files as they are
    out.judged.push_back({path, index});
    if (is_filtered(filter, *bytes)) continue;
    const std::string tool = filter == GitFilter::git_crypt ? "git-crypt" : "transcrypt";
    Violation violation{.rule = index, .kind = rule.policy->result, .severity = rule.severity, .confidence = rule.confidence};
    violation.message = rule.policy->message + " The filter is " + tool + "'s.";
    violation.subject = "filter\n" + tool;
    out.violations.emplace_back(path, std::move(violation));
  }
}

}  // namespace sealwarden
