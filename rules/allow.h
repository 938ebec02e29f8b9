// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "rules/rule_set.h"
#include "scanner/base/finding.h"

namespace re2 {
class RE2;
}

namespace sealwarden {

// One [[allow]] entry, its expression compiled. Borrows both arguments. Immutable; thread-safe.
class AllowMatcher {
 public:
  AllowMatcher(const Allow& allow, const RuleSet& rules);
  ~AllowMatcher();
  AllowMatcher(const AllowMatcher&) = delete;
  AllowMatcher& operator=(const AllowMatcher&) = delete;

  // Whether every condition given holds; the day (`until`) is the caller's to compare.
  [[nodiscard]] bool accepts(const Finding& finding) const;

 private:
  [[nodiscard]] bool rule_fits(const Finding& finding) const;
  [[nodiscard]] bool path_fits(const Finding& finding) const;
  [[nodiscard]] bool secret_fits(const Finding& finding) const;
  [[nodiscard]] bool commits_fit(const Finding& finding) const;
  const Allow& allow_;
  const RuleSet& rules_;
  std::unique_ptr<re2::RE2> expression_;  // null if the entry has none
};

}  // namespace sealwarden
