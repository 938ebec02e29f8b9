// SPDX-License-Identifier: Apache-2.0
#include "git/pack_index.h"

#include <array>
#include <cstring>

#include "git/byte_reader.h"

// index 1 = fan-out { offset:u32 id[20] } pack's checksum[20] own checksum[20]
// index 2 = magic:u32 2:u32 fan-out { id[20] } { crc:u32 } { offset:u32 } { long offset:u64 } checksums as above
// An offset of version 2 with its top bit set is a position among the long ones.
namespace sealwarden {
namespace {

constexpr size_t kFanOut = 1024, kChecksums = 40, kId = 20, kFirstStep = 24;
constexpr uint32_t kMagic = 0xff744f63, kLong = 0x80000000;

tl::unexpected<Error> broken() { return fail(Error::Kind::corrupt, "the pack's index is broken or cut off"); }

// The number at this place of a table; the caller knows that it is there.
uint32_t number_at(Bytes table, size_t position) {
  std::array<uint8_t, 4> bytes{};
  std::memcpy(bytes.data(), table.data() + position * bytes.size(), bytes.size());
  return uint32_t{bytes[0]} << 24 | uint32_t{bytes[1]} << 16 | uint32_t{bytes[2]} << 8 | bytes[3];
}

}  // namespace

Result<PackIndex> PackIndex::parse(Bytes file) {
  ByteReader reader(file);
  const bool second = ByteReader(file).take_u32() == kMagic;
  if (second && (!reader.take_u32() || reader.take_u32() != 2U)) return broken();
  const std::optional<Bytes> fan_out = reader.take(kFanOut);
  if (!fan_out) return broken();
  PackIndex index;
  index.fan_out_ = *fan_out;
  index.count_ = number_at(*fan_out, 255);
  index.step_ = second ? kId : kFirstStep;
  const std::optional<Bytes> ids = reader.take(size_t{index.count_} * index.step_);
  if (!ids) return broken();
  index.ids_ = *ids;
  if (second) {
    const std::optional<Bytes> sums = reader.take(size_t{index.count_} * 4), offsets = reader.take(size_t{index.count_} * 4);
    if (!sums || !offsets) return broken();
    index.checksums_ = *sums;
    index.offsets_ = *offsets;
  }
  if (reader.rest().size() < kChecksums) return broken();
  index.long_ones_ = reader.rest().substr(0, reader.rest().size() - kChecksums);
  if (index.long_ones_.size() % 8 != 0 || (!second && !index.long_ones_.empty())) return broken();
  return index;
}

ObjectId PackIndex::id(uint32_t position) const {
  return ObjectId::from_raw(ids_.data() + position * step_ + (step_ - kId));
}

std::optional<uint64_t> PackIndex::offset(uint32_t position) const {
  if (step_ != kId) return number_at(ids_.substr(position * step_, 4), 0);
  const uint32_t offset = number_at(offsets_, position);
  if ((offset & kLong) == 0) return offset;
  const size_t at = size_t{offset & ~kLong} * 8;
  return at < long_ones_.size() ? ByteReader(long_ones_.substr(at)).take_u64() : std::nullopt;
}

std::optional<uint32_t> PackIndex::checksum(uint32_t position) const {
  if (checksums_.empty()) return std::nullopt;
  return number_at(checksums_, position);
}

void PackIndex::prefetch(uint32_t position) const {
  if (checksums_.empty()) return;
  __builtin_prefetch(checksums_.data() + size_t{position} * 4);
  __builtin_prefetch(offsets_.data() + size_t{position} * 4);
}

std::optional<uint64_t> PackIndex::find(const ObjectId& id) const {
  const std::optional<uint32_t> found = position(id);
  return found ? offset(*found) : std::nullopt;
}

std::optional<uint32_t> PackIndex::position(const ObjectId& wanted) const {
  if (count_ == 0) return std::nullopt;
  const size_t bucket = wanted.raw.front();
  uint32_t first = bucket == 0 ? 0 : number_at(fan_out_, bucket - 1), last = number_at(fan_out_, bucket);
  if (first > last || last > count_) return std::nullopt;  // broken
  while (first < last) {
    const uint32_t middle = first + (last - first) / 2;
    const auto order = id(middle) <=> wanted;
    if (order == 0) return middle;
    if (order < 0)
      first = middle + 1;
    else
      last = middle;
  }
  return std::nullopt;
}

bool PackIndex::is_in_order() const {
  const auto id_bytes = [&](uint32_t position) { return ids_.data() + position * step_ + (step_ - kId); };
  for (uint32_t position = 1; position < count_; ++position)
    if (std::memcmp(id_bytes(position - 1), id_bytes(position), kId) > 0) return false;
  uint32_t first = 0;
  for (size_t bucket = 0; bucket < 256 && count_ > 0; ++bucket) {
    const uint32_t last = number_at(fan_out_, bucket);
    if (last < first || last > count_) return false;
    if (last > first && (static_cast<uint8_t>(*id_bytes(first)) != bucket || static_cast<uint8_t>(*id_bytes(last - 1)) != bucket)) return false;
    first = last;
  }
  return first == count_;
}

}  // namespace sealwarden
