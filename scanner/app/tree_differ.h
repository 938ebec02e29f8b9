// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "git/objects.h"
#include "scanner/base/bytes.h"

namespace sealwarden {

// Gives the entries of each tree that the tree before did not have at its start or end. Versions of a folder lie side by
// side in a pack and differ in an entry or two: on git's own repository this leaves one entry in thirty. What is left out
// has been given before by this same object. One per worker.
class TreeDiffer {
 public:
  // Appends the new entries to `out`; they borrow `tree`. False: the tree is broken.
  bool new_entries(Bytes tree, std::vector<TreeEntry>& out);

 private:
  bool take_entries(Bytes tree, Bytes& rest, size_t left, std::vector<TreeEntry>& out);
  std::string previous_;
  std::vector<uint32_t> bounds_, scratch_;  // where entries of `previous_` start, ascending; its size last
};

}  // namespace sealwarden
