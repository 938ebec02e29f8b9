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
  // The same for its position, counted in order of id.
  [[nodiscard]] std::optional<uint32_t> position(const ObjectId& id) const;
  // Positions are below size().
  [[nodiscard]] ObjectId id(uint32_t position) const;
  [[nodiscard]] std::optional<uint64_t> offset(uint32_t position) const;  // nullopt: the index is broken there
  // CRC-32 of the entry as it stands in the pack; version 1 has none.
  [[nodiscard]] std::optional<uint32_t> checksum(uint32_t position) const;
  // Brings near what offset() and checksum() will look at.
  void prefetch(uint32_t position) const;
  // Whether ids ascend and the fan-out counts them right, as git writes it: if not, find() misses some.
  [[nodiscard]] bool is_in_order() const;

 private:
  Bytes fan_out_;              // 256 numbers: of objects whose first byte is at most that
  Bytes ids_;                  // 20 bytes each in version 2; 24 with the offset in front in version 1
  Bytes checksums_, offsets_, long_ones_;  // version 2 only
  size_t step_ = 20;
  uint32_t count_ = 0;
};

}  // namespace sealwarden
