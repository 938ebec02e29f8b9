// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "scanner/base/object_id.h"

namespace sealwarden {

inline constexpr uint32_t kNoCommit = UINT32_MAX;

// All commits of a repository in at most 64 bytes each. Filled once (collect per worker, then build), then
// immutable.
class CommitGraph {
 public:
  struct Record {
    ObjectId id, tree;
    std::vector<ObjectId> parents;
    int64_t committer_date = 0;
  };
  // Duplicates are dropped. Parents that are not among the records stay out of parents() and are listed by
  // missing(); so does a parent that would close a cycle, which only a forged object store can hold.
  static CommitGraph build(std::vector<Record> records);

  [[nodiscard]] size_t size() const { return ids_.size(); }
  [[nodiscard]] uint32_t find(const ObjectId& id) const;  // kNoCommit if absent
  [[nodiscard]] const ObjectId& id(uint32_t commit) const { return ids_[commit]; }
  [[nodiscard]] const ObjectId& tree(uint32_t commit) const { return trees_[commit]; }
  [[nodiscard]] std::span<const uint32_t> parents(uint32_t commit) const;
  // Commits with parents first; ties by committer date, then id: the same for any thread count or pack
  // layout.
  [[nodiscard]] const std::vector<uint32_t>& topological_order() const { return order_; }
  [[nodiscard]] uint32_t position(uint32_t commit) const { return position_[commit]; }  // in that order
  struct MissingParent {
    uint32_t commit;
    ObjectId parent;
  };
  [[nodiscard]] const std::vector<MissingParent>& missing() const { return missing_; }
  // Marks `bit` in flags of all commits reachable from `starts` (which may hold kNoCommit).
  static void mark_reachable(const CommitGraph& graph, std::span<const uint32_t> starts, uint8_t bit,
                             std::vector<uint8_t>& flags);
  [[nodiscard]] bool is_ancestor(uint32_t ancestor, uint32_t descendant) const;  // or equal; cut by positions
  // Whether one of them is, in a single walk.
  [[nodiscard]] bool any_is_ancestor(std::span<const uint32_t> ancestors, uint32_t descendant) const;

 private:
  void link(const std::vector<Record>& records, const std::vector<uint32_t>& order);
  void cut_cycles();

  std::vector<ObjectId> ids_, trees_;   // sorted by id
  std::vector<uint32_t> parent_start_;  // size()+1 offsets into parent_list_
  std::vector<uint32_t> parent_list_;
  std::vector<uint32_t> order_, position_;
  std::vector<uint32_t> dates_;
  std::vector<MissingParent> missing_;
};

}  // namespace sealwarden
