// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "scanner/base/bytes.h"
#include "scanner/base/object_id.h"
#include "scanner/base/result.h"

namespace sealwarden {

// The head of an object in a pack.
struct PackEntry {
  // The first four are ObjectType's.
  enum class Kind : uint8_t { commit = 1, tree = 2, blob = 3, tag = 4, near_delta = 6, far_delta = 7 };
  Kind kind = Kind::blob;
  uint64_t size = 0;         // of what `packed` starts with, when it is inflated: the object, or a delta
  uint64_t base_offset = 0;  // of a near delta; smaller than the entry's own
  ObjectId base_id;          // of a far delta, which may be in another store
  Bytes packed;              // from the compressed bytes on to the end of the pack's objects

  [[nodiscard]] bool is_delta() const { return kind == Kind::near_delta || kind == Kind::far_delta; }
};

// Reads the head of the entry at `offset` of a whole pack file. Any bytes and any offset may be passed: an Error of kind
// corrupt if there is no entry. Its `packed` borrows the pack's bytes.
Result<PackEntry> parse_pack_entry(Bytes pack, uint64_t offset);

}  // namespace sealwarden
