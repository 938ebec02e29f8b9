// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "git/roots.h"

namespace sealwarden {

// Adds the entries of one log in file order; returns how many lines break the format. `log` is the name of
// its ref.
size_t parse_reflog(Bytes content, const std::string& log, std::vector<ReflogEntry>& entries);

// All logs below `git_dir`/logs. `prefix` stands before the names of the logs ("worktrees/w1/").
void read_reflogs(const std::string& git_dir, const std::string& prefix, std::vector<ReflogEntry>& entries,
                  Ledger& ledger);

}  // namespace sealwarden
