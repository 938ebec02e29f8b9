// SPDX-License-Identifier: Apache-2.0
#include "git/pack_forest.h"

#include <algorithm>
#include <bit>
#include <mutex>
#include <numeric>
#include <optional>

#include "git/pack_entry.h"
#include "scanner/base/free_memory.h"
#include "scanner/base/parallel.h"

namespace sealwarden {

// Numbers entries by their place in the pack ("rank"), finds each one's base, and lays them out from the roots down.
class PackForest::Builder {
 public:
  explicit Builder(PackForest& forest) : forest_(forest), index_(forest.pack_->index), pack_(forest.pack_->pack_file.bytes()) {}

  void build() {
    sort_by_place();
    find_parents();
    keep_positions();
    order_from_roots_down();
    count_families();
    lay_out();
    note_broken();
    std::sort(forest_.heavy_.begin(), forest_.heavy_.end(),
              [](const Tree& a, const Tree& b) { return a.weight != b.weight ? a.weight > b.weight : a.root < b.root; });
  }

 private:
  static constexpr uint32_t kNone = UINT32_MAX, kBroken = UINT32_MAX - 1;
  static constexpr size_t kGrain = 4096;  // entries a worker takes at a time
  struct Place {
    uint64_t offset;
    uint32_t position;
  };

  // Dealt out by the first bits of their offsets, then each few sorted.
  void sort_by_place() {
    constexpr unsigned kBits = 12;
    const auto used_bits = static_cast<unsigned>(std::bit_width(pack_.size()));
    const unsigned shift = used_bits - std::min(used_bits, kBits);
    constexpr uint64_t kLast = (uint64_t{1} << kBits) - 1;  // takes what lies beyond the pack, too
    const auto bucket_of = [&](uint64_t offset) { return static_cast<size_t>(std::min(offset >> shift, kLast)); };
    std::vector<uint32_t> starts(kLast + 2);
    for (uint32_t position = 0; position < index_.size(); ++position) {
      if (const std::optional<uint64_t> offset = index_.offset(position)) ++starts[bucket_of(*offset) + 1];
      else forest_.broken_.push_back(position);
    }
    std::partial_sum(starts.begin(), starts.end(), starts.begin());
    places_.resize(starts.back());
    std::vector<uint32_t> next(starts.begin(), starts.end() - 1);
    for (uint32_t position = 0; position < index_.size(); ++position)
      if (const std::optional<uint64_t> offset = index_.offset(position)) places_[next[bucket_of(*offset)]++] = {*offset, position};
    parallel_ranges(kLast + 1, 16, [&](size_t first, size_t last, size_t) {
      for (; first < last; ++first)
        std::sort(places_.begin() + starts[first], places_.begin() + starts[first + 1], [](const Place& a, const Place& b) {
          return a.offset != b.offset ? a.offset < b.offset : a.position < b.position;
        });
    });
  }

  [[nodiscard]] uint32_t rank_at(uint64_t offset, uint32_t first, uint32_t last) const {
    const auto end = places_.begin() + last;
    const auto found = std::lower_bound(places_.begin() + first, end, offset,
                                        [](const Place& place, uint64_t wanted) { return place.offset < wanted; });
    return found != end && found->offset == offset ? static_cast<uint32_t>(found - places_.begin()) : kBroken;
  }

  // A base stands before its delta, and mostly not far: the search is wider with each step.
  [[nodiscard]] uint32_t rank_before(uint64_t offset, uint32_t rank) const {
    uint32_t last = rank;
    for (uint32_t step = 8; last > 0; step *= 2) {
      const uint32_t first = last - std::min(last, step);
      if (places_[first].offset <= offset) return rank_at(offset, first, last);
      last = first;
    }
    return kBroken;
  }

  void find_parents() {
    constexpr size_t kAhead = 8;
    parents_.resize(places_.size());
    parallel_ranges(places_.size(), kGrain, [&](size_t first, size_t last, size_t) {
      for (size_t rank = first; rank < last; ++rank) {
        if (rank + kAhead < places_.size() && places_[rank + kAhead].offset < pack_.size())
          __builtin_prefetch(pack_.data() + places_[rank + kAhead].offset);
        parents_[rank] = parent_of(static_cast<uint32_t>(rank));
      }
    });
  }

  [[nodiscard]] uint32_t parent_of(uint32_t rank) const {
    const uint64_t offset = places_[rank].offset;
    // Two ids for one entry: at least one of them lies.
    const auto shares = [&](uint32_t other) { return other < places_.size() && places_[other].offset == offset; };
    if (shares(rank + 1) || (rank > 0 && shares(rank - 1))) return kBroken;
    const Result<PackEntry> entry = parse_pack_entry(pack_, offset);
    if (!entry) return kBroken;
    if (!entry->is_delta()) return kNone;
    if (entry->kind == PackEntry::Kind::near_delta) return rank_before(entry->base_offset, rank);
    const std::optional<uint64_t> base = index_.find(entry->base_id);
    return base ? rank_at(*base, 0, static_cast<uint32_t>(places_.size())) : kNone;
  }

  // Where an entry lies is asked of roots alone from now on, and the index knows it; all places are a quarter of the memory.
  void keep_positions() {
    positions_.reserve(places_.size());
    for (const Place& place : places_) positions_.push_back(place.position);
    free_memory(places_);
  }

  // Ranks, bases before their deltas, the roots first. Those that are not reached from a root are left out.
  void order_from_roots_down() {
    const size_t size = parents_.size();
    child_start_.assign(size + 1, 0);
    for (const uint32_t parent : parents_)
      if (parent < kBroken) ++child_start_[parent + 1];
    std::partial_sum(child_start_.begin(), child_start_.end(), child_start_.begin());
    children_.resize(child_start_.back());
    {
      std::vector<uint32_t> next(child_start_.begin(), child_start_.end() - 1);
      for (uint32_t rank = 0; rank < size; ++rank)
        if (parents_[rank] < kBroken) children_[next[parents_[rank]]++] = rank;
    }
    order_.reserve(size);
    for (uint32_t rank = 0; rank < size; ++rank)
      if (parents_[rank] == kNone) order_.push_back(rank);
    roots_ = order_.size();
    for (size_t i = 0; i < order_.size(); ++i)
      order_.insert(order_.end(), children_.begin() + child_start_[order_[i]], children_.begin() + child_start_[order_[i] + 1]);
  }

  void count_families() {
    families_.assign(parents_.size(), 1);
    for (auto rank = order_.rbegin(); rank != order_.rend(); ++rank)
      if (parents_[*rank] != kNone) families_[parents_[*rank]] += families_[*rank];
    free_memory(parents_);
  }

  void lay_out() {
    entry_of_.assign(positions_.size(), kNone);
    uint32_t next = 0;
    for (size_t i = 0; i < roots_; ++i) {
      const uint32_t root = order_[i];
      entry_of_[root] = next;
      note_weight(next, root);
      next += families_[root];
    }
    forest_.entries_.resize(order_.size());
    // Generation by generation: what stands in one is placed by the one before.
    for (size_t first = 0, last = roots_; first < last;) {
      size_t children = 0;
      std::mutex mutex;
      parallel_ranges(last - first, kGrain, [&](size_t begin, size_t end, size_t) {
        size_t count = 0;
        for (size_t i = begin; i < end; ++i) count += place(order_[first + i]);
        const std::lock_guard lock(mutex);
        children += count;
      });
      first = last;
      last += children;
    }
  }

  // Enters one whose entry is known, and gives its children theirs, the largest family last; how many they are.
  size_t place(uint32_t rank) {
    forest_.entries_[entry_of_[rank]] = {positions_[rank], families_[rank]};
    const auto first = children_.begin() + child_start_[rank], last = children_.begin() + child_start_[rank + 1];
    if (last - first > 1)
      std::sort(first, last, [&](uint32_t a, uint32_t b) {
        return families_[a] != families_[b] ? families_[a] < families_[b] : a < b;
      });
    uint32_t at = entry_of_[rank] + 1;
    for (auto child = first; child != last; ++child) {
      entry_of_[*child] = at;
      at += families_[*child];
    }
    return static_cast<size_t>(last - first);
  }

  // Descendants are taken to be as large as their root.
  void note_weight(uint32_t entry, uint32_t root) {
    const Result<PackEntry> head = parse_pack_entry(pack_, index_.offset(positions_[root]).value_or(0));
    const uint64_t size = head ? std::min<uint64_t>(head->size, UINT32_MAX) : 0;
    if (size * families_[root] >= kHeavy) forest_.heavy_.push_back({entry, size * families_[root]});
  }

  void note_broken() {
    for (uint32_t rank = 0; rank < positions_.size(); ++rank)
      if (entry_of_[rank] == kNone) forest_.broken_.push_back(positions_[rank]);
    std::sort(forest_.broken_.begin(), forest_.broken_.end());
  }

  PackForest& forest_;
  const PackIndex& index_;
  const Bytes pack_;
  std::vector<Place> places_;
  size_t roots_ = 0;
  std::vector<uint32_t> positions_, parents_, child_start_, children_, order_, families_, entry_of_;  // by rank
};

PackForest::PackForest(const OpenPack& pack) : pack_(&pack) { Builder(*this).build(); }

}  // namespace sealwarden
