// SPDX-License-Identifier: Apache-2.0
#include "git/ignore.h"

#include <git2.h>
#include <git2/sys/repository.h>

#include <utility>

namespace sealwarden {
namespace {

// Without any configuration: core.excludesFile names a file of the user's, which is no part of the repository.
bool forget_configuration(git_repository* repository) {
  git_config* empty = nullptr;
  if (git_config_new(&empty) != 0) return false;
  const int code = git_repository_set_config(repository, empty);
  git_config_free(empty);
  return code == 0;
}

}  // namespace

bool IgnoreRules::ignores(const std::string& path) {
  if (!repository_ && !broken_) {
    auto opened = Repository::open(work_tree_, false);
    if (opened) repository_.emplace(std::move(*opened));
    broken_ = !opened || repository_->native() == nullptr || !forget_configuration(repository_->native());
  }
  if (broken_) return false;
  int ignored = 0;
  return git_ignore_path_is_ignored(&ignored, repository_->native(), path.c_str()) == 0 && ignored != 0;
}

}  // namespace sealwarden
