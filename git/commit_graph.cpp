// SPDX-License-Identifier: Apache-2.0
#include "git/commit_graph.h"

#include <algorithm>
#include <limits>
#include <queue>
#include <tuple>

namespace sealwarden {
namespace {

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
  std::sort(records.begin(), records.end(), [](const Record& a, const Record& b) { return a.id < b.id; });
  records.erase(std::unique(records.begin(), records.end(),
                            [](const Record& a, const Record& b) { return a.id == b.id; }),
                records.end());
  CommitGraph graph;
  graph.ids_.reserve(records.size());
  graph.trees_.reserve(records.size());
  graph.dates_.reserve(records.size());
  for (const Record& record : records) {
    graph.ids_.push_back(record.id);
    graph.trees_.push_back(record.tree);
    graph.dates_.push_back(clamp_date(record.committer_date));
  }
  graph.link(records);
  graph.order_ = Sorter(graph.parent_start_, graph.parent_list_, graph.dates_).sort();
  graph.position_.resize(graph.order_.size());
  for (uint32_t i = 0; i < graph.order_.size(); ++i)
    graph.position_[graph.order_[i]] = i;
  graph.cut_cycles();
  return graph;
}

void CommitGraph::link(const std::vector<Record>& records) {
  parent_start_.reserve(records.size() + 1);
  parent_start_.push_back(0);
  for (uint32_t commit = 0; commit < records.size(); ++commit) {
    for (const ObjectId& id : records[commit].parents) {
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

uint32_t CommitGraph::find(const ObjectId& id) const {
  const auto found = std::lower_bound(ids_.begin(), ids_.end(), id);
  return found != ids_.end() && *found == id ? static_cast<uint32_t>(found - ids_.begin()) : kNoCommit;
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

// Ancestors stand before their descendants, so one pass down the order from one to the other tells.
bool CommitGraph::is_ancestor(uint32_t ancestor, uint32_t descendant) const {
  const uint32_t low = position_[ancestor], high = position_[descendant];
  if (low >= high) return low == high;
  std::vector<bool> reached(high - low + 1);
  reached[high - low] = true;
  for (uint32_t at = high; at > low; --at) {
    if (!reached[at - low]) continue;
    for (const uint32_t parent : parents(order_[at]))
      if (position_[parent] >= low) reached[position_[parent] - low] = true;
  }
  return reached[0];
}

}  // namespace sealwarden
