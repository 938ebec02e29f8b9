// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <vector>

#include "report/redactor.h"
#include "report/report.h"
#include "scanner/base/result.h"

namespace sealwarden {

// Known findings: they are marked and do not fail. The file holds fingerprints, rule ids and (redacted) paths, no secret.
struct Baseline {
  struct Entry {
    std::string fingerprint, secret_id, rule, path;  // path for people only; may be empty
  };
  std::vector<Entry> entries;  // sorted by fingerprint

  // Whether the finding is known: by fingerprint, or by secret_id when its path changed and the old path's finding is
  // gone from this report (a rename). Call match_baseline for the whole report.
};

Result<Baseline> read_baseline(const std::string& name, const std::string& text);  // errors name file, line, remedy
std::string write_baseline(const Report&, const Redactor&);  // JSON, sorted, ends in LF; all unsuppressed and baselined findings

// Marks findings that the baseline knows: first by fingerprint, then renames by secret_id (each entry serves once).
// Findings already suppressed are left alone. Returns how many were marked.
size_t apply_baseline(const Baseline&, std::vector<Finding>& findings);

// `.sealwardenignore`: lines "FINGERPRINT # why", blank lines and lines starting with # are passed over.
struct IgnoreFile {
  struct Entry {
    std::string why;
    bool is_new = false;  // brought by the change under test
  };
  std::map<std::string, Entry> entries;  // by fingerprint
};
Result<IgnoreFile> read_ignore_file(const std::string& name, const std::string& text);  // errors: file:line: ...
size_t apply_ignore_file(const IgnoreFile&, std::vector<Finding>& findings);

}  // namespace sealwarden
