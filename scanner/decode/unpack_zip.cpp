// SPDX-License-Identifier: Apache-2.0
// zip: members, each behind a head of its own, then the directory that counts, then the end that says where it is.
// A directory that is missing or damaged (a download that broke off) leaves the members' own heads to go by, and so do members
// that no directory names: those of a zip before this one, and what a program took out of the directory alone.
#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "scanner/decode/byte_cursor.h"
#include "scanner/decode/packed_stream.h"

namespace sealwarden {
namespace {

using namespace std::string_view_literals;

constexpr uint64_t kUnknown32 = 0xFFFFFFFF;
constexpr uint64_t kLzma1 = 0x4000000000000001;  // liblzma's id

struct ZipEntry {
  uint16_t flags = 0, method = 0;
  uint32_t crc = 0;
  uint64_t packed = 0, size = 0, offset = 0;
  std::string path;

  [[nodiscard]] bool is_encrypted() const { return (flags & 1) != 0; }
  [[nodiscard]] bool is_sized_behind() const { return (flags & 8) != 0; }
};

std::string path_of(Bytes name) {
  std::string path(name);
  std::ranges::replace(path, '\\', '/');  // some programs of Windows
  return path;
}

// Numbers of 64 bits stand in an extra field if those of 32 have no room, in this order.
void read_extra(Bytes extra, ZipEntry& entry) {
  ByteCursor cursor(extra);
  while (cursor.left() >= 4) {
    const uint16_t kind = cursor.le16();
    ByteCursor field(cursor.take(cursor.le16()));
    if (kind != 1) continue;
    for (uint64_t* number : {&entry.size, &entry.packed, &entry.offset}) {
      if (*number == kUnknown32 && field.left() >= 8) *number = field.le64();
    }
  }
}

struct ZipEnd {
  uint64_t directory = 0;  // where it begins
  uint64_t size = 0;
  uint64_t before = 0;  // what stands before the zip and is not counted in its offsets
};

// Behind the directory there are 22 bytes and a comment of up to 64 KiB.
std::optional<ZipEnd> find_end(Bytes zip) {
  const size_t last = find_zip_end(zip);
  if (last == Bytes::npos) return std::nullopt;
  ByteCursor cursor(zip.substr(last));
  cursor.skip(12);
  ZipEnd end;
  end.size = cursor.le32();
  end.directory = cursor.le32();
  if (!cursor.ok()) return std::nullopt;
  uint64_t stop = last;  // of the directory
  if (last >= 20 && zip.substr(last - 20).starts_with("PK\6\7"sv)) {
    const size_t wide = zip.substr(0, last - 20).rfind("PK\6\6"sv);
    if (wide == Bytes::npos) return std::nullopt;
    ByteCursor fields(zip.substr(wide));
    fields.skip(40);
    end.size = fields.le64();
    end.directory = fields.le64();
    if (!fields.ok()) return std::nullopt;
    stop = wide;
  }
  if (end.size > stop || end.directory > stop - end.size) return std::nullopt;
  end.before = stop - end.size - end.directory;
  end.directory += end.before;
  return end;
}

// What an entry of the directory and a member's own head say alike.
ZipEntry read_content(ByteCursor& cursor) {
  ZipEntry entry;
  entry.flags = cursor.le16();
  entry.method = cursor.le16();
  cursor.skip(4);
  entry.crc = cursor.le32();
  entry.packed = cursor.le32();
  entry.size = cursor.le32();
  return entry;
}

// One entry of the directory.
std::optional<ZipEntry> read_entry(ByteCursor& cursor) {
  if (cursor.take(4) != "PK\1\2"sv) return std::nullopt;
  cursor.skip(4);
  ZipEntry entry = read_content(cursor);
  const uint16_t name = cursor.le16(), extra = cursor.le16(), comment = cursor.le16();
  cursor.skip(8);
  entry.offset = cursor.le32();
  entry.path = path_of(cursor.take(name));
  read_extra(cursor.take(extra), entry);
  cursor.skip(comment);
  return cursor.ok() ? std::optional(std::move(entry)) : std::nullopt;
}

// A member's own head; the cursor stands at its bytes then.
std::optional<ZipEntry> read_head(ByteCursor& cursor) {
  if (cursor.take(4) != "PK\3\4"sv) return std::nullopt;
  cursor.skip(2);
  ZipEntry entry = read_content(cursor);
  const uint16_t name = cursor.le16(), extra = cursor.le16();
  entry.path = path_of(cursor.take(name));
  read_extra(cursor.take(extra), entry);
  return cursor.ok() ? std::optional(std::move(entry)) : std::nullopt;
}

// A folder is a name that ends in a slash.
bool is_folder(const ZipEntry& entry) { return entry.path.ends_with('/') && entry.packed <= 2; }

std::optional<Codec> codec_of(uint16_t method) {
  switch (method) {
    case 0:
      return Codec::stored;
    case 8:
      return Codec::deflate;
    case 12:
      return Codec::bzip2;
    case 14:
      return Codec::lzma;
    case 93:
      return Codec::zstd;
    case 95:
      return Codec::xz;
    default:
      return std::nullopt;
  }
}

// Returns what of `packed` was not consumed.
Bytes give_entry(const ZipEntry& entry, Bytes packed, uint64_t size, Unpacking& job) {
  const std::optional<Codec> codec = codec_of(entry.method);
  if (entry.is_encrypted()) {
    job.gap(UnpackGap::Kind::encrypted, entry.path, "is encrypted");
    return packed;
  }
  if (!codec) {
    job.gap(UnpackGap::Kind::unsupported, entry.path, "is compressed by a method that is not read: " + std::to_string(entry.method));
    return packed;
  }
  LzmaChain chain{.filters = {}, .size = size};
  if (codec == Codec::lzma) {  // two bytes of version, two of the length of the properties
    ByteCursor head(packed);
    head.skip(2);
    chain.filters = {{kLzma1, head.take(head.le16())}};
    packed = head.rest();
  }
  PackedStream stream(*codec, packed, job, &chain);
  const bool has_crc = size != kWholeStream;
  give_stream(stream, size, has_crc ? std::optional(entry.crc) : std::nullopt, entry.path, job);
  return stream.packed_rest();
}

// From where to where members lie in the zip.
using Stretches = std::vector<std::pair<uint64_t, uint64_t>>;

// By the directory. False if it cannot be followed from the start. `named`: what it names.
bool unpack_by_directory(Bytes zip, const ZipEnd& end, Stretches& named, Unpacking& job) {
  ByteCursor cursor(zip.substr(end.directory, end.size));
  uint64_t packed_in_all = 0;
  bool is_first = true;  // how many there are is not asked: large zips may say it modulo 2^16
  while (cursor.left() > 0 && !cursor.rest().starts_with("PK\5\5"sv) && !job.stopped()) {  // a signature may follow
    const std::optional<ZipEntry> entry = read_entry(cursor);
    if (!entry) {
      if (is_first) return false;
      job.gap(UnpackGap::Kind::corrupt, "", "the directory of the zip is damaged");
      return true;
    }
    is_first = false;
    if (is_folder(*entry)) continue;
    if (!job.admit()) return true;
    const uint64_t begin = std::min<uint64_t>(zip.size(), entry->offset + end.before);
    ByteCursor member(zip.substr(begin));
    if (!read_head(member)) {
      job.gap(UnpackGap::Kind::corrupt, entry->path, "its head in the zip is damaged");
      continue;
    }
    const Bytes packed = member.rest().substr(0, entry->packed);
    named.emplace_back(begin, zip.size() - member.left() + packed.size());
    packed_in_all += packed.size();
    if (packed_in_all > zip.size()) {
      job.stop(entry->path, "members of the zip lie over one another");
      return true;
    }
    give_entry(*entry, packed, entry->size, job);
  }
  return true;
}

// Whether it is a head and no accident: a version there is, a method that is read, a name.
bool is_plausible(Bytes head, const ZipEntry& entry) {
  return head[5] == '\0' && codec_of(entry.method) && !entry.path.empty() && entry.path.find('\0') == std::string::npos;
}

// By the members' own heads. If a size is not stated in its head, decompression tells where the member ends. With `plausible`,
// what merely begins like a head is passed over.
void unpack_by_heads(Bytes zip, bool plausible, Unpacking& job) {
  size_t at = zip.find("PK\3\4"sv);
  while (at != Bytes::npos && !job.stopped()) {
    ByteCursor cursor(zip.substr(at));
    const std::optional<ZipEntry> entry = read_head(cursor);
    Bytes rest = cursor.rest();
    if (!entry || (plausible && !is_plausible(zip.substr(at), *entry))) {
      rest = zip.substr(at + 4);
    } else if (!is_folder(*entry)) {
      if (!job.admit()) return;
      if (!entry->is_sized_behind()) {
        give_entry(*entry, rest.substr(0, entry->packed), entry->size, job);
        rest = rest.substr(std::min<uint64_t>(rest.size(), entry->packed));
      } else if (entry->method == 0) {
        rest = rest.substr(std::min(rest.size(), rest.find("PK\7\x08"sv)));  // as it stands: nothing to unpack
      } else {
        rest = give_entry(*entry, rest, kWholeStream, job);
      }
    }
    const size_t next = rest.find("PK\3\4"sv);
    at = next == Bytes::npos ? next : zip.size() - rest.size() + next;
  }
}

// What lies before the directory and is not named by it.
void unpack_unnamed(Bytes before, Stretches named, Unpacking& job) {
  std::ranges::sort(named);
  named.emplace_back(before.size(), before.size());
  uint64_t done = 0;
  for (const auto& [begin, end] : named) {
    if (begin > done) unpack_by_heads(before.substr(done, begin - done), true, job);
    done = std::max(done, end);
  }
}

}  // namespace

void unpack_zip(Bytes container, Unpacking& job) {
  if (container.starts_with("MZ")) unpack_utf16_strings(container, job);  // a program that unpacks itself
  const std::optional<ZipEnd> end = find_end(container);
  Stretches named;
  if (end && unpack_by_directory(container, *end, named, job)) return unpack_unnamed(container.substr(0, end->directory), std::move(named), job);
  job.gap(UnpackGap::Kind::corrupt, "", "the zip has no sound directory");
  unpack_by_heads(container, false, job);
}

}  // namespace sealwarden
