// SPDX-License-Identifier: Apache-2.0
#include "git/attribution.h"

#include <algorithm>

#include "git/tree_scan.h"

namespace sealwarden {
namespace {

std::vector<ObjectId> trees_of(const CommitGraph& graph) {
  std::vector<ObjectId> trees;
  trees.reserve(graph.size());
  for (uint32_t commit = 0; commit < graph.size(); ++commit)
    trees.push_back(graph.tree(commit));
  return trees;
}

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

struct Attribution::State {
  State(const ObjectStore& store, const CommitGraph& all, std::unordered_map<ObjectId, uint32_t> wanted)
      : graph(all), targets(std::move(wanted)), trees(store, targets, trees_of(all)) {}

  [[nodiscard]] uint32_t target_of(const ObjectId& id) const {
    return targets.find(reinterpret_cast<const char*>(id.raw.data()));
  }

  const CommitGraph& graph;
  TargetSet targets;
  TreeScan trees;
};

namespace {

// Compares one commit's tree with its parents' along the folders that hold targets.
class Comparison {
 public:
  using Transition = Attribution::Transition;
  Comparison(const TreeScan& trees, uint32_t commit) : trees_(trees), commit_(commit) {}

  // One side: what stands at a path. The first side is the commit's own, the others are its parents'.
  struct Side {
    uint32_t target = kNoTarget, mode = 0, node = kNoNode;
  };

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
  void compare_folders(const std::vector<Side>& sides) {
    std::vector<std::span<const TreeItem>> rest(sides.size());
    for (size_t i = 0; i < sides.size(); ++i)
      if (sides[i].node != kNoNode) rest[i] = trees_.items(sides[i].node);
    std::vector<Side> next(sides.size());
    while (const std::optional<std::string_view> name = first_name(sides, rest)) {
      for (size_t i = 0; i < sides.size(); ++i)
        next[i] = take_side(sides[i], rest[i], *name);
      const Component component(path_, *name);
      compare(next);
    }
  }

  std::optional<std::string_view> first_name(const std::vector<Side>& sides,
                                             const std::vector<std::span<const TreeItem>>& rest) const {
    std::optional<std::string_view> first;
    for (size_t i = 0; i < sides.size(); ++i) {
      if (rest[i].empty()) continue;
      const std::string_view name = trees_.name(sides[i].node, rest[i].front());
      if (!first || name < *first) first = name;
    }
    return first;
  }

  Side take_side(const Side& folder, std::span<const TreeItem>& rest, std::string_view name) const {
    if (rest.empty() || trees_.name(folder.node, rest.front()) != name) return {};
    const TreeItem item = rest.front();
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

  const TreeScan& trees_;
  const uint32_t commit_;
  std::string path_;
  std::vector<Transition> found_;
};

void list_folder(const TreeScan& trees, uint32_t node, std::string& path,
                 std::vector<Attribution::Entry>& entries) {
  for (const TreeItem& item : trees.items(node)) {
    const Component component(path, trees.name(node, item));
    if (item.target != kNoTarget) entries.push_back({path, item.mode, item.target});
    if (item.child != kNoNode) list_folder(trees, item.child, path, entries);
  }
}

}  // namespace

Attribution::Attribution(const ObjectStore& store, const CommitGraph& graph,
                         std::unordered_map<ObjectId, uint32_t> targets)
    : state_(std::make_unique<State>(store, graph, std::move(targets))) {}
Attribution::~Attribution() = default;

std::vector<Attribution::Entry> Attribution::list(const ObjectId& tree) const {
  std::vector<Entry> entries;
  std::string path;
  if (const uint32_t target = state_->target_of(tree); target != kNoTarget)
    entries.push_back({"", kModeTree, target});
  const uint32_t node = state_->trees.node(tree);
  if (node != kNoNode) list_folder(state_->trees, node, path, entries);
  std::stable_sort(entries.begin(), entries.end(),
                   [](const Entry& a, const Entry& b) { return a.path < b.path; });
  return entries;
}

void Attribution::walk(const std::function<void(const Transition&)>& visit) const {
  const auto side_of = [this](uint32_t commit) {
    const ObjectId& tree = state_->graph.tree(commit);
    return Comparison::Side{state_->target_of(tree), kModeTree, state_->trees.node(tree)};
  };
  std::vector<Comparison::Side> sides;
  for (const uint32_t commit : state_->graph.topological_order()) {
    sides.assign(1, side_of(commit));
    for (const uint32_t parent : state_->graph.parents(commit))
      sides.push_back(side_of(parent));
    Comparison comparison(state_->trees, commit);
    comparison.compare(sides);
    for (const Transition& transition : comparison.take())
      visit(transition);
  }
}

std::vector<bool> Attribution::reached(const std::vector<uint8_t>& flags, uint8_t bit,
                                       size_t target_count) const {
  std::vector<bool> reached(target_count), seen(state_->trees.node_limit());
  std::vector<uint32_t> open;
  const auto reach = [&](uint32_t target, uint32_t node) {
    if (target < target_count) reached[target] = true;
    if (node == kNoNode || seen[node]) return;
    seen[node] = true;
    open.push_back(node);
  };
  for (uint32_t commit = 0; commit < std::min(flags.size(), state_->graph.size()); ++commit)
    if ((flags[commit] & bit) != 0)
      reach(state_->target_of(state_->graph.tree(commit)), state_->trees.node(state_->graph.tree(commit)));
  while (!open.empty()) {
    const uint32_t node = open.back();
    open.pop_back();
    for (const TreeItem& item : state_->trees.items(node))
      reach(item.target, item.child);
  }
  return reached;
}

const std::vector<ObjectId>& Attribution::not_entered() const { return state_->trees.not_entered(); }

}  // namespace sealwarden
