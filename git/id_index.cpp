// SPDX-License-Identifier: Apache-2.0
#include "git/id_index.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <numeric>

#include "scanner/base/free_memory.h"

namespace sealwarden {
namespace {

constexpr size_t kBuckets = size_t{1} << 16;

// As a number that sorts as the id does.
uint64_t first_bytes(const ObjectId& id) {
  uint64_t value = 0;
  std::memcpy(&value, id.raw.data(), sizeof value);
  return std::endian::native == std::endian::little ? __builtin_bswap64(value) : value;
}

size_t bucket_of(const ObjectId& id) { return static_cast<size_t>(id.raw[0]) << 8 | id.raw[1]; }

// Positions in order of id, equal ids in order of position: dealt out by their first bits, then each few
// sorted.
void sort_positions(const std::vector<ObjectRef>& objects, std::vector<uint32_t>& starts,
                    std::vector<uint32_t>& order) {
  starts.assign(kBuckets + 1, 0);
  for (const ObjectRef& object : objects)
    ++starts[bucket_of(object.id) + 1];
  for (size_t i = 1; i <= kBuckets; ++i)
    starts[i] += starts[i - 1];
  order.resize(objects.size());
  if (std::is_sorted(objects.begin(), objects.end(), [](const ObjectRef& a, const ObjectRef& b) { return a.id < b.id; })) {
    std::iota(order.begin(), order.end(), 0U);  // a single pack, as a clone has it
    return;
  }
  std::vector<uint32_t> next(starts.begin(), starts.end() - 1);
  for (uint32_t i = 0; i < objects.size(); ++i)
    order[next[bucket_of(objects[i].id)]++] = i;
  for (size_t i = 0; i < kBuckets; ++i) {
    std::sort(order.begin() + starts[i], order.begin() + starts[i + 1], [&](uint32_t a, uint32_t b) {
      const auto ids = objects[a].id <=> objects[b].id;
      return ids != 0 ? ids < 0 : a < b;
    });
  }
}

}  // namespace

std::vector<OtherCopy> drop_duplicates(std::vector<ObjectRef>& objects) {
  std::vector<uint32_t> starts, order;
  sort_positions(objects, starts, order);
  std::vector<std::pair<uint32_t, uint32_t>> duplicates;  // position of the copy, of the one that is kept
  for (size_t i = 1, first = 0; i < order.size(); ++i) {
    if (objects[order[i]].id != objects[order[first]].id)
      first = i;
    else
      duplicates.emplace_back(order[i], order[first]);
  }
  if (duplicates.empty()) return {};
  std::sort(duplicates.begin(), duplicates.end());
  std::vector<OtherCopy> copies;
  copies.reserve(duplicates.size());
  for (const auto& [copy, kept] : duplicates)
    copies.push_back({kept, objects[copy].store});
  // Positions move up by the number of copies that stood before them.
  for (OtherCopy& copy : copies) {
    const auto before =
        std::lower_bound(duplicates.begin(), duplicates.end(), std::pair(copy.object, uint32_t{0}));
    copy.object -= static_cast<uint32_t>(before - duplicates.begin());
  }
  size_t kept = 0, dropped = 0;
  for (size_t i = 0; i < objects.size(); ++i) {
    if (dropped < duplicates.size() && duplicates[dropped].first == i)
      ++dropped;
    else
      objects[kept++] = objects[i];
  }
  objects.resize(kept);
  objects.shrink_to_fit();
  std::stable_sort(copies.begin(), copies.end(),
                   [](const OtherCopy& a, const OtherCopy& b) { return a.object < b.object; });
  return copies;
}

IdIndex::IdIndex(const std::vector<ObjectRef>& objects) {
  sort_positions(objects, starts_, order_);
  bool in_order = true;
  for (uint32_t i = 0; i < order_.size() && in_order; ++i) in_order = order_[i] == i;
  if (in_order) free_memory(order_);
}

// Ids are as good as random: within those with the same first bits the next bits say about where an id stands.
IdIndex::Range IdIndex::range_of(const ObjectId& id) const {
  if (starts_.empty()) return {0, 0, 0};
  const uint32_t first = starts_[bucket_of(id)], last = starts_[bucket_of(id) + 1];
  const uint64_t next_bits = uint64_t{id.raw[2]} << 8 | id.raw[3];
  return {first, last, first + static_cast<uint32_t>((last - first) * next_bits >> 16)};
}

void IdIndex::prefetch(const std::vector<ObjectRef>& objects, const ObjectId& id) const {
  const Range range = range_of(id);
  if (range.first < range.last) __builtin_prefetch(&objects[position(range.guess)]);
}

std::optional<uint32_t> IdIndex::find(const std::vector<ObjectRef>& objects, const ObjectId& id) const {
  constexpr uint32_t kUsual = 256;
  auto [first, last, at] = range_of(id);
  if (last - first > kUsual) {  // not random at all: somebody chose the names of loose objects
    while (first < last) {
      const uint32_t middle = first + (last - first) / 2;
      if (objects[position(middle)].id < id) first = middle + 1;
      else last = middle;
    }
    return first < objects.size() && objects[position(first)].id == id ? std::optional(position(first)) : std::nullopt;
  }
  const uint64_t key = first_bytes(id);
  while (at > first && first_bytes(objects[position(at)].id) >= key) --at;
  for (; at < last; ++at) {
    const ObjectId& here = objects[position(at)].id;
    if (first_bytes(here) > key) break;
    if (here == id) return position(at);
  }
  return std::nullopt;
}

}  // namespace sealwarden
