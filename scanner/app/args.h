// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "scanner/app/exit_code.h"
#include "scanner/base/finding.h"

namespace sealwarden {

enum class Command {
  scan, history, range, staged, standard_input,
  rules_list, rules_show, rules_test, rules_stats, policy_explain, baseline_create, hook_install, hook_uninstall,
};

enum class Format { text, json, sarif, sarif_full };

struct Output {
  Format format = Format::text;
  std::string file;  // "-": standard output
};

// The command line as plain values; nothing is opened or looked up yet.
struct Args {
  Command command = Command::scan;
  std::vector<std::string> paths;  // scan, rules test, rules stats
  std::string repository;          // empty: the current folder and git's environment
  std::string range;               // "BASE..HEAD"
  bool stdin_refs = false;         // range
  bool diff = false;               // stdin: the bytes are a unified diff
  std::string stdin_path;          // stdin: what the bytes are called
  std::string rule;                // rules show
  std::vector<std::string> kinds;  // rules list: of which kinds; empty: all
  std::string spot;                // policy explain: "FILE:LINE"
  std::string baseline_output;     // baseline create

  std::vector<Output> outputs;
  [[nodiscard]] bool wants_judged() const;  // what policy rules found in order, too
  std::string config;              // --config: instead of the repository's own
  bool no_repo_config = false;
  std::vector<std::string> rule_files;
  std::vector<std::string> only_rules, skip_rules;  // as rules/rule_selection.h reads them
  std::string baseline;
  bool no_new_acceptances = false;
  Severity fail_on = Severity::low;
  Confidence min_confidence = Confidence::medium;
  bool strict = false;
  bool exit_zero = false;
  bool show_secrets = false;
  bool no_ignore = false;
  bool refs_only = false;
  bool full_blobs = false;           // history: sparing nothing that a delta's base has told
  bool verify_objects = false;       // history
  std::optional<std::string> as_of;  // YYYY-MM-DD
  unsigned jobs = 0;                 // 0: one per core
  enum class Progress { automatic, always, never } progress = Progress::automatic;
  bool stats = false;
};

// Parses; if there is nothing to run (--help, --version, an error), the text has been printed and the code is returned.
std::variant<Args, ExitCode> parse_args(int argc, const char* const* argv);

}  // namespace sealwarden
