// SPDX-License-Identifier: Apache-2.0
#include "scanner/policy/environment.h"

#include <algorithm>
#include <map>
#include <set>
#include <string_view>
#include <unordered_set>

#include "scanner/base/ascii.h"
#include "scanner/base/glob.h"
#include "scanner/doc/parse.h"
#include "scanner/policy/environment_parity.h"
#include "scanner/policy/environment_schema.h"
#include "scanner/policy/path_classes.h"

namespace sealwarden {
namespace {

constexpr size_t kMostFiles = 20'000;                       // of a tree, that are read
constexpr uint64_t kMostBytes = uint64_t{64} << 20;         // of them together
constexpr size_t kLongestFile = size_t{2} << 20;
constexpr size_t kMostFindings = 100;                       // of an inventory: one that lacks more is none
constexpr size_t kFewestRows = 3;                           // of a table that is an inventory

bool is_name_start(char c) { return is_upper(c) || c == '_'; }
bool is_name_byte(char c) { return is_upper(c) || is_digit(c) || c == '_'; }

// The variable's name that begins at `at`; empty: none. Names of one letter, and in lower case, are none of an environment's.
std::string_view name_at(std::string_view text, size_t at) {
  if (at >= text.size() || !is_name_start(text[at])) return {};
  size_t end = at;
  while (end < text.size() && is_name_byte(text[end])) ++end;
  if (end < text.size() && is_word(text[end])) return {};
  return end - at < 2 ? std::string_view() : text.substr(at, end - at);
}

// How program text reads a variable: what stands before its name.
struct Access {
  std::string_view mark;
  bool quoted;  // the name is a text; else it is a word
};
constexpr Access kAccesses[] = {
    {"environ[", true},           {"environ.get(", true},  {"environ.pop(", true},       {"environ.setdefault(", true}, {"getenv(", true},
    {"process.env.", false},      {"process.env[", true},  {"import.meta.env.", false},  {"Deno.env.get(", true},       {"Bun.env.", false},
    {"ENV[", true},               {"ENV.fetch(", true},    {"os.Getenv(", true},         {"os.LookupEnv(", true},       {"env::var(", true},
    {"env::var_os(", true},       {"$_ENV[", true},        {"$_SERVER[", true},          {"GetEnvironmentVariable(", true},
    {"System.get_env(", true},    {"System.fetch_env!(", true}, {"System.fetch_env(", true}, {"secure_getenv(", true},
};

// Names that belong to the system, the shell, the tools that run a program.
constexpr std::string_view kSystem[] = {
    "PATH", "HOME", "USER", "USERNAME", "LOGNAME", "SHELL", "PWD", "OLDPWD", "TMPDIR", "TEMP", "TMP", "LANG", "LANGUAGE", "LC_*", "TERM", "TERM_*",
    "HOSTNAME", "TZ", "EDITOR",
    "VISUAL", "PAGER", "DISPLAY", "CI", "CI_*", "NODE_ENV", "NODE_OPTIONS", "NODE_PATH", "NO_COLOR", "FORCE_COLOR", "COLORTERM", "CLICOLOR*",
    "COLUMNS", "LINES", "GITHUB_*", "RUNNER_*",
    "GITLAB_*", "BUILDKITE*", "CIRCLE*", "TRAVIS*", "JENKINS_*", "TEAMCITY_*", "APPVEYOR*", "TF_BUILD", "KUBERNETES_*", "XDG_*", "APPDATA",
    "LOCALAPPDATA", "PROGRAMDATA", "PROGRAMFILES*",
    "USERPROFILE", "HOMEDRIVE", "HOMEPATH", "SYSTEMROOT", "WINDIR", "COMSPEC", "PATHEXT", "OS", "PYTHON*", "VIRTUAL_ENV", "CONDA_*", "PIP_*",
    "CARGO_*", "RUST_*", "RUSTC*", "OUT_DIR", "TARGET",
    "GOPATH", "GOROOT", "GOOS", "GOARCH", "GOFLAGS", "CGO_*", "JAVA_HOME", "JAVA_OPTS", "MAVEN_*", "GRADLE_*", "BUNDLE_*", "GEM_*", "RUBY*",
    "RACK_ENV", "RAILS_ENV", "MIX_ENV", "NPM_*", "YARN_*",
    "PNPM_*", "VITEST*", "JEST_*", "PYTEST_*", "PLAYWRIGHT_*", "CYPRESS_*", "VERCEL*", "NETLIFY*", "DYNO", "RENDER*", "AWS_LAMBDA_*",
    "AWS_EXECUTION_ENV", "LAMBDA_*", "WEBSITE_*", "VCAP_*",
    "SSH_*", "WAYLAND_*", "DBUS_*", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "ALL_PROXY", "MODE", "DEV", "PROD", "SSR", "BASE_URL", "REQUEST_METHOD",
    "REQUEST_URI", "HTTP_*", "SERVER_*",
    "REMOTE_*", "SCRIPT_*", "DOCUMENT_ROOT", "QUERY_STRING", "PHP_SELF", "HTTPS", "CONTENT_*", "ANSIBLE_*", "COMPOSE_*", "DOCKER_*", "MAKEFLAGS",
    "CFLAGS", "CXXFLAGS", "LDFLAGS", "CC", "CXX",
    "INVOCATION_ID", "NOTIFY_SOCKET", "LISTEN_*", "WERKZEUG_*", "FLASK_*", "DJANGO_SETTINGS_MODULE", "NODE_TLS_REJECT_UNAUTHORIZED", "NODE_EXTRA_CA_CERTS",
};

bool is_system(std::string_view name, const std::vector<std::string>& more) {
  return std::any_of(std::begin(kSystem), std::end(kSystem), [&](std::string_view glob) { return glob_matches(glob, name); }) ||
         std::any_of(more.begin(), more.end(), [&](const std::string& glob) { return glob_matches(glob, name); });
}

// Calls visit(name, begin) for each variable that program text reads.
template <class Visit>
void read_variables(std::string_view text, const Visit& visit) {
  for (const Access& access : kAccesses)
    for (size_t at = text.find(access.mark); at != std::string_view::npos; at = text.find(access.mark, at + access.mark.size())) {
      if (at > 0 && is_word(text[at - 1]) && is_word(access.mark.front())) continue;
      size_t begin = at + access.mark.size();
      while (begin < text.size() && is_space(text[begin])) ++begin;
      if (access.quoted) {
        if (begin >= text.size() || (text[begin] != '"' && text[begin] != '\'' && text[begin] != '`')) continue;
        ++begin;
      }
      const std::string_view name = name_at(text, begin);
      const size_t end = begin + name.size();
      if (name.empty() || (access.quoted && (end >= text.size() || text[end] != text[begin - 1]))) continue;
      visit(name, begin);
    }
}

// ${X}, ${X:-default} of a compose file; "$${X}" is the container's.
template <class Visit>
void interpolated_variables(std::string_view text, const Visit& visit) {
  for (size_t at = text.find("${"); at != std::string_view::npos; at = text.find("${", at + 2)) {
    if (at > 0 && text[at - 1] == '$') continue;
    const std::string_view name = name_at(text, at + 2);
    const size_t end = at + 2 + name.size();
    if (!name.empty() && end < text.size() && (text[end] == '}' || text[end] == ':' || text[end] == '-' || text[end] == '?' || text[end] == '+'))
        visit(name, at + 2);
  }
}

struct Place {
  uint32_t begin = 0, end = 0;
};

struct Inventory {
  std::string folder;                          // what it is about: the files below
  std::string path;                            // of its first file
  std::map<std::string, std::pair<std::string, Place>> names;  // with the file and place of each
};

std::string lower_name(const std::string& path) { return lower_case(std::string_view(path).substr(path.rfind('/') + 1)); }

bool is_env_sample(const std::string& path) {
  constexpr std::string_view kNames[] = {".env.example", ".env.sample", ".env.template", ".env.dist", ".env.defaults", ".env.tmpl", "env.example",
      "env.sample", "env.template", "example.env",
                                         "sample.env", ".env-example", ".env-sample", ".env.local.example", ".env.example.local", ".env.tpl",
                                         "defaults.env", ".env.defaults.local"};
  const std::string name = lower_name(path);
  return std::find(std::begin(kNames), std::end(kNames), name) != std::end(kNames);
}

bool is_docs_table(const std::string& path) {
  const std::string name = lower_name(path);
  return name.ends_with(".md") && (name.find("environment") != std::string::npos || name.find("env-var") != std::string::npos ||
      name.find("env_var") != std::string::npos ||
                                   name.starts_with("configuration") || name.starts_with("env."));
}

// Lines NAME=..., commented out ones too: those are variables that need not be set.
void add_sample_names(const std::string& path, std::string_view bytes, Inventory& inventory) {
  for (size_t start = 0; start < bytes.size();) {
    const size_t feed = std::min(bytes.find('\n', start), bytes.size());
    size_t at = start;
    while (at < feed && (is_blank(bytes[at]) || bytes[at] == '#')) ++at;
    if (bytes.substr(at).starts_with("export ")) at += 7;
    const std::string_view name = name_at(bytes, at);
    const size_t end = at + name.size();
    if (!name.empty() && end <= feed && (end == feed ? bytes[start] != '#' : bytes[end] == '=' || bytes[end] == '\r' || bytes[end] == ':'))
      inventory.names.try_emplace(std::string(name), path, Place{static_cast<uint32_t>(at), static_cast<uint32_t>(end)});
    start = feed + 1;
  }
}

// The first cells of rows of tables that are names of variables, in `code` or plain.
void add_table_names(const std::string& path, std::string_view bytes, Inventory& inventory) {
  std::map<std::string, std::pair<std::string, Place>> rows;
  for (size_t start = 0; start < bytes.size();) {
    const size_t feed = std::min(bytes.find('\n', start), bytes.size());
    size_t at = start;
    while (at < feed && is_blank(bytes[at])) ++at;
    if (at < feed && bytes[at] == '|') {
      ++at;
      while (at < feed && (is_blank(bytes[at]) || bytes[at] == '`' || bytes[at] == '*')) ++at;
      const std::string_view name = name_at(bytes, at);
      size_t end = at + name.size();
      const Place place{static_cast<uint32_t>(at), static_cast<uint32_t>(end)};
      while (end < feed && (is_blank(bytes[end]) || bytes[end] == '`' || bytes[end] == '*')) ++end;
      if (name.find('_') != std::string_view::npos && end < feed && bytes[end] == '|') rows.try_emplace(std::string(name), path, place);
    }
    start = feed + 1;
  }
  if (rows.size() >= kFewestRows) inventory.names.merge(rows);
}

bool is_program_file(const std::string& path) {
  if (document_format(path) == DocumentFormat::source) return true;
  constexpr std::string_view kEndings[] = {".c", ".cc", ".cpp", ".cxx", ".h", ".hpp", ".svelte", ".astro"};
  return std::any_of(std::begin(kEndings), std::end(kEndings), [&](std::string_view ending) { return path.ends_with(ending); });
}

bool is_compose_file(const std::string& path) {
  const std::string name = lower_name(path);
  return (name.ends_with(".yml") || name.ends_with(".yaml")) && (name.find("compose") != std::string::npos);
}

// Whether names are looked for in the file, so as to tell which are used at all.
bool is_searched(const std::string& path) {
  if (is_program_file(path)) return true;
  const auto format = document_format(path);
  if (format && *format != DocumentFormat::markdown) return true;
  constexpr std::string_view kEndings[] = {".sh", ".bash", ".zsh", ".ps1", ".bat", ".cmd", ".mk", ".tpl", ".tmpl", ".conf", ".erb", ".html", ".sql"};
  const std::string name = lower_name(path);
  return std::any_of(std::begin(kEndings), std::end(kEndings), [&](std::string_view ending) { return name.ends_with(ending); }) || name == "makefile" ||
      name == "justfile" || name == "procfile";
}

// A read of a variable: the first one of its name below an inventory.
struct Use {
  std::string path;
  Place place;
};

class InventoryCheck {
 public:
  InventoryCheck(const RuleSet& rules, uint32_t rule, const TreeView& tree, TreeFindings& out)
      : rules_(rules), index_(rule), tree_(tree), out_(out) {}

  void run() {
    for (const std::string& path : tree_.paths())
      if (!is_apart(path)) read_inventory(path);
    std::erase_if(inventories_, [](const auto& one) { return one.second.names.empty(); });
    if (inventories_.empty()) return;
    uint64_t bytes_read = 0;
    size_t files_read = 0;
    for (const std::string& path : tree_.paths()) {
      const std::vector<Inventory*> above = inventories_above(path);
      if (above.empty() || !is_searched(path) || is_env_sample(path) || lower_name(path) == kSchemaName) continue;
      const auto bytes = tree_.read(path);
      if (!bytes || bytes->size() > kLongestFile) continue;
      bytes_read += bytes->size();
      if (++files_read > kMostFiles || bytes_read > kMostBytes) {
        is_whole_ = false;
        break;
      }
      note_words(*bytes);
      if (!is_apart(path)) note_uses(path, *bytes, above);
    }
    report();
  }

 private:
  // Tests, examples and foreign code read variables that are none of the program's.
  [[nodiscard]] bool is_apart(const std::string& path) const {
    std::vector<std::string> classes = classes_of_path(rules_, path);
    const bool is_sample = is_env_sample(path), is_doc = is_docs_table(path);
    return std::any_of(classes.begin(), classes.end(), [&](const std::string& name) {
      return name == "vendored" || name == "generated" || name == "test" || (name == "example" && !is_sample) || (name == "docs" && !is_doc);
    });
  }

  void read_inventory(const std::string& path) {
    std::string folder = path.substr(0, path.rfind('/') + 1);
    const bool is_schema = lower_name(path) == kSchemaName, is_docs = is_docs_table(path);
    if (!is_schema && !is_env_sample(path) && !is_docs) return;
    const auto bytes = tree_.read(path);
    if (!bytes || bytes->size() > kLongestFile) return;
    // docs/environment.md is about the folder that docs/ lies in.
    if (const size_t docs = ("/" + folder).find("/docs/"); is_docs && docs != std::string::npos) folder = folder.substr(0, docs);
    Inventory& inventory = inventories_[folder];
    inventory.folder = folder;
    if (inventory.path.empty()) inventory.path = path;
    if (is_schema)
      for (const SchemaName& one : schema_names(path, *bytes)) inventory.names.try_emplace(one.name, path, Place{one.begin, one.end});
    else if (is_docs)
      add_table_names(path, *bytes, inventory);
    else
      add_sample_names(path, *bytes, inventory);
  }

  // The inventories of the file's folder and those above it, the nearest first.
  std::vector<Inventory*> inventories_above(const std::string& path) {
    std::vector<Inventory*> out;
    for (size_t end = path.rfind('/');; end = end == 0 ? std::string::npos : path.rfind('/', end - 1)) {
      const auto found = inventories_.find(end == std::string::npos ? std::string() : path.substr(0, end + 1));
      if (found != inventories_.end()) out.push_back(&found->second);
      if (end == std::string::npos) return out;
    }
  }

  // Every word of the text, whatever it is there.
  void note_words(std::string_view text) {
    for (size_t at = 0; at < text.size();) {
      if (!is_word(text[at])) {
        ++at;
        continue;
      }
      const size_t begin = at;
      while (at < text.size() && is_word(text[at])) ++at;
      if (at - begin >= 2 && at - begin <= 128) words_.insert(lower_case(text.substr(begin, at - begin)));
    }
  }

  void note_uses(const std::string& path, std::string_view text, const std::vector<Inventory*>& above) {
    const auto note = [&](std::string_view name, size_t begin) {
      const std::string key(name);
      if (std::any_of(above.begin(), above.end(), [&](const Inventory* one) { return one->names.contains(key); })) return;
      uses_[above.front()->folder].try_emplace(key, Use{path, {static_cast<uint32_t>(begin), static_cast<uint32_t>(begin + name.size())}});
    };
    if (is_program_file(path)) read_variables(text, note);
    else if (is_compose_file(path)) interpolated_variables(text, note);
  }

  void report() {
    const auto& more = rules_.rules[index_].policy->arguments;
    for (const auto& [folder, names] : uses_) {
      const auto missing = std::count_if(names.begin(), names.end(), [&](const auto& one) { return !is_system(one.first, more); });
      if (static_cast<size_t>(missing) > kMostFindings) continue;
      for (const auto& [name, use] : names)
        if (!is_system(name, more))
          add(use.path, name, use.place, "The variable " + name + " is read here, and " + inventories_.at(folder).path + " does not name it.",
              rules_.rules[index_].severity);
    }
    for (const auto& [folder, inventory] : inventories_) out_.judged.push_back({inventory.path, index_, is_whole_ && !uses_.contains(folder)});
    if (!is_whole_) return;  // what was not read may use a name
    for (const auto& [folder, inventory] : inventories_) {
      size_t count = 0;
      for (const auto& [name, where] : inventory.names)
        if (!words_.contains(lower_case(name)) && !is_system(name, more) && ++count <= kMostFindings)
          add(where.first, name, where.second, "Nothing in the tree reads the variable " + name + " that this inventory names.", Severity::info);
    }
  }

  void add(const std::string& path, const std::string& name, Place place, std::string message, Severity severity) {
    const Rule& rule = rules_.rules[index_];
    Violation violation{.rule = index_, .kind = rule.policy->result, .severity = severity, .confidence = rule.confidence, .span = {place.begin,
        place.end}, .node = name};
    violation.message = std::move(message);
    violation.subject = "inventory\n" + name;
    out_.violations.emplace_back(path, std::move(violation));
  }

  const RuleSet& rules_;
  uint32_t index_;
  const TreeView& tree_;
  TreeFindings& out_;
  std::map<std::string, Inventory> inventories_;
  std::map<std::string, std::map<std::string, Use>> uses_;  // by the nearest inventory's folder
  std::unordered_set<std::string> words_;
  bool is_whole_ = true;
};

}  // namespace

bool find_environment_problems(const std::string& name, const RuleSet& rules, uint32_t rule, const TreeView& tree,
                               TreeFindings& out) {
  if (name == "env_inventory") InventoryCheck(rules, rule, tree, out).run();
  else if (name == "env_schema") find_schema_gaps(rules, rule, tree, out);
  else if (name == "env_parity") find_parity_gaps(rules, rule, tree, out);
  else return false;
  return true;
}

}  // namespace sealwarden
