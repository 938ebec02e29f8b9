// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "scanner/base/object_id.h"
#include "scanner/base/result.h"

struct git_repository;

namespace sealwarden {

// An opened repository: where its parts lie. Nothing of the user's or the repository's configuration is run
// or obeyed, but for the facts that say how it is stored. One handle may be used by one thread at a time;
// open more for workers.
class Repository {
 public:
  // `path`: a work tree (or a folder below one), a bare repository, a .git folder, a linked worktree, a
  // submodule (its .git is a file). `environment`: honour GIT_DIR, GIT_WORK_TREE, GIT_INDEX_FILE,
  // GIT_OBJECT_DIRECTORY and GIT_ALTERNATE_OBJECT_DIRECTORIES, GIT_QUARANTINE_PATH as git itself does for
  // hooks. Not a repository, SHA-256 or reftable: an Error of kind usage that says so and what to do.
  static Result<Repository> open(const std::string& path, bool environment);
  // Whether `path` lies in a repository's work tree or is one; for `scan`.
  static bool is_inside(const std::string& path);
  Repository(Repository&&) noexcept;
  Repository& operator=(Repository&&) noexcept;
  ~Repository();

  [[nodiscard]] const std::string& git_dir() const;  // absolute, no trailing '/': of this (linked) worktree
  [[nodiscard]] const std::string& common_dir() const;                // where refs and objects are
  [[nodiscard]] const std::optional<std::string>& work_tree() const;  // absolute; none if bare
  [[nodiscard]] const std::string& index_file() const;                // may not exist
  // The object folder, then its alternates (depth first, each once, also those of the environment); absolute.
  [[nodiscard]] const std::vector<std::string>& object_dirs() const;
  [[nodiscard]] bool is_shallow() const;  // common_dir/shallow is not empty
  [[nodiscard]] bool is_partial() const;  // a promisor remote or .promisor pack
  // extensions.* and remotes of common_dir/config, read as data.
  [[nodiscard]] std::optional<std::string> origin_url()
      const;  // may hold user information: never print as it is

  // The same repository in libgit2, with this one's object folders and index; opened when first asked for (5
  // ms). An Error if libgit2 refuses it; native() is then null.
  [[nodiscard]] Result<git_repository*> open_native() const;
  [[nodiscard]] git_repository* native() const;

 private:
  struct State;
  explicit Repository(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace sealwarden
