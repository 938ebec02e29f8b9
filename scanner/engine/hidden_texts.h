// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <span>
#include <vector>

#include "scanner/base/copied_region.h"
#include "scanner/decode/encoded_runs.h"
#include "scanner/decode/unpack.h"
#include "scanner/engine/scan_memory.h"

namespace sealwarden {

// Appends the matches of all rules in a text as it stands.
using Search = std::function<void(Bytes text, std::vector<Found>& out)>;

// What decoding a text or a run of `size` bytes may cost: a few times its size, so that a text full of small runs, each of
// which decodes to others, costs no more than one that is a single run. Ordinary texts need a fraction.
UnpackBudget budget_of_text(uint64_t size);

// Searches what is encoded in a run of `text`, and what is encoded or compressed in that, as deep as the budget allows.
// Appends what is found in offsets of `text`. What stands there unencoded is left out: a search of the text finds it.
// Locality: the run's bytes, as long as the budget is the run's own.
void search_run(Bytes text, const EncodedRun& run, UnpackBudget& budget, const Search& search, std::vector<Found>& out,
                std::vector<UnpackGap>& gaps);

// All runs of a text that is part of something larger, with the budget of all of that.
void search_runs(Bytes text, UnpackBudget& budget, const Search& search, std::vector<Found>& out, std::vector<UnpackGap>& gaps);

// Runs of a text that was made of another one: those whose neighbourhood was copied whole are the base's, shifted; `fresh` are
// all others. The two together are find_encoded_runs() of the whole text, less inherited ones that hold nothing. Time is
// linear in the text, however long the runs are and however often they were edited.
struct DerivedRuns {
  std::vector<EncodedRun> fresh;
  std::vector<RunVerdict> inherited;
  uint64_t beyond = 0;  // bytes that had to be read beyond the parts that are searched; at most two and a quarter of the text
};
DerivedRuns derive_runs(Bytes text, const DerivedText& derived);

}  // namespace sealwarden
