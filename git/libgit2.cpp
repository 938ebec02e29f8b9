// SPDX-License-Identifier: Apache-2.0
#include "git/libgit2.h"

#include <git2.h>

#include <array>
#include <mutex>

namespace sealwarden {
namespace {

// Ways of storing a repository that change nothing for a reader of objects. libgit2 refuses what it does not
// know.
constexpr std::array kExtensions = {"noop",
                                    "noop-v1",
                                    "worktreeconfig",
                                    "partialclone",
                                    "preciousobjects",
                                    "relativeworktrees",
                                    "compatobjectformat",
                                    "objectformat"};

void set_up() {
  git_libgit2_init();
  std::array<const char*, kExtensions.size()> extensions = kExtensions;
  git_libgit2_opts(GIT_OPT_SET_EXTENSIONS, extensions.data(), extensions.size());
  // Nothing of the repository is run, so it does not matter whose it is (containers often run as another
  // user).
  git_libgit2_opts(GIT_OPT_SET_OWNER_VALIDATION, 0);
  // Objects are read once: a cache of them would only cost.
  git_libgit2_opts(GIT_OPT_ENABLE_CACHING, 0);
  git_libgit2_opts(GIT_OPT_ENABLE_STRICT_HASH_VERIFICATION, 0);
  for (const git_config_level_t level :
       {GIT_CONFIG_LEVEL_SYSTEM, GIT_CONFIG_LEVEL_XDG, GIT_CONFIG_LEVEL_GLOBAL, GIT_CONFIG_LEVEL_PROGRAMDATA})
    git_libgit2_opts(GIT_OPT_SET_SEARCH_PATH, static_cast<int>(level), "");
}

}  // namespace

void use_libgit2() {
  static std::once_flag once;
  std::call_once(once, set_up);
}

std::string libgit2_message() {
  const git_error* error = git_error_last();
  return error != nullptr && error->message != nullptr ? error->message : "unknown cause";
}

void OdbDeleter::operator()(git_odb* odb) const { git_odb_free(odb); }
void RepositoryDeleter::operator()(git_repository* repository) const { git_repository_free(repository); }

}  // namespace sealwarden
