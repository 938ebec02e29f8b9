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
  Comparison(Bytes tree, const TreeBase* base, TreeChange& change) : tree_(tree), base_(base), change_(change) {}

  bool run() {
    if (tree_.size() > std::numeric_limits<uint32_t>::max()) return false;
    while (at_ < tree_.size())
      if (!take_over() && !take_entry()) return false;
    change_.bounds.push_back(static_cast<uint32_t>(tree_.size()));
    change_.is_ascending = std::all_of(joints_.begin(), joints_.end(), [&](size_t entry) { return ascends_at(entry); });
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
    const auto first = std::lower_bound(bounds.begin(), bounds.end(), there);
    if (first == bounds.end() || *first != there) return false;
    const auto last = std::upper_bound(first, bounds.end(), region.base_end()) - 1;  // where the last whole entry ends
    if (last <= first) return false;
    joints_.push_back(change_.bounds.size());
    const size_t old_size = change_.bounds.size(), count = static_cast<size_t>(last - first);
    change_.bounds.resize(old_size + count);
    const auto shift = static_cast<uint32_t>(at_ - there);  // modulo 2^32
    std::transform(first, last, change_.bounds.begin() + static_cast<ptrdiff_t>(old_size), [&](uint32_t bound) { return bound + shift; });
    kept_.emplace_back(static_cast<size_t>(first - bounds.begin()), static_cast<size_t>(last - bounds.begin()));
    at_ += *last - *first;
    return true;
  }

  bool take_entry() {
    Bytes rest = tree_.substr(at_);
    if (!take_tree_entry(rest, change_.added.emplace_back())) return false;
    joints_.push_back(change_.bounds.size());
    change_.bounds.push_back(static_cast<uint32_t>(at_));
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
  TreeChange& change_;
  size_t at_ = 0, region_ = 0;
  std::vector<size_t> joints_;                   // entries that do not stand behind the same one as in the base
  std::vector<std::pair<size_t, size_t>> kept_;  // stretches of the base's entries that were taken over
};

}  // namespace

bool compare_with_base(Bytes tree, const TreeBase* base, TreeChange& change) {
  change.added.clear();
  change.dropped.clear();
  change.bounds.clear();
  return Comparison(tree, base, change).run();
}

}  // namespace sealwarden
