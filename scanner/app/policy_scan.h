// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "rules/rule_set.h"
#include "scanner/base/bytes.h"
#include "scanner/app/judged_list.h"
#include "scanner/base/ledger.h"
#include "scanner/engine/blob_scanner.h"
#include "scanner/policy/policy_engine.h"
#include "scanner/policy/version_judge.h"

namespace sealwarden {

// What policy rules say of files, as hits that stand beside those of the secret rules. Thread-safe; borrows all.
class PolicyScan {
 public:
  // `list_judged`: what is in order is to be told, too.
  PolicyScan(const PolicyEngine& engine, const RuleSet& rules, Ledger& ledger, bool list_judged = false)
      : engine_(engine), rules_(rules), ledger_(ledger) {
    if (list_judged) judged_.emplace(rules);
  }

  [[nodiscard]] const PolicyEngine& engine() const { return engine_; }

  // Where a file lies.
  struct Place {
    std::string path;
    const TreeView* tree = nullptr;  // around it; null: not known
    const TreeView* head = nullptr;  // of an old version: HEAD's
    bool at_tip = true;
    bool is_new = true;              // false: only looked at to tell what is new
    bool may_be_mended = false;      // the tree may hold another version, which is the one that has to be read
  };
  // The hits of the policy rules in a file; `hits`: the scanner's. What could not be read goes to the ledger (at a tip alone: of
  // old versions nobody can mend it), marks that accept nothing to the warnings. `versions`: of the worker, for versions one behind the other.
  std::vector<Hit> hits_in(const Place& place, Bytes bytes, const std::vector<Hit>& hits, VersionJudge* versions = nullptr);
  // The same, with the scanner's among them.
  std::vector<Hit> add_hits(const Place& place, Bytes bytes, const std::vector<Hit>& hits);
  // Of the rules on pairs of versions.
  std::vector<Hit> judge_pair(const Place& place, Bytes bytes, Bytes old_bytes);
  // Rules on whole trees: hits with their paths; of a change those that the tree before it (if there is one) does not have.
  [[nodiscard]] std::vector<std::pair<std::string, Hit>> judge_tree(const TreeView& tree);
  [[nodiscard]] std::vector<std::pair<std::string, Hit>> judge_tree_change(const TreeView& tree, const TreeView* before);
  // Of a violation in these bytes.
  [[nodiscard]] std::vector<Hit> as_hits(Bytes bytes, std::vector<Violation> violations) const;

  // Sorted, each once.
  [[nodiscard]] std::vector<std::string> warnings() const;
  // Once, at the end; nullopt if it was not asked for. `commit`: whose files were at the tip.
  std::optional<JudgedFiles> take_judged(const std::optional<ObjectId>& commit = std::nullopt);

 private:
  [[nodiscard]] std::vector<std::pair<std::string, Hit>> tree_hits(const TreeView& tree, const TreeFindings& found) const;
  // Whether this is the version that is there when all is done.
  static bool is_last(const Place& place, Bytes bytes);
  void note_judged(const Place& place, Bytes bytes, const PolicyOutcome& outcome);

  const PolicyEngine& engine_;
  const RuleSet& rules_;
  Ledger& ledger_;
  mutable std::mutex mutex_;
  std::set<std::string> warnings_;
  std::optional<JudgedList> judged_;
};

}  // namespace sealwarden
