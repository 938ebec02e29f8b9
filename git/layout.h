// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "git/config_file.h"
#include "scanner/base/result.h"

namespace sealwarden {

// Where the parts of a repository lie, found by reading a few small files. All paths are absolute.
struct Layout {
  std::string git_dir, common_dir, index_file, object_dir;
  std::optional<std::string> work_tree;
  std::vector<std::string> extra_object_dirs;  // from the environment
  std::vector<ConfigValue> config;  // common_dir/config, then git_dir/config.worktree if that is switched on
};

Result<Layout> find_layout(const std::string& path, bool environment);

// The folder that is `path` or above it and holds `.git`, or is a bare repository itself; nullopt if there is
// none.
std::optional<std::string> find_git_dir(const std::string& path);

// `object_dir` and what its info/alternates name, depth first, each once; then `extra` in the same way. A
// folder that is not there is listed too: its reader says that it is missing.
std::vector<std::string> with_alternates(const std::string& object_dir,
                                         const std::vector<std::string>& extra);

}  // namespace sealwarden
