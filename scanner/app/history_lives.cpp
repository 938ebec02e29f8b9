// SPDX-License-Identifier: Apache-2.0
#include "scanner/app/history_lives.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

namespace sealwarden {
namespace {

using PathTarget = std::pair<std::string, uint32_t>;

Carrier carrier_of(const TargetLeak& leak, uint32_t mode, bool in_notes) {
  if (leak.by_name) return Carrier::file_name;
  if (mode == kModeSymlink) return Carrier::symlink;
  return in_notes ? Carrier::note : Carrier::blob;
}

Reach reach_of(uint8_t bits) {
  if (bits & (kByRefs | kByNotes)) return Reach::history;
  if (bits & kByStash) return Reach::stash;
  return bits & kByReflog ? Reach::reflog : Reach::unreachable;
}

// Walks all transitions and writes places and lives into the drafts.
class LifeWriter {
 public:
  LifeWriter(const HistoryContext& context, const Attribution& attribution, Drafts& drafts)
      : context_(context), attribution_(attribution), drafts_(drafts), seen_at_a_path_(context.targets.size()) {}

  void run() {
    list_tips();
    attribution_.walk([this](const Attribution::Transition& one) { visit(one); });
    place_tips_without_commit();
    place_index();
    place_the_rest();
    for (const FindingKey& key : at_tip_)
      if (const auto found = drafts_.find(key); found != drafts_.end()) found->second.at_tip = true;
  }

 private:
  static FindingKey key_of(const TargetLeak& leak, const std::optional<std::string>& path) {
    return {leak.rule, leak.hit != nullptr ? leak.hit->secret : Secret(), path};
  }

  Draft& add(const TargetLeak& leak, std::optional<std::string> path, Place place, uint32_t target, uint32_t position) {
    Draft& draft = drafts_[key_of(leak, path)];
    DraftPlace& added = leak.hit != nullptr
                            ? add_place(drafts_, {leak.hit, leak.also}, std::move(path), std::move(place))
                            : add_file_place(drafts_, leak.rule, path.value_or(std::string()), std::move(place));
    added.target = target;
    added.position = position;
    if (leak.by_name) placed_names_.insert({target, leak.rule, leak.hit->secret});
    return draft;
  }

  // The target lies at a path that is known, whether or not it leaks there.
  void note_seen(uint32_t target, const std::string& path) {
    if (target == kNoTarget) return;
    seen_at_a_path_[target] = true;
    if (tips_.contains({path, target})) walked_tips_.insert({path, target});
  }

  static bool holds(const std::vector<TargetLeak>& leaks, const TargetLeak& leak) {
    return std::any_of(leaks.begin(), leaks.end(), [&](const TargetLeak& one) { return one.same_as(leak); });
  }

  void visit(const Attribution::Transition& one) {
    note_seen(one.now, one.path);
    const std::vector<TargetLeak> now = context_.targets.leaks_at(one.now, one.path, one.mode);
    std::vector<std::vector<TargetLeak>> before;
    for (const uint32_t target : one.before)
      before.push_back(context_.targets.leaks_at(target, one.path, one.mode));
    const bool new_version = std::find(one.before.begin(), one.before.end(), one.now) == one.before.end();
    for (const TargetLeak& leak : now) {
      const bool held = std::any_of(before.begin(), before.end(), [&](const auto& leaks) { return holds(leaks, leak); });
      if (!held || (new_version && !leak.by_name)) place_version(one, leak, !held);
    }
    note_removals(one, now, before);
  }

  void place_version(const Attribution::Transition& one, const TargetLeak& leak, bool introduced) {
    const uint8_t bits = context_.reached_by[one.commit];
    const bool in_notes = (bits & kByNotes) && !(bits & kByRefs);
    const uint32_t position = context_.graph.position(one.commit);
    Place place{.commit = context_.graph.id(one.commit), .carrier = carrier_of(leak, one.mode, in_notes), .reach = reach_of(bits)};
    if (!leak.by_name) place.blob = context_.targets.id(one.now);
    if (const auto tip = tips_.find({one.path, one.now}); tip != tips_.end() && tip->second < place.reach)
      place.reach = tip->second;
    Draft& draft = add(leak, one.path, std::move(place), one.now, position);
    if (!introduced) return;
    draft.introduced.push_back({position, context_.graph.id(one.commit)});
    draft.only_merges = draft.only_merges && context_.graph.parents(one.commit).size() > 1;
  }

  void note_removals(const Attribution::Transition& one, const std::vector<TargetLeak>& now,
                     const std::vector<std::vector<TargetLeak>>& before) {
    std::vector<const TargetLeak*> done;
    for (const auto& leaks : before)
      for (const TargetLeak& leak : leaks) {
        const auto same = [&](const TargetLeak* other) { return other->same_as(leak); };
        if (holds(now, leak) || std::any_of(done.begin(), done.end(), same)) continue;
        done.push_back(&leak);
        const auto draft = drafts_.find(key_of(leak, one.path));
        if (draft != drafts_.end() && removes(one, leak, before, draft->second))
          draft->second.removed.push_back({context_.graph.position(one.commit), context_.graph.id(one.commit)});
      }
  }

  // A merge that lacks what one parent had removed nothing if the other side had taken it out before.
  bool removes(const Attribution::Transition& one, const TargetLeak& leak,
               const std::vector<std::vector<TargetLeak>>& before, const Draft& draft) const {
    const auto parents = context_.graph.parents(one.commit);
    // A stash is a merge of HEAD, the index and untracked files that keeps all of them.
    const uint8_t bits = context_.reached_by[one.commit];
    if (parents.size() > 1 && (bits & kByStash) && !(bits & (kByRefs | kByNotes))) return false;
    std::vector<uint32_t> removals;
    for (const OrderedCommit& removal : draft.removed) removals.push_back(context_.graph.find(removal.id));
    for (size_t i = 0; i < before.size() && i < parents.size() && !removals.empty(); ++i)
      if (!holds(before[i], leak) && context_.graph.any_is_ancestor(removals, parents[i])) return false;
    return true;
  }

  void note_tip(const ObjectId& tree, Reach reach) {
    // HEAD's tree is listed first: what is listed again is of no stronger reach.
    for (const Attribution::Entry& entry : attribution_.list_new(tree, listed_)) {
      const auto [at, is_new] = tips_.try_emplace({entry.path, entry.target}, reach);
      if (!is_new) at->second = std::min(at->second, reach);
      modes_.try_emplace({entry.path, entry.target}, entry.mode);
      if (is_new)
        for (const TargetLeak& leak : context_.targets.leaks_at(entry.target, entry.path, entry.mode))
          at_tip_.push_back(key_of(leak, entry.path));
    }
  }

  // The tree of a ref's target, be it a commit or a tree; nothing for a blob.
  void list_tip(const ObjectId& target, Reach reach) {
    const ObjectId id = peel(context_.facts, target);
    const uint32_t commit = context_.graph.find(id);
    const ObjectId& tree = commit != kNoCommit ? context_.graph.tree(commit) : id;
    if (const uint32_t direct = context_.targets.find(id); direct != kNoTarget && context_.targets.is_blob(direct)) {
      direct_.emplace_back(direct, reach);
      return;
    }
    if (seen_.insert({tree, reach == Reach::head}).second) note_tip(tree, reach);
  }

  void list_tips() {
    if (context_.roots.head) list_tip(context_.roots.head->target, Reach::head);
    for (const Ref& ref : context_.roots.refs)
      if (ref.name != "refs/stash") list_tip(ref.target, Reach::tip);
    for (const Ref& ref : context_.roots.other_heads)
      if (is_tip(ref)) list_tip(ref.target, Reach::tip);
  }

  // A tag may name a tree or a blob that no commit holds.
  void place_tips_without_commit() {
    for (const auto& [where, reach] : tips_) {
      if (walked_tips_.contains(where)) continue;
      seen_at_a_path_[where.second] = true;
      const uint32_t mode = modes_[where];
      for (const TargetLeak& leak : context_.targets.leaks_at(where.second, where.first, mode))
        add(leak, where.first, {.blob = context_.targets.id(where.second), .carrier = carrier_of(leak, mode, false), .reach = reach},
            where.second, UINT32_MAX);
    }
    for (const auto& [target, reach] : direct_) {
      if (seen_at_a_path_[target]) continue;
      seen_at_a_path_[target] = true;
      for (const TargetLeak& leak : context_.targets.leaks_without_path(target))
        if (leak.hit != nullptr)
          add(leak, std::nullopt, {.blob = context_.targets.id(target), .reach = reach}, target, UINT32_MAX);
    }
  }

  void place_index() {
    if (context_.refs_only) return;
    for (const IndexEntry& entry : context_.roots.index) {
      const uint32_t target = context_.targets.find(entry.id);
      if (target != kNoTarget) seen_at_a_path_[target] = true;
      for (const TargetLeak& leak : context_.targets.leaks_at(target, entry.path, entry.mode)) {
        const auto draft = drafts_.find(key_of(leak, entry.path));
        bool known = false;
        if (draft != drafts_.end())
          for (DraftPlace& place : draft->second.places) {
            if (place.target != target) continue;
            known = true;
            place.place.reach = std::min(place.place.reach, Reach::staged);
          }
        Place place{.carrier = carrier_of(leak, entry.mode, false), .reach = Reach::staged};
        if (!leak.by_name) place.blob = entry.id;
        if (!known) add(leak, entry.path, std::move(place), target, UINT32_MAX);
      }
    }
  }

  // In no commit's tree, no tip, no index: dangling blobs, and those of dangling trees.
  void place_the_rest() {
    for (uint32_t target = 0; target < seen_at_a_path_.size(); ++target) {
      for (const auto& [name, leak] : context_.targets.names_of(target))
        if (!placed_names_.contains({target, leak.rule, leak.hit->secret}))
          add(leak, name, {.carrier = Carrier::file_name, .reach = Reach::unreachable}, target, UINT32_MAX);
      if (seen_at_a_path_[target]) continue;
      for (const TargetLeak& leak : context_.targets.leaks_without_path(target)) {
        std::optional<std::string> path;
        if (leak.hit == nullptr) path = context_.targets.known_name(target);
        add(leak, path, {.blob = context_.targets.id(target), .reach = Reach::unreachable}, target, UINT32_MAX);
      }
    }
  }

  const HistoryContext& context_;
  const Attribution& attribution_;
  Drafts& drafts_;
  std::vector<bool> seen_at_a_path_;          // by target
  std::set<PathTarget> walked_tips_;          // of tips_: those that a commit brought
  std::set<std::tuple<uint32_t, uint32_t, Secret>> placed_names_;  // target, rule, secret of a name
  std::map<PathTarget, Reach> tips_;          // what lies at tips
  std::map<PathTarget, uint32_t> modes_;
  std::vector<std::pair<uint32_t, Reach>> direct_;  // targets that refs name directly
  std::vector<FindingKey> at_tip_;
  Attribution::Listed listed_;
  std::set<std::pair<ObjectId, bool>> seen_;  // trees already listed, and whether as HEAD's
};

}  // namespace

std::vector<ObjectId> peel_chain(const HistoryFacts& facts, const ObjectId& id) {
  std::vector<ObjectId> chain = {id};
  // Bounded: a chain of tags cannot be a cycle, but is another's to make long.
  while (chain.size() < 64) {
    const auto tag = std::lower_bound(facts.tags.begin(), facts.tags.end(), chain.back(),
                                      [](const TagLink& one, const ObjectId& value) { return one.tag < value; });
    if (tag == facts.tags.end() || tag->tag != chain.back()) break;
    chain.push_back(tag->target);
  }
  return chain;
}

ObjectId peel(const HistoryFacts& facts, const ObjectId& id) { return peel_chain(facts, id).back(); }

std::vector<uint8_t> mark_reached(const HistoryFacts& facts, const Roots& roots, const CommitGraph& graph) {
  std::vector<uint32_t> refs, notes, stash, reflog;
  const auto commit = [&](const ObjectId& id) { return graph.find(peel(facts, id)); };
  if (roots.head) refs.push_back(commit(roots.head->target));
  for (const Ref& ref : roots.refs) {
    auto& list = ref.name.starts_with("refs/notes/") ? notes : ref.name == "refs/stash" ? stash : refs;
    list.push_back(commit(ref.target));
  }
  for (const Ref& ref : roots.other_heads)
    (is_tip(ref) ? refs : reflog).push_back(commit(ref.target));
  for (const ReflogEntry& entry : roots.reflog) {
    auto& list = entry.log == "refs/stash" ? stash : reflog;
    list.push_back(commit(entry.from));
    list.push_back(commit(entry.to));
  }
  std::vector<uint8_t> flags(graph.size(), 0);
  CommitGraph::mark_reachable(graph, refs, kByRefs, flags);
  CommitGraph::mark_reachable(graph, notes, kByNotes, flags);
  CommitGraph::mark_reachable(graph, stash, kByStash, flags);
  CommitGraph::mark_reachable(graph, reflog, kByReflog, flags);
  return flags;
}

void add_content_leaks(const HistoryContext& context, const Attribution& attribution, Drafts& drafts) {
  LifeWriter(context, attribution, drafts).run();
}

}  // namespace sealwarden
