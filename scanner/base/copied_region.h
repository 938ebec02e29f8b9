// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace sealwarden {

// Bytes [begin, begin + size) of a text are bytes [base_begin, base_begin + size) of another one, its base. What lies in no
// region of a text is its own. Lists of regions ascend by begin, do not overlap, and hold no empty region; two that
// continue each other in both texts are one.
struct CopiedRegion {
  uint64_t begin = 0, base_begin = 0, size = 0;

  [[nodiscard]] uint64_t end() const { return begin + size; }
  [[nodiscard]] uint64_t base_end() const { return base_begin + size; }
  bool operator==(const CopiedRegion&) const = default;
};

}  // namespace sealwarden
