// SPDX-License-Identifier: Apache-2.0
#include "git/layout.h"

#include <algorithm>
#include <cstdlib>

#include "git/files.h"
#include "scanner/base/atomic_file.h"

namespace sealwarden {
namespace {

constexpr size_t kSmallFile = size_t{1} << 20;
constexpr size_t kConfigFile = size_t{16} << 20;

std::optional<std::string> variable(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr && *value != '\0' ? std::optional<std::string>(value) : std::nullopt;
}

std::string common_dir_of(const std::string& git_dir) {
  const Result<std::string> text = read_file(join(git_dir, "commondir"), kSmallFile);
  return text ? resolve(join(git_dir, without_line_end(*text))) : git_dir;
}

// As git decides it: HEAD (it may be a dangling link), refs and objects are there.
bool is_git_dir(const std::string& path) {
  if (kind_of_entry(join(path, "HEAD")) == FileKind::none) return false;
  const std::string common = common_dir_of(path);
  if (kind_of(join(common, "refs")) != FileKind::directory) return false;
  return kind_of(join(common, "objects")) == FileKind::directory ||
         variable("GIT_OBJECT_DIRECTORY").has_value();
}

// The git folder that a `.git` file names: "gitdir: PATH".
std::optional<std::string> follow_git_file(const std::string& file) {
  const Result<std::string> text = read_file(file, kSmallFile);
  if (!text || !text->starts_with("gitdir:")) return std::nullopt;
  std::string_view target = without_line_end(*text).substr(7);
  target.remove_prefix(std::min(target.find_first_not_of(' '), target.size()));
  std::string git_dir = resolve(join(parent_of(file), target));
  return is_git_dir(git_dir) ? std::optional(std::move(git_dir)) : std::nullopt;
}

// `path` itself as a git folder, a `.git` file, or a folder with either as `.git`.
std::optional<std::string> git_dir_at(const std::string& path) {
  if (kind_of(path) == FileKind::regular) return follow_git_file(path);
  const std::string inner = join(path, ".git");
  if (kind_of(inner) == FileKind::regular) return follow_git_file(inner);
  if (is_git_dir(inner)) return resolve(inner);
  return is_git_dir(path) ? std::optional(resolve(path)) : std::nullopt;
}

// Whether the tree is found from the inside: `.git` lies in the folder that is the work tree.
std::optional<std::string> folder_of_dot_git(const std::string& path, const std::string& git_dir) {
  for (std::string folder = resolve(path);; folder = parent_of(folder)) {
    const std::string inner = join(folder, ".git");
    if (kind_of(inner) == FileKind::regular ? follow_git_file(inner) == git_dir : resolve(inner) == git_dir)
      return folder;
    if (folder == "/") return std::nullopt;
  }
}

// A linked worktree's folder: its git folder has a file `gitdir` that names the `.git` file in it.
std::optional<std::string> linked_work_tree(const std::string& git_dir) {
  const Result<std::string> text = read_file(join(git_dir, "gitdir"), kSmallFile);
  if (!text) return std::nullopt;
  return resolve(parent_of(join(git_dir, without_line_end(*text))));
}

std::vector<ConfigValue> read_config(const std::string& file) {
  const Result<std::string> text = read_file(file, kConfigFile);
  return text ? parse_config(*text) : std::vector<ConfigValue>{};
}

std::vector<ConfigValue> read_config(const Layout& layout) {
  std::vector<ConfigValue> config = read_config(join(layout.common_dir, "config"));
  if (layout.git_dir != layout.common_dir) {
    // A linked worktree takes these two from its own file only: the common ones speak of the main work tree.
    std::erase_if(config, [](const ConfigValue& value) {
      return value.section == "core" && (value.key == "bare" || value.key == "worktree");
    });
  }
  if (!config_is_true(config_value(config, "extensions", "worktreeconfig").value_or(""))) return config;
  for (ConfigValue& value : read_config(join(layout.git_dir, "config.worktree")))
    config.push_back(std::move(value));
  return config;
}

std::optional<std::string> find_work_tree(const Layout& layout, const std::string& path, bool git_dir_given) {
  const std::optional<std::string> configured = config_value(layout.config, "core", "worktree");
  if (configured) {
    std::string folder = resolve(join(layout.git_dir, *configured));
    if (kind_of(folder) == FileKind::directory) return folder;
  }
  if (config_is_true(config_value(layout.config, "core", "bare").value_or("false"))) return std::nullopt;
  if (git_dir_given) return resolve(".");
  if (std::optional<std::string> folder = folder_of_dot_git(path, layout.git_dir)) return folder;
  if (layout.git_dir != layout.common_dir) return linked_work_tree(layout.git_dir);
  return std::nullopt;
}

// A list of folders, ':' between them; one in double quotes may hold ':' and escapes.
std::vector<std::string> split_path_list(std::string_view list) {
  std::vector<std::string> parts(1);
  bool quoted = false;
  for (size_t i = 0; i < list.size(); ++i) {
    if (list[i] == '"' && (quoted || parts.back().empty()))
      quoted = !quoted;
    else if (list[i] == ':' && !quoted)
      parts.emplace_back();
    else if (list[i] == '\\' && quoted && i + 1 < list.size())
      parts.back() += list[++i];
    else
      parts.back() += list[i];
  }
  std::erase(parts, std::string());
  return parts;
}

void obey_environment(Layout& layout) {
  if (const auto folder = variable("GIT_WORK_TREE")) layout.work_tree = resolve(*folder);
  // git is in the work tree's root when it reads this, wherever it was called.
  if (const auto file = variable("GIT_INDEX_FILE")) layout.index_file = resolve(join(layout.work_tree.value_or(""), *file));
  if (const auto folder = variable("GIT_OBJECT_DIRECTORY")) layout.object_dir = resolve(*folder);
  for (const std::string& folder : split_path_list(variable("GIT_ALTERNATE_OBJECT_DIRECTORIES").value_or("")))
    layout.extra_object_dirs.push_back(resolve(folder));
  // A receiving git puts new objects here first; it is the object folder then, but a hook may have unset
  // that.
  if (const auto folder = variable("GIT_QUARANTINE_PATH"))
    layout.extra_object_dirs.push_back(resolve(*folder));
}

Result<void> check_storage(const Layout& layout, const std::string& path) {
  const auto unreadable = [&](const std::string& what) {
    return fail(Error::Kind::usage, path + " is a repository with " + what +
                                        ", which is not read yet; a clone of it in "
                                        "git's default format can be scanned");
  };
  const std::string format = config_value(layout.config, "extensions", "objectformat").value_or("sha1");
  if (format != "sha1") return unreadable("object format " + format);
  const std::string refs = config_value(layout.config, "extensions", "refstorage").value_or("files");
  if (refs != "files") return unreadable("ref storage " + refs);
  return {};
}

Result<std::string> git_dir_for(const std::string& path, bool environment) {
  if (const auto given = environment ? variable("GIT_DIR") : std::nullopt) {
    std::string folder = resolve(*given);
    if (kind_of(folder) == FileKind::regular) folder = follow_git_file(folder).value_or(folder);
    if (!is_git_dir(folder))
      return fail(Error::Kind::usage, "GIT_DIR names " + *given + ", which is not a git repository");
    return folder;
  }
  if (kind_of(path) == FileKind::none) return fail(Error::Kind::usage, path + " does not exist");
  if (auto folder = find_git_dir(path)) return *folder;
  return fail(Error::Kind::usage, path +
                                      " is not a git repository, nor is a folder above it; name one, or use "
                                      "`sealwarden scan` for plain files");
}

void add_object_dir(const std::string& folder, size_t depth, std::vector<std::string>& folders) {
  constexpr size_t kDepth = 5, kFolders = 1024;  // the depth is git's
  if (depth > kDepth || folders.size() >= kFolders) return;
  if (std::find(folders.begin(), folders.end(), folder) != folders.end()) return;
  folders.push_back(folder);
  const Result<std::string> text = read_file(join(folder, "info/alternates"), kSmallFile);
  std::string_view rest = text ? std::string_view(*text) : std::string_view();
  while (!rest.empty()) {
    const std::string_view line = without_line_end(rest.substr(0, rest.find('\n')));
    rest.remove_prefix(
        std::min(rest.size(), rest.find('\n') == std::string_view::npos ? rest.size() : rest.find('\n') + 1));
    if (line.empty() || line.front() == '#') continue;
    const std::vector<std::string> unquoted =
        line.front() == '"' ? split_path_list(line) : std::vector{std::string(line)};
    for (const std::string& name : unquoted)
      add_object_dir(resolve(join(folder, name)), depth + 1, folders);
  }
}

}  // namespace

std::optional<std::string> find_git_dir(const std::string& path) {
  if (kind_of(path) == FileKind::none) return std::nullopt;
  for (std::string folder = resolve(path);; folder = parent_of(folder)) {
    if (auto git_dir = git_dir_at(folder)) return git_dir;
    if (folder == "/") return std::nullopt;
  }
}

Result<Layout> find_layout(const std::string& path, bool environment) {
  Layout layout;
  TRY(layout.git_dir, git_dir_for(path, environment));
  const auto common = environment ? variable("GIT_COMMON_DIR") : std::nullopt;
  layout.common_dir = common ? resolve(*common) : common_dir_of(layout.git_dir);
  layout.config = read_config(layout);
  TRY_VOID(check_storage(layout, path));
  layout.work_tree = find_work_tree(layout, path, environment && variable("GIT_DIR"));
  layout.index_file = join(layout.git_dir, "index");
  layout.object_dir = resolve(join(layout.common_dir, "objects"));
  if (environment) obey_environment(layout);
  return layout;
}

std::vector<std::string> with_alternates(const std::string& object_dir,
                                         const std::vector<std::string>& extra) {
  std::vector<std::string> folders;
  add_object_dir(object_dir, 0, folders);
  for (const std::string& folder : extra)
    add_object_dir(folder, 1, folders);
  return folders;
}

}  // namespace sealwarden
