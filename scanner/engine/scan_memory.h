// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "scanner/base/copied_region.h"
#include "scanner/decode/encoded_runs.h"
#include "scanner/decode/unpack.h"
#include "scanner/engine/verify.h"
#include "scanner/engine/windows.h"

namespace sealwarden {

// A hit of an anchor, told by its end.
struct Candidate {
  uint32_t anchor = 0;
  uint64_t end = 0;
  bool operator==(const Candidate&) const = default;
};

// A match and its rule, in offsets of the text that was searched.
struct Found {
  uint32_t rule = 0;
  Match match;
  // Of what was encoded: the secret as it decodes, and the encodings, outermost first. The offsets are those of the
  // smallest range that encodes it.
  std::string secret;
  std::vector<std::string> decoded;
};

// What was found in an encoded run, and what could not be read of it.
struct RunVerdict {
  EncodedRun run;
  std::vector<Found> found;
  std::vector<UnpackGap> gaps;
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
  std::vector<RunVerdict> runs;                    // those that hold something, as find_encoded_runs() sorts them
  bool usable = true;  // false: candidates are not all there are (too many, or Hyperscan failed)
};

// A text that was made of another one.
struct DerivedText {
  uint64_t base_size = 0;
  const ScanMemory* base = nullptr;  // null: the base has no candidates at all
  std::span<const CopiedRegion> copied;
};

}  // namespace sealwarden
