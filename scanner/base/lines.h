// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "scanner/base/bytes.h"
#include "scanner/base/finding.h"

namespace sealwarden {

// Finds lines and columns in one text. Counts only as far as it is asked. Borrows the text. One thread at a time.
class Lines {
 public:
  explicit Lines(Bytes text) : text_(text) {}
  // Region of [start, end), offsets from 0 in bytes, end exclusive, both at most the text's size. Asking in ascending
  // order of start costs one pass over the text in all, however long its lines are.
  [[nodiscard]] Region region(uint64_t start, uint64_t end);
  // Offset of the first byte of the line that holds `offset`, and of the next line; behind the last line: the text's end.
  [[nodiscard]] uint64_t line_start(uint64_t offset);
  [[nodiscard]] uint64_t next_line(uint64_t offset);

 private:
  // A place in the text, its line's index from 0, where that line starts, and where the next does.
  struct Place {
    uint64_t offset = 0, line = 0, start = 0;
    uint64_t next = 0;  // 0: not looked for yet
  };
  // Forward from the nearest known place before the offset.
  void move(Place& place, uint64_t offset);

  Bytes text_;
  Place start_, end_, asked_;     // of the last region, and of the last line that was asked for
  uint64_t cursor_offset_ = 0;    // the last start asked for, and the UTF-16 units before it in its line
  uint32_t cursor_units_ = 0;
};

}  // namespace sealwarden
