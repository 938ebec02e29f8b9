// SPDX-License-Identifier: Apache-2.0
#include "git/mapped_file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstring>
#include <limits>
#include <utility>

namespace sealwarden {
namespace {

tl::unexpected<Error> refusal(const std::string& path, int cause) {
  const bool gone = cause == ENOENT || cause == ENOTDIR;
  return fail(gone ? Error::Kind::not_found : Error::Kind::io, path + ": " + std::strerror(cause));
}

// The descriptor stays the caller's. MAP_FAILED sets errno.
void* map(int descriptor, size_t& size) {
  struct stat info {};
  if (::fstat(descriptor, &info) != 0) return MAP_FAILED;
  const auto length = static_cast<uint64_t>(info.st_size);
  if (!S_ISREG(info.st_mode) || length > std::numeric_limits<size_t>::max()) {
    errno = EINVAL;
    return MAP_FAILED;
  }
  size = static_cast<size_t>(length);
  return size == 0 ? nullptr : ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, descriptor, 0);
}

}  // namespace

Result<MappedFile> MappedFile::open(const std::string& path) {
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  if (descriptor < 0) return refusal(path, errno);
  size_t size = 0;
  void* const start = map(descriptor, size);
  const int cause = errno;
  ::close(descriptor);
  if (start == MAP_FAILED) return refusal(path, cause);
  return MappedFile(start, size);
}

MappedFile::MappedFile(MappedFile&& other) noexcept
    : start_(std::exchange(other.start_, nullptr)), size_(std::exchange(other.size_, 0)) {}

MappedFile& MappedFile::operator=(MappedFile&& other) noexcept {
  std::swap(start_, other.start_);
  std::swap(size_, other.size_);
  return *this;
}

MappedFile::~MappedFile() {
  if (start_ != nullptr) ::munmap(start_, size_);
}

}  // namespace sealwarden
