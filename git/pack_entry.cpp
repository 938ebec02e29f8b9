// SPDX-License-Identifier: Apache-2.0
#include "git/pack_entry.h"

#include <limits>
#include <optional>

#include "git/byte_reader.h"

// pack       = "PACK" version:u32 objects:u32 { entry } checksum[20]
// entry      = head [ back:var | base id[20] ] zlib stream
// head       = 1kkkssss { 1sssssss } 0sssssss: kind, size with its low bits first (top bit: more follow)
// back       = 7 bits a byte, high ones first, plus 1 for each byte that is not the last
namespace sealwarden {
namespace {

constexpr size_t kHead = 12, kChecksum = 20;

tl::unexpected<Error> broken() { return fail(Error::Kind::corrupt, "the pack is broken where it should be"); }

std::optional<uint8_t> take_byte(ByteReader& reader) {
  const std::optional<Bytes> byte = reader.take(1);
  return byte ? std::optional(static_cast<uint8_t>(byte->front())) : std::nullopt;
}

bool take_head(ByteReader& reader, PackEntry& entry) {
  std::optional<uint8_t> byte = take_byte(reader);
  if (!byte) return false;
  const unsigned kind = *byte >> 4 & 7U;
  if (kind == 0 || kind == 5) return false;  // reserved
  entry.kind = static_cast<PackEntry::Kind>(kind);
  entry.size = *byte & 0x0fU;
  for (unsigned shift = 4; (*byte & 0x80U) != 0; shift += 7) {
    byte = take_byte(reader);
    if (!byte || shift > 56) return false;
    entry.size |= uint64_t{*byte & 0x7fU} << shift;
  }
  return true;
}

std::optional<uint64_t> take_distance(ByteReader& reader) {
  std::optional<uint8_t> byte = take_byte(reader);
  if (!byte) return std::nullopt;
  uint64_t distance = *byte & 0x7fU;
  while ((*byte & 0x80U) != 0) {
    byte = take_byte(reader);
    if (!byte || distance >= std::numeric_limits<uint64_t>::max() >> 8) return std::nullopt;
    distance = (distance + 1) << 7 | (*byte & 0x7fU);
  }
  return distance;
}

// Where the base of a delta is.
bool take_base(ByteReader& reader, uint64_t offset, PackEntry& entry) {
  if (entry.kind == PackEntry::Kind::far_delta) {
    const std::optional<Bytes> id = reader.take(entry.base_id.raw.size());
    if (id) entry.base_id = ObjectId::from_raw(id->data());
    return id.has_value();
  }
  const std::optional<uint64_t> distance = take_distance(reader);
  if (!distance || *distance == 0 || *distance > offset - kHead) return false;
  entry.base_offset = offset - *distance;
  return true;
}

}  // namespace

Result<PackEntry> parse_pack_entry(Bytes pack, uint64_t offset) {
  if (pack.size() < kHead + kChecksum || offset < kHead || offset >= pack.size() - kChecksum) return broken();
  pack.remove_suffix(kChecksum);
  ByteReader reader(pack.substr(static_cast<size_t>(offset)));
  PackEntry entry;
  if (!take_head(reader, entry)) return broken();
  if (entry.is_delta() && !take_base(reader, offset, entry)) return broken();
  entry.packed = reader.rest();
  return entry;
}

}  // namespace sealwarden
