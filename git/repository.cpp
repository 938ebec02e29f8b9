// SPDX-License-Identifier: Apache-2.0
#include "git/repository.h"

#include <git2.h>
#include <git2/sys/repository.h>

#include <algorithm>

#include "git/files.h"
#include "git/layout.h"
#include "git/libgit2.h"

namespace sealwarden {

struct Repository::State {
  Layout layout;
  std::vector<std::string> object_dirs;
  RepositoryHandle native;  // opened when first asked for
};

namespace {

bool has_promisor_pack(const std::vector<std::string>& object_dirs) {
  for (const std::string& folder : object_dirs) {
    const Result<std::vector<DirectoryEntry>> entries = list_directory(join(folder, "pack"));
    if (!entries) continue;
    if (std::any_of(entries->begin(), entries->end(),
                    [](const auto& entry) { return entry.name.ends_with(".promisor"); }))
      return true;
  }
  return false;
}

bool has_promisor_remote(const std::vector<ConfigValue>& config) {
  return std::any_of(config.begin(), config.end(), [](const ConfigValue& value) {
    if (value.section == "extensions" && value.key == "partialclone") return true;
    return value.section == "remote" && value.key == "promisor" && config_is_true(value.value);
  });
}

// libgit2 finds object folders and the index by itself but does not know those of the environment.
Result<void> lend_objects(git_repository* repository, const std::vector<std::string>& object_dirs) {
  git_odb* raw = nullptr;
  if (git_odb_new(&raw) != 0) return fail(Error::Kind::internal, libgit2_message());
  const OdbHandle odb(raw);
  for (const std::string& folder : object_dirs)
    git_odb_add_disk_alternate(raw, folder.c_str());
  if (git_repository_set_odb(repository, raw) != 0) return fail(Error::Kind::internal, libgit2_message());
  return {};
}

Result<void> lend_index(git_repository* repository, const std::string& file) {
  git_index* index = nullptr;
  if (git_index_open(&index, file.c_str()) != 0) return fail(Error::Kind::corrupt, libgit2_message());
  const int code = git_repository_set_index(repository, index);
  git_index_free(index);
  if (code != 0) return fail(Error::Kind::internal, libgit2_message());
  return {};
}

Result<RepositoryHandle> open_with_libgit2(const Layout& layout,
                                           const std::vector<std::string>& object_dirs) {
  constexpr size_t kMostConfigValues = 4000;  // libgit2 1.5 leaks up to 20 KB for each when it looks for extensions
  if (layout.config.size() > kMostConfigValues)
    return fail(Error::Kind::limit, join(layout.common_dir, "config") + " has too many entries to look up revisions by name; give ids");
  use_libgit2();
  git_repository* raw = nullptr;
  constexpr unsigned kFlags = GIT_REPOSITORY_OPEN_NO_SEARCH | GIT_REPOSITORY_OPEN_NO_DOTGIT;
  if (git_repository_open_ext(&raw, layout.git_dir.c_str(), kFlags, nullptr) != 0)
    return fail(Error::Kind::corrupt, "cannot open " + layout.git_dir + ": " + libgit2_message());
  RepositoryHandle repository(raw);
  if (object_dirs.size() > 1 || layout.object_dir != join(layout.common_dir, "objects"))
    TRY_VOID(lend_objects(raw, object_dirs));
  if (layout.index_file != join(layout.git_dir, "index")) TRY_VOID(lend_index(raw, layout.index_file));
  return repository;
}

}  // namespace

Repository::Repository(std::unique_ptr<State> state) : state_(std::move(state)) {}
Repository::Repository(Repository&&) noexcept = default;
Repository& Repository::operator=(Repository&&) noexcept = default;
Repository::~Repository() = default;

Result<Repository> Repository::open(const std::string& path, bool environment) {
  auto state = std::make_unique<State>();
  TRY(state->layout, find_layout(path, environment));
  state->object_dirs = with_alternates(state->layout.object_dir, state->layout.extra_object_dirs);
  return Repository(std::move(state));
}

bool Repository::is_inside(const std::string& path) { return find_git_dir(path).has_value(); }

const std::string& Repository::git_dir() const { return state_->layout.git_dir; }
const std::string& Repository::common_dir() const { return state_->layout.common_dir; }
const std::optional<std::string>& Repository::work_tree() const { return state_->layout.work_tree; }
const std::string& Repository::index_file() const { return state_->layout.index_file; }
const std::vector<std::string>& Repository::object_dirs() const { return state_->object_dirs; }

bool Repository::is_shallow() const {
  const std::string file = join(common_dir(), "shallow");
  return kind_of(file) == FileKind::regular && !is_empty_file(file);
}

bool Repository::is_partial() const {
  return has_promisor_remote(state_->layout.config) || has_promisor_pack(state_->object_dirs);
}

std::optional<std::string> Repository::origin_url() const {
  for (const ConfigValue& value : state_->layout.config)
    if (value.section == "remote" && value.subsection == "origin" && value.key == "url") return value.value;
  return std::nullopt;
}

Result<git_repository*> Repository::open_native() const {
  if (!state_->native) {
    TRY(state_->native, open_with_libgit2(state_->layout, state_->object_dirs));
  }
  return state_->native.get();
}

git_repository* Repository::native() const { return open_native().value_or(nullptr); }

}  // namespace sealwarden
