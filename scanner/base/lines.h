// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "scanner/base/bytes.h"
#include "scanner/base/finding.h"

namespace sealwarden {

// Finds lines and columns in one text; built only for texts that have a finding. Borrows the text. One thread at a time.
class Lines {
 public:
  explicit Lines(Bytes text);
  // Region of [start, end), offsets from 0 in bytes, end exclusive, both at most the text's size. Asking in ascending
  // order of start costs one pass over the text in all, however long its lines are.
  [[nodiscard]] Region region(uint64_t start, uint64_t end);
  // Index from 0 of the line that holds `offset`; the offset of a line's first byte; behind the last line: the text's end.
  [[nodiscard]] size_t line_of(uint64_t offset) const;
  [[nodiscard]] uint64_t line_start(size_t line) const;

 private:
  Bytes text_;
  std::vector<uint64_t> starts_;  // offset of each line's first byte
  uint64_t cursor_offset_ = 0;    // the last start asked for, and the UTF-16 units before it in its line
  uint32_t cursor_units_ = 0;
};

}  // namespace sealwarden
