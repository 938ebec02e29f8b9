// SPDX-License-Identifier: Apache-2.0
#include "rules/rule_selection.h"

#include <algorithm>
#include <set>

#include "rules/policy_walk.h"
#include "rules/table_reader.h"
#include "scanner/base/digest.h"

namespace sealwarden {
namespace {

constexpr std::string_view kKind = "kind:", kPack = "pack:", kBuiltin = "builtin:";
constexpr std::string_view kKinds[] = {"secret", "file", "config", "tree", "pair"};

template <class Fits>
std::vector<bool> rules_that(const RuleSet& set, const Fits& fits) {
  std::vector<bool> chosen;
  for (const Rule& rule : set.rules) chosen.push_back(fits(rule));
  return chosen;
}

bool is_any(const std::vector<bool>& chosen) { return std::find(chosen.begin(), chosen.end(), true) != chosen.end(); }

Error unknown(const RuleSet& set, std::string_view option, std::string_view word) {
  std::set<std::string_view> names(std::begin(kKinds), std::end(kKinds));
  for (const Rule& rule : set.rules) names.insert({rule.id, rule.name, pack_of(rule)});
  const std::string near = nearest(word, {names.begin(), names.end()});
  return {Error::Kind::usage, std::string(option) + ": there is no rule, pack or kind '" + std::string(word) + "'" +
                                  (near.empty() ? "; `sealwarden rules list` shows all rules" : "; did you mean '" + near + "'?")};
}

// Of each rule, whether the word means it.
Result<std::vector<bool>> chosen_by(const RuleSet& set, std::string_view option, const std::string& word) {
  const std::string_view text = word;
  const bool is_kind = text.starts_with(kKind), is_pack = text.starts_with(kPack);
  const std::string_view name = is_kind ? text.substr(kKind.size()) : is_pack ? text.substr(kPack.size()) : text;
  std::vector<bool> chosen;
  if (!is_kind && !is_pack) chosen = rules_that(set, [&](const Rule& rule) { return rule_name_matches(word, rule); });
  if (!is_pack && !is_any(chosen)) chosen = rules_that(set, [&](const Rule& rule) { return name_of(rule.kind) == name; });
  if (!is_kind && !is_any(chosen)) chosen = rules_that(set, [&](const Rule& rule) { return !name.empty() && pack_of(rule) == name; });
  const bool is_known = is_any(chosen) || (!is_pack && std::find(std::begin(kKinds), std::end(kKinds), name) != std::end(kKinds));
  if (!is_known) return tl::unexpected<Error>(unknown(set, option, name));
  return chosen;
}

Result<std::vector<bool>> chosen_by(const RuleSet& set, std::string_view option, const std::vector<std::string>& words) {
  std::vector<bool> all(set.rules.size(), false);
  for (const std::string& word : words) {
    TRY(const std::vector<bool> chosen, chosen_by(set, option, word));
    for (size_t i = 0; i < all.size(); ++i) all[i] = all[i] || chosen[i];
  }
  return all;
}

// What a policy rule says of a value does not hang on which other rules run.
void mark_asked(RuleSet& set) {
  std::set<std::string> patterns;
  const auto on_test = [&](const NodeTest& test) {
    if (test.op == NodeTest::Op::rules) patterns.insert(test.texts.begin(), test.texts.end());
  };
  for (const Rule& rule : set.rules)
    if (rule.policy && !rule.disabled) ConditionWalk{[](const Condition&) {}, on_test, [](const DocumentPath&) {}}.walk(*rule.policy);
  for (Rule& rule : set.rules)
    rule.is_asked = rule.disabled && std::any_of(patterns.begin(), patterns.end(), [&](const std::string& one) { return rule_name_matches(one, rule); });
}

}  // namespace

std::string_view pack_of(const Rule& rule) {
  std::string_view origin = rule.origin;
  if (!origin.starts_with(kBuiltin)) return {};
  origin.remove_prefix(kBuiltin.size());
  return origin.substr(0, origin.find(':'));
}

Result<void> select_rules(RuleSet& set, const RuleSelection& selection) {
  if (selection.empty()) {
    mark_asked(set);
    return {};
  }
  TRY(const std::vector<bool> only, chosen_by(set, "--only", selection.only));
  TRY(const std::vector<bool> skip, chosen_by(set, "--skip", selection.skip));
  std::string decisive = set.digest;
  for (size_t i = 0; i < set.rules.size(); ++i) {
    if ((!selection.only.empty() && !only[i]) || skip[i]) set.rules[i].disabled = true;
    decisive += set.rules[i].disabled ? '0' : '1';
  }
  set.digest = hex(sha256(decisive), 16);
  mark_asked(set);
  return {};
}

}  // namespace sealwarden
