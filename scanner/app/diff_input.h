// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "scanner/base/bytes.h"

namespace sealwarden {

// One hunk as the new file has it.
struct DiffHunk {
  std::string text;                    // context and added lines, each with its LF
  uint32_t first_line = 1;             // in the new file
  std::vector<uint64_t> line_offsets;  // where each line's text starts in the diff
  std::vector<bool> added;             // by line; of a merge: compared with any parent
};

// What the diff says about one file.
struct DiffFile {
  std::string path;        // in the new tree; empty if the diff names none or the file is deleted
  bool new_name = false;   // the diff brings the path: added, renamed, copied
  bool whole = false;      // an added regular file with all its content in at most one hunk
  bool symlink = false;
  std::vector<DiffHunk> hunks;
};

struct Diff {
  std::vector<DiffFile> files;
  std::vector<std::string> losses;  // what could not be read: file and reason
  bool is_diff = false;             // something of a diff was seen, be it the head of a commit that changes nothing
};

// A unified or combined diff (git's and plain ones), in order. Text between the files is passed over. Total: any bytes.
Diff parse_diff(Bytes diff);

}  // namespace sealwarden
