// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "git/commit_graph.h"
#include "git/object_store.h"

namespace sealwarden {

inline constexpr uint32_t kNoTarget = UINT32_MAX;

// Finds where given objects (blobs, or ids that are missing) lie in the trees of history: each tree is read
// once, trees that hold no target are remembered as such, and commits are compared with their parents along
// interesting trees only. It knows nothing of findings: it tells transitions, the caller decides what they
// mean.
class Attribution {
 public:
  // `targets`: object id -> a number that the callbacks give back. Reads the trees of all commits of the
  // graph in parallel. Trees that cannot be read are passed over (the scan has put them in the ledger). A
  // target may also be a tree id (a directory whose name holds a secret, an unreadable tree): it is told like
  // a blob, and its inside is looked at all the same.
  Attribution(const ObjectStore& store, const CommitGraph& graph,
              std::unordered_map<ObjectId, uint32_t> targets);
  ~Attribution();

  struct Entry {
    std::string path;  // raw bytes, '/' separated
    uint32_t mode;
    uint32_t target;
  };
  // All targets in one tree (recursively), sorted by path.
  [[nodiscard]] std::vector<Entry> list(const ObjectId& tree) const;

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

  // Trees whose inside was not looked at, sorted: more than 4,096 folders deep, or folders that name each
  // other so often that they unfold to more than a million paths. For the ledger (a loss).
  [[nodiscard]] const std::vector<ObjectId>& not_entered() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace sealwarden
