// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "git/changes.h"
#include "git/object_reader.h"
#include "git/renames.h"
#include "git/tree_diff.h"
#include "scanner/base/ledger.h"

namespace sealwarden {

// Turns differences of trees into what they bring and take away.
class ChangeSet {
 public:
  explicit ChangeSet(Ledger& ledger) : ledger_(ledger) {}

  void add(TreeDifference difference);
  // A change that is no comparison of trees; it has no rename sources.
  void add(PathChange change) { changes_.push_back(std::move(change)); }
  // Looks for rename sources and sorts; call it once, then take the results.
  void finish(const ObjectReader& reader);
  // Whether something is gone, without which no path can be renamed and finish() reads nothing.
  [[nodiscard]] bool has_removed() const { return !removed_.empty(); }

  std::vector<PathChange> take_changes() { return std::move(changes_); }
  std::vector<PathChange> take_others() { return std::move(others_); }  // differ from some parent, equal another

 private:
  Ledger& ledger_;
  std::vector<PathChange> changes_, others_;
  std::vector<Removed> removed_;
};

}  // namespace sealwarden
