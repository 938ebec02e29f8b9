// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "scanner/base/bytes.h"
#include "scanner/base/ledger.h"
#include "scanner/base/result.h"

namespace sealwarden {

struct FileRef {
  std::string file;   // what to open
  std::string path;   // as reported: relative to the repository's root inside a repository, else to the PATH argument
  bool symlink = false;
};

struct WalkOptions {
  bool no_ignore = false;  // also what .gitignore and info/exclude name
};

// All regular files and symlinks under `start` (a file or a folder), sorted by path. Never enters `.git`, never follows a
// symlink (but `start` itself may be one), never leaves `start`. Inside a repository tracked files are listed even if
// ignored, untracked ones unless .gitignore or info/exclude names them (never the user's global excludes). What is not
// listed is in the ledger. `start` that does not exist is an Error of kind usage. Walks folders in parallel.
Result<std::vector<FileRef>> list_work_tree(const std::string& start, const WalkOptions& options, Ledger& ledger);

// Reads files (or a symlink's target text); one per thread; the bytes are valid until its next load.
class FileLoader {
 public:
  // An Error of kind io or not_found names the file and the cause. A file that changes size while it is read is an
  // Error of kind corrupt ("changed during the scan"); one larger than memory is one of kind limit. Opens
  // with O_NOFOLLOW | O_NONBLOCK: a file swapped for a link or
  // a pipe is not followed.
  Result<Bytes> load(const FileRef& file);

 private:
  ByteBuffer buffer_;
};

}  // namespace sealwarden
