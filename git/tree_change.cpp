// SPDX-License-Identifier: Apache-2.0
#include "git/tree_change.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "git/tree_listing.h"

namespace sealwarden {
namespace {

class Comparison {
 public:
  Comparison(Bytes tree, const TreeBase* base, bool is_to_be_base, TreeChange& change)
      : tree_(tree), base_(base), is_to_be_base_(is_to_be_base), change_(change) {}

  bool run() {
    if (tree_.size() > std::numeric_limits<uint32_t>::max()) return false;
    while (at_ < tree_.size())
      if (!take_over() && !take_entry()) return false;
    if (is_to_be_base_) {
      change_.bounds.push_back(static_cast<uint32_t>(tree_.size()));
      change_.is_ascending = std::all_of(joints_.begin(), joints_.end(), [&](size_t entry) { return ascends_at(entry); });
    }
    if (base_ == nullptr) return true;
    if (!list_dropped()) return false;
    forget_unchanged();
    return true;
  }

 private:
  // Entries that lie whole in a copied region which starts here or before, and start in the base where an entry does.
  bool take_over() {
    if (base_ == nullptr) return false;
    while (region_ < base_->copied.size() && base_->copied[region_].end() <= at_) ++region_;
    if (region_ == base_->copied.size() || base_->copied[region_].begin > at_) return false;
    const CopiedRegion& region = base_->copied[region_];
    const uint64_t there = at_ - region.begin + region.base_begin;
    const TreeBounds& bounds = base_->bounds;
    const size_t first = bound_at(there);
    if (first == bounds.size()) return false;
    const size_t last = bound_within(first, region.base_end());
    if (last == first) return false;
    if (is_to_be_base_) {
      joints_.push_back(change_.bounds.size());
      append_bounds(first, last, static_cast<uint32_t>(at_ - there));  // modulo 2^32
    }
    kept_.emplace_back(first, last);
    at_ += bounds[last] - bounds[first];
    next_bound_ = last;
    return true;
  }

  // Which of the base's bounds is `there`; the number of bounds if none is. Mostly it is one of the next few.
  [[nodiscard]] size_t bound_at(uint64_t there) const {
    constexpr size_t kFew = 4;
    const TreeBounds& bounds = base_->bounds;
    for (size_t i = next_bound_; i < std::min(bounds.size(), next_bound_ + kFew); ++i)
      if (bounds[i] == there) return i;
    const auto found = std::lower_bound(bounds.begin(), bounds.end(), there);
    return found == bounds.end() || *found != there ? bounds.size() : static_cast<size_t>(found - bounds.begin());
  }

  // The last of the base's bounds that is not behind `end`; that of `first` is not.
  [[nodiscard]] size_t bound_within(size_t first, uint64_t end) const {
    const TreeBounds& bounds = base_->bounds;
    if (bounds.back() <= end) return bounds.size() - 1;
    return static_cast<size_t>(std::upper_bound(bounds.begin() + static_cast<ptrdiff_t>(first), bounds.end(), end) - bounds.begin()) - 1;
  }

  void append_bounds(size_t first, size_t last, uint32_t shift) {
    const TreeBounds& bounds = base_->bounds;
    TreeBounds& mine = change_.bounds;
    const size_t old_size = mine.size();
    mine.insert(mine.end(), bounds.begin() + static_cast<ptrdiff_t>(first), bounds.begin() + static_cast<ptrdiff_t>(last));
    if (shift != 0) std::for_each(mine.begin() + static_cast<ptrdiff_t>(old_size), mine.end(), [&](uint32_t& bound) { bound += shift; });
  }

  bool take_entry() {
    Bytes rest = tree_.substr(at_);
    if (!take_tree_entry(rest, change_.added.emplace_back())) return false;
    if (is_to_be_base_) {
      joints_.push_back(change_.bounds.size());
      change_.bounds.push_back(static_cast<uint32_t>(at_));
    }
    at_ = tree_.size() - rest.size();
    return true;
  }

  // Whether this entry stands behind the one before it.
  [[nodiscard]] bool ascends_at(size_t entry) const {
    if (entry == 0) return true;
    TreeEntry before, here;
    Bytes rest = tree_.substr(change_.bounds[entry - 1]);
    return take_tree_entry(rest, before) && take_tree_entry(rest, here) && compare_names(before, here) < 0;
  }

  bool list_dropped() {
    std::sort(kept_.begin(), kept_.end());
    size_t next = 0;
    const size_t all = base_->bounds.empty() ? 0 : base_->bounds.size() - 1;
    kept_.emplace_back(all, all);
    for (const auto& [first, last] : kept_) {
      for (; next < first; ++next) {
        Bytes rest = base_->tree.substr(base_->bounds[next]);
        if (!take_tree_entry(rest, change_.dropped.emplace_back())) return false;
      }
      next = std::max(next, last);
    }
    return true;
  }

  // Entries that were only cut in copying stand in both lists, in the same order.
  void forget_unchanged() {
    const auto same = [](const TreeEntry& a, const TreeEntry& b) { return a.mode == b.mode && a.id == b.id && a.name == b.name; };
    std::vector<TreeEntry>&added = change_.added, &dropped = change_.dropped;
    size_t kept_added = 0, kept_dropped = 0, old = 0;
    for (const TreeEntry& entry : added) {
      const size_t before = old;
      while (old < dropped.size() && dropped[old].name < entry.name) ++old;
      std::move(dropped.begin() + static_cast<ptrdiff_t>(before), dropped.begin() + static_cast<ptrdiff_t>(old),
                dropped.begin() + static_cast<ptrdiff_t>(kept_dropped));
      kept_dropped += old - before;
      if (old < dropped.size() && same(dropped[old], entry)) ++old;
      else added[kept_added++] = entry;
    }
    std::move(dropped.begin() + static_cast<ptrdiff_t>(old), dropped.end(), dropped.begin() + static_cast<ptrdiff_t>(kept_dropped));
    dropped.resize(kept_dropped + dropped.size() - old);
    added.resize(kept_added);
  }

  const Bytes tree_;
  const TreeBase* const base_;
  const bool is_to_be_base_;
  TreeChange& change_;
  size_t at_ = 0, region_ = 0;
  size_t next_bound_ = 0;  // of the base, behind what was taken over last
  std::vector<size_t> joints_;                   // entries that do not stand behind the same one as in the base
  std::vector<std::pair<size_t, size_t>> kept_;  // stretches of the base's entries that were taken over
};

}  // namespace

bool compare_with_base(Bytes tree, const TreeBase* base, bool is_to_be_base, TreeChange& change) {
  change.added.clear();
  change.dropped.clear();
  change.bounds.clear();
  return Comparison(tree, base, is_to_be_base, change).run();
}

}  // namespace sealwarden
