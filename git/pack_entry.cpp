// SPDX-License-Identifier: Apache-2.0
#include "git/pack_entry.h"

#include <limits>
#include <optional>

// pack       = "PACK" version:u32 objects:u32 { entry } checksum[20]
// entry      = head [ back:var | base id[20] ] zlib stream
// head       = 1kkkssss { 1sssssss } 0sssssss: kind, size with its low bits first (top bit: more follow)
// back       = 7 bits a byte, high ones first, plus 1 for each byte that is not the last
namespace sealwarden {
namespace {

constexpr size_t kHead = 12, kChecksum = 20;

tl::unexpected<Error> broken() { return fail(Error::Kind::corrupt, "the pack is broken where it should be"); }

bool take_head(Bytes& rest, PackEntry& entry) {
  if (rest.empty()) return false;
  auto byte = static_cast<uint8_t>(rest[0]);
  const unsigned kind = byte >> 4 & 7U;
  if (kind == 0 || kind == 5) return false;  // reserved
  entry.kind = static_cast<PackEntry::Kind>(kind);
  entry.size = byte & 0x0fU;
  size_t taken = 1;
  for (unsigned shift = 4; (byte & 0x80U) != 0; shift += 7, ++taken) {
    if (taken == rest.size() || shift > 56) return false;
    byte = static_cast<uint8_t>(rest[taken]);
    entry.size |= uint64_t{byte & 0x7fU} << shift;
  }
  rest.remove_prefix(taken);
  return true;
}

std::optional<uint64_t> take_distance(Bytes& rest) {
  if (rest.empty()) return std::nullopt;
  auto byte = static_cast<uint8_t>(rest[0]);
  uint64_t distance = byte & 0x7fU;
  size_t taken = 1;
  for (; (byte & 0x80U) != 0; ++taken) {
    if (taken == rest.size() || distance >= std::numeric_limits<uint64_t>::max() >> 8) return std::nullopt;
    byte = static_cast<uint8_t>(rest[taken]);
    distance = (distance + 1) << 7 | (byte & 0x7fU);
  }
  rest.remove_prefix(taken);
  return distance;
}

// Where the base of a delta is.
bool take_base(Bytes& rest, uint64_t offset, PackEntry& entry) {
  if (entry.kind == PackEntry::Kind::far_delta) {
    if (rest.size() < entry.base_id.raw.size()) return false;
    entry.base_id = ObjectId::from_raw(rest.data());
    rest.remove_prefix(entry.base_id.raw.size());
    return true;
  }
  const std::optional<uint64_t> distance = take_distance(rest);
  if (!distance || *distance == 0 || *distance > offset - kHead) return false;
  entry.base_offset = offset - *distance;
  return true;
}

}  // namespace

Result<PackEntry> parse_pack_entry(Bytes pack, uint64_t offset) {
  if (pack.size() < kHead + kChecksum || offset < kHead || offset >= pack.size() - kChecksum) return broken();
  pack.remove_suffix(kChecksum);
  Bytes rest = pack.substr(static_cast<size_t>(offset));
  PackEntry entry;
  if (!take_head(rest, entry)) return broken();
  if (entry.is_delta() && !take_base(rest, offset, entry)) return broken();
  entry.packed = rest;
  return entry;
}

}  // namespace sealwarden
