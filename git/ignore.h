// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "git/repository.h"

namespace sealwarden {

// Whether .gitignore files and info/exclude name a path; the user's global excludes do not count. Opens the repository
// at the first question, because a work tree without untracked files asks none. One per worker.
class IgnoreRules {
 public:
  explicit IgnoreRules(std::string work_tree) : work_tree_(std::move(work_tree)) {}

  // `path` is relative to the work tree's root. Tracked files must not be asked for: git's rules do not concern them.
  // What libgit2 cannot tell is not ignored, so that it is scanned.
  bool ignores(const std::string& path);

 private:
  std::string work_tree_;
  std::optional<Repository> repository_;
  bool broken_ = false;
};

}  // namespace sealwarden
