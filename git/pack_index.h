// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>

#include "scanner/base/bytes.h"
#include "scanner/base/object_id.h"
#include "scanner/base/result.h"

namespace sealwarden {

// A pack's index, version 1 or 2: where in the pack an object starts. Borrows the file's bytes; immutable.
class PackIndex {
 public:
  PackIndex() = default;  // of an empty pack
  // Any bytes may be passed: an Error of kind corrupt if they are no index.
  static Result<PackIndex> parse(Bytes file);

  [[nodiscard]] uint32_t size() const { return count_; }
  // The object's offset in the pack, as the index has it; nullopt if it has none.
  [[nodiscard]] std::optional<uint64_t> find(const ObjectId& id) const;

 private:
  [[nodiscard]] ObjectId id_at(uint32_t position) const;
  [[nodiscard]] std::optional<uint64_t> offset_at(uint32_t position) const;

  Bytes fan_out_;              // 256 numbers: of objects whose first byte is at most that
  Bytes ids_;                  // 20 bytes each in version 2; 24 with the offset in front in version 1
  Bytes offsets_, long_ones_;  // version 2 only
  size_t step_ = 20;
  uint32_t count_ = 0;
};

}  // namespace sealwarden
