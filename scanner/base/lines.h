// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "scanner/base/bytes.h"
#include "scanner/base/finding.h"

namespace sealwarden {

// Finds lines and columns in one text; built only for texts that have a finding. Borrows the text.
class Lines {
 public:
  explicit Lines(Bytes text);
  // Region of [start, end), offsets from 0 in bytes, end exclusive, both at most the text's size.
  [[nodiscard]] Region region(uint64_t start, uint64_t end) const;

 private:
  struct Position { uint32_t line, column, column_utf16; };
  [[nodiscard]] Position position(uint64_t offset) const;
  Bytes text_;
  std::vector<uint64_t> starts_;  // offset of each line's first byte
};

}  // namespace sealwarden
