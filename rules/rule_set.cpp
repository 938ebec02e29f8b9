// SPDX-License-Identifier: Apache-2.0
#include "rules/rule_set.h"

#include <algorithm>
#include <unordered_map>

#include "rules/policy_references.h"
#include "rules/rule_codec.h"
#include "rules/table_reader.h"
#include "scanner/base/digest.h"
#include "scanner/base/glob.h"

namespace sealwarden {
namespace {

bool is_called(const Rule& rule, std::string_view name) {
  return rule.id == name || (!name.empty() && rule.name == name) ||
         std::find(rule.aliases.begin(), rule.aliases.end(), name) != rule.aliases.end();
}

bool has_wildcard(const std::string& pattern) { return pattern.find_first_of("*?[{") != std::string::npos; }

std::string suggestion(const RuleSet& set, std::string_view name) {
  std::vector<std::string_view> names;
  for (const Rule& rule : set.rules) {
    names.push_back(rule.id);
    if (!rule.name.empty()) names.push_back(rule.name);
  }
  const std::string near = nearest(name, names);
  return near.empty() ? "; `sealwarden rules list` shows them all" : "; did you mean '" + near + "'?";
}

// Which rule owns each id, name and alias.
using Names = std::unordered_map<std::string_view, size_t>;

Result<void> claim(Names& names, const RuleSet& set, std::string_view name, size_t index) {
  if (name.empty()) return {};
  const auto [at, fresh] = names.emplace(name, index);
  if (fresh || at->second == index) return {};
  return fail(Error::Kind::usage, set.rules[index].origin + ": the name '" + std::string(name) +
                                      "' is used by " + set.rules[at->second].origin + " too; rename one");
}

Result<void> refuse_repeated_names(const RuleSet& set) {
  Names names;
  for (size_t i = 0; i < set.rules.size(); ++i) {
    TRY_VOID(claim(names, set, set.rules[i].id, i));
    TRY_VOID(claim(names, set, set.rules[i].name, i));
    for (const std::string& alias : set.rules[i].aliases)
      TRY_VOID(claim(names, set, alias, i));
  }
  return {};
}

Result<void> apply(RuleSet& set, const RuleFile::Override& override) {
  bool any = false;
  for (Rule& rule : set.rules) {
    if (!rule_name_matches(override.rule, rule)) continue;
    any = true;
    if (override.severity) rule.severity = *override.severity;
    if (override.disabled) rule.disabled = *override.disabled;
  }
  if (any) return {};
  return fail(Error::Kind::usage, override.origin + ": there is no rule '" + override.rule + "'" + suggestion(set, override.rule));
}

// A pattern may match nothing today; a plain name that does is a typing error that would leave findings
// unallowed.
Result<void> check_allow(const RuleSet& set, const Allow& allow) {
  for (const std::string& pattern : allow.rules)
    if (!has_wildcard(pattern) && set.find(pattern) == nullptr)
      return fail(Error::Kind::usage,
                  allow.origin + ": there is no rule '" + pattern + "'" + suggestion(set, pattern));
  return {};
}

template <class T>
void put_named(std::vector<T>& into, const std::vector<T>& more) {
  for (const T& one : more) {
    const auto same = std::find_if(into.begin(), into.end(), [&](const T& old) { return old.name == one.name; });
    if (same == into.end())
      into.push_back(one);
    else
      *same = one;
  }
}

// Whether the files bring words of their own.
bool put_words(RuleSet& set, Vocabulary shipped, const std::vector<RuleFile>& files) {
  bool any = false;
  set.kinds = std::move(shipped.kinds);
  set.lexicons = std::move(shipped.lexicons);
  for (auto file = files.rbegin(); file != files.rend(); ++file)  // the configuration is the last
    set.classes.insert(set.classes.end(), file->classes.begin(), file->classes.end());
  set.classes.insert(set.classes.end(), shipped.classes.begin(), shipped.classes.end());
  for (const RuleFile& file : files) {
    put_named(set.kinds, file.kinds);
    put_named(set.lexicons, file.lexicons);
    any = any || !file.kinds.empty() || !file.lexicons.empty() || !file.classes.empty();
  }
  return any;
}

// `builtin`: of the shipped rules as they were shipped.
std::string digest_of(const RuleSet& set, const Sha256& builtin, bool overridden, bool has_own_words) {
  std::string decisive(builtin.begin(), builtin.end());
  for (size_t i = overridden ? 0 : set.builtin_count; i < set.rules.size(); ++i)
    decisive += encode_decisive(set.rules[i]);
  for (const Allow& allow : set.allows)
    decisive += encode_decisive(allow);
  if (has_own_words) decisive += encode_decisive(Vocabulary{set.kinds, set.lexicons, set.classes});
  return hex(sha256(decisive), 16);
}

constexpr std::string_view kKindNames[] = {"secret", "file", "config", "tree", "pair"};

}  // namespace

std::string_view name_of(RuleKind kind) { return kKindNames[static_cast<size_t>(kind)]; }

bool rule_name_matches(const std::string& pattern, const Rule& rule) {
  if (pattern == "SEC-*") return rule.kind == RuleKind::secret;
  if (!has_wildcard(pattern)) return is_called(rule, pattern);
  return glob_matches(pattern, rule.id) || (!rule.name.empty() && glob_matches(pattern, rule.name)) ||
         std::any_of(rule.aliases.begin(), rule.aliases.end(),
                     [&](const std::string& alias) { return glob_matches(pattern, alias); });
}

const Rule* RuleSet::find(std::string_view id_or_name) const {
  const auto rule =
      std::find_if(rules.begin(), rules.end(), [&](const Rule& one) { return is_called(one, id_or_name); });
  return rule == rules.end() ? nullptr : &*rule;
}

Sha256 rules_digest(std::span<const Rule> rules) {
  std::string decisive;
  for (const Rule& rule : rules)
    decisive += encode_decisive(rule);
  return sha256(decisive);
}

Result<RuleSet> merge_rules(std::vector<Rule> builtin, const std::vector<RuleFile>& files,
                            const Sha256& builtin_digest, Vocabulary words) {
  RuleSet set;
  set.rules = std::move(builtin);
  set.builtin_count = set.rules.size();
  set.shipped = builtin_digest;
  for (const RuleFile& file : files) {
    set.rules.insert(set.rules.end(), file.rules.begin(), file.rules.end());
    set.allows.insert(set.allows.end(), file.allows.begin(), file.allows.end());
  }
  TRY_VOID(refuse_repeated_names(set));
  bool overridden = false;
  for (const RuleFile& file : files)
    for (const RuleFile::Override& override : file.overrides) {
      TRY_VOID(apply(set, override));
      overridden = true;
    }
  for (const Allow& allow : set.allows)
    TRY_VOID(check_allow(set, allow));
  const bool is_shipped = builtin_digest != Sha256{};
  const bool brings_words = put_words(set, std::move(words), files);
  TRY_VOID(check_references(set, is_shipped ? set.builtin_count : 0));
  set.digest = digest_of(set, builtin_digest, overridden || !is_shipped, brings_words || !is_shipped);
  return set;
}

}  // namespace sealwarden
