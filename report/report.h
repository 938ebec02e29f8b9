// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "rules/rule.h"
#include "scanner/base/finding.h"
#include "scanner/base/ledger.h"

namespace sealwarden {

inline constexpr std::string_view kToolName = "sealwarden";
inline constexpr std::string_view kToolUri = "https://github.com/sealwarden/sealwarden";

// Where policy rules found nothing, and which of them found nothing to look at.
struct JudgedFiles {
  struct Document {
    std::string name;              // as Finding::document; may be empty
    Region region;
    std::vector<uint32_t> passed;  // indexes into `rules`, ascending
  };
  std::map<std::string, std::vector<Document>> files;  // by path; documents in their order
  std::optional<ObjectId> commit;                      // whose files they are; none: of the index, a folder, standard input
  std::vector<Rule> rules;                             // all policy rules of the scan, sorted by id
  std::vector<uint32_t> not_applicable;                // indexes into `rules`, ascending
  std::optional<std::string> left_out_from;            // files that sort from this path on are too many to be told
};

// All that a writer needs. Built once by the app, immutable afterwards; writers are pure functions of it.
struct Report {
  std::string tool_version;
  struct Target {
    std::string kind;                   // "history", "range", "staged", "scan", "stdin"
    std::optional<std::string> remote;  // URL of origin without user information
    std::optional<ObjectId> head;
    std::optional<std::string> branch;       // short name of HEAD's branch
    std::optional<std::string> refs_digest;  // 16 hex digits over all refs and their values
    std::string rules_digest;
    std::optional<std::string> as_of;  // "2026-11-21", only when a verdict used it
  } target;
  bool complete = true;
  std::vector<Finding> findings;  // sorted; those below the confidence threshold are not here
  struct Summary {
    uint64_t findings = 0;                   // shown and not suppressed
    uint64_t suppressed = 0, baselined = 0;  // baselined is part of suppressed
    uint64_t secrets = 0;                    // distinct secret_id among shown, unsuppressed secret findings
    uint64_t below_confidence = 0;
    uint64_t open = 0;                            // places of which policy rules cannot say; not among `findings`
    uint64_t failing = 0;                         // findings that make the exit code 1
    std::map<std::string, uint64_t> by_severity;  // of the unsuppressed
    std::map<std::string, uint64_t> by_rule;
  } summary;
  struct {
    uint64_t blobs = 0, bytes = 0;
    std::vector<Ledger::Row> skipped;
  } ledger;
  std::vector<Rule> rules;     // those named by findings or `also`, sorted by id
  std::optional<JudgedFiles> judged;  // only if a complete SARIF file is to be written
  bool baseline_used = false;  // SARIF's baselineState is written only then
  Severity fail_on = Severity::low;
};

}  // namespace sealwarden
