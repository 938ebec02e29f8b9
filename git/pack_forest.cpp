// SPDX-License-Identifier: Apache-2.0
#include "git/pack_forest.h"

#include <algorithm>
#include <numeric>
#include <optional>

#include "git/pack_entry.h"

namespace sealwarden {

// Numbers entries by their place in the pack ("rank"), finds each one's base, and lays them out from the roots down.
class PackForest::Builder {
 public:
  explicit Builder(PackForest& forest) : forest_(forest), index_(forest.pack_->index), pack_(forest.pack_->pack_file.bytes()) {}

  void build() {
    sort_by_place();
    find_parents();
    places_ = {};
    order_ = from_roots_down();
    count_families();
    lay_out();
    note_broken();
    std::sort(forest_.heavy_.begin(), forest_.heavy_.end(),
              [](const Tree& a, const Tree& b) { return a.weight != b.weight ? a.weight > b.weight : a.root < b.root; });
  }

 private:
  static constexpr uint32_t kNone = UINT32_MAX, kBroken = UINT32_MAX - 1;
  struct Place {
    uint64_t offset;
    uint32_t position;
  };
  struct Weight {
    uint32_t rank;
    uint64_t size;
  };

  void sort_by_place() {
    places_.reserve(index_.size());
    for (uint32_t position = 0; position < index_.size(); ++position) {
      if (const std::optional<uint64_t> offset = index_.offset(position)) places_.push_back({*offset, position});
      else forest_.broken_.push_back(position);
    }
    std::sort(places_.begin(), places_.end(), [](const Place& a, const Place& b) {
      return a.offset != b.offset ? a.offset < b.offset : a.position < b.position;
    });
    positions_.reserve(places_.size());
    for (const Place& place : places_) positions_.push_back(place.position);
  }

  [[nodiscard]] uint32_t rank_at(uint64_t offset) const {
    const auto found = std::lower_bound(places_.begin(), places_.end(), offset,
                                        [](const Place& place, uint64_t wanted) { return place.offset < wanted; });
    return found != places_.end() && found->offset == offset ? static_cast<uint32_t>(found - places_.begin()) : kBroken;
  }

  void find_parents() {
    parents_.resize(places_.size());
    for (uint32_t rank = 0; rank < places_.size(); ++rank) parents_[rank] = parent_of(rank);
  }

  uint32_t parent_of(uint32_t rank) {
    const uint64_t offset = places_[rank].offset;
    // Two ids for one entry: at least one of them lies.
    const auto shares = [&](uint32_t other) { return other < places_.size() && places_[other].offset == offset; };
    if (shares(rank + 1) || (rank > 0 && shares(rank - 1))) return kBroken;
    const Result<PackEntry> entry = parse_pack_entry(pack_, offset);
    if (!entry) return kBroken;
    if (!entry->is_delta()) {
      weights_.push_back({rank, entry->size});
      return kNone;
    }
    if (entry->kind == PackEntry::Kind::near_delta) return rank_at(entry->base_offset);
    const std::optional<uint64_t> base = index_.find(entry->base_id);
    if (base) return rank_at(*base);
    weights_.push_back({rank, entry->size});
    return kNone;
  }

  // Ranks, bases before their deltas. Those that are not reached from a root are left out.
  std::vector<uint32_t> from_roots_down() {
    const size_t size = parents_.size();
    child_start_.assign(size + 1, 0);
    for (const uint32_t parent : parents_)
      if (parent < kBroken) ++child_start_[parent + 1];
    std::partial_sum(child_start_.begin(), child_start_.end(), child_start_.begin());
    children_.resize(child_start_.back());
    std::vector<uint32_t> order;
    order.reserve(size);
    {
      std::vector<uint32_t> next(child_start_.begin(), child_start_.end() - 1);
      for (uint32_t rank = 0; rank < size; ++rank)
        if (parents_[rank] < kBroken) children_[next[parents_[rank]]++] = rank;
    }
    for (const Weight& root : weights_) order.push_back(root.rank);
    for (size_t i = 0; i < order.size(); ++i)
      order.insert(order.end(), children_.begin() + child_start_[order[i]], children_.begin() + child_start_[order[i] + 1]);
    return order;
  }

  void count_families() {
    families_.assign(parents_.size(), 1);
    for (auto rank = order_.rbegin(); rank != order_.rend(); ++rank)
      if (parents_[*rank] != kNone) families_[parents_[*rank]] += families_[*rank];
  }

  void lay_out() {
    entry_of_.assign(parents_.size(), kNone);
    uint32_t next = 0;
    for (const Weight& root : weights_) {
      entry_of_[root.rank] = next;
      note_weight(next, root);
      next += families_[root.rank];
    }
    forest_.entries_.resize(order_.size());
    for (const uint32_t rank : order_) {
      forest_.entries_[entry_of_[rank]] = {positions_[rank], families_[rank]};
      const auto first = children_.begin() + child_start_[rank], last = children_.begin() + child_start_[rank + 1];
      std::stable_sort(first, last, [&](uint32_t a, uint32_t b) { return families_[a] < families_[b]; });
      uint32_t at = entry_of_[rank] + 1;
      for (auto child = first; child != last; ++child) {
        entry_of_[*child] = at;
        at += families_[*child];
      }
    }
  }

  // Descendants are taken to be as large as their root.
  void note_weight(uint32_t entry, const Weight& root) {
    const uint64_t weight = std::min<uint64_t>(root.size, UINT32_MAX) * families_[root.rank];
    if (weight >= kHeavy) forest_.heavy_.push_back({entry, weight});
  }

  void note_broken() {
    for (uint32_t rank = 0; rank < parents_.size(); ++rank)
      if (entry_of_[rank] == kNone) forest_.broken_.push_back(positions_[rank]);
    std::sort(forest_.broken_.begin(), forest_.broken_.end());
  }

  PackForest& forest_;
  const PackIndex& index_;
  const Bytes pack_;
  std::vector<Place> places_;
  std::vector<uint32_t> positions_, parents_, child_start_, children_, order_, families_, entry_of_;  // by rank
  std::vector<Weight> weights_;  // of the roots
};

PackForest::PackForest(const OpenPack& pack) : pack_(&pack) { Builder(*this).build(); }

}  // namespace sealwarden
