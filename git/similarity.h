// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "scanner/base/bytes.h"

namespace sealwarden {

// A text as the multiset of its lines (cut at 64 bytes), to tell how alike two texts are in whatever order: git's measure
// of renames.
class LineCounts {
 public:
  explicit LineCounts(Bytes text);
  // Bytes of the lines that both hold, over the size of the larger: from 0 to 100.
  [[nodiscard]] unsigned likeness(const LineCounts& other) const;

 private:
  std::vector<std::pair<uint64_t, uint64_t>> counts_;  // hash of a line -> its bytes in all; ascending
  uint64_t size_;
};

}  // namespace sealwarden
