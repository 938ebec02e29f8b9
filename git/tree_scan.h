// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <deque>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "git/object_store.h"

namespace sealwarden {

inline constexpr uint32_t kNoNode = UINT32_MAX;

// The ids that are looked for. Nearly every id asked for is none of them, so a bit per few first bits says no
// at once.
class TargetSet {
 public:
  explicit TargetSet(std::unordered_map<ObjectId, uint32_t> targets);
  // `raw`: 20 bytes. UINT32_MAX if it is no target.
  [[nodiscard]] uint32_t find(const char* raw) const;

 private:
  std::unordered_map<ObjectId, uint32_t> targets_;
  std::vector<uint64_t> filter_;
  uint32_t mask_;
};

// An entry of a tree that is a target, or a folder that holds one at any depth, or both.
struct TreeItem {
  uint32_t name;  // in the names of the worker that read the tree
  uint32_t mode;
  uint32_t target;  // UINT32_MAX: none
  uint32_t child;   // node of the folder; kNoNode: none, or it holds no target
};

// Of all trees that can be reached from given roots, those that hold a target at any depth, with just the
// entries that lead there. Each tree is read once: its subfolders first, so that of a tree without targets
// nothing is kept but a mark. Workers share the marks; a tree that two of them happen to read at the same
// time is the same to both. Nodes make no cycle even if the store is forged: a node only points at nodes that
// were finished before it.
class TreeScan {
 public:
  static constexpr size_t kMaxDepth = 4096;
  // A few trees that name each other many times unfold to more paths than there are atoms: such a folder is
  // closed.
  static constexpr uint64_t kMaxPaths = uint64_t{1} << 20;

  TreeScan(const ObjectStore& store, const TargetSet& targets, std::vector<ObjectId> roots);

  [[nodiscard]] uint32_t node(const ObjectId& tree) const;  // kNoNode: holds no target, or could not be read
  [[nodiscard]] std::span<const TreeItem> items(
      uint32_t node) const;  // sorted by name; none if the folder is closed
  [[nodiscard]] std::string_view name(uint32_t node, const TreeItem& item) const;
  [[nodiscard]] size_t node_limit() const;  // nodes are below it
  // Trees that were not entered because of the two bounds, sorted.
  [[nodiscard]] const std::vector<ObjectId>& not_entered() const { return not_entered_; }

 private:
  struct Node {
    uint32_t first, count, tree;  // items; position of the tree in the store
  };
  // What one worker has read.
  struct Part {
    std::vector<TreeItem> items;
    std::vector<Node> nodes;
    std::deque<std::string> names;
    std::unordered_map<std::string_view, uint32_t> name_numbers;
    std::vector<uint32_t> too_deep;
  };
  class Worker;

  [[nodiscard]] Part& part_of(uint32_t node) { return parts_[node % parts_.size()]; }
  [[nodiscard]] const Part& part_of(uint32_t node) const { return parts_[node % parts_.size()]; }
  void close_folders();
  uint64_t count_paths(uint32_t node, std::unordered_map<uint32_t, uint64_t>& counts);

  const ObjectStore& store_;
  std::vector<Part> parts_;
  // For each object of the store: 0 not seen (or no tree), 1 a tree without targets, else 2 + its node.
  std::unique_ptr<std::atomic<uint32_t>[]> marks_;
  std::vector<ObjectId> not_entered_;
};

}  // namespace sealwarden
