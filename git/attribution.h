// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <unordered_set>
#include <vector>

#include "git/commit_graph.h"
#include "git/tree_index.h"

namespace sealwarden {

// Finds where the targets of a TreeIndex (blobs, or ids that are missing) lie in history: commits are compared with their
// parents along trees that hold targets only. It knows nothing of findings: it tells transitions, the caller decides what
// they mean. Borrows the index and the graph. A target may also be a tree id (a directory whose name holds a secret, an
// unreadable tree): it is told like a blob, and its inside is looked at all the same.
class Attribution {
 public:
  Attribution(const TreeIndex& trees, const CommitGraph& graph);

  struct Entry {
    std::string path;  // raw bytes, '/' separated
    uint32_t mode;
    uint32_t target;
  };
  // All targets in one tree (recursively), sorted by path, without folders that were listed before with the same content at
  // the same path; takes note of the others. Trees of many refs are nearly equal.
  class Listed {
    friend class Attribution;
    std::unordered_set<std::string> folders_;
  };
  [[nodiscard]] std::vector<Entry> list_new(const ObjectId& tree, Listed& listed) const;

  struct Transition {
    uint32_t commit;
    std::string path;
    uint32_t now;   // target at that path in the commit's tree, or kNoTarget (absent, or another object)
    uint32_t mode;  // of `now`; of the first parent that had it if now is kNoTarget
    std::vector<uint32_t> before;  // the same in each parent (graph parents, in order); empty for a root
  };
  // Every commit, in topological order (parents first), and every path where the commit's target differs from
  // at least one parent's (for a root: where it has one). Paths ascending within a commit. Serial,
  // deterministic.
  void walk(const std::function<void(const Transition&)>& visit) const;

  // Of the given targets those that lie in the tree of a commit for which `flags[commit] & bit`.
  [[nodiscard]] std::vector<bool> reached(const std::vector<uint8_t>& flags, uint8_t bit,
                                          size_t target_count) const;

 private:
  struct Side;
  class Lister;
  class Comparison;
  [[nodiscard]] Side side_of(uint32_t commit) const;

  const TreeIndex& trees_;
  const CommitGraph& graph_;
  std::vector<uint32_t> targets_, nodes_;  // of commits' trees, by commit
};

}  // namespace sealwarden
