// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "git/repository.h"
#include "report/report.h"
#include "scanner/app/args.h"
#include "scanner/app/grouping.h"
#include "scanner/app/settings.h"
#include "scanner/base/ledger.h"
#include "scanner/engine/blob_scanner.h"

namespace sealwarden {

// What a command found, before anything is suppressed.
struct ScanResult {
  Settings settings;
  Report::Target target;
  std::vector<Finding> findings;  // as finish() sorts them
  ScanStats stats;
  bool whole = false;             // all of a repository or folder was looked at, not a part or a change
  bool as_of_used = false;        // the day decided whether a comment still counts
  std::vector<std::string> warnings;  // marks that accept nothing, as the user is to read them
  std::optional<JudgedFiles> judged;  // if Args::wants_judged() and files were looked at

  // Sets `findings`. `acceptances_are_new`: the change under test brought what accepts in the files.
  void finish(Drafts drafts, bool acceptances_are_new);
};

// The five sources. Each opens what it scans, loads the settings from the right place, lists, scans, and places what it
// found. What could not be scanned is in the ledger; an Error means that nothing could be done at all.
Result<ScanResult> scan_work_tree(const Args& args, Ledger& ledger);
Result<ScanResult> scan_history(const Args& args, Ledger& ledger);
Result<ScanResult> scan_range(const Args& args, Ledger& ledger);
Result<ScanResult> scan_staged(const Args& args, Ledger& ledger);
Result<ScanResult> scan_standard_input(const Args& args, Ledger& ledger);

// Opens the repository that the options name. `for_hooks`: git's environment counts (index, objects), and all of it if
// no repository is named.
Result<Repository> open_repository(const Args& args, bool for_hooks);

bool progress_wanted(const Args& args);

// URL of origin as a report may show it: no user information, no query.
std::optional<std::string> shown_remote(const Repository& repository);

// If SIGINT came: says so in the ledger and takes the request back, so that what was found can still be placed and
// written (a second SIGINT ends the program at once).
bool note_interruption(Ledger& ledger);

// Configuration that lies in an object which is missing or broken is a loss of the scan, not a mistake of the user's.
Result<std::optional<std::string>> or_loss(Result<std::optional<std::string>> text, const std::string& path, Ledger& ledger);

// Every component of a path, as the path up to it: "a", "a/b", "a/b/c".
std::vector<std::string> path_prefixes(const std::string& path);

}  // namespace sealwarden
