// SPDX-License-Identifier: Apache-2.0
#include "git/commit_graph.h"

#include <algorithm>
#include <functional>
#include <iterator>
#include <limits>
#include <numeric>
#include <queue>
#include <tuple>

#include "scanner/base/parallel.h"
#include "scanner/base/parallel_sort.h"

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

void CommitRecords::add(const ObjectId& id, const ObjectId& tree, std::span<const ObjectId> parents, int64_t committer_date) {
  if (parts_.empty()) parts_.emplace_back();
  Part& part = parts_.front();
  part.heads.push_back({id, tree, clamp_date(committer_date), static_cast<uint32_t>(part.parents.size())});
  part.parents.insert(part.parents.end(), parents.begin(), parents.end());
}

void CommitRecords::append(CommitRecords other) {
  std::move(other.parts_.begin(), other.parts_.end(), std::back_inserter(parts_));
}

size_t CommitRecords::size() const {
  return std::accumulate(parts_.begin(), parts_.end(), size_t{0}, [](size_t sum, const Part& part) { return sum + part.heads.size(); });
}

class CommitGraph::Builder {
 public:
  Builder(CommitGraph& graph, const CommitRecords& records) : graph_(graph), parts_(records.parts_) {
    uint32_t size = 0;
    for (const CommitRecords::Part& part : parts_) {
      part_start_.push_back(size);
      size += static_cast<uint32_t>(part.heads.size());
    }
    part_start_.push_back(size);
  }

  void build() {
    sort_by_id();
    take_over();
    link();
    leave_out_missing();
  }

 private:
  struct Commit {
    const CommitRecords::Head& head;
    const CommitRecords::Part& part;
    uint32_t last_parent;
  };

  // `record`: a number that counts through all parts.
  [[nodiscard]] Commit at(uint32_t record) const {
    const auto behind = std::upper_bound(part_start_.begin(), part_start_.end() - 1, record);
    const auto number = static_cast<size_t>(behind - part_start_.begin()) - 1;
    const CommitRecords::Part& part = parts_[number];
    const uint32_t in_part = record - part_start_[number];
    const bool is_last = in_part + 1 == part.heads.size();
    return {part.heads[in_part], part, is_last ? static_cast<uint32_t>(part.parents.size()) : part.heads[in_part + 1].first_parent};
  }

  [[nodiscard]] const ObjectId& parent_id(uint32_t record, uint32_t number) const {
    const Commit commit = at(record);
    return commit.part.parents[commit.head.first_parent + number];
  }

  // Sorted by number, with the first bytes of the ids at hand: the records are large and lie anywhere.
  void sort_by_id() {
    std::vector<std::pair<uint32_t, uint32_t>> keys;
    keys.reserve(part_start_.back());
    for (const CommitRecords::Part& part : parts_)
      for (const CommitRecords::Head& head : part.heads) keys.emplace_back(first_bits(head.id), static_cast<uint32_t>(keys.size()));
    sort_in_parallel(keys, [&](const auto& a, const auto& b) {
      return a.first != b.first ? a.first < b.first : at(a.second).head.id < at(b.second).head.id;
    });
    order_.reserve(keys.size());
    for (const auto& [bits, record] : keys)
      if (order_.empty() || at(order_.back()).head.id != at(record).head.id) order_.push_back(record);
  }

  // Records lie anywhere in memory: threads wait for them side by side.
  void for_each_commit(const std::function<void(size_t commit)>& body) const {
    constexpr size_t kCommits = 4096;
    parallel_ranges(order_.size(), kCommits, [&](size_t first, size_t last, size_t) {
      for (size_t i = first; i < last; ++i) body(i);
    });
  }

  void take_over() {
    graph_.ids_.resize(order_.size());
    graph_.trees_.resize(order_.size());
    graph_.dates_.resize(order_.size());
    graph_.parent_start_.assign(order_.size() + 1, 0);
    for_each_commit([&](size_t i) {
      const Commit commit = at(order_[i]);
      graph_.ids_[i] = commit.head.id;
      graph_.trees_[i] = commit.head.tree;
      graph_.dates_[i] = commit.head.date;
      graph_.parent_start_[i + 1] = commit.last_parent - commit.head.first_parent;
    });
    std::partial_sum(graph_.parent_start_.begin(), graph_.parent_start_.end(), graph_.parent_start_.begin());
  }

  void link() {
    graph_.parent_list_.resize(graph_.parent_start_.back());
    for_each_commit([&](size_t i) {
      const Commit commit = at(order_[i]);
      for (uint32_t k = commit.head.first_parent, to = graph_.parent_start_[i]; k < commit.last_parent; ++k, ++to)
        graph_.parent_list_[to] = graph_.find(commit.part.parents[k]);
    });
  }

  void leave_out_missing() {
    std::vector<uint32_t>&starts = graph_.parent_start_, &parents = graph_.parent_list_;
    uint32_t kept = 0, first = 0;
    for (uint32_t i = 0; i < order_.size(); ++i) {
      for (uint32_t k = first; k < starts[i + 1]; ++k) {
        if (parents[k] != kNoCommit) parents[kept++] = parents[k];
        else graph_.missing_.push_back({i, parent_id(order_[i], k - first)});
      }
      first = starts[i + 1];
      starts[i + 1] = kept;
    }
    parents.resize(kept);
  }

  CommitGraph& graph_;
  const std::vector<CommitRecords::Part>& parts_;
  std::vector<uint32_t> part_start_;  // numbers of the parts' first records, and how many there are
  std::vector<uint32_t> order_;       // records by id, each once
};

CommitGraph CommitGraph::build(CommitRecords records) {
  CommitGraph graph;
  Builder(graph, records).build();
  records = {};
  graph.order_ = Sorter(graph.parent_start_, graph.parent_list_, graph.dates_).sort();
  graph.position_.resize(graph.order_.size());
  for (uint32_t i = 0; i < graph.order_.size(); ++i)
    graph.position_[graph.order_[i]] = i;
  graph.cut_cycles();
  return graph;
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

CommitGraph::Ancestors::Ancestors(const CommitGraph& graph, uint32_t descendant)
    : graph_(graph), high_(graph.position_[descendant]), reached_(1, true) {}

// Ancestors stand before their descendants, so one pass down the order, no further than the position, tells.
bool CommitGraph::Ancestors::contain_position(uint32_t position) {
  if (position > high_) return false;
  const uint32_t wanted = high_ - position;
  for (; next_ < wanted; ++next_) {
    if (next_ >= reached_.size() || !reached_[next_]) continue;
    for (const uint32_t parent : graph_.parents(graph_.order_[high_ - next_])) {
      const uint32_t depth = high_ - graph_.position_[parent];
      if (depth >= reached_.size()) reached_.resize(depth + 1);
      reached_[depth] = true;
    }
  }
  return wanted < reached_.size() && reached_[wanted];
}

}  // namespace sealwarden
