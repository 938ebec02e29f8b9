// SPDX-License-Identifier: Apache-2.0
#include "git/tree_index.h"

#include <algorithm>
#include <numeric>
#include <tuple>
#include <utility>

#include "scanner/base/parallel.h"

namespace sealwarden {
// Objects are numbered as in the store; behind those stand the absent ones.
class TreeIndex::Builder {
 public:
  Builder(TreeIndex& index, std::vector<std::unique_ptr<TreeRecorder>> recorders)
      : index_(index), objects_(index.store_.objects().size()) {
    std::erase(recorders, nullptr);
    merge_names(recorders);
    for (size_t i = 0; i < recorders.size(); ++i) {
      merge(*recorders[i], i);
      recorders[i].reset();
    }
  }

  void build() {
    sort_records();
    index_.node_of_.assign(objects_, kNoNode);
    for (const auto& [id, number] : index_.targets_)
      if (const uint32_t object = object_of(id); object != kAbsent) target_of_.emplace(object, number);
    std::vector<uint32_t> open;
    for (const auto& [object, number] : target_of_) open.push_back(object);
    std::sort(open.begin(), open.end());  // the same order of nodes for the same input
    for (size_t i = 0; i < open.size(); ++i) climb(open[i], open);
    write_items();
  }

 private:
  using Entry = TreeRecorder::Entry;
  using Derived = TreeRecorder::Derived;
  static constexpr uint32_t kAbsent = TreeRecorder::kAbsent;
  struct Found {
    uint32_t node, name, mode, object;
  };

  void merge_names(const std::vector<std::unique_ptr<TreeRecorder>>& recorders) {
    std::vector<std::string_view> all;
    for (const auto& recorder : recorders) all.insert(all.end(), recorder->names_.begin(), recorder->names_.end());
    std::sort(all.begin(), all.end());
    all.erase(std::unique(all.begin(), all.end()), all.end());
    for (const auto& recorder : recorders) {
      std::vector<uint32_t>& numbers = name_numbers_.emplace_back();
      numbers.reserve(recorder->names_.size());
      for (const std::string& name : recorder->names_)
        numbers.push_back(static_cast<uint32_t>(std::lower_bound(all.begin(), all.end(), name) - all.begin()));
    }
    index_.names_.assign(all.begin(), all.end());
  }

  void merge(TreeRecorder& recorder, size_t number) {
    std::vector<uint32_t> absent_numbers;
    for (const ObjectId& id : recorder.absent_) {
      const auto [at, is_new] = absent_.try_emplace(id, static_cast<uint32_t>(objects_ + absent_.size()));
      absent_numbers.push_back(at->second);
    }
    const auto append = [&](std::vector<Entry>& to, const std::vector<Entry>& from) {
      to.reserve(to.size() + from.size());
      for (Entry entry : from) {
        if ((entry.mode & TreeRecorder::kAbsentMode) != 0) entry.object = absent_numbers[entry.object];
        entry.mode &= ~TreeRecorder::kAbsentMode;
        entry.name = name_numbers_[number][entry.name];
        to.push_back(entry);
      }
    };
    append(added_, recorder.added_);
    append(dropped_, recorder.dropped_);
    derived_.insert(derived_.end(), recorder.derived_.begin(), recorder.derived_.end());
  }

  // Puts what has the same key together, in the order in which it stands; starts[key] is where.
  template <class Record, class KeyOf>
  static void group(std::vector<Record>& records, std::vector<uint32_t>& starts, size_t keys, const KeyOf& key_of) {
    starts.assign(keys + 1, 0);
    for (const Record& record : records) ++starts[key_of(record) + 1];
    std::partial_sum(starts.begin(), starts.end(), starts.begin());
    std::vector<uint32_t> next(starts.begin(), starts.end() - 1);
    std::vector<Record> grouped(records.size());
    for (const Record& record : records) grouped[next[key_of(record)]++] = record;
    records.swap(grouped);
  }

  static bool by_object(const Entry& a, const Entry& b) { return std::tie(a.object, a.name) < std::tie(b.object, b.name); }

  void sort_records() {
    parallel_ranges(3, 1, [&](size_t list, size_t, size_t) {
      if (list == 0) group(added_, added_at_, objects_ + absent_.size(), [](const Entry& entry) { return entry.object; });
      if (list == 1) {
        group(dropped_, dropped_at_, objects_, [](const Entry& entry) { return entry.tree; });
        for (size_t tree = 0; tree < objects_; ++tree)
          if (dropped_at_[tree + 1] - dropped_at_[tree] > 1)
            std::sort(dropped_.begin() + dropped_at_[tree], dropped_.begin() + dropped_at_[tree + 1], by_object);
      }
      if (list == 2) group(derived_, derived_at_, objects_, [](const Derived& one) { return one.base; });
    });
  }

  [[nodiscard]] uint32_t object_of(const ObjectId& id) const {
    if (const ObjectRef* found = index_.store_.find(id)) return static_cast<uint32_t>(found - index_.store_.objects().data());
    const auto found = absent_.find(id);
    return found == absent_.end() ? kAbsent : found->second;
  }

  // Finds all trees that hold the object, and puts those not known before behind the others in `open`.
  void climb(uint32_t object, std::vector<uint32_t>& open) {
    const bool is_target = target_of_.contains(object);
    for (uint32_t i = added_at_[object]; i < added_at_[object + 1]; ++i) {
      const Entry& added = added_[i];
      if (!is_target && !is_folder(added.mode)) continue;
      trees_.assign(1, added.tree);
      while (!trees_.empty()) {
        const uint32_t tree = trees_.back();
        trees_.pop_back();
        found_.push_back({node_for(tree, open), added.name, added.mode, object});
        for (uint32_t k = derived_at_[tree]; k < derived_at_[tree + 1]; ++k)
          if (!drops(derived_[k].tree, object, added.name)) trees_.push_back(derived_[k].tree);
      }
    }
  }

  [[nodiscard]] bool drops(uint32_t tree, uint32_t object, uint32_t name) const {
    const auto first = dropped_.begin() + dropped_at_[tree], last = dropped_.begin() + dropped_at_[tree + 1];
    return std::binary_search(first, last, Entry{tree, object, name, 0}, by_object);
  }

  uint32_t node_for(uint32_t tree, std::vector<uint32_t>& open) {
    uint32_t& node = index_.node_of_[tree];
    if (node != kNoNode) return node;
    node = static_cast<uint32_t>(index_.nodes_.size());
    index_.nodes_.push_back({0, 0, tree});
    if (!target_of_.contains(tree)) open.push_back(tree);  // a target is there already
    return node;
  }

  void write_items() {
    for (const Found& found : found_) ++index_.nodes_[found.node].count;
    uint32_t first = 0;
    for (Node& node : index_.nodes_) {
      node.first = first;
      first += node.count;
    }
    index_.items_.resize(found_.size());
    std::vector<uint32_t> next(index_.nodes_.size());
    for (size_t i = 0; i < next.size(); ++i) next[i] = index_.nodes_[i].first;
    for (const Found& found : found_) index_.items_[next[found.node]++] = item_of(found);
    for (const Node& node : index_.nodes_)
      std::sort(index_.items_.begin() + node.first, index_.items_.begin() + node.first + node.count,
                [](const TreeItem& a, const TreeItem& b) {
                  return std::tie(a.name, a.mode, a.target, a.child) < std::tie(b.name, b.mode, b.target, b.child);
                });
  }

  [[nodiscard]] TreeItem item_of(const Found& found) const {
    const auto target = target_of_.find(found.object);
    const bool leads_on = is_folder(found.mode) && found.object < objects_;
    return {found.name, found.mode, target == target_of_.end() ? kNoTarget : target->second,
            leads_on ? index_.node_of_[found.object] : kNoNode};
  }

  TreeIndex& index_;
  const size_t objects_;
  std::vector<std::vector<uint32_t>> name_numbers_;  // by recorder
  std::unordered_map<ObjectId, uint32_t> absent_;
  std::vector<Entry> added_, dropped_;
  std::vector<Derived> derived_;
  std::vector<uint32_t> added_at_, dropped_at_, derived_at_;  // where an object's, a tree's, a base's stand
  std::unordered_map<uint32_t, uint32_t> target_of_;
  std::vector<Found> found_;
  std::vector<uint32_t> trees_;
};

TreeIndex::TreeIndex(const ObjectStore& store, std::vector<std::unique_ptr<TreeRecorder>> recorders,
                     std::unordered_map<ObjectId, uint32_t> targets)
    : store_(store), targets_(std::move(targets)) {
  Builder(*this, std::move(recorders)).build();
  close_folders();
}

// Goes through the nodes from the deepest up, with a stack of its own. An edge that closes a cycle, which only forged ids
// make, is cut.
void TreeIndex::close_folders() {
  struct Frame {
    uint32_t node, next;
  };
  struct Measure {
    uint64_t paths = 0;
    uint32_t height = 0;  // folders that its deepest path goes through
    bool is_entered = false, is_done = false;
  };
  std::vector<Measure> measures(nodes_.size());
  std::vector<Frame> stack;
  const auto cut = [&](TreeItem& item) {
    not_entered_.push_back(store_.objects()[nodes_[item.child].tree].id);
    item.child = kNoNode;
  };
  for (uint32_t start = 0; start < nodes_.size(); ++start) {
    if (measures[start].is_done) continue;
    stack.push_back({start, 0});
    measures[start].is_entered = true;
    while (!stack.empty()) {
      Frame& top = stack.back();
      Node& node = nodes_[top.node];
      Measure& measure = measures[top.node];
      if (top.next == node.count) {
        measure.is_done = true;
        if (measure.paths > kMaxPaths) {
          not_entered_.push_back(store_.objects()[node.tree].id);
          node.count = 0;
          measure.paths = 0;
        }
        stack.pop_back();
        continue;
      }
      TreeItem& item = items_[node.first + top.next];
      if (item.child != kNoNode) {
        const Measure& below = measures[item.child];
        if (!below.is_entered) {
          measures[item.child].is_entered = true;
          stack.push_back({item.child, 0});
          continue;
        }
        if (!below.is_done || below.height + 1 >= kMaxDepth) {
          cut(item);
        } else {
          measure.height = std::max(measure.height, below.height + 1);
          measure.paths += below.paths;
        }
      }
      measure.paths += item.target != kNoTarget ? 1 : 0;
      ++top.next;
    }
  }
  std::sort(not_entered_.begin(), not_entered_.end());
  not_entered_.erase(std::unique(not_entered_.begin(), not_entered_.end()), not_entered_.end());
}

uint32_t TreeIndex::target(const ObjectId& id) const {
  const auto found = targets_.find(id);
  return found == targets_.end() ? kNoTarget : found->second;
}

uint32_t TreeIndex::node(const ObjectId& tree) const {
  const ObjectRef* found = store_.find(tree);
  return found == nullptr ? kNoNode : node_of_[static_cast<size_t>(found - store_.objects().data())];
}

std::span<const TreeItem> TreeIndex::items(uint32_t node) const {
  return std::span(items_).subspan(nodes_[node].first, nodes_[node].count);
}

}  // namespace sealwarden
