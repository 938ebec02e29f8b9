// SPDX-License-Identifier: Apache-2.0
#include "scanner/policy/compose_files.h"

#include <algorithm>
#include <string_view>

#include "scanner/base/ascii.h"
#include "scanner/base/glob.h"
#include "scanner/doc/parse.h"
#include "scanner/policy/secret_leaves.h"
#include "scanner/policy/secret_value.h"

namespace sealwarden {
namespace {

constexpr size_t kMostCopied = 200;      // files of a copied folder whose content is looked at
constexpr size_t kMostIgnoreLines = 2000;

std::string folder_of(const std::string& path) { return path.substr(0, path.rfind('/') + 1); }

// A path as one of the tree: relative to `folder`, without "." and ".."; nullopt: it leaves the tree, is absolute or made up.
std::optional<std::string> in_tree(const std::string& folder, std::string_view path) {
  if (path.empty() || path.front() == '/' || path.front() == '~' || path.find('$') != std::string_view::npos ||
      path.find("{{") != std::string_view::npos) return std::nullopt;
  std::vector<std::string_view> parts;
  const std::string whole = folder + std::string(path);
  for (std::string_view rest = whole; !rest.empty();) {
    const size_t slash = std::min(rest.find('/'), rest.size());
    const std::string_view part = rest.substr(0, slash);
    rest.remove_prefix(std::min(slash + 1, rest.size()));
    if (part.empty() || part == ".") continue;
    if (part != "..") parts.push_back(part);
    else if (parts.empty()) return std::nullopt;
    else parts.pop_back();
  }
  std::string out;
  for (const std::string_view part : parts) out += (out.empty() ? "" : "/") + std::string(part);
  return out;
}

// The bytes of a file that the document at hand names.
std::optional<std::string> named_file(const Evaluator& evaluator, uint32_t node, std::string& path) {
  const PolicyContext& context = evaluator.context();
  const DocumentNode& one = evaluator.file().nodes[node];
  if (context.tree == nullptr || one.type != NodeType::text) return std::nullopt;
  const auto found = in_tree(folder_of(context.path), one.text);
  if (!found) return std::nullopt;
  path = *found;
  return context.tree->read(path);
}

// Names that say nothing of their format: what stands there is read as an environment file.
bool holds_secret_as(const Lexicon& lexicon, const std::string& path, Bytes bytes, std::string_view other_name) {
  return holds_secret(lexicon, document_format(path) ? std::string_view(path) : other_name, bytes);
}

Truth is_env_file_with_secrets(const Evaluator& evaluator, uint32_t node) {
  std::string path;
  const auto bytes = named_file(evaluator, node, path);
  return truth(bytes && holds_secret_as(evaluator.context().lexicon, path, *bytes, ".env"));
}

bool is_blank_text(std::string_view text) { return std::all_of(text.begin(), text.end(), is_space); }

Truth is_plain_file(const Evaluator& evaluator, uint32_t node, bool wants_secret) {
  std::string path;
  const auto bytes = named_file(evaluator, node, path);
  if (!bytes || is_blank_text(*bytes) || is_encrypted_file(path, *bytes)) return Truth::no;
  const Lexicon& lexicon = evaluator.context().lexicon;
  if (wants_secret) return truth(holds_secret_as(lexicon, path, *bytes, "x.conf.ini"));
  // A file of one word is the secret itself.
  std::string_view text = *bytes;
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  if (text.find('\n') == std::string_view::npos && (is_placeholder_value(lexicon, "secret", text) || is_reference_value(lexicon, text))) return Truth::no;
  return truth(path.find(".pub") == std::string::npos && text.find("BEGIN CERTIFICATE-----") == std::string_view::npos);
}

Truth holds_secret_text(const Evaluator& evaluator, uint32_t node) {
  const DocumentNode& one = evaluator.file().nodes[node];
  if (one.type != NodeType::text && one.type != NodeType::expression) return Truth::no;
  const Lexicon& lexicon = evaluator.context().lexicon;
  for (const std::string_view name : {"a.yaml", "a.properties", "a.ini", "a.json"})
    if (holds_secret(lexicon, name, one.text)) return Truth::yes;
  return Truth::no;
}

// ---- build contexts ----

class IgnoreFile {
 public:
  IgnoreFile(const TreeView& tree, const std::string& context, const std::string& dockerfile) {
    auto bytes = tree.read(dockerfile + ".dockerignore");
    if (!bytes) bytes = tree.read(context + ".dockerignore");
    if (!bytes) return;
    for (std::string_view rest = *bytes; !rest.empty() && lines_.size() < kMostIgnoreLines;) {
      const size_t feed = std::min(rest.find('\n'), rest.size());
      add(rest.substr(0, feed));
      rest.remove_prefix(std::min(feed + 1, rest.size()));
    }
  }
  // The last line that matches the path or a folder above it decides.
  [[nodiscard]] bool covers(std::string_view path) const {
    bool covered = false;
    for (const auto& [glob, excludes] : lines_)
      if (matches(glob, path)) covered = excludes;
    return covered;
  }

 private:
  void add(std::string_view line) {
    while (!line.empty() && is_space(line.back())) line.remove_suffix(1);
    while (!line.empty() && is_space(line.front())) line.remove_prefix(1);
    if (line.empty() || line.front() == '#') return;
    const bool excludes = line.front() != '!';
    if (!excludes) line.remove_prefix(1);
    while (line.starts_with("./")) line.remove_prefix(2);
    while (line.starts_with('/')) line.remove_prefix(1);
    while (line.ends_with('/')) line.remove_suffix(1);
    // Unlike in .gitignore a name without '/' is one of the root.
    if (!line.empty()) lines_.emplace_back("/" + std::string(line), excludes);
  }
  static bool matches(const std::string& glob, std::string_view path) {
    if (glob == "/**" || glob == "/*" || glob == "/.") return true;
    for (size_t slash = path.find('/'); slash != std::string_view::npos; slash = path.find('/', slash + 1))
      if (glob_matches(glob, path.substr(0, slash))) return true;
    return glob_matches(glob, path);
  }
  std::vector<std::pair<std::string, bool>> lines_;
};

// Files that hold credentials by their name; `proved`: only their content tells whether they do.
bool is_credential_name(std::string_view path, bool& proved) {
  constexpr std::string_view kSure[] = {
      "**/{id_rsa,id_dsa,id_ecdsa,id_ed25519}", "**/*.{p12,pfx,jks,keystore,ppk,kdbx}",
      "**/{.pgpass,.netrc,_netrc,.git-credentials,.vault_pass,.vault-token}",
      "**/.aws/credentials", "**/*.tfstate", "**/.ssh/id_*", "**/.kube/config", "**/credentials.tfrc.json",
  };
  constexpr std::string_view kPerhaps[] = {
      "**/.env", "**/.env.*", "**/*.env", "**/*.{pem,key}",
      "**/{.npmrc,.pypirc,.yarnrc.yml,pip.conf,.dockercfg,.my.cnf,kubeconfig,auth.json,settings.xml,gradle.properties,NuGet.config}",
      "**/.docker/config.json", "**/{credentials,secrets,secret}.{json,yml,yaml,ini,properties,toml}", "**/*{-,_}{credentials,secrets}.{json,yml,yaml}",
      "**/*service{-,_}account*.json", "**/.cargo/credentials*",
  };
  const auto fits = [&](std::string_view glob) { return glob_matches(glob, path); };
  if (path.ends_with(".pub") || path.ends_with(".example") || path.ends_with(".sample") || path.ends_with(".template") || path.ends_with(".dist"))
      return false;
  proved = std::any_of(std::begin(kSure), std::end(kSure), fits);
  return proved || std::any_of(std::begin(kPerhaps), std::end(kPerhaps), fits);
}

bool is_credential_file(const Lexicon& lexicon, const TreeView& tree, const std::string& path) {
  bool proved = false;
  if (!is_credential_name(path, proved)) return false;
  const auto bytes = tree.read(path);
  return bytes && !is_blank_text(*bytes) && !is_encrypted_file(path, *bytes) && (proved || holds_secret(lexicon, path, *bytes));
}

// A source as globs below the build context; empty: the whole of it.
bool copies_credentials(const Evaluator& evaluator, const std::string& context, std::string_view source) {
  const TreeView& tree = *evaluator.context().tree;
  std::string_view bare = source;
  while (bare.starts_with('/')) bare.remove_prefix(1);
  while (bare.size() > 1 && bare.ends_with('/')) bare.remove_suffix(1);
  const auto named = in_tree(context, bare);
  if (!named || named->size() <= context.size()) return false;  // the context itself: the review's business
  const IgnoreFile ignored(tree, context, evaluator.context().path);
  const bool is_glob = named->find_first_of("*?[") != std::string::npos;
  size_t looked = 0;
  for (const std::string& path : tree.paths()) {
    if (!path.starts_with(context)) continue;
    const bool fits = is_glob ? glob_matches("/" + *named, path) || glob_matches("/" + *named + "/**", path) : path == *named ||
        path.starts_with(*named + "/");
    if (!fits || ignored.covers(std::string_view(path).substr(context.size()))) continue;
    bool proved = false;
    if (!is_credential_name(path, proved)) continue;
    if (++looked > kMostCopied) return false;
    if (is_credential_file(evaluator.context().lexicon, tree, path)) return true;
  }
  return false;
}

// Something in the tree says that environment files lie here, though git may not keep them.
bool uses_env_files(const TreeView& tree, const std::string& context) {
  for (const std::string& path : tree.paths())
    if (path.starts_with(context + ".env") || path == context + "env.example") return true;
  for (const std::string& file : {context + ".gitignore", std::string(".gitignore")})
    if (const auto bytes = tree.read(file); bytes && bytes->find(".env") != std::string::npos) return true;
  return false;
}

Truth is_copied(const std::vector<std::string>& arguments, Evaluator& evaluator, uint32_t node) {
  const PolicyContext& context = evaluator.context();
  const ParsedFile& file = evaluator.file();
  const DocumentNode& source = file.nodes[node];
  if (context.tree == nullptr || source.type != NodeType::text || source.next == kNoDocumentNode) return Truth::no;  // the last one is the target
  const bool is_name = source.text.find("://") == std::string_view::npos && !source.text.starts_with("<<") && !source.text.starts_with("git@");
  if (!is_name) return Truth::no;
  const std::string own = folder_of(context.path);
  if (arguments.empty()) return truth(copies_credentials(evaluator, own, source.text) || (!own.empty() && copies_credentials(evaluator, "", source.text)));
  if (source.text != "." && source.text != "./" && source.text != "/" && source.text != "*" && source.text != "./*") return Truth::no;
  const IgnoreFile ignored(*context.tree, own, context.path);
  const bool env = uses_env_files(*context.tree, own) && !ignored.covers(".env");
  const bool git = own.empty() && !ignored.covers(".git");
  return truth(env || git);
}

}  // namespace

std::optional<Truth> resolve_named_files(const std::string& name, const std::vector<std::string>& arguments, Evaluator& evaluator, uint32_t node) {
  if (name == "compose_env_file") return is_env_file_with_secrets(evaluator, node);
  if (name == "compose_files") return is_plain_file(evaluator, node, !arguments.empty());
  if (name == "compose_content") return holds_secret_text(evaluator, node);
  if (name == "copied_secret_file") return is_copied(arguments, evaluator, node);
  return std::nullopt;
}

}  // namespace sealwarden
