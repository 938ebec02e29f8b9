// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "git/object_store.h"

namespace sealwarden {

// A further store that holds the object at position `object`.
struct OtherCopy {
  uint32_t object = 0;
  uint32_t store = 0;
};

// Keeps the first of each id, in order; tells where the others are, sorted by position.
std::vector<OtherCopy> drop_duplicates(std::vector<ObjectRef>& objects);

// Finds positions in a list of distinct ids: the positions in order of id, with a table by the first 16 bits, so that a
// look-up is a search among few. 4 bytes an object (none if the list is in order, as that of a single pack is) and 256 KB.
class IdIndex {
 public:
  IdIndex() = default;
  explicit IdIndex(const std::vector<ObjectRef>& objects);
  [[nodiscard]] std::optional<uint32_t> find(const std::vector<ObjectRef>& objects, const ObjectId& id) const;
  // Brings near what find() will look at first: for callers that know of several look-ups ahead.
  void prefetch(const std::vector<ObjectRef>& objects, const ObjectId& id) const;

 private:
  struct Range {
    uint32_t first, last, guess;
  };
  [[nodiscard]] Range range_of(const ObjectId& id) const;
  [[nodiscard]] uint32_t position(uint32_t at) const { return order_.empty() ? at : order_[at]; }
  std::vector<uint32_t> starts_;  // 65,537: where in order_ ids with these first bits begin
  std::vector<uint32_t> order_;   // empty: 0, 1, 2...
};

}  // namespace sealwarden
