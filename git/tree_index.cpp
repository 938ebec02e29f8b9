// SPDX-License-Identifier: Apache-2.0
#include "git/tree_index.h"

#include <algorithm>
#include <iterator>
#include <tuple>
#include <utility>

#include "scanner/base/free_memory.h"
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

  // Lists each tree's items: those of its base, without what it dropped, with what it added. So a tree comes after its base and
  // its subfolders. (A subfolder may have been stored as a delta of the folder that it is in: then it comes later.) A tree
  // whose items are its base's shares the base's node: most versions of a folder differ in nothing of interest.
  void build() {
    find_lists();
    index_.node_of_.assign(objects_, kNoNode);
    for (const auto& [id, number] : index_.targets_)
      if (const uint32_t object = object_of(id); object != kAbsent) target_of_.emplace(object, number);
    is_target_.resize(objects_ + absent_.size());
    for (const auto& [object, number] : target_of_) is_target_[object] = true;
    steps_.assign(objects_, Step::waits);
    for (uint32_t tree = 0; tree < objects_; ++tree) list_with_sources(tree);
    for (size_t i = 0; i < later_.size(); ++i) {
      std::vector<uint32_t> bases = {later_[i]};
      for (uint32_t base = base_of_[bases.back()]; base != kNone && steps_[base] != Step::done; base = base_of_[base])
        bases.push_back(base);
      for (auto tree = bases.rbegin(); tree != bases.rend(); ++tree) {
        if (steps_[*tree] == Step::later) steps_[*tree] = Step::waits;
        list_with_sources(*tree);
      }
    }
  }

 private:
  using Entry = TreeRecorder::Entry;
  using Derived = TreeRecorder::Derived;
  static constexpr uint32_t kAbsent = TreeRecorder::kAbsent, kNone = UINT32_MAX;
  // `later`: made of a tree that waits for this one; its turn is when all others have been listed.
  enum class Step : uint8_t { waits, begun, later, done };

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
    const auto append = [&](std::vector<Entry>& to, std::vector<Entry>& from) {
      for (Entry& entry : from) {
        if ((entry.mode & TreeRecorder::kAbsentMode) != 0) entry.object = absent_numbers[entry.object];
        entry.mode &= ~TreeRecorder::kAbsentMode;
        entry.name = name_numbers_[number][entry.name];
      }
      if (to.empty()) to.swap(from);
      else to.insert(to.end(), from.begin(), from.end());
    };
    append(added_, recorder.added_);
    append(dropped_, recorder.dropped_);
    derived_.insert(derived_.end(), recorder.derived_.begin(), recorder.derived_.end());
  }

  // Entries of one tree stand side by side, as they were recorded: where the first is, by tree.
  [[nodiscard]] std::vector<uint32_t> first_entries(const std::vector<Entry>& list) const {
    std::vector<uint32_t> first(objects_, kNone);
    for (size_t i = list.size(); i-- > 0;) first[list[i].tree] = static_cast<uint32_t>(i);
    return first;
  }
  static std::span<const Entry> entries_of(uint32_t tree, const std::vector<Entry>& list, const std::vector<uint32_t>& first) {
    if (first[tree] == kNone) return {};
    size_t end = first[tree];
    while (end < list.size() && list[end].tree == tree) ++end;
    return std::span(list).subspan(first[tree], end - first[tree]);
  }

  void find_lists() {
    parallel_ranges(3, 1, [&](size_t list, size_t, size_t) {
      if (list == 0) first_added_ = first_entries(added_);
      if (list == 1) first_dropped_ = first_entries(dropped_);
      if (list == 2) {
        base_of_.assign(objects_, kNone);
        for (const Derived& one : derived_) base_of_[one.tree] = one.base;
        free_memory(derived_);
      }
    });
  }

  [[nodiscard]] uint32_t object_of(const ObjectId& id) const {
    if (const ObjectRef* found = index_.store_.find(id)) return static_cast<uint32_t>(found - index_.store_.objects().data());
    const auto found = absent_.find(id);
    return found == absent_.end() ? kAbsent : found->second;
  }

  void list_with_sources(uint32_t start) {
    stack_.assign(1, start);
    while (!stack_.empty()) {
      const uint32_t tree = stack_.back(), base = base_of_[tree];
      Step& step = steps_[tree];
      const Step base_step = base == kNone ? Step::done : steps_[base];
      if (step == Step::waits && base_step != Step::begun && base_step != Step::later) {
        step = Step::begun;
        for (const Entry& entry : entries_of(tree, added_, first_added_))
          if (leads_on(entry) && steps_[entry.object] == Step::waits) stack_.push_back(entry.object);
        if (base_step == Step::waits) stack_.push_back(base);
        continue;
      }
      if (step == Step::begun && base_step == Step::done) {
        list(tree);
        step = Step::done;
      } else if (step != Step::done && step != Step::later) {
        step = Step::later;
        later_.push_back(tree);
      }
      stack_.pop_back();
    }
  }

  // To a folder that can have been recorded.
  [[nodiscard]] bool leads_on(const Entry& entry) const { return is_folder(entry.mode) && entry.object < objects_; }

  static bool before(const TreeItem& a, const TreeItem& b) {
    return std::tie(a.name, a.mode, a.target, a.child) < std::tie(b.name, b.mode, b.target, b.child);
  }

  void list(uint32_t tree) {
    const uint32_t base = base_of_[tree] == kNone ? kNoNode : index_.node_of_[base_of_[tree]];
    const std::span<const TreeItem> old = base == kNoNode ? std::span<const TreeItem>() : index_.items(base);
    list_added(tree);
    list_dropped(tree, old);
    came_.clear();
    went_.clear();
    std::set_difference(added_items_.begin(), added_items_.end(), dropped_items_.begin(), dropped_items_.end(), std::back_inserter(came_), before);
    std::set_difference(dropped_items_.begin(), dropped_items_.end(), added_items_.begin(), added_items_.end(), std::back_inserter(went_), before);
    uint32_t& node = index_.node_of_[tree];  // there is one if another tree's items name it
    if (came_.empty() && went_.empty() && node == kNoNode) {
      node = base;
      return;
    }
    kept_.clear();
    std::set_difference(old.begin(), old.end(), went_.begin(), went_.end(), std::back_inserter(kept_), before);
    if (kept_.empty() && came_.empty()) return;
    const std::span<TreeItem> items = room_for(kept_.size() + came_.size());
    std::merge(kept_.begin(), kept_.end(), came_.begin(), came_.end(), items.begin(), before);
    make_node(tree).items = items;
  }

  Node& make_node(uint32_t tree) {
    uint32_t& node = index_.node_of_[tree];
    if (node == kNoNode) {
      node = static_cast<uint32_t>(index_.nodes_.size());
      index_.nodes_.emplace_back();
    }
    return index_.nodes_[node];
  }

  // Of the entries that the tree did not take from its base those that matter; sorted.
  void list_added(uint32_t tree) {
    added_items_.clear();
    for (const Entry& entry : entries_of(tree, added_, first_added_)) {
      const uint32_t target = is_target_[entry.object] ? target_of_.at(entry.object) : kNoTarget;
      if (leads_on(entry) && steps_[entry.object] != Step::done) make_node(entry.object);
      const uint32_t child = leads_on(entry) ? index_.node_of_[entry.object] : kNoNode;
      if (target != kNoTarget || child != kNoNode) added_items_.push_back({entry.name, entry.mode, target, child});
    }
    std::sort(added_items_.begin(), added_items_.end(), before);
  }
  // Of the base's items those that the tree did not take; sorted.
  void list_dropped(uint32_t tree, std::span<const TreeItem> of) {
    dropped_items_.clear();
    if (of.empty()) return;
    for (const Entry& entry : entries_of(tree, dropped_, first_dropped_)) {
      // A base has no name twice, but for a file and a folder, which git takes for two names.
      const auto by_name = [](const TreeItem& item, const Entry& wanted) {
        return std::tie(item.name, item.mode) < std::tie(wanted.name, wanted.mode);
      };
      const auto item = std::lower_bound(of.begin(), of.end(), entry, by_name);
      if (item != of.end() && item->name == entry.name && item->mode == entry.mode) dropped_items_.push_back(*item);
    }
    std::sort(dropped_items_.begin(), dropped_items_.end(), before);
  }

  std::span<TreeItem> room_for(size_t count) {
    constexpr size_t kItems = size_t{1} << 16;
    std::deque<std::vector<TreeItem>>& blocks = index_.items_;
    if (blocks.empty() || blocks.back().capacity() - blocks.back().size() < count)
      blocks.emplace_back().reserve(std::max(kItems, count));  // never grows: what points into it stays right
    std::vector<TreeItem>& block = blocks.back();
    block.resize(block.size() + count);
    return std::span(block).last(count);
  }

  TreeIndex& index_;
  const size_t objects_;
  std::vector<std::vector<uint32_t>> name_numbers_;  // by recorder
  std::unordered_map<ObjectId, uint32_t> absent_;
  std::vector<Entry> added_, dropped_;
  std::vector<uint32_t> first_added_, first_dropped_;  // by tree; kNone: it has none
  std::vector<Derived> derived_;
  std::vector<uint32_t> base_of_;                      // by tree; kNone: it has none
  std::unordered_map<uint32_t, uint32_t> target_of_;
  std::vector<bool> is_target_;
  std::vector<Step> steps_;
  std::vector<uint32_t> stack_, later_;                // trees
  std::vector<TreeItem> added_items_, dropped_items_, came_, went_, kept_;  // of the tree that is being listed
};

TreeIndex::TreeIndex(const ObjectStore& store, std::vector<std::unique_ptr<TreeRecorder>> recorders,
                     std::unordered_map<ObjectId, uint32_t> targets)
    : store_(store), targets_(std::move(targets)) {
  Builder(*this, std::move(recorders)).build();
  close_folders();
}

// A subfolder that was named before it was listed may turn out to hold nothing.
void TreeIndex::drop_empty(Node& node) const {
  const auto holds_nothing = [&](const TreeItem& item) {
    return item.target == kNoTarget && (item.child == kNoNode || nodes_[item.child].items.empty());
  };
  node.items = node.items.first(static_cast<size_t>(std::remove_if(node.items.begin(), node.items.end(), holds_nothing) - node.items.begin()));
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
  std::vector<bool> closed(nodes_.size());
  std::vector<Frame> stack;
  const auto cut = [&](TreeItem& item) {
    closed[item.child] = true;
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
      if (top.next == node.items.size()) {
        measure.is_done = true;
        drop_empty(node);
        // The node is closed, not the way to it: trees that share it are closed with it, however they are stored.
        if (measure.paths > kMaxPaths || measure.height + 1 >= kMaxDepth) {
          closed[top.node] = true;
          node.items = {};
          measure.paths = 0;
          measure.height = 0;
        }
        stack.pop_back();
        continue;
      }
      TreeItem& item = node.items[top.next];
      if (item.child != kNoNode) {
        const Measure& below = measures[item.child];
        if (!below.is_entered) {
          measures[item.child].is_entered = true;
          stack.push_back({item.child, 0});
          continue;
        }
        if (!below.is_done) {
          cut(item);
        } else if (!nodes_[item.child].items.empty()) {
          measure.height = std::max(measure.height, below.height + 1);
          measure.paths += below.paths;
        }
      }
      measure.paths += item.target != kNoTarget ? 1 : 0;
      ++top.next;
    }
  }
  for (size_t object = 0; object < node_of_.size(); ++object)
    if (node_of_[object] != kNoNode && closed[node_of_[object]]) not_entered_.push_back(store_.objects()[object].id);
  std::sort(not_entered_.begin(), not_entered_.end());
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
  return nodes_[node].items;
}

}  // namespace sealwarden
