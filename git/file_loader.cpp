// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <new>
#include <string>

#include "git/work_tree.h"
#include "scanner/base/descriptor.h"

namespace sealwarden {
namespace {

tl::unexpected<Error> refusal(const FileRef& file, int error) {
  const bool gone = error == ENOENT || error == ENOTDIR;
  return fail(gone ? Error::Kind::not_found : Error::Kind::io, file.path + ": " + std::strerror(error));
}

tl::unexpected<Error> changed(const FileRef& file) {
  return fail(Error::Kind::corrupt, file.path + ": changed during the scan");
}

Result<char*> reserve_for(const FileRef& file, size_t size, ByteBuffer& buffer) {
  try {
    return buffer.reserve(size + 1);  // one more, to see that the file ends where it said
  } catch (const std::bad_alloc&) {
    return fail(Error::Kind::limit, file.path + ": " + std::to_string(size) + " bytes are more than memory holds");
  }
}

Result<Bytes> load_link(const FileRef& file, ByteBuffer& buffer) {
  constexpr size_t kLongest = 1 << 16;  // Linux stops at 4096
  char* const target = buffer.reserve(kLongest);
  const ssize_t size = readlink(file.file.c_str(), target, kLongest);
  if (size < 0) return errno == EINVAL ? changed(file) : refusal(file, errno);
  return Bytes(target, static_cast<size_t>(size));
}

// At most `room` bytes; fewer only at the end of the file.
Result<size_t> read_up_to(const FileRef& file, int descriptor, char* bytes, size_t room) {
  size_t filled = 0;
  while (filled < room) {
    const ssize_t count = read(descriptor, bytes + filled, room - filled);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return refusal(file, errno);
    if (count == 0) break;
    filled += static_cast<size_t>(count);
  }
  return filled;
}

}  // namespace

Result<Bytes> FileLoader::load(const FileRef& file) {
  if (file.symlink) return load_link(file, buffer_);
  const Descriptor descriptor(open(file.file.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  if (descriptor.get() < 0) return errno == ELOOP ? changed(file) : refusal(file, errno);
  struct stat info {};
  if (fstat(descriptor.get(), &info) != 0) return refusal(file, errno);
  if (!S_ISREG(info.st_mode)) return fail(Error::Kind::corrupt, file.path + ": is no regular file any more");
  const auto size = static_cast<size_t>(info.st_size);
  TRY(char* const bytes, reserve_for(file, size, buffer_));
  TRY(const size_t filled, read_up_to(file, descriptor.get(), bytes, size + 1));
  if (filled != size) return changed(file);
  return Bytes(bytes, size);
}

}  // namespace sealwarden
