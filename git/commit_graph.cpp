// SPDX-License-Identifier: Apache-2.0
#include "git/commit_graph.h"

#include <algorithm>
#include <limits>
#include <queue>
#include <tuple>

namespace sealwarden {
namespace {

uint32_t first_bits(const ObjectId& id) {
  return uint32_t{id.raw[0]} << 24 | uint32_t{id.raw[1]} << 16 | uint32_t{id.raw[2]} << 8 | id.raw[3];
}

uint32_t clamp_date(int64_t date) {
  return static_cast<uint32_t>(std::clamp<int64_t>(date, 0, std::numeric_limits<uint32_t>::max()));
}

// Children of each commit, as the graph's own lists of parents are kept.
struct Children {
  std::vector<uint32_t> start, list;
};

Children children_of(std::span<const uint32_t> parent_start, std::span<const uint32_t> parents) {
  const size_t size = parent_start.size() - 1;
  Children children{std::vector<uint32_t>(size + 1), std::vector<uint32_t>(parents.size())};
  for (const uint32_t parent : parents)
    ++children.start[parent + 1];
  for (size_t i = 1; i <= size; ++i)
    children.start[i] += children.start[i - 1];
  std::vector<uint32_t> next(children.start.begin(), children.start.end() - 1);
  for (uint32_t commit = 0; commit < size; ++commit)
    for (uint32_t i = parent_start[commit]; i < parent_start[commit + 1]; ++i)
      children.list[next[parents[i]]++] = commit;
  return children;
}

// Commits whose parents are all placed wait in a heap, the oldest first; numbers stand for ids, which are
// sorted.
class Sorter {
 public:
  Sorter(std::span<const uint32_t> parent_start, std::span<const uint32_t> parents,
         std::span<const uint32_t> dates)
      : children_(children_of(parent_start, parents)),
        dates_(dates),
        waiting_for_(dates.size()),
        placed_(dates.size()) {
    for (uint32_t commit = 0; commit < dates.size(); ++commit) {
      waiting_for_[commit] = parent_start[commit + 1] - parent_start[commit];
      if (waiting_for_[commit] == 0) ready_.emplace(dates_[commit], commit);
    }
  }

  std::vector<uint32_t> sort() {
    order_.reserve(dates_.size());
    place_ready();
    if (order_.size() < dates_.size()) place_cycles();
    return std::move(order_);
  }

 private:
  void place_ready() {
    while (!ready_.empty()) {
      const uint32_t commit = ready_.top().second;
      ready_.pop();
      if (placed_[commit]) continue;
      placed_[commit] = true;
      order_.push_back(commit);
      for (uint32_t i = children_.start[commit]; i < children_.start[commit + 1]; ++i)
        if (--waiting_for_[children_.list[i]] == 0)
          ready_.emplace(dates_[children_.list[i]], children_.list[i]);
    }
  }

  // Honest hashes make no cycles, but an object may be stored under a name that is not its hash.
  void place_cycles() {
    std::vector<std::pair<uint32_t, uint32_t>> rest;
    for (uint32_t commit = 0; commit < dates_.size(); ++commit)
      if (!placed_[commit]) rest.emplace_back(dates_[commit], commit);
    std::sort(rest.begin(), rest.end());
    for (const auto& oldest : rest) {
      if (placed_[oldest.second]) continue;
      ready_.push(oldest);
      place_ready();
    }
  }

  using Dated = std::pair<uint32_t, uint32_t>;
  Children children_;
  std::span<const uint32_t> dates_;
  std::vector<uint32_t> waiting_for_;
  std::vector<bool> placed_;
  std::priority_queue<Dated, std::vector<Dated>, std::greater<>> ready_;
  std::vector<uint32_t> order_;
};

}  // namespace

CommitGraph CommitGraph::build(std::vector<Record> records) {
  // Sorted by number, with the first bytes of the ids at hand: the records are large and lie anywhere.
  std::vector<std::pair<uint32_t, uint32_t>> keys(records.size());
  for (uint32_t i = 0; i < records.size(); ++i) keys[i] = {first_bits(records[i].id), i};
  std::sort(keys.begin(), keys.end(), [&](const auto& a, const auto& b) {
    return a.first != b.first ? a.first < b.first : records[a.second].id < records[b.second].id;
  });
  std::vector<uint32_t> order(records.size());
  for (size_t i = 0; i < keys.size(); ++i) order[i] = keys[i].second;
  order.erase(std::unique(order.begin(), order.end(), [&](uint32_t a, uint32_t b) { return records[a].id == records[b].id; }),
              order.end());
  CommitGraph graph;
  graph.ids_.reserve(order.size());
  graph.trees_.reserve(order.size());
  graph.dates_.reserve(order.size());
  for (const uint32_t i : order) {
    graph.ids_.push_back(records[i].id);
    graph.trees_.push_back(records[i].tree);
    graph.dates_.push_back(clamp_date(records[i].committer_date));
  }
  graph.link(records, order);
  graph.order_ = Sorter(graph.parent_start_, graph.parent_list_, graph.dates_).sort();
  graph.position_.resize(graph.order_.size());
  for (uint32_t i = 0; i < graph.order_.size(); ++i)
    graph.position_[graph.order_[i]] = i;
  graph.cut_cycles();
  return graph;
}

void CommitGraph::link(const std::vector<Record>& records, const std::vector<uint32_t>& order) {
  parent_start_.reserve(order.size() + 1);
  parent_start_.push_back(0);
  for (uint32_t commit = 0; commit < order.size(); ++commit) {
    for (const ObjectId& id : records[order[commit]].parents) {
      const uint32_t parent = find(id);
      if (parent == kNoCommit)
        missing_.push_back({commit, id});
      else
        parent_list_.push_back(parent);
    }
    parent_start_.push_back(static_cast<uint32_t>(parent_list_.size()));
  }
}

// A parent that is not placed before its child closes a cycle; without it every walk ends.
void CommitGraph::cut_cycles() {
  uint32_t kept = 0, at = 0;
  for (uint32_t commit = 0; commit < size(); ++commit) {
    for (; at < parent_start_[commit + 1]; ++at) {
      const uint32_t parent = parent_list_[at];
      if (position_[parent] < position_[commit])
        parent_list_[kept++] = parent;
      else
        missing_.push_back({commit, ids_[parent]});
    }
    parent_start_[commit + 1] = kept;
  }
  parent_list_.resize(kept);
}

// Ids are as good as random: the first bits say about where one stands, so that the search is among few. Where they are not
// (somebody made them), it is a search all the same.
uint32_t CommitGraph::find(const ObjectId& id) const {
  constexpr size_t kReach = 2048;
  const size_t guess = ids_.size() * uint64_t{first_bits(id)} >> 32;
  size_t first = guess - std::min(guess, kReach), last = std::min(ids_.size(), guess + kReach);
  if (first > 0 && id < ids_[first]) first = 0;
  if (last < ids_.size() && ids_[last] < id) last = ids_.size();
  else last = std::min(ids_.size(), last + 1);
  const auto end = ids_.begin() + static_cast<ptrdiff_t>(last);
  const auto found = std::lower_bound(ids_.begin() + static_cast<ptrdiff_t>(first), end, id);
  return found != end && *found == id ? static_cast<uint32_t>(found - ids_.begin()) : kNoCommit;
}

std::span<const uint32_t> CommitGraph::parents(uint32_t commit) const {
  return std::span(parent_list_)
      .subspan(parent_start_[commit], parent_start_[commit + 1] - parent_start_[commit]);
}

void CommitGraph::mark_reachable(const CommitGraph& graph, std::span<const uint32_t> starts, uint8_t bit,
                                 std::vector<uint8_t>& flags) {
  flags.resize(std::max(flags.size(), graph.size()));
  std::vector<uint32_t> open;
  const auto mark = [&](uint32_t commit) {
    if ((flags[commit] & bit) != 0) return;
    flags[commit] = static_cast<uint8_t>(flags[commit] | bit);
    open.push_back(commit);
  };
  for (const uint32_t start : starts)
    if (start != kNoCommit) mark(start);
  while (!open.empty()) {
    const uint32_t commit = open.back();
    open.pop_back();
    for (const uint32_t parent : graph.parents(commit))
      mark(parent);
  }
}

bool CommitGraph::is_ancestor(uint32_t ancestor, uint32_t descendant) const {
  return any_is_ancestor(std::span(&ancestor, 1), descendant);
}

// Ancestors stand before their descendants, so one pass down the order, no further than the first of them stands, tells.
bool CommitGraph::any_is_ancestor(std::span<const uint32_t> ancestors, uint32_t descendant) const {
  const uint32_t high = position_[descendant];
  uint32_t low = high + 1;
  for (const uint32_t ancestor : ancestors) low = std::min(low, position_[ancestor]);
  if (low > high) return false;
  std::vector<bool> wanted(high - low + 1), reached(high - low + 1);
  for (const uint32_t ancestor : ancestors)
    if (position_[ancestor] <= high) wanted[position_[ancestor] - low] = true;
  reached[high - low] = true;
  for (uint32_t at = high;; --at) {
    if (reached[at - low]) {
      if (wanted[at - low]) return true;
      for (const uint32_t parent : parents(order_[at]))
        if (position_[parent] >= low) reached[position_[parent] - low] = true;
    }
    if (at == low) return false;
  }
}

}  // namespace sealwarden
