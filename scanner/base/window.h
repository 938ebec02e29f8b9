// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <cstdint>

namespace sealwarden {

// A byte range [begin, end) of a text.
struct Window {
  uint64_t begin = 0, end = 0;
  auto operator<=>(const Window&) const = default;
};

}  // namespace sealwarden
