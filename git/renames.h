// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "git/changes.h"
#include "git/object_reader.h"

namespace sealwarden {

// A path that is gone, as it was in one parent.
struct Removed {
  std::string path;
  uint32_t mode = 0;
  ObjectId id;
};

// Gives each change of a new path its rename sources as `before`: removed blobs with the same content, else the most
// alike removed files, at least half alike. Git gives each removed file to one new path; here several may claim it, so that
// the result does not hang on the order of choice. Contents are compared only where something was added and something
// removed; above a limit on that only equal contents are sources (what has no source counts as new, the safe side).
void add_rename_sources(const ObjectReader& reader, const std::vector<Removed>& removed,
                        std::vector<PathChange>& changes);

}  // namespace sealwarden
