// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "git/object_reader.h"
#include "scanner/base/object_id.h"

namespace sealwarden {

// What one tree has at a path; mode 0: nothing.
struct TreeSide {
  uint32_t mode = 0;
  ObjectId id;

  [[nodiscard]] bool exists() const { return mode != 0; }
  // Of the same kind (file, symlink, submodule) with the same object: the bits of access are not content.
  [[nodiscard]] bool same_as(const TreeSide& other) const;
};
bool is_submodule(uint32_t mode);

// A path, never a folder, at which the first of several trees differs from at least one of the others. Without others:
// every path of the first.
struct TreeDifference {
  std::string path;
  std::vector<TreeSide> sides;  // the first tree's, then the others'

  [[nodiscard]] const TreeSide& now() const { return sides.front(); }
  [[nodiscard]] bool differs_from_all() const;
};

// Compares trees (nullopt: an empty one), reading only folders that are not the same in all. Paths come in no order that
// is promised. A folder that the first tree names and that cannot be read is left out, in the others it counts as empty;
// both are reported as missing. `prefix` stands before every path.
void compare_trees(const ObjectReader& reader, MissingObjects& missing, std::vector<std::optional<ObjectId>> trees,
                   std::string prefix, const std::function<void(TreeDifference)>& visit);

}  // namespace sealwarden
