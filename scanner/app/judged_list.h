// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "report/report.h"
#include "rules/rule_set.h"
#include "scanner/base/bytes.h"
#include "scanner/policy/policy_engine.h"

namespace sealwarden {

// Gathers which documents policy rules found in order, and which rules found none to look at. Thread-safe. What it holds is
// bounded: of more than fits, the files that sort first stay, so that it hangs on the files and not on the order of calls.
class JudgedList {
 public:
  explicit JudgedList(const RuleSet& rules, size_t budget = kBudget) : rules_(rules), budget_(budget), is_about_something_(rules.rules.size()) {}

  // The same file may be judged more than once (beside several older versions): a rule then has to pass each time.
  void add(const std::string& path, Bytes bytes, const std::vector<JudgedDocument>& documents);
  // A rule on trees looked at this file, and what it has to say is in order or not.
  void add_file(const std::string& path, uint32_t rule, bool passed);

  [[nodiscard]] JudgedFiles take();

  // Bytes, counted a little higher than they are: a million rules that pass, each in each document.
  static constexpr size_t kBudget = size_t{64} << 20;

 private:
  struct Entry {
    Region region;
    std::vector<uint32_t> passed, others;  // as in JudgedDocument
  };
  using File = std::map<std::pair<Span, std::string>, Entry>;  // by place and name
  static size_t cost_of(const std::string& name, const Entry& entry);
  void note(const std::string& path, const std::pair<Span, std::string>& document, const Entry& entry);
  void keep_within_budget();

  const RuleSet& rules_;
  const size_t budget_;
  std::mutex mutex_;
  std::vector<bool> is_about_something_;  // by rule
  std::map<std::string, File> files_;
  std::optional<std::string> first_dropped_;  // files from there on are not kept
  size_t used_ = 0;
};

}  // namespace sealwarden
