// SPDX-License-Identifier: Apache-2.0
#include "scanner/app/settings.h"

#include <cstdlib>

#include "rules/builtin.h"
#include "rules/rule_selection.h"
#include "scanner/base/atomic_file.h"
#include "scanner/base/dates.h"

namespace sealwarden {
namespace {

// A configuration is written by hand: larger ones are a mistake or an attack.
constexpr size_t kConfigLimit = size_t{4} << 20;
constexpr size_t kBaselineLimit = size_t{256} << 20;

Result<RuleFile> load_file(const std::string& name) {
  TRY(std::string text, read_input(name, kConfigLimit));
  return load_rule_file({name, std::move(text)});
}

// What the options name is the user's to give: if it can't be read that is an error, not an absence.
template <class T>
Result<T> as_usage(Result<T> result) {
  if (!result) result.error().kind = Error::Kind::usage;
  return result;
}

Result<std::optional<std::string>> read_config(const Args& args, const ConfigReader* reader, const std::string& path) {
  if (reader == nullptr || args.no_repo_config) return std::optional<std::string>();
  return as_usage(reader->read(path));
}

}  // namespace

Result<RuleSet> load_rules(const Args& args, const ConfigReader* reader) {
  std::vector<RuleFile> files;
  for (const std::string& name : args.rule_files) {
    TRY(RuleFile file, as_usage(load_file(name)));
    files.push_back(std::move(file));
  }
  if (!args.config.empty()) {
    TRY(RuleFile file, as_usage(load_file(args.config)));
    files.push_back(std::move(file));
  } else {
    TRY(const std::optional<std::string> text, read_config(args, reader, kConfigFile));
    if (text) {
      TRY(RuleFile file, load_rule_file({reader->prefix + kConfigFile, *text}));
      files.push_back(std::move(file));
    }
  }
  TRY(RuleSet rules, shipped_rule_set(files));
  TRY_VOID(select_rules(rules, {args.only_rules, args.skip_rules}));
  return rules;
}

Result<Settings> load_settings(const Args& args, const ConfigReader* reader) {
  Settings settings;
  TRY(RuleSet rules, load_rules(args, reader));
  rules.least_confidence = args.min_confidence;
  TRY(settings.rules, CompiledRules::make(std::move(rules), cache_folder()));
  settings.policy = std::make_unique<PolicyEngine>(settings.rules->rule_set());
  TRY(const std::optional<std::string> ignore, read_config(args, reader, kIgnoreFile));
  if (ignore) {
    TRY(settings.ignore, read_ignore_file(reader->prefix + kIgnoreFile, *ignore));
  }
  if (!args.baseline.empty()) {
    TRY(const std::string text, as_usage(read_input(args.baseline, kBaselineLimit)));
    TRY(settings.baseline, read_baseline(args.baseline, text));
  } else {
    TRY(const std::optional<std::string> text, read_config(args, reader, kBaselineFile));
    if (text) {
      TRY(settings.baseline, read_baseline(reader->prefix + kBaselineFile, *text));
    }
  }
  settings.as_of = args.as_of.value_or(today());
  return settings;
}

ConfigReader current_folder_reader() {
  return {[](const std::string& path) -> Result<std::optional<std::string>> {
            Result<std::string> text = read_file(path);
            if (text) return std::optional(std::move(*text));
            if (text.error().kind == Error::Kind::not_found) return std::optional<std::string>();
            return tl::unexpected<Error>(std::move(text.error()));
          },
          ""};
}

std::string cache_folder() {
  if (const char* cache = std::getenv("XDG_CACHE_HOME"); cache != nullptr && cache[0] == '/')
    return std::string(cache) + "/sealwarden";
  if (const char* home = std::getenv("HOME"); home != nullptr && home[0] == '/')
    return std::string(home) + "/.cache/sealwarden";
  return {};
}

}  // namespace sealwarden
