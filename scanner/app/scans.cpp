// SPDX-License-Identifier: Apache-2.0
#include "scanner/app/scans.h"

#include <unistd.h>

#include <algorithm>
#include <cstdlib>

#include "report/redactor.h"
#include "scanner/base/stop.h"

namespace sealwarden {

Result<Repository> open_repository(const Args& args, bool for_hooks) {
  if (args.repository.empty()) return Repository::open(".", true);
  // A repository that is named counts more than the one that the environment names.
  if (for_hooks)
    for (const char* name : {"GIT_DIR", "GIT_WORK_TREE", "GIT_COMMON_DIR"}) ::unsetenv(name);
  return Repository::open(args.repository, for_hooks);
}

std::optional<std::string> shown_remote(const Repository& repository) {
  const std::optional<std::string> url = repository.origin_url();
  if (!url) return std::nullopt;
  const std::string shown = without_user_information(*url);
  return shown.substr(0, shown.find_first_of("?#"));
}

void ScanResult::finish(Drafts drafts, bool acceptances_are_new) {
  Acceptances acceptances{settings.as_of, acceptances_are_new, false, {}};
  findings = sealwarden::finish(settings.rules->rule_set(), std::move(drafts), acceptances);
  as_of_used = acceptances.as_of_used;
  warnings.insert(warnings.end(), acceptances.warnings.begin(), acceptances.warnings.end());
  std::sort(warnings.begin(), warnings.end());
  warnings.erase(std::unique(warnings.begin(), warnings.end()), warnings.end());
}

bool progress_wanted(const Args& args) {
  if (args.progress == Args::Progress::automatic) return ::isatty(STDERR_FILENO) == 1;
  return args.progress == Args::Progress::always;
}

bool note_interruption(Ledger& ledger) {
  if (!stop_requested.exchange(false)) return false;
  ledger.skip(Skip::interrupted, "the scan was stopped by a signal before its end");
  return true;
}

Result<std::optional<std::string>> or_loss(Result<std::optional<std::string>> text, const std::string& path, Ledger& ledger) {
  if (text || text.error().kind == Error::Kind::usage) return text;
  const bool missing = text.error().kind == Error::Kind::not_found;
  ledger.skip(missing ? Skip::missing_object : Skip::corrupt_object, path + " of the repository: " + text.error().message);
  return std::optional<std::string>();
}

std::vector<std::string> path_prefixes(const std::string& path) {
  std::vector<std::string> prefixes;
  for (size_t slash = path.find('/'); slash != std::string::npos; slash = path.find('/', slash + 1))
    prefixes.push_back(path.substr(0, slash));
  prefixes.push_back(path);
  return prefixes;
}

}  // namespace sealwarden
