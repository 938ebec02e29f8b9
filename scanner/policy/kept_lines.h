// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "scanner/base/bytes.h"

namespace sealwarden {

// Lines that two versions of a file have in common, one behind the other. In bytes; whole lines.
struct KeptLines {
  size_t before = 0, after = 0;  // where they begin in each
  size_t size = 0;
};

// In order; they do not touch in both; as many lines as can be. nullopt: more than 1,000 lines differ, or it would take long to say
// which. Linear, but for some million steps at most.
std::optional<std::vector<KeptLines>> find_kept_lines(Bytes before, Bytes after);

}  // namespace sealwarden
