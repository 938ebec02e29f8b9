// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "scanner/base/bytes.h"

namespace sealwarden {

// One hunk of a unified diff as the new file has it.
struct DiffHunk {
  std::string path;                    // of the new file; empty if the diff names none
  std::string text;                    // context and added lines, each with its LF
  uint32_t first_line = 1;             // in the new file
  std::vector<uint64_t> line_offsets;  // where each line's text starts in the diff
  std::vector<bool> added;             // by line
};

// The hunks of a unified diff (git's and plain ones), in order. What is no hunk is passed over. Total: any bytes.
std::vector<DiffHunk> parse_diff(Bytes diff);

}  // namespace sealwarden
