// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "git/tree_recorder.h"

namespace sealwarden {

inline constexpr uint32_t kNoNode = UINT32_MAX;
inline constexpr uint32_t kNoTarget = UINT32_MAX;

// An entry of a tree that is a target, or a folder that holds one at any depth, or both.
struct TreeItem {
  uint32_t name;    // for TreeIndex::name()
  uint32_t mode;
  uint32_t target;  // kNoTarget: none
  uint32_t child;   // node of the folder; kNoNode: none, or it holds no target
};

// Of all trees in a store, those that hold a target at any depth ("nodes"), with just the entries that lead there. Trees that
// differ in nothing else are one node as far as their deltas tell. Nodes make no cycle even if the store is forged; where a
// forged one is cut depends on how the trees are stored.
class TreeIndex {
 public:
  static constexpr uint32_t kMaxDepth = 4096;
  // A few trees that name each other many times unfold to more paths than there are atoms: such a folder is closed.
  static constexpr uint64_t kMaxPaths = uint64_t{1} << 20;

  // The recorders have seen all trees, and are used up. `targets`: id -> the number that items give back; each of them was
  // known to the recorders, or absent, or stands under a name that the watch kept.
  TreeIndex(const ObjectStore& store, std::vector<std::unique_ptr<TreeRecorder>> recorders,
            std::unordered_map<ObjectId, uint32_t> targets);

  TreeIndex(TreeIndex&&) = default;  // items point into it
  TreeIndex(const TreeIndex&) = delete;
  TreeIndex& operator=(const TreeIndex&) = delete;

  [[nodiscard]] uint32_t target(const ObjectId& id) const;
  [[nodiscard]] uint32_t node(const ObjectId& tree) const;  // kNoNode: holds no target, or could not be read
  [[nodiscard]] std::span<const TreeItem> items(uint32_t node) const;  // sorted by name; none if the folder is closed
  [[nodiscard]] const std::string& name(const TreeItem& item) const { return names_[item.name]; }
  [[nodiscard]] size_t node_count() const { return nodes_.size(); }
  // Trees whose inside was not looked at because of the two bounds, or because they hold themselves; sorted.
  [[nodiscard]] const std::vector<ObjectId>& not_entered() const { return not_entered_; }

 private:
  struct Node {
    std::span<TreeItem> items;
  };
  class Builder;
  void close_folders();
  void drop_empty(Node& node) const;

  const ObjectStore& store_;
  std::unordered_map<ObjectId, uint32_t> targets_;
  std::vector<std::string> names_;  // sorted
  std::vector<Node> nodes_;
  std::deque<std::vector<TreeItem>> items_;
  std::vector<uint32_t> node_of_;  // by position in the store
  std::vector<ObjectId> not_entered_;
};

}  // namespace sealwarden
