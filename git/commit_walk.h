// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "git/object_reader.h"
#include "scanner/base/object_id.h"

namespace sealwarden {

// The commits that some commits reach and others do not.
struct CommitSet {
  std::vector<ObjectId> commits;   // parents first; ties by committer date, then id
  std::vector<ObjectId> boundary;  // hidden commits that are a wanted start or a parent of one of `commits`; sorted
  struct Gap {
    ObjectId commit, parent;       // the parent cannot be read
    Error cause;
  };
  std::vector<Gap> gaps;           // parents of `commits`; sorted
  // Parents of hidden commits that cannot be read, where commits as new as that were taken: these may be hidden in truth.
  std::vector<Gap> hidden_gaps;
};

// What `wanted` reaches and `hidden` does not. Starts that cannot be read are passed over: the caller has looked at them.
// History is read by committer date from both ends until no commit is left that could change the answer. Dates may lie:
// the reading goes on a day and some hundred commits behind the oldest commit found, and what lies further behind counts
// as wanted, never as hidden. Empty if stop_requested ends the reading: what was read tells too much.
CommitSet commits_between(const ObjectReader& reader, const std::vector<ObjectId>& wanted,
                          const std::vector<ObjectId>& hidden);

// The best common ancestors among the boundary of a set: those that no other of them reaches. Newest first.
std::vector<ObjectId> best_of(const ObjectReader& reader, const std::vector<ObjectId>& commits);

}  // namespace sealwarden
