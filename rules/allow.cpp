// SPDX-License-Identifier: Apache-2.0
#include "rules/allow.h"

#include <re2/re2.h>

#include <algorithm>

#include "scanner/base/ascii.h"
#include "scanner/base/glob.h"

namespace sealwarden {
namespace {

bool contains_word(std::string_view text, std::string_view word) {
  const auto same = [](char a, char b) { return to_lower(a) == to_lower(b); };
  return std::search(text.begin(), text.end(), word.begin(), word.end(), same) != text.end();
}

template <class Test>
bool none_or_any(const std::vector<std::string>& list, const Test& test) {
  return list.empty() || std::any_of(list.begin(), list.end(), test);
}

}  // namespace

AllowMatcher::AllowMatcher(const Allow& allow, const RuleSet& rules) : allow_(allow), rules_(rules) {
  if (!allow.regex.empty()) expression_ = std::make_unique<re2::RE2>(allow.regex, re2::RE2::Latin1);
}

AllowMatcher::~AllowMatcher() = default;

bool AllowMatcher::accepts(const Finding& finding) const {
  return rule_fits(finding) && path_fits(finding) && secret_fits(finding) && commits_fit(finding);
}

bool AllowMatcher::rule_fits(const Finding& finding) const {
  const Rule* rule = rules_.find(finding.rule);
  return none_or_any(allow_.rules,
                     [&](const std::string& pattern) { return rule != nullptr && rule_name_matches(pattern, *rule); });
}

bool AllowMatcher::path_fits(const Finding& finding) const {
  return none_or_any(allow_.paths,
                     [&](const std::string& glob) { return finding.path && glob_matches_member(glob, *finding.path, finding.member); });
}

bool AllowMatcher::secret_fits(const Finding& finding) const {
  const std::string_view secret = finding.secret.reveal();
  if (expression_ && !expression_->Match({secret.data(), secret.size()}, 0, secret.size(), re2::RE2::UNANCHORED, nullptr, 0)) return false;
  return none_or_any(allow_.stopwords, [&](const std::string& word) { return contains_word(secret, word); });
}

// All that brought it must be named: one commit that is not is a leak nobody accepted.
bool AllowMatcher::commits_fit(const Finding& finding) const {
  if (allow_.commits.empty()) return true;
  const auto named = [&](const ObjectId& id) {
    const std::string hex = id.hex();
    return std::any_of(allow_.commits.begin(), allow_.commits.end(),
                       [&](const std::string& start) { return hex.starts_with(start); });
  };
  return !finding.introduced.empty() && std::all_of(finding.introduced.begin(), finding.introduced.end(), named);
}

}  // namespace sealwarden
