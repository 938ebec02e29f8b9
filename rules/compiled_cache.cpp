// SPDX-License-Identifier: Apache-2.0
#include "rules/compiled_cache.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

#include "scanner/base/atomic_file.h"

namespace sealwarden {
namespace {

constexpr std::string_view kMagic = "SWRULES\n";
constexpr uint32_t kVersion = 1;
constexpr off_t kLargest = off_t{1} << 28;

bool is_private(const struct stat& info) {
  return info.st_uid == ::geteuid() && (info.st_mode & (S_IWGRP | S_IWOTH)) == 0;
}

bool is_private_folder(const std::string& folder) {
  struct stat info {};
  return ::lstat(folder.c_str(), &info) == 0 && S_ISDIR(info.st_mode) && is_private(info);
}

bool make_private_folder(const std::string& folder) {
  std::error_code ignored;
  const std::filesystem::path path = std::filesystem::path(folder).lexically_normal();
  std::filesystem::create_directories(
      path.has_filename() ? path.parent_path() : path.parent_path().parent_path(), ignored);
  ::mkdir(folder.c_str(), 0700);
  return is_private_folder(folder);
}

// Looks at the file it has opened, not at a name that may change meanwhile.
bool is_private_file(int descriptor) {
  struct stat info {};
  return ::fstat(descriptor, &info) == 0 && S_ISREG(info.st_mode) && is_private(info) &&
         info.st_size <= kLargest;
}

std::optional<std::string> read_all(int descriptor) {
  std::string content;
  char buffer[1 << 16];
  for (;;) {
    const ssize_t got = ::read(descriptor, buffer, sizeof buffer);
    if (got < 0) return std::nullopt;
    if (got == 0) return content;
    content.append(buffer, static_cast<size_t>(got));
  }
}

std::optional<std::string> read_private_file(const std::string& path) {
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
  if (descriptor < 0) return std::nullopt;
  std::optional<std::string> content;
  if (is_private_file(descriptor)) content = read_all(descriptor);
  ::close(descriptor);
  return content;
}

Bytes bytes_of(const Sha256& digest) { return {reinterpret_cast<const char*>(digest.data()), digest.size()}; }

void put_number(std::string& out, uint64_t value, int bytes) {
  for (int i = 0; i < bytes; ++i)
    out += static_cast<char>(value >> (8 * i) & 0xFF);
}

std::string header(const Sha256& key, size_t length) {
  std::string out(kMagic);
  put_number(out, kVersion, 4);
  out += bytes_of(key);
  put_number(out, length, 8);
  return out;
}

constexpr size_t kHeaderSize = kMagic.size() + 4 + sizeof(Sha256) + 8;

}  // namespace

std::string cache_file(const std::string& folder, const Sha256& key) {
  return folder + "/rules-" + hex(key, 32);
}

std::optional<std::string> load_cached(const std::string& folder, const Sha256& key) {
  if (!is_private_folder(folder)) return std::nullopt;
  std::optional<std::string> content = read_private_file(cache_file(folder, key));
  if (!content || content->size() < kHeaderSize + sizeof(Sha256)) return std::nullopt;
  const Bytes all(*content);
  const size_t covered = all.size() - sizeof(Sha256);
  if (all.substr(0, kHeaderSize) != header(key, covered - kHeaderSize)) return std::nullopt;
  if (all.substr(covered) != bytes_of(sha256(all.substr(0, covered)))) return std::nullopt;
  return content->substr(kHeaderSize, covered - kHeaderSize);
}

bool store_cached(const std::string& folder, const Sha256& key, Bytes payload) {
  if (!make_private_folder(folder)) return false;
  std::string content = header(key, payload.size()).append(payload);
  content += bytes_of(sha256(content));
  return write_file_atomically(cache_file(folder, key), content, 0600).has_value();
}

}  // namespace sealwarden
