// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "git/object_reader.h"
#include "git/objects.h"
#include "scanner/base/object_id.h"
#include "scanner/base/result.h"

namespace sealwarden {

// One tree's own entries, for comparing trees side by side: the front is taken off while the comparison goes on.
class TreeListing {
 public:
  TreeListing() = default;  // an empty tree
  static Result<TreeListing> read(const ObjectReader& reader, const ObjectId& id);

  [[nodiscard]] const TreeEntry* front() const { return next_ < entries_.size() ? &entries_[next_] : nullptr; }
  void pop() { ++next_; }

 private:
  std::optional<ReadObject> object_;  // holds the names
  std::vector<TreeEntry> entries_;    // in git's order, also if the tree itself is not
  size_t next_ = 0;
};

bool is_tree(const TreeEntry& entry);
// Git's order within a tree: a folder's name counts as if it ended in '/'. A file and a folder of one name differ in it.
int compare_names(const TreeEntry& a, const TreeEntry& b);

// The object at `path` in a tree; nullopt if there is none or a tree on the way can't be read.
std::optional<ObjectId> find_in_tree(const ObjectReader& reader, const ObjectId& root, const std::string& path);

}  // namespace sealwarden
