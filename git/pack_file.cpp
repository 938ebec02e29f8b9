// SPDX-License-Identifier: Apache-2.0
#include "git/pack_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "git/byte_reader.h"

namespace sealwarden {
namespace {

constexpr size_t kIndexHead = 8, kFanOut = 1024, kChecksum = 20;
constexpr uint32_t kIndexMagic = 0xff744f63;

class File {
 public:
  explicit File(const std::string& path)
      : descriptor_(::open(path.c_str(), O_RDONLY | O_CLOEXEC)), cause_(errno) {
    struct stat info {};
    if (descriptor_ >= 0 && ::fstat(descriptor_, &info) == 0) size_ = static_cast<uint64_t>(info.st_size);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  ~File() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  [[nodiscard]] bool is_open() const { return descriptor_ >= 0; }
  [[nodiscard]] int cause() const { return cause_; }
  [[nodiscard]] uint64_t size() const { return size_; }
  // Exactly `size` bytes, else nothing.
  [[nodiscard]] std::string read(uint64_t offset, size_t size) const {
    std::string bytes(size, '\0');
    const ssize_t got = ::pread(descriptor_, bytes.data(), size, static_cast<off_t>(offset));
    return got == static_cast<ssize_t>(size) ? bytes : std::string();
  }

 private:
  int descriptor_;
  int cause_;
  uint64_t size_ = 0;
};

struct IndexFacts {
  uint32_t objects = 0;
  std::string pack_checksum;
};

Result<void> check_open(const File& file, const std::string& path) {
  if (file.is_open()) return {};
  const bool gone = file.cause() == ENOENT;
  return fail(gone ? Error::Kind::corrupt : Error::Kind::io, path + ": " + std::strerror(file.cause()));
}

// index 1 = fan-out { offset:u32 id[20] } pack's checksum, own checksum
// index 2 = magic:u32 2:u32 fan-out { id[20] } { crc:u32 } { offset:u32 } { long offset:u64 } checksums as
// above
Result<IndexFacts> read_index_facts(const std::string& path) {
  const File file(path);
  TRY_VOID(check_open(file, path));
  const auto broken = [&] {
    return fail(Error::Kind::corrupt, path + ": the pack's index is broken or cut off");
  };
  const std::string start = file.read(0, kIndexHead);
  const bool second = ByteReader(start).take_u32() == kIndexMagic;
  if (second && ByteReader(Bytes(start).substr(4)).take_u32() != 2U) return broken();
  const std::string last = file.read((second ? kIndexHead : 0) + kFanOut - 4, 4);
  const std::optional<uint32_t> objects = ByteReader(last).take_u32();
  if (!objects) return broken();
  const uint64_t least =
      (second ? kIndexHead + uint64_t{*objects} * 28 : uint64_t{*objects} * 24) + kFanOut + 2 * kChecksum;
  if (file.size() < least) return broken();
  return IndexFacts{*objects, file.read(file.size() - 2 * kChecksum, kChecksum)};
}

}  // namespace

// pack = "PACK" version:u32 objects:u32 { object } checksum[20]
Result<void> check_pack(const std::string& index_file) {
  TRY(const IndexFacts facts, read_index_facts(index_file));
  const std::string path = index_file.substr(0, index_file.size() - 4) + ".pack";
  const File file(path);
  TRY_VOID(check_open(file, path));
  const std::string start = file.read(0, 12);
  ByteReader head(start);
  const bool is_pack = head.take(4) == "PACK";
  const uint32_t version = head.take_u32().value_or(0);
  if (!is_pack || version < 2 || version > 3)
    return fail(Error::Kind::corrupt, path + ": not a pack, or of an unknown version");
  if (head.take_u32() != facts.objects)
    return fail(Error::Kind::corrupt, path + ": does not match its index");
  if (file.size() < 12 + kChecksum || file.read(file.size() - kChecksum, kChecksum) != facts.pack_checksum)
    return fail(Error::Kind::corrupt, path + ": cut off, or does not match its index");
  return {};
}

}  // namespace sealwarden
