// SPDX-License-Identifier: Apache-2.0
#include "scanner/app/tree_differ.h"

#include <algorithm>
#include <cstring>

namespace sealwarden {
namespace {

constexpr size_t kBlock = 128;

size_t common_prefix(Bytes a, Bytes b) {
  const size_t size = std::min(a.size(), b.size());
  size_t same = 0;
  while (same + kBlock <= size && std::memcmp(a.data() + same, b.data() + same, kBlock) == 0) same += kBlock;
  while (same < size && a[same] == b[same]) ++same;
  return same;
}

size_t common_suffix(Bytes a, Bytes b, size_t limit) {
  size_t same = 0;
  while (same + kBlock <= limit &&
         std::memcmp(a.data() + a.size() - same - kBlock, b.data() + b.size() - same - kBlock, kBlock) == 0)
    same += kBlock;
  while (same < limit && a[a.size() - same - 1] == b[b.size() - same - 1]) ++same;
  return same;
}

}  // namespace

// Takes entries off `rest` until at most `left` bytes are left.
bool TreeDiffer::take_entries(Bytes tree, Bytes& rest, size_t left, std::vector<TreeEntry>& out) {
  while (rest.size() > left) {
    const Result<std::optional<TreeEntry>> entry = next_tree_entry(rest);
    if (!entry || !*entry) {
      previous_.clear();
      bounds_.clear();
      return false;
    }
    out.push_back(**entry);
    scratch_.push_back(static_cast<uint32_t>(tree.size() - rest.size()));
  }
  return true;
}

bool TreeDiffer::new_entries(Bytes tree, std::vector<TreeEntry>& out) {
  const Bytes before = previous_;
  const size_t prefix = common_prefix(before, tree);
  const size_t suffix = common_suffix(before, tree, std::min(before.size(), tree.size()) - prefix);
  // Entries of `previous_` that lie wholly in the common start are entries here too.
  const auto kept = std::upper_bound(bounds_.begin(), bounds_.end(), prefix);
  scratch_.assign(bounds_.begin(), kept);
  if (scratch_.empty()) scratch_.push_back(0);
  // The first entry of `previous_` that lies wholly in the common end.
  const auto tail = std::lower_bound(bounds_.begin(), bounds_.end(), before.size() - suffix);
  const size_t tail_length = tail == bounds_.end() ? 0 : before.size() - *tail;
  Bytes rest = tree.substr(scratch_.back());
  if (!take_entries(tree, rest, tail_length, out)) return false;
  if (rest.size() == tail_length && tail != bounds_.end()) {
    const size_t shift = tree.size() - before.size();
    for (auto bound = std::next(tail); bound < bounds_.end(); ++bound)
      scratch_.push_back(static_cast<uint32_t>(*bound + shift));
  } else if (!take_entries(tree, rest, 0, out)) {
    return false;  // out of step with the tail: the entries there are others
  }
  bounds_.swap(scratch_);
  previous_.assign(tree);
  return true;
}

}  // namespace sealwarden
