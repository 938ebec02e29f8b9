// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "rules/rule_set.h"
#include "scanner/base/bytes.h"

namespace re2 {
class RE2;
}

namespace sealwarden {

// An expression of a condition, compiled when it is first wanted. Thread-safe.
class PatternMatcher {
 public:
  PatternMatcher(std::string regex, bool ignore_case);
  PatternMatcher(const PatternMatcher&) = delete;
  PatternMatcher& operator=(const PatternMatcher&) = delete;
  ~PatternMatcher();
  // Whether the expression matches somewhere in the bytes; false for one that RE2 refuses, which no loaded rule has.
  [[nodiscard]] bool search(Bytes text) const;

 private:
  std::string regex_;
  bool ignore_case_;
  mutable std::once_flag once_;
  mutable std::unique_ptr<re2::RE2> compiled_;
};

// An expression that a document says (the path_regex of a .sops.yaml), compiled. nullptr: longer than 1 KiB, or RE2 refuses it.
std::unique_ptr<PatternMatcher> compile_pattern(std::string_view regex);

// All expressions in conditions and paths of a rule set: of its rules and its kinds of documents. RE2 on bytes (Latin-1).
// Immutable after construction; share freely. Borrows nothing.
class PatternTable {
 public:
  explicit PatternTable(const RuleSet& rules);
  PatternTable(const PatternTable&) = delete;
  PatternTable& operator=(const PatternTable&) = delete;
  ~PatternTable();
  // The matcher of NodeTest::texts[0] (matches, not_matches; with its ignore_case) or of PathStep::operand (never ignore_case).
  // nullptr: no expression of the set. The address is good as long as the table.
  [[nodiscard]] const PatternMatcher* find(std::string_view regex, bool ignore_case = false) const;
  [[nodiscard]] size_t size() const { return exact_.size() + folded_.size(); }

 private:
  using Map = std::map<std::string, std::unique_ptr<PatternMatcher>, std::less<>>;
  void add(const std::string& regex, bool ignore_case);
  Map exact_, folded_;
};

}  // namespace sealwarden
