// SPDX-License-Identifier: Apache-2.0
#include "scanner/base/atomic_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <utility>

#include "scanner/base/descriptor.h"

namespace sealwarden {
namespace {

tl::unexpected<Error> system_error(const std::string& what, const std::string& path) {
  const int cause = errno;
  return fail(cause == ENOENT || cause == ENOTDIR ? Error::Kind::not_found : Error::Kind::io,
              what + " " + path + ": " + std::strerror(cause));
}

// /dev/stdout may be a regular file; to put another file in its place would break the machine.
bool is_system_path(const std::string& path) {
  return path.starts_with("/dev/") || path.starts_with("/proc/");
}

// What a symbolic link leads to, so that the link stays and its target is replaced.
std::string resolved(const std::string& path) {
  if (is_system_path(path)) return path;
  const std::unique_ptr<char, decltype(&std::free)> target(::realpath(path.c_str(), nullptr), &std::free);
  return target != nullptr ? std::string(target.get()) : path;
}

// Opens a new file with a random name; the kernel applies the umask, which mkstemp would keep from the mode.
int create_beside(const std::string& path, unsigned mode, std::string& name) {
  for (int attempt = 0; attempt < 100; ++attempt) {
    uint32_t random = 0;
    if (::getentropy(&random, sizeof random) != 0) return -1;
    name = path + "." + std::to_string(random);
    const int descriptor = ::open(name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
    if (descriptor >= 0 || errno != EEXIST) return descriptor;
  }
  return -1;
}

}  // namespace

Result<void> write_all(int descriptor, Bytes content, const std::string& name) {
  while (!content.empty()) {
    const ssize_t written = ::write(descriptor, content.data(), content.size());
    if (written < 0) {
      if (errno == EINTR) continue;
      return system_error("cannot write", name);
    }
    content.remove_prefix(static_cast<size_t>(written));
  }
  return {};
}

AtomicFile::AtomicFile(std::string path, int descriptor, std::string temporary, std::optional<unsigned> keep_mode)
    : path_(std::move(path)), out_(descriptor), temporary_(std::move(temporary)), keep_mode_(keep_mode) {}

AtomicFile::AtomicFile(AtomicFile&& other) noexcept
    : path_(std::move(other.path_)),
      out_(other.out_.release()),
      temporary_(std::exchange(other.temporary_, {})),
      keep_mode_(other.keep_mode_) {}

AtomicFile::~AtomicFile() {
  if (!temporary_.empty()) ::unlink(temporary_.c_str());
}

Result<AtomicFile> AtomicFile::create(const std::string& given, unsigned mode) {
  const std::string path = resolved(given);
  struct stat info {};
  const bool exists = ::stat(path.c_str(), &info) == 0;
  if (exists && S_ISDIR(info.st_mode))
    return fail(Error::Kind::io, "cannot write " + path + ": it is a folder");
  if (is_system_path(path) || (exists && !S_ISREG(info.st_mode))) {
    const int descriptor = ::open(path.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC);
    if (descriptor < 0) return system_error("cannot write", path);
    return AtomicFile(path, descriptor, {}, std::nullopt);
  }
  // The umask narrows the mode of a new file; a file that is replaced does not become wider than it is.
  if (exists) mode &= info.st_mode & 0777;
  std::string temporary;
  const int descriptor = create_beside(path, mode, temporary);
  if (descriptor < 0) return system_error("cannot write", path);
  return AtomicFile(path, descriptor, temporary, exists ? std::optional(mode) : std::nullopt);
}

Result<void> AtomicFile::write(Bytes content) { return write_all(out_.get(), content, path_); }

Result<void> AtomicFile::finish() {
  if (temporary_.empty()) return {};
  if (keep_mode_ && ::fchmod(out_.get(), *keep_mode_) != 0) return system_error("cannot write", path_);
  if (::fsync(out_.get()) != 0 && errno != EINVAL) return system_error("cannot write", path_);
  if (::close(out_.release()) != 0) return system_error("cannot write", path_);
  if (::rename(temporary_.c_str(), path_.c_str()) != 0) return system_error("cannot write", path_);
  temporary_.clear();
  return {};
}

Result<void> write_file_atomically(const std::string& path, Bytes content, unsigned mode) {
  TRY(AtomicFile file, AtomicFile::create(path, mode));
  TRY_VOID(file.write(content));
  return file.finish();
}

namespace {

Result<std::string> read_all(const Descriptor& in, const struct stat& info, const std::string& path, size_t limit) {
  // One byte more than the size, so that the end is seen without growing; pipes and /proc say 0 and grow.
  const bool sized = S_ISREG(info.st_mode) && info.st_size > 0;
  std::string content(sized ? std::min(static_cast<size_t>(info.st_size), limit) + 1 : 0, '\0');
  size_t used = 0;
  for (;;) {
    if (content.size() == used) content.resize(content.size() * 2 + (size_t{64} << 10));
    const ssize_t got = ::read(in.get(), content.data() + used, content.size() - used);
    if (got < 0) {
      if (errno == EINTR) continue;
      return system_error("cannot read", path);
    }
    if (got == 0) break;
    used += static_cast<size_t>(got);
    if (used > limit)
      return fail(Error::Kind::limit, path + " is larger than " + std::to_string(limit) + " bytes");
  }
  content.resize(used);
  return content;
}

}  // namespace

Result<std::string> read_file(const std::string& path, size_t limit) {
  const Descriptor in(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
  struct stat info {};
  if (in.get() < 0 || ::fstat(in.get(), &info) != 0) return system_error("cannot read", path);
  if (!S_ISREG(info.st_mode)) return fail(Error::Kind::io, "cannot read " + path + ": it is no regular file");
  return read_all(in, info, path, limit);
}

Result<std::string> read_input(const std::string& path, size_t limit) {
  const Descriptor in(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  struct stat info {};
  if (in.get() < 0 || ::fstat(in.get(), &info) != 0) return system_error("cannot read", path);
  return read_all(in, info, path, limit);
}

}  // namespace sealwarden
