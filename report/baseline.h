// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "report/redactor.h"
#include "report/report.h"
#include "scanner/base/result.h"

namespace sealwarden {

// Known findings: they are marked and do not fail. The file holds fingerprints, rule ids and (redacted)
// paths, no secret.
// {"schema": 1, "tool": "sealwarden", "findings": [{"fingerprint", "secret_id", "rule", "path"}]}; unknown
// keys are passed over.
struct Baseline {
  struct Entry {
    std::string fingerprint, secret_id, rule, path;  // path for people only; may be empty
  };
  std::vector<Entry> entries;  // sorted by fingerprint, each once
};

// Errors (kind usage) name file, line and remedy.
Result<Baseline> read_baseline(const std::string& name, const std::string& text);
// JSON, sorted by fingerprint, ends in LF; all findings that are not suppressed or only by a baseline.
std::string write_baseline(const Report& report, const Redactor& redactor);

// Marks findings that the baseline knows: first by fingerprint, then renames by secret_id: the entry's own
// finding is gone from this report, and each entry serves once. File rules have no secret, so no renames.
// Findings already suppressed are left alone. Returns how many were marked. Call it for the whole report.
// `follow_renames` only if the whole repository was looked at: of a change, what did not change is not found.
size_t apply_baseline(const Baseline& baseline, std::vector<Finding>& findings, bool follow_renames = true);

// `.sealwardenignore`: lines "FINGERPRINT # why", blank lines and lines starting with # are passed over.
struct IgnoreFile {
  struct Entry {
    std::string why;
    bool is_new = false;  // brought by the change under test
  };
  std::map<std::string, Entry> entries;  // by fingerprint
};
// All wrong lines of the file, one "file:line: ..." each (kind usage).
Result<IgnoreFile> read_ignore_file(const std::string& name, const std::string& text);
size_t apply_ignore_file(const IgnoreFile& ignore_file, std::vector<Finding>& findings);

// "sealwarden/v1:" and 32 lower-case hex digits.
bool is_fingerprint(std::string_view text);

}  // namespace sealwarden
