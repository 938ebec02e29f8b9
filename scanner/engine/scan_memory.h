// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "scanner/base/copied_region.h"
#include "scanner/engine/verify.h"
#include "scanner/engine/windows.h"

namespace sealwarden {

// A hit of an anchor, told by its end.
struct Candidate {
  uint32_t anchor = 0;
  uint64_t end = 0;
  bool operator==(const Candidate&) const = default;
};

// What a scan found out about a text, for texts that are made of it. Immutable once it is handed out.
struct ScanMemory {
  struct Cluster {
    uint32_t rule;
    Window window;
    uint32_t first_match, match_count;
  };
  std::vector<std::vector<Candidate>> candidates;  // by database, ascending by end
  std::vector<Cluster> clusters;                   // ascending by rule and window
  std::vector<Match> matches;
  bool usable = true;  // false: candidates are not all there are (too many, or Hyperscan failed)
};

// A text that was made of another one.
struct DerivedText {
  uint64_t base_size = 0;
  const ScanMemory* base = nullptr;  // null: the base has no candidates at all
  std::span<const CopiedRegion> copied;
};

}  // namespace sealwarden
