// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "scanner/base/bytes.h"
#include "scanner/base/result.h"

namespace sealwarden {

// Writes `content` to `path` by way of a temporary file beside it and a rename, so that a reader sees the old
// or the new file, never half of one. `mode` is the new file's permission bits, less the umask; a file that is
// replaced keeps a narrower mode. A symbolic link stays, its target is replaced. What is no regular file (a
// pipe), and all below /dev and /proc, is written directly, at
// its end.
Result<void> write_file_atomically(const std::string& path, Bytes content, unsigned mode = 0644);

// The whole file; an Error of kind not_found or io names path and cause. `limit` in bytes: more is an Error
// of kind limit. A pipe or a device is an Error at once: a repository may hold one to keep its reader waiting.
Result<std::string> read_file(const std::string& path, size_t limit = size_t{1} << 30);
// The same for what the user names: a pipe is read to its end.
Result<std::string> read_input(const std::string& path, size_t limit = size_t{1} << 30);

// Writes all of `content` to an open descriptor.
Result<void> write_all(int descriptor, Bytes content, const std::string& name);

}  // namespace sealwarden
