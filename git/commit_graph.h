// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <vector>

#include "scanner/base/object_id.h"

namespace sealwarden {

inline constexpr uint32_t kNoCommit = UINT32_MAX;

// Commits as they are gathered, by each worker its own: 48 bytes each and 20 a parent.
class CommitRecords {
 public:
  // `committer_date`: seconds since the epoch; kept as far as 32 bits without a sign can tell.
  void add(const ObjectId& id, const ObjectId& tree, std::span<const ObjectId> parents, int64_t committer_date);
  // Takes over what another worker has gathered.
  void append(CommitRecords other);
  [[nodiscard]] size_t size() const;

 private:
  friend class CommitGraph;
  struct Head {
    ObjectId id, tree;
    uint32_t date;
    uint32_t first_parent;  // among the part's
  };
  struct Part {  // grows without being copied
    std::deque<Head> heads;
    std::deque<ObjectId> parents;
  };
  std::vector<Part> parts_;  // of each worker; what is added goes to the first
};

// All commits of a repository in at most 64 bytes each. Filled once (collect per worker, then build), then
// immutable.
class CommitGraph {
 public:
  // Duplicates are dropped. Parents that are not among the records stay out of parents() and are listed by
  // missing(); so does a parent that would close a cycle, which only a forged object store can hold.
  static CommitGraph build(CommitRecords records);

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
  class Ancestors;

 private:
  class Builder;
  void cut_cycles();

  std::vector<ObjectId> ids_, trees_;   // sorted by id
  std::vector<uint32_t> parent_start_;  // size()+1 offsets into parent_list_
  std::vector<uint32_t> parent_list_;
  std::vector<uint32_t> order_, position_;
  std::vector<uint32_t> dates_;
  std::vector<MissingParent> missing_;
};

// The ancestors of one commit, and itself. Found as far down the order as is asked, and kept: questions about one commit
// come in numbers. Borrows the graph.
class CommitGraph::Ancestors {
 public:
  Ancestors(const CommitGraph& graph, uint32_t descendant);
  [[nodiscard]] bool contain_position(uint32_t position);  // that of a commit in topological order

 private:
  const CommitGraph& graph_;
  const uint32_t high_;        // position of the descendant
  uint32_t next_ = 0;          // all above high_ - next_ have told their parents
  std::vector<bool> reached_;  // by high_ - position, as far as it is long
};

}  // namespace sealwarden
