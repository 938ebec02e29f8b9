// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "report/baseline.h"
#include "rules/compiled_rules.h"
#include "scanner/app/args.h"
#include "scanner/base/result.h"
#include "scanner/policy/policy_engine.h"

namespace sealwarden {

// Reads a file of the repository where the command takes its configuration from (disk, index, a commit): nullopt if it
// is not there. The second argument of the pair is how messages call it.
struct ConfigReader {
  std::function<Result<std::optional<std::string>>(const std::string& path)> read;
  std::string prefix;  // "HEAD:", "index:", or a folder with its '/'
};

// Options and configuration as plain, immutable values; from here on nothing asks the command line again.
struct Settings {
  std::unique_ptr<CompiledRules> rules;
  std::unique_ptr<PolicyEngine> policy;  // of these rules
  IgnoreFile ignore;
  std::optional<Baseline> baseline;
  std::string as_of;  // today or --as-of
};

inline constexpr const char* kConfigFile = ".sealwarden.toml";
inline constexpr const char* kIgnoreFile = ".sealwardenignore";
inline constexpr const char* kBaselineFile = ".sealwarden-baseline.json";

// `reader` may be null (stdin): then only what the options name is read. Errors are of kind usage, with file and line.
Result<Settings> load_settings(const Args& args, const ConfigReader* reader);

// The rules alone: shipped, --rules, and the configuration.
Result<RuleSet> load_rules(const Args& args, const ConfigReader* reader);

// The configuration of the current folder, for commands that look at rules and at no repository.
ConfigReader current_folder_reader();

// Where compiled user rules are kept: $XDG_CACHE_HOME/sealwarden or ~/.cache/sealwarden; empty if neither is set.
std::string cache_folder();

}  // namespace sealwarden
