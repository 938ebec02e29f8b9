// SPDX-License-Identifier: Apache-2.0
#include "git/commit_walk.h"

#include <algorithm>
#include <optional>
#include <queue>
#include <tuple>
#include <unordered_map>
#include <utility>

#include "scanner/base/stop.h"

namespace sealwarden {
namespace {

constexpr int64_t kDateMargin = 86400;
constexpr size_t kCommitMargin = 500;

struct Node {
  ObjectId id;
  int64_t date = 0;
  std::vector<ObjectId> parents;
  std::optional<Error> unreadable;
  bool wanted = false, hidden = false;
  bool queued = false, read = false;  // read: its parents have been reached too
  size_t missing_parents = 0;         // of wanted ones, while the order is made

  [[nodiscard]] bool taken() const { return wanted && !hidden && !unreadable; }
};

struct Older {
  bool operator()(const Node* a, const Node* b) const { return std::tie(a->date, a->id) < std::tie(b->date, b->id); }
};
struct Newer {
  bool operator()(const Node* a, const Node* b) const { return Older{}(b, a); }
};

class Walk {
 public:
  explicit Walk(const ObjectReader& reader) : reader_(reader) {}

  void want(const ObjectId& id) {
    starts_.push_back(id);
    reach(node_of(id), false);
  }
  void hide(const ObjectId& id) { reach(node_of(id), true); }
  void run();
  [[nodiscard]] CommitSet result();

 private:
  Node& node_of(const ObjectId& id);
  [[nodiscard]] const Node& known(const ObjectId& id) const;
  void reach(Node& node, bool hidden);
  void hide_ancestors(Node& node);
  [[nodiscard]] bool finished();
  [[nodiscard]] std::vector<ObjectId> order();
  void add_gaps(CommitSet& set, std::optional<int64_t> oldest) const;
  [[nodiscard]] std::optional<int64_t> oldest_taken() const;

  const ObjectReader& reader_;
  std::vector<ObjectId> starts_;     // the wanted ones
  std::unordered_map<ObjectId, Node> nodes_;
  std::priority_queue<Node*, std::vector<Node*>, Older> queue_;
  size_t open_ = 0;                  // queued nodes that are not hidden, which means wanted
  std::optional<int64_t> oldest_;    // date of the oldest taken commit, once no open one is left
  size_t margin_ = 0;                // commits read since then
  bool stopped_ = false;             // before it was known which of the commits are hidden
};

Node& Walk::node_of(const ObjectId& id) {
  const auto [place, is_new] = nodes_.try_emplace(id);
  Node& node = place->second;
  if (!is_new) return node;
  node.id = id;
  const auto object = reader_.load(id, ObjectType::commit);
  if (!object) {
    node.unreadable = object.error();
    return node;
  }
  auto commit = parse_commit(object->bytes());
  if (!commit) {
    node.unreadable = Error{Error::Kind::corrupt, "object " + id.hex() + ": " + commit.error().message};
    return node;
  }
  node.parents = std::move(commit->parents);
  node.date = parse_signature(commit->committer).date;
  return node;
}

// What is known of a commit; one that was not reached is neither wanted nor hidden.
const Node& Walk::known(const ObjectId& id) const {
  static const Node kNotReached;
  const auto place = nodes_.find(id);
  return place == nodes_.end() ? kNotReached : place->second;
}

void Walk::reach(Node& node, bool hidden) {
  if (hidden && !node.hidden) hide_ancestors(node);
  if (!hidden) node.wanted = true;
  if (node.queued || node.read || node.unreadable) return;
  node.queued = true;
  if (!node.hidden) ++open_;
  queue_.push(&node);
}

// Hides a node and what was already reached through it.
void Walk::hide_ancestors(Node& node) {
  std::vector<Node*> stack{&node};
  while (!stack.empty()) {
    Node* const next = stack.back();
    stack.pop_back();
    if (next->hidden) continue;
    next->hidden = true;
    if (next->queued) --open_;
    if (!next->read) continue;
    for (const ObjectId& parent : next->parents) stack.push_back(&node_of(parent));
  }
}

std::optional<int64_t> Walk::oldest_taken() const {
  std::optional<int64_t> oldest;
  for (const auto& [id, node] : nodes_)
    if (node.taken()) oldest = std::min(oldest.value_or(node.date), node.date);
  return oldest;
}

// No open node is left, and what is queued (all hidden) is too old to reach a taken one.
bool Walk::finished() {
  if (open_ > 0) {
    oldest_.reset();
    return false;
  }
  if (!oldest_) {
    margin_ = 0;
    oldest_ = oldest_taken();
    if (!oldest_) return true;
  }
  return margin_++ >= kCommitMargin && queue_.top()->date < *oldest_ - kDateMargin;
}

void Walk::run() {
  while (!queue_.empty() && !finished()) {
    stopped_ = stop_requested;
    if (stopped_) return;
    Node& node = *queue_.top();
    queue_.pop();
    node.queued = false;
    node.read = true;
    if (!node.hidden) --open_;
    for (const ObjectId& parent : node.parents) reach(node_of(parent), node.hidden);
  }
}

// Parents first; among those whose parents are all out, the oldest.
std::vector<ObjectId> Walk::order() {
  std::unordered_map<ObjectId, std::vector<Node*>> children;
  std::priority_queue<Node*, std::vector<Node*>, Newer> ready;
  for (auto& [id, node] : nodes_) {
    if (!node.taken()) continue;
    for (const ObjectId& parent : node.parents) {
      if (!known(parent).taken()) continue;
      ++node.missing_parents;
      children[parent].push_back(&node);
    }
    if (node.missing_parents == 0) ready.push(&node);
  }
  std::vector<ObjectId> order;
  while (!ready.empty()) {
    Node* const node = ready.top();
    ready.pop();
    order.push_back(node->id);
    for (Node* child : children[node->id])
      if (--child->missing_parents == 0) ready.push(child);
  }
  return order;
}

void Walk::add_gaps(CommitSet& set, std::optional<int64_t> oldest) const {
  for (const auto& [id, node] : nodes_) {
    if (!node.read) continue;
    for (const ObjectId& parent_id : node.parents) {
      const Node& parent = known(parent_id);
      if (!parent.unreadable) continue;
      if (node.taken() && !parent.hidden) set.gaps.push_back({id, parent_id, *parent.unreadable});
      if (node.hidden && oldest && *oldest <= node.date) set.hidden_gaps.push_back({id, parent_id, *parent.unreadable});
    }
  }
  const auto before = [](const CommitSet::Gap& a, const CommitSet::Gap& b) {
    return std::tie(a.commit, a.parent) < std::tie(b.commit, b.parent);
  };
  std::sort(set.gaps.begin(), set.gaps.end(), before);
  std::sort(set.hidden_gaps.begin(), set.hidden_gaps.end(), before);
}

CommitSet Walk::result() {
  CommitSet set;
  if (stopped_) return set;
  set.commits = order();
  for (const ObjectId& id : set.commits)
    for (const ObjectId& parent : known(id).parents)
      if (known(parent).hidden) set.boundary.push_back(parent);
  for (const ObjectId& id : starts_)
    if (known(id).hidden) set.boundary.push_back(id);
  std::sort(set.boundary.begin(), set.boundary.end());
  set.boundary.erase(std::unique(set.boundary.begin(), set.boundary.end()), set.boundary.end());
  add_gaps(set, oldest_taken());
  return set;
}

int64_t date_of(const ObjectReader& reader, const ObjectId& id) {
  const auto object = reader.load(id, ObjectType::commit);
  const auto commit = object ? parse_commit(object->bytes()) : fail(Error::Kind::not_found, "");
  return commit ? parse_signature(commit->committer).date : 0;
}

}  // namespace

CommitSet commits_between(const ObjectReader& reader, const std::vector<ObjectId>& wanted,
                          const std::vector<ObjectId>& hidden) {
  Walk walk(reader);
  for (const ObjectId& id : hidden) walk.hide(id);
  for (const ObjectId& id : wanted) walk.want(id);
  walk.run();
  return walk.result();
}

std::vector<ObjectId> best_of(const ObjectReader& reader, const std::vector<ObjectId>& commits) {
  std::vector<std::pair<int64_t, ObjectId>> best;
  for (const ObjectId& id : commits) {
    std::vector<ObjectId> others = commits;
    std::erase(others, id);
    if (others.empty() || !commits_between(reader, {id}, others).commits.empty())
      best.emplace_back(-date_of(reader, id), id);
  }
  std::sort(best.begin(), best.end());
  std::vector<ObjectId> ids;
  for (const auto& [date, id] : best) ids.push_back(id);
  return ids;
}

}  // namespace sealwarden
