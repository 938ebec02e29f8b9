// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "git/open_pack.h"

namespace sealwarden {

// How the entries of one pack hang together: whole objects are roots, deltas are children of their bases. Entries stand
// in the order in which they are best read: each right behind its base or a sibling's last descendant, siblings with few
// descendants first, so that while the many of the last sibling are read their base is not needed any more. Then at most
// log2(entries) bases are held at a time, whatever the shape. Borrows the pack. Immutable; 8 bytes an entry.
class PackForest {
 public:
  explicit PackForest(const OpenPack& pack);

  [[nodiscard]] const OpenPack& pack() const { return *pack_; }
  [[nodiscard]] uint32_t size() const { return static_cast<uint32_t>(entries_.size()); }
  struct Entry {
    uint32_t position = 0;  // in the pack's index
    uint32_t family = 1;    // itself and its descendants: that many entries from here on
  };
  [[nodiscard]] const Entry& operator[](uint32_t entry) const { return entries_[entry]; }

  // A tree is a root with its family; trees stand one behind the other. Those that are much to read, the most first:
  struct Tree {
    uint32_t root = 0;
    uint64_t weight = 0;  // about as many bytes are to be made, at least kHeavy
  };
  static constexpr uint64_t kHeavy = uint64_t{1} << 20;
  [[nodiscard]] const std::vector<Tree>& heavy() const { return heavy_; }
  // Positions, ascending, of entries that hang on nothing that can be read: a broken head or place, a base that is no
  // entry, a cycle, and what hangs on them. A base in another store is none of these: its delta is a root here.
  [[nodiscard]] const std::vector<uint32_t>& broken() const { return broken_; }

 private:
  class Builder;
  const OpenPack* pack_;
  std::vector<Entry> entries_;
  std::vector<Tree> heavy_;
  std::vector<uint32_t> broken_;
};

}  // namespace sealwarden
