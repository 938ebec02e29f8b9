// SPDX-License-Identifier: Apache-2.0
#include "git/attribution.h"

#include <algorithm>

#include "scanner/base/parallel.h"

namespace sealwarden {
namespace {

// Appends a component to a path for as long as it lives.
class Component {
 public:
  Component(std::string& path, std::string_view name) : path_(path), size_(path.size()) {
    if (!path.empty()) path += '/';
    path.append(name);
  }
  Component(const Component&) = delete;
  Component& operator=(const Component&) = delete;
  ~Component() { path_.resize(size_); }

 private:
  std::string& path_;
  const size_t size_;
};

}  // namespace

// What stands at a path in one tree.
struct Attribution::Side {
  uint32_t target = kNoTarget, mode = 0, node = kNoNode;
};

// Compares one commit's tree with its parents' along the folders that hold targets. The first side is the commit's own.
class Attribution::Comparison {
 public:
  Comparison(const TreeIndex& trees, uint32_t commit) : trees_(trees), commit_(commit) {}

  void compare(const std::vector<Side>& sides) {
    tell(sides);
    const bool same = std::all_of(sides.begin() + 1, sides.end(),
                                  [&](const Side& side) { return side.node == sides[0].node; });
    if (sides.size() > 1 ? !same : sides[0].node != kNoNode) compare_folders(sides);
  }

  std::vector<Transition> take() {
    std::stable_sort(found_.begin(), found_.end(),
                     [](const Transition& a, const Transition& b) { return a.path < b.path; });
    return std::move(found_);
  }

 private:
  using Items = std::span<const TreeItem>;

  void compare_folders(const std::vector<Side>& sides) {
    std::vector<Items> rest(sides.size());
    for (size_t i = 0; i < sides.size(); ++i)
      if (sides[i].node != kNoNode) rest[i] = trees_.items(sides[i].node);
    std::vector<Side> next(sides.size());
    while (const TreeItem* const first = first_by_name(rest)) {
      const uint32_t name = first->name;
      for (size_t i = 0; i < sides.size(); ++i) next[i] = take_side(rest[i], name);
      if (is_same(next)) continue;
      const Component component(path_, trees_.name(*first));
      compare(next);
    }
  }

  static bool is_same(const std::vector<Side>& sides) {
    return sides.size() > 1 && std::all_of(sides.begin() + 1, sides.end(), [&](const Side& side) {
             return side.node == sides[0].node && side.target == sides[0].target;
           });
  }

  static const TreeItem* first_by_name(const std::vector<Items>& rest) {
    const TreeItem* first = nullptr;
    for (const Items& items : rest)
      if (!items.empty() && (first == nullptr || items.front().name < first->name)) first = &items.front();
    return first;
  }

  static Side take_side(Items& rest, uint32_t name) {
    if (rest.empty() || rest.front().name != name) return {};
    const TreeItem& item = rest.front();
    rest = rest.subspan(1);
    return {item.target, item.mode, item.child};
  }

  void tell(const std::vector<Side>& sides) {
    const Side& now = sides[0];
    const bool same = std::all_of(sides.begin() + 1, sides.end(),
                                  [&](const Side& side) { return side.target == now.target; });
    if (sides.size() > 1 ? same : now.target == kNoTarget) return;
    Transition transition{commit_, path_, now.target, now.mode, {}};
    for (size_t i = 1; i < sides.size(); ++i)
      transition.before.push_back(sides[i].target);
    if (now.target == kNoTarget) {
      const auto had = std::find_if(sides.begin() + 1, sides.end(),
                                    [](const Side& side) { return side.target != kNoTarget; });
      transition.mode = had->mode;
    }
    found_.push_back(std::move(transition));
  }

  const TreeIndex& trees_;
  const uint32_t commit_;
  std::string path_;
  std::vector<Transition> found_;
};

class Attribution::Lister {
 public:
  Lister(const TreeIndex& trees, Listed& listed, std::vector<Entry>& entries) : trees_(trees), listed_(listed), entries_(entries) {}

  void list(uint32_t node) {
    if (!listed_.folders_.insert(std::to_string(node) + " " + path_).second) return;
    for (const TreeItem& item : trees_.items(node)) {
      const Component component(path_, trees_.name(item));
      if (item.target != kNoTarget) entries_.push_back({path_, item.mode, item.target});
      if (item.child != kNoNode) list(item.child);
    }
  }

 private:
  const TreeIndex& trees_;
  Listed& listed_;
  std::vector<Entry>& entries_;
  std::string path_;
};

Attribution::Attribution(const TreeIndex& trees, const CommitGraph& graph)
    : trees_(trees), graph_(graph), targets_(graph.size()), nodes_(graph.size()) {
  constexpr size_t kCommits = 4096;
  parallel_ranges(graph.size(), kCommits, [&](size_t first, size_t last, size_t) {
    for (auto commit = static_cast<uint32_t>(first); commit < last; ++commit) {
      targets_[commit] = trees.target(graph.tree(commit));
      nodes_[commit] = trees.node(graph.tree(commit));
    }
  });
}

std::vector<Attribution::Entry> Attribution::list_new(const ObjectId& tree, Listed& listed) const {
  std::vector<Entry> entries;
  if (const uint32_t target = trees_.target(tree); target != kNoTarget) entries.push_back({"", kModeTree, target});
  const uint32_t node = trees_.node(tree);
  if (node != kNoNode) Lister(trees_, listed, entries).list(node);
  std::stable_sort(entries.begin(), entries.end(),
                   [](const Entry& a, const Entry& b) { return a.path < b.path; });
  return entries;
}

Attribution::Side Attribution::side_of(uint32_t commit) const { return {targets_[commit], kModeTree, nodes_[commit]}; }

void Attribution::walk(const std::function<void(const Transition&)>& visit) const {
  std::vector<Side> sides;
  for (const uint32_t commit : graph_.topological_order()) {
    const auto parents = graph_.parents(commit);
    const auto is_same = [&](uint32_t parent) { return nodes_[parent] == nodes_[commit] && targets_[parent] == targets_[commit]; };
    if (!parents.empty() && std::all_of(parents.begin(), parents.end(), is_same)) continue;
    sides.assign(1, side_of(commit));
    for (const uint32_t parent : parents) sides.push_back(side_of(parent));
    Comparison comparison(trees_, commit);
    comparison.compare(sides);
    for (const Transition& transition : comparison.take())
      visit(transition);
  }
}

std::vector<bool> Attribution::reached(const std::vector<uint8_t>& flags, uint8_t bit,
                                       size_t target_count) const {
  std::vector<bool> reached(target_count), seen(trees_.node_count());
  std::vector<uint32_t> open;
  const auto reach = [&](uint32_t target, uint32_t node) {
    if (target < target_count) reached[target] = true;
    if (node == kNoNode || seen[node]) return;
    seen[node] = true;
    open.push_back(node);
  };
  for (uint32_t commit = 0; commit < std::min(flags.size(), graph_.size()); ++commit)
    if ((flags[commit] & bit) != 0) reach(targets_[commit], nodes_[commit]);
  while (!open.empty()) {
    const uint32_t node = open.back();
    open.pop_back();
    for (const TreeItem& item : trees_.items(node))
      reach(item.target, item.child);
  }
  return reached;
}

}  // namespace sealwarden
