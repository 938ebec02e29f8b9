// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

struct git_odb;
struct git_repository;

namespace sealwarden {

// Loads and sets up libgit2 once; call it before its first use. Costs about 5 ms, so only what really needs
// libgit2 does. From then on it reads no configuration of the user or the system, keeps no objects, and opens
// whatever git itself opens.
void use_libgit2();
// What libgit2 said last on this thread; call it on the line behind the failure.
std::string libgit2_message();

struct OdbDeleter {
  void operator()(git_odb* odb) const;
};
struct RepositoryDeleter {
  void operator()(git_repository* repository) const;
};
using OdbHandle = std::unique_ptr<git_odb, OdbDeleter>;
using RepositoryHandle = std::unique_ptr<git_repository, RepositoryDeleter>;

}  // namespace sealwarden
