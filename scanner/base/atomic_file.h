// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "scanner/base/bytes.h"
#include "scanner/base/descriptor.h"
#include "scanner/base/result.h"

namespace sealwarden {

// A file that is written by way of a temporary one beside it and a rename, so that a reader sees the old or the new file,
// never half of one. A symbolic link stays, its target is replaced. What is no regular file (a pipe), and all below /dev
// and /proc, is written directly, at its end.
class AtomicFile {
 public:
  // `mode`: the new file's permission bits, less the umask; a file that is replaced keeps a narrower mode.
  static Result<AtomicFile> create(const std::string& path, unsigned mode = 0644);
  AtomicFile(AtomicFile&&) noexcept;
  ~AtomicFile();  // without finish(): a regular file is as it was

  Result<void> write(Bytes content);
  Result<void> finish();

 private:
  AtomicFile(std::string path, int descriptor, std::string temporary, std::optional<unsigned> keep_mode);
  std::string path_;
  Descriptor out_;
  std::string temporary_;  // empty: written directly
  std::optional<unsigned> keep_mode_;  // of the file that is replaced
};

// The whole of a file at once.
Result<void> write_file_atomically(const std::string& path, Bytes content, unsigned mode = 0644);

// The whole file; an Error of kind not_found or io names path and cause. `limit` in bytes: more is an Error
// of kind limit. A pipe or a device is an Error at once: a repository may hold one to keep its reader waiting.
Result<std::string> read_file(const std::string& path, size_t limit = size_t{1} << 30);
// The same for what the user names: a pipe is read to its end.
Result<std::string> read_input(const std::string& path, size_t limit = size_t{1} << 30);

// Writes all of `content` to an open descriptor.
Result<void> write_all(int descriptor, Bytes content, const std::string& name);

}  // namespace sealwarden
