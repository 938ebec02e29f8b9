// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>

#include "scanner/base/bytes.h"
#include "scanner/base/result.h"

namespace sealwarden {

// A regular file in memory, for reading only. For files that git replaces but never changes.
class MappedFile {
 public:
  MappedFile() = default;
  static Result<MappedFile> open(const std::string& path);
  MappedFile(MappedFile&& other) noexcept;
  MappedFile& operator=(MappedFile&& other) noexcept;
  ~MappedFile();

  [[nodiscard]] Bytes bytes() const { return {static_cast<const char*>(start_), size_}; }

 private:
  MappedFile(void* start, size_t size) : start_(start), size_(size) {}
  void* start_ = nullptr;
  size_t size_ = 0;
};

}  // namespace sealwarden
