// SPDX-License-Identifier: Apache-2.0
#include "git/change_set.h"

#include <algorithm>
#include <tuple>
#include <utility>

namespace sealwarden {
namespace {

std::vector<ObjectId> blobs_before(const TreeDifference& difference) {
  std::vector<ObjectId> blobs;
  for (size_t i = 1; i < difference.sides.size(); ++i) {
    const TreeSide& side = difference.sides[i];
    const bool is_blob = side.exists() && !is_submodule(side.mode);
    if (is_blob && std::find(blobs.begin(), blobs.end(), side.id) == blobs.end()) blobs.push_back(side.id);
  }
  return blobs;
}

// The mode of the first parent that has a blob at the path.
uint32_t mode_before(const TreeDifference& difference) {
  for (size_t i = 1; i < difference.sides.size(); ++i)
    if (difference.sides[i].exists() && !is_submodule(difference.sides[i].mode)) return difference.sides[i].mode;
  return 0;
}

bool is_new_path(const TreeDifference& difference) {
  return difference.now().exists() && std::none_of(difference.sides.begin() + 1, difference.sides.end(),
                                                   [](const TreeSide& side) { return side.exists(); });
}

bool by_path(const PathChange& a, const PathChange& b) {
  return std::tie(a.path, a.id, a.mode) < std::tie(b.path, b.id, b.mode);
}

}  // namespace

void ChangeSet::add(TreeDifference difference) {
  const TreeSide now = difference.now();
  const bool is_change = difference.differs_from_all();
  const bool holds_blob = now.exists() && !is_submodule(now.mode);
  if (now.exists() && !holds_blob && is_change)
    ledger_.skip(Skip::submodule, difference.path + " at " + now.id.hex());
  PathChange change;
  change.new_path = is_new_path(difference);
  change.before = blobs_before(difference);
  const bool new_name = is_change && now.exists() && change.new_path;
  if (!holds_blob && change.before.empty() && !new_name) return;  // about submodules alone
  change.mode = now.exists() ? now.mode : mode_before(difference);
  if (holds_blob) change.id = now.id;
  if (!holds_blob)
    for (const ObjectId& id : change.before) removed_.push_back({difference.path, change.mode, id});
  change.path = std::move(difference.path);
  (is_change ? changes_ : others_).push_back(std::move(change));
}

void ChangeSet::finish(const ObjectReader& reader) {
  std::sort(changes_.begin(), changes_.end(), by_path);
  std::sort(others_.begin(), others_.end(), by_path);
  std::sort(removed_.begin(), removed_.end(), [](const Removed& a, const Removed& b) {
    return std::tie(a.path, a.id) < std::tie(b.path, b.id);
  });
  add_rename_sources(reader, removed_, changes_);
}

}  // namespace sealwarden
