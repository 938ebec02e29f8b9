// SPDX-License-Identifier: Apache-2.0
// 7z: a head of 32 bytes that says where the header lies, behind the packed streams. The header may itself be packed. It has
// the packed streams' sizes, the folders (each a chain of decompressors that gives one stream), how the folders' streams are
// cut into members, and the members' names. Read here: one chain without branches of copy, deflate, bzip2, zstd, or LZMA with
// filters before it. Not read: PPMd, BCJ2, encryption.
//
// Every list is held to the header's size before it is made, as each of its items takes a byte at least; a header is at most
// 16 MiB, each part of it stands there once, and there are at most kMostItems of anything.
#include <algorithm>
#include <bitset>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "scanner/decode/byte_cursor.h"
#include "scanner/decode/content.h"
#include "scanner/decode/packed_stream.h"

namespace sealwarden {
namespace {

using namespace std::string_view_literals;

constexpr uint64_t kMostItems = 200'000;
constexpr uint64_t kMostHeader = 16 << 20;
constexpr unsigned kMostHeadersInHeaders = 4;
constexpr const char* kTooMany = "holds too many members";
constexpr const char* kHeaderTooLong = "its list of members is longer than 16 MiB";

enum Id : uint8_t {
  kEnd = 0x00,
  kHeader = 0x01,
  kArchiveProperties = 0x02,
  kAdditionalStreams = 0x03,
  kMainStreams = 0x04,
  kFiles = 0x05,
  kPackInfo = 0x06,
  kFolderInfo = 0x07,
  kSubStreams = 0x08,
  kSizes = 0x09,
  kChecksums = 0x0A,
  kFolders = 0x0B,
  kFolderSizes = 0x0C,
  kCounts = 0x0D,
  kEmptyStreams = 0x0E,
  kNames = 0x11,
  kPackedHeader = 0x17,
};

// Parts that may stand in a header once each: a repeated one would cost two bytes and append as much again.
class OnceOnly {
 public:
  bool takes(uint8_t id) { return !seen_.test(id) && seen_.set(id).test(id); }

 private:
  std::bitset<256> seen_;
};

struct Coder {
  Bytes method, properties;
  uint64_t inputs = 1, outputs = 1;
};

struct Folder {
  std::vector<Coder> coders;
  std::vector<std::pair<uint64_t, uint64_t>> pairs;  // input, the output that feeds it
  std::vector<uint64_t> sizes;                       // of each output
  uint64_t packed_streams = 0;
  uint64_t streams = 1;  // members that it is cut into
  std::optional<uint32_t> crc;

  // The output that feeds no input.
  [[nodiscard]] uint64_t last_output() const {
    for (uint64_t output = 0; output < sizes.size(); ++output) {
      const bool is_fed = std::ranges::any_of(pairs, [&](const auto& pair) { return pair.second == output; });
      if (!is_fed) return output;
    }
    return 0;
  }
  [[nodiscard]] uint64_t size() const { return sizes.empty() ? 0 : sizes[last_output()]; }
};

struct Streams {
  uint64_t packed_at = 0;
  std::vector<uint64_t> packed_sizes;
  std::vector<Folder> folders;
  struct Part {
    uint64_t size;
    std::optional<uint32_t> crc;
  };
  std::vector<Part> parts;  // of all folders
};

// Reads a header. After a failure ok() is false and what was read must not be used.
class HeaderReader {
 public:
  explicit HeaderReader(Bytes header) : cursor_(header) {}
  [[nodiscard]] bool ok() const { return ok_ && cursor_.ok(); }
  [[nodiscard]] bool has_too_many() const { return has_too_many_; }  // items: why it is not ok

  uint8_t id() { return cursor_.u8(); }

  // The number of leading ones of the first byte says how many bytes follow; its other bits are the highest.
  uint64_t number() {
    const uint8_t first = cursor_.u8();
    uint64_t value = 0;
    for (unsigned i = 0; i < 8; ++i) {
      const auto mask = static_cast<uint8_t>(0x80 >> i);
      if ((first & mask) == 0) return value | uint64_t{first & (mask - 1U)} << 8 * i;
      value |= uint64_t{cursor_.u8()} << 8 * i;
    }
    return value;
  }

  void read_streams(Streams& streams) {
    OnceOnly once;
    for (uint8_t part = id(); ok() && part != kEnd; part = id()) {
      if (!once.takes(part)) {
        ok_ = false;
      } else if (part == kPackInfo) {
        read_pack_info(streams);
      } else if (part == kFolderInfo) {
        read_folders(streams);
      } else if (part == kSubStreams) {
        read_parts(streams);
      } else {
        ok_ = false;
      }
    }
    if (streams.parts.empty()) {  // each folder is one member
      for (const Folder& folder : streams.folders) streams.parts.push_back({folder.size(), folder.crc});
    }
  }

  // The names of the members that have bytes, in the order of the parts.
  std::vector<std::string> read_names() {
    const uint64_t files = number();
    bound(files);
    Bytes names;
    std::vector<bool> is_empty;
    for (uint8_t property = id(); ok() && property != kEnd; property = id()) {
      HeaderReader field(cursor_.take(number()));
      if (property == kEmptyStreams) is_empty = field.bits(files);
      if (property == kNames && field.id() == 0) names = field.cursor_.rest();
      has_too_many_ = has_too_many_ || field.has_too_many_;
      ok_ = ok_ && field.ok();
    }
    std::vector<std::string> result;
    for (uint64_t i = 0; ok() && i < files && !names.empty(); ++i) {
      size_t size = 0;
      while (size + 2 <= names.size() && (names[size] != '\0' || names[size + 1] != '\0')) size += 2;
      if (i >= is_empty.size() || !is_empty[i]) {
        result.emplace_back(WideText(names.substr(0, size), WideText::Form::utf16_little).text());
      }
      names.remove_prefix(std::min(names.size(), size + 2));
    }
    return result;
  }

  void skip_properties() {
    for (uint8_t property = id(); ok() && property != kEnd; property = id()) cursor_.skip(number());
  }

 private:
  void bound(uint64_t items) {
    if (items <= kMostItems) return;
    has_too_many_ = true;
    ok_ = false;
  }

  // How many items follow, of at least `bytes` each.
  uint64_t count(uint64_t bytes = 1) {
    const uint64_t items = number();
    bound(items);
    if (ok() && items * bytes > cursor_.left()) ok_ = false;
    return ok() ? items : 0;
  }

  std::vector<bool> bits(uint64_t size) {
    std::vector<bool> result;
    bound(size);
    if (ok() && (size + 7) / 8 > cursor_.left()) ok_ = false;
    uint8_t byte = 0;
    for (uint64_t i = 0; ok() && i < size; ++i) {
      if (i % 8 == 0) byte = cursor_.u8();
      result.push_back((byte & 0x80 >> i % 8) != 0);
    }
    return result;
  }

  std::vector<std::optional<uint32_t>> checksums(uint64_t size) {
    std::vector<bool> is_there(ok() ? size : 0, true);
    if (id() == 0) is_there = bits(size);
    std::vector<std::optional<uint32_t>> result;
    for (const bool there : is_there) {
      if (!ok()) break;
      result.push_back(there ? std::optional(cursor_.le32()) : std::nullopt);
    }
    if (result.size() != size) ok_ = false;
    return result;
  }

  void read_pack_info(Streams& streams) {
    streams.packed_at = number();
    const uint64_t size = count(0);
    for (uint8_t part = id(); ok() && part != kEnd; part = id()) {
      if (part == kSizes) {
        if (size > cursor_.left() || !streams.packed_sizes.empty()) ok_ = false;
        for (uint64_t i = 0; ok() && i < size; ++i) streams.packed_sizes.push_back(number());
      } else if (part == kChecksums) {
        checksums(size);
      } else {
        ok_ = false;
      }
    }
  }

  Folder read_folder() {
    Folder folder;
    uint64_t inputs = 0, outputs = 0;
    constexpr uint64_t kMostCoders = 32;  // of the format
    const uint64_t coders = count();
    if (coders == 0 || coders > kMostCoders) ok_ = false;
    for (uint64_t i = 0; ok() && i < coders; ++i) {
      const uint8_t flags = id();
      Coder coder;
      coder.method = cursor_.take(flags & 0x0F);
      if ((flags & 0x10) != 0) {
        coder.inputs = number();
        coder.outputs = number();
      }
      if ((flags & 0x20) != 0) coder.properties = cursor_.take(number());
      if (coder.inputs > kMostCoders || coder.outputs > kMostCoders) ok_ = false;
      inputs += coder.inputs;
      outputs += coder.outputs;
      folder.coders.push_back(coder);
      bound(coders_and_ends_ += 1 + coder.inputs + coder.outputs);
    }
    if (!ok() || outputs == 0 || inputs < outputs - 1) {
      ok_ = false;
      return folder;
    }
    for (uint64_t i = 0; ok() && i + 1 < outputs; ++i) {
      const uint64_t input = number();
      folder.pairs.emplace_back(input, number());
    }
    folder.packed_streams = inputs - (outputs - 1);
    if (folder.packed_streams > 1) {
      for (uint64_t i = 0; ok() && i < folder.packed_streams; ++i) number();
    }
    folder.sizes.resize(outputs);
    return folder;
  }

  void read_folders(Streams& streams) {
    if (id() != kFolders) ok_ = false;
    const uint64_t size = count(2);
    if (id() != 0) ok_ = false;  // kept elsewhere
    for (uint64_t i = 0; ok() && i < size; ++i) streams.folders.push_back(read_folder());
    if (id() != kFolderSizes) ok_ = false;
    for (Folder& folder : streams.folders) {
      for (uint64_t& one : folder.sizes) one = number();
      if (!ok()) return;
    }
    for (uint8_t part = id(); ok() && part != kEnd; part = id()) {
      if (part != kChecksums) ok_ = false;
      const auto sums = checksums(streams.folders.size());
      for (size_t i = 0; ok() && i < sums.size(); ++i) streams.folders[i].crc = sums[i];
    }
  }

  void read_parts(Streams& streams) {
    uint8_t part = id();
    uint64_t all = streams.folders.size();
    if (part == kCounts) {
      all = 0;
      for (Folder& folder : streams.folders) {
        folder.streams = number();
        bound(folder.streams);
        all += folder.streams;
        bound(all);
        if (!ok()) return;
      }
      part = id();
    }
    const bool has_sizes = part == kSizes;
    std::vector<size_t> without_crc;  // parts whose checksum is not their folder's
    for (const Folder& folder : streams.folders) {
      uint64_t left = folder.size();
      for (uint64_t i = 0; ok() && i < folder.streams; ++i) {
        const bool is_last = i + 1 == folder.streams;
        const uint64_t size = is_last ? left : has_sizes ? number() : 0;
        if (size > left) ok_ = false;
        left -= std::min(left, size);
        const bool is_whole = folder.streams == 1 && folder.crc;
        if (!is_whole) without_crc.push_back(streams.parts.size());
        bound(streams.parts.size() + 1);
        if (!ok()) return;
        streams.parts.push_back({size, is_whole ? folder.crc : std::nullopt});
      }
    }
    if (has_sizes) part = id();
    for (; ok() && part != kEnd; part = id()) {
      if (part != kChecksums) ok_ = false;
      const auto sums = checksums(without_crc.size());
      for (size_t i = 0; ok() && i < sums.size(); ++i) streams.parts[without_crc[i]].crc = sums[i];
    }
  }

  ByteCursor cursor_;
  uint64_t coders_and_ends_ = 0;  // of all folders
  bool ok_ = true, has_too_many_ = false;
};

// What a folder's stream is decompressed with; none if it is not read here.
struct Method {
  Codec codec = Codec::stored;
  LzmaChain chain;
};

std::optional<uint64_t> lzma_filter(Bytes method) {
  static constexpr std::pair<Bytes, uint64_t> kFilters[] = {
      {"\x03\x01\x01"sv, 0x4000000000000001}, {"\x21"sv, 0x21}, {"\x03"sv, 0x03},  // LZMA1, LZMA2, delta; then of machine code:
      {"\x04"sv, 0x04}, {"\x03\x03\x01\x03"sv, 0x04}, {"\x05"sv, 0x05}, {"\x03\x03\x02\x05"sv, 0x05},
      {"\x06"sv, 0x06}, {"\x03\x03\x04\x01"sv, 0x06}, {"\x07"sv, 0x07}, {"\x03\x03\x05\x01"sv, 0x07},
      {"\x08"sv, 0x08}, {"\x03\x03\x07\x01"sv, 0x08}, {"\x09"sv, 0x09}, {"\x03\x03\x08\x05"sv, 0x09}, {"\x0A"sv, 0x0A}};
  for (const auto& [name, id] : kFilters) {
    if (name == method) return id;
  }
  return std::nullopt;
}

bool is_encrypted(const Folder& folder) {
  return std::ranges::any_of(folder.coders, [](const Coder& coder) { return coder.method == "\x06\xF1\x07\x01"sv; });
}

std::optional<Method> method_of(const Folder& folder) {
  Method method{.codec = Codec::lzma, .chain = {.filters = {}, .size = folder.size()}};
  const bool has_branches = std::ranges::any_of(folder.coders, [](const Coder& one) { return one.inputs != 1 || one.outputs != 1; });
  if (folder.packed_streams != 1 || has_branches) return std::nullopt;
  if (folder.coders.size() == 1) {
    const Bytes name = folder.coders[0].method;
    if (name == "\0"sv) method.codec = Codec::stored;
    if (name == "\x04\x01\x08"sv) method.codec = Codec::deflate;
    if (name == "\x04\x02\x02"sv) method.codec = Codec::bzip2;
    if (name == "\x04\xF7\x11\x01"sv) method.codec = Codec::zstd;
    if (method.codec != Codec::lzma) return method;
  }
  // From the decompressor that gives the plain bytes to the one that is fed with packed ones.
  uint64_t at = folder.last_output();
  for (size_t i = 0; i < folder.coders.size(); ++i) {
    if (at >= folder.coders.size()) return std::nullopt;
    const std::optional<uint64_t> filter = lzma_filter(folder.coders[at].method);
    if (!filter) return std::nullopt;
    method.chain.filters.push_back({*filter, folder.coders[at].properties});
    const auto feeder = std::ranges::find(folder.pairs, at, [](const auto& pair) { return pair.first; });
    if (feeder == folder.pairs.end()) return method;
    at = feeder->second;
  }
  return std::nullopt;  // a circle
}

// The packed bytes of the folders, one after the other.
class PackedBytes {
 public:
  PackedBytes(Bytes container, const Streams& streams)
      : rest_(container.substr(std::min<uint64_t>(container.size(), 32))), streams_(streams) {
    rest_ = rest_.substr(std::min<uint64_t>(rest_.size(), streams.packed_at));
  }
  Bytes of_next(const Folder& folder) {
    uint64_t size = 0;
    for (uint64_t i = 0; i < folder.packed_streams && next_ < streams_.packed_sizes.size(); ++i, ++next_) {
      size += std::min<uint64_t>(streams_.packed_sizes[next_], rest_.size());
    }
    const Bytes packed = rest_.substr(0, size);
    rest_.remove_prefix(packed.size());
    return packed;
  }

 private:
  Bytes rest_;
  const Streams& streams_;
  size_t next_ = 0;
};

// The header behind a packed one; none if a gap was told.
std::optional<std::string> unpack_header(Bytes container, Bytes header, Unpacking& job) {
  HeaderReader reader(header);
  Streams streams;
  reader.read_streams(streams);
  const auto refuse = [&](UnpackGap::Kind kind, const char* message) {
    job.gap(kind, "", message);
    return std::nullopt;
  };
  if (reader.has_too_many()) return refuse(UnpackGap::Kind::limit, kTooMany);
  if (!reader.ok() || streams.folders.empty()) return refuse(UnpackGap::Kind::corrupt, "the header of the 7z archive is damaged");
  const Folder& folder = streams.folders[0];
  if (is_encrypted(folder)) return refuse(UnpackGap::Kind::encrypted, "is encrypted, even its list of members");
  const std::optional<Method> method = method_of(folder);
  if (!method) return refuse(UnpackGap::Kind::unsupported, "its list of members is compressed by a method that is not read");
  if (folder.size() > kMostHeader) return refuse(UnpackGap::Kind::limit, kHeaderTooLong);
  PackedStream stream(method->codec, PackedBytes(container, streams).of_next(folder), job, &method->chain);
  std::string plain(stream.next(folder.size()));
  if (plain.size() < folder.size()) {
    job.gap(kind_of(stream.state()), "", std::string(message_of(stream.state())));
    return std::nullopt;
  }
  return plain;
}

void give_members(Bytes container, const Streams& streams, const std::vector<std::string>& names, Unpacking& job) {
  PackedBytes packed(container, streams);
  size_t part = 0;
  const auto name = [&](size_t i) { return i < names.size() ? std::string_view(names[i]) : std::string_view(); };
  for (const Folder& folder : streams.folders) {
    const Bytes bytes = packed.of_next(folder);
    const std::optional<Method> method = method_of(folder);
    const size_t end = std::min<uint64_t>(streams.parts.size(), part + folder.streams);
    if (!method) {
      for (; part < end && job.admit(); ++part) {
        if (is_encrypted(folder)) {
          job.gap(UnpackGap::Kind::encrypted, name(part), "is encrypted");
        } else {
          job.gap(UnpackGap::Kind::unsupported, name(part), "is compressed by a method of 7z that is not read");
        }
      }
      part = end;
      continue;
    }
    if (part == end) continue;
    PackedStream stream(method->codec, bytes, job, &method->chain);
    for (; part < end && job.admit(); ++part) give_stream(stream, streams.parts[part].size, streams.parts[part].crc, name(part), job);
    if (job.stopped()) return;
  }
}

}  // namespace

void unpack_seven_zip(Bytes container, Unpacking& job) {
  ByteCursor cursor(container);
  cursor.skip(12);
  const uint64_t offset = cursor.le64(), size = cursor.le64();
  cursor.skip(4);
  cursor.skip(offset);
  Bytes header = cursor.take(size);
  const auto damaged = [&] { job.gap(UnpackGap::Kind::corrupt, "", "the header of the 7z archive is damaged or missing"); };
  if (!cursor.ok()) return damaged();
  if (size == 0) return;
  if (size > kMostHeader) return job.gap(UnpackGap::Kind::limit, "", kHeaderTooLong);
  std::string plain;
  for (unsigned i = 0; i < kMostHeadersInHeaders && header.starts_with(static_cast<char>(kPackedHeader)); ++i) {
    std::optional<std::string> inner = unpack_header(container, header.substr(1), job);
    if (!inner) return;
    plain = std::move(*inner);
    header = plain;
  }
  if (!header.starts_with(static_cast<char>(kHeader))) return damaged();
  HeaderReader reader(header.substr(1));
  Streams streams;
  std::vector<std::string> names;
  OnceOnly once;
  for (uint8_t part = reader.id(); reader.ok() && part != kEnd; part = reader.id()) {
    if (!once.takes(part)) return damaged();
    if (part == kArchiveProperties) {
      reader.skip_properties();
    } else if (part == kAdditionalStreams) {
      Streams ignored;
      reader.read_streams(ignored);
    } else if (part == kMainStreams) {
      reader.read_streams(streams);
    } else if (part == kFiles) {
      names = reader.read_names();
    } else {
      return damaged();
    }
  }
  if (reader.has_too_many()) return job.gap(UnpackGap::Kind::limit, "", kTooMany);
  if (!reader.ok()) return damaged();
  give_members(container, streams, names, job);
}

}  // namespace sealwarden
