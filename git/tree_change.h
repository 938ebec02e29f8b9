// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "git/objects.h"
#include "scanner/base/copied_region.h"

namespace sealwarden {

// Where the entries of a tree start, ascending, and its size behind the last: what is to be known of a base.
using TreeBounds = std::vector<uint32_t>;

// What a tree is made of, compared with the one that it was stored as a delta of.
struct TreeChange {
  std::vector<TreeEntry> added;    // not taken from the base as a whole; borrow the tree
  std::vector<TreeEntry> dropped;  // of the base, not taken over; borrow the base
  // What is to be known of it if it is to be a base; else neither is set.
  TreeBounds bounds;
  bool is_ascending = true;  // each name stands behind the one before it, as git writes them; so none stands twice
};

struct TreeBase {
  Bytes tree;
  const TreeBounds& bounds;
  std::span<const CopiedRegion> copied;
};

// Looks only at the entries that are not copied from the base: versions of a folder differ in an entry or two of hundreds.
// `base`: ascending, or null for all entries. False: the tree is broken, and `change` is of no use; what is wrong with a
// base's entry is found when the base is looked at.
bool compare_with_base(Bytes tree, const TreeBase* base, bool is_to_be_base, TreeChange& change);

}  // namespace sealwarden
