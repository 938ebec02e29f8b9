// SPDX-License-Identifier: Apache-2.0
#include "scanner/app/history_lives.h"

#include <algorithm>
#include <optional>
#include <set>
#include <unordered_map>
#include <unordered_set>

#include "scanner/app/content_gaps.h"

namespace sealwarden {
namespace {

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

// Two numbers as one key.
constexpr uint64_t pair_of(uint32_t a, uint32_t b) { return uint64_t{a} << 32 | b; }

// Paths as numbers, to be compared at no cost.
class PathNumbers {
 public:
  static constexpr uint32_t kNoPath = UINT32_MAX;

  uint32_t of(const std::string& path) {
    const auto [at, is_new] = numbers_.try_emplace(path, static_cast<uint32_t>(paths_.size()));
    if (is_new) paths_.push_back(&at->first);
    return at->second;
  }
  [[nodiscard]] const std::string& operator[](uint32_t number) const { return *paths_[number]; }
  [[nodiscard]] std::optional<std::string> path(uint32_t number) const {
    return number == kNoPath ? std::nullopt : std::optional(*paths_[number]);
  }

 private:
  std::unordered_map<std::string, uint32_t> numbers_;
  std::vector<const std::string*> paths_;
};

// Walks all transitions and writes places and lives into the drafts.
class LifeWriter {
 public:
  LifeWriter(const HistoryContext& context, const Attribution& attribution, Drafts& drafts)
      : context_(context), attribution_(attribution), drafts_(drafts), seen_at_a_path_(context.targets.size()) {}

  // Where the told blobs lie.
  std::map<ObjectId, Whereabouts> run() {
    list_tips();
    attribution_.walk([this](const Attribution::Transition& one) { visit(one); });
    place_tips_without_commit();
    place_index();
    place_the_rest();
    for (const uint64_t finding : at_tip_)
      if (const auto found = lives_.find(finding); found != lives_.end()) found->second.draft->at_tip = true;
    return std::move(whereabouts_);
  }

 private:
  static constexpr uint32_t kNoPath = PathNumbers::kNoPath;

  // What lies at a path of a tip.
  struct Tip {
    Reach reach;
    uint32_t mode;
    bool was_walked = false;  // a commit brought it
  };

  // A finding while transitions are told.
  struct Life {
    Draft* draft = nullptr;
    std::vector<uint32_t> behind_removal;  // merges, by position, that have a removal among their ancestors: the latest few
  };

  [[nodiscard]] std::optional<std::string> path_of(const TargetLeak& leak, uint32_t path) const {
    const std::optional<std::string> whole = paths_.path(path);
    if (leak.hit == nullptr || leak.hit->member.empty()) return whole;
    return member_path(whole.value_or(""), leak.hit->member);
  }

  Life& life_of(const TargetLeak& leak, uint32_t path) {
    Life& life = lives_[pair_of(leak.number, path)];
    if (life.draft == nullptr)
      life.draft = &drafts_[leak.hit != nullptr ? key_of(*leak.hit, path_of(leak, path)) : FindingKey{leak.rule, Secret(), path_of(leak, path), {}}];
    return life;
  }
  Life* known_life_of(const TargetLeak& leak, uint32_t path) {
    const auto found = lives_.find(pair_of(leak.number, path));
    return found == lives_.end() ? nullptr : &found->second;
  }

  Draft& add(const TargetLeak& leak, uint32_t path, Place place, uint32_t target, uint32_t position) {
    Draft& draft = *life_of(leak, path).draft;
    place.path = path_of(leak, path);
    DraftPlace& added = leak.hit != nullptr ? add_place(draft, {leak.hit, leak.confidence, leak.also}, std::move(place))
                                            : draft.places.emplace_back(DraftPlace{.place = std::move(place)});
    added.target = target;
    added.position = position;
    if (leak.by_name) placed_names_.insert(pair_of(target, leak.number));
    return draft;
  }

  void note_path(uint32_t target, uint32_t path) {
    seen_at_a_path_[target] = true;
    if (!context_.targets.is_told(target)) return;
    std::string& first = whereabouts_[context_.targets.id(target)].path;
    if (first.empty() || paths_[path] < first) first = paths_[path];
  }

  // The target lies at a path that is known, whether or not it leaks there.
  void note_seen(uint32_t target, uint32_t path) {
    if (target == kNoTarget) return;
    note_path(target, path);
    if (const auto tip = tips_.find(pair_of(path, target)); tip != tips_.end()) tip->second.was_walked = true;
  }

  void visit(const Attribution::Transition& one) {
    const uint32_t path = paths_.of(one.path);
    note_seen(one.now, path);
    const SharedLeaks now = context_.targets.leaks_at(one.now, one.path, one.mode);
    before_.clear();
    for (const uint32_t target : one.before) before_.push_back(context_.targets.leaks_at(target, one.path, one.mode));
    const bool new_version = std::find(one.before.begin(), one.before.end(), one.now) == one.before.end();
    for (const TargetLeak& leak : now->list) {
      const bool held = std::any_of(before_.begin(), before_.end(), [&](const auto& leaks) { return leaks->holds(leak.number); });
      if (!held || (new_version && !leak.by_name)) place_version(one, path, leak, !held);
    }
    note_removals(one, path, *now);
  }

  void place_version(const Attribution::Transition& one, uint32_t path, const TargetLeak& leak, bool introduced) {
    const uint8_t bits = context_.reached_by[one.commit];
    const bool in_notes = (bits & kByNotes) && !(bits & kByRefs);
    const uint32_t position = context_.graph.position(one.commit);
    Place place{.commit = context_.graph.id(one.commit), .carrier = carrier_of(leak, one.mode, in_notes), .reach = reach_of(bits)};
    if (!leak.by_name) place.blob = context_.targets.id(one.now);
    if (const auto tip = tips_.find(pair_of(path, one.now)); tip != tips_.end())
      place.reach = std::min(place.reach, tip->second.reach);
    Draft& draft = add(leak, path, std::move(place), one.now, position);
    if (!introduced) return;
    draft.introduced.push_back({position, context_.graph.id(one.commit)});
    draft.only_merges = draft.only_merges && context_.graph.parents(one.commit).size() > 1;
  }

  void note_removals(const Attribution::Transition& one, uint32_t path, const TargetLeaks& now) {
    done_.clear();
    for (const SharedLeaks& leaks : before_)
      for (const TargetLeak& leak : leaks->list) {
        if (now.holds(leak.number) || !done_.insert(leak.number).second) continue;
        Life* const life = known_life_of(leak, path);
        if (life != nullptr && removes(one, leak, *life))
          life->draft->removed.push_back({context_.graph.position(one.commit), context_.graph.id(one.commit)});
      }
  }

  // A merge that lacks what one parent had removed nothing if the other side had taken it out before.
  bool removes(const Attribution::Transition& one, const TargetLeak& leak, Life& life) {
    const auto parents = context_.graph.parents(one.commit);
    // A stash is a merge of HEAD, the index and untracked files that keeps all of them.
    const uint8_t bits = context_.reached_by[one.commit];
    if (parents.size() > 1 && (bits & kByStash) && !(bits & (kByRefs | kByNotes))) return false;
    if (life.draft->removed.empty()) return true;
    if (merge_ != one.commit) {
      merge_ = one.commit;
      sides_.clear();
      for (const uint32_t parent : parents) sides_.emplace_back(context_.graph, parent);
    }
    for (size_t i = 0; i < before_.size() && i < sides_.size(); ++i)
      if (!before_[i]->holds(leak.number) && has_removal(sides_[i], life)) {
        constexpr size_t kFew = 8;
        if (life.behind_removal.size() == kFew) life.behind_removal.erase(life.behind_removal.begin());
        life.behind_removal.push_back(context_.graph.position(one.commit));
        return false;
      }
    return true;
  }

  // When an old topic is merged, the removal lies far behind the other side; the last merge of its kind lies near. So those
  // are asked first: the walk goes no further than it must.
  static bool has_removal(CommitGraph::Ancestors& side, const Life& life) {
    const auto contains = [&](uint32_t position) { return side.contain_position(position); };
    if (std::any_of(life.behind_removal.rbegin(), life.behind_removal.rend(), contains)) return true;
    const std::vector<OrderedCommit>& removed = life.draft->removed;
    return std::any_of(removed.rbegin(), removed.rend(), [&](const OrderedCommit& one) { return contains(one.position); });
  }

  void note_tip(const ObjectId& tree, Reach reach) {
    // HEAD's tree is listed first: what is listed again is of no stronger reach.
    for (const Attribution::Entry& entry : attribution_.list_new(tree, listed_)) {
      const uint32_t path = paths_.of(entry.path);
      const auto [at, is_new] = tips_.try_emplace(pair_of(path, entry.target), Tip{reach, entry.mode});
      if (!is_new) {
        at->second.reach = std::min(at->second.reach, reach);
        continue;
      }
      const SharedLeaks leaks = context_.targets.leaks_at(entry.target, entry.path, entry.mode);
      for (const uint32_t leak : leaks->numbers) at_tip_.push_back(pair_of(leak, path));
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
    for (const auto& [where, tip] : tips_) {
      if (tip.was_walked) continue;
      const auto path = static_cast<uint32_t>(where >> 32), target = static_cast<uint32_t>(where);
      note_path(target, path);
      if (context_.targets.is_told(target)) whereabouts_[context_.targets.id(target)].at_tip = true;
      const SharedLeaks leaks = context_.targets.leaks_at(target, paths_[path], tip.mode);
      for (const TargetLeak& leak : leaks->list)
        add(leak, path, {.blob = context_.targets.id(target), .carrier = carrier_of(leak, tip.mode, false), .reach = tip.reach},
            target, UINT32_MAX);
    }
    for (const auto& [target, reach] : direct_) {
      if (context_.targets.is_told(target)) whereabouts_[context_.targets.id(target)].at_tip = true;
      if (seen_at_a_path_[target]) continue;
      seen_at_a_path_[target] = true;
      const SharedLeaks leaks = context_.targets.leaks_without_path(target);
      for (const TargetLeak& leak : leaks->list)
        if (leak.hit != nullptr) add(leak, kNoPath, {.blob = context_.targets.id(target), .reach = reach}, target, UINT32_MAX);
    }
  }

  void place_index() {
    if (context_.refs_only) return;
    for (const IndexEntry& entry : context_.roots.index) {
      const uint32_t target = context_.targets.find(entry.id);
      if (target == kNoTarget) continue;
      const uint32_t path = paths_.of(entry.path);
      note_path(target, path);
      const SharedLeaks leaks = context_.targets.leaks_at(target, entry.path, entry.mode);
      for (const TargetLeak& leak : leaks->list) {
        bool known = false;
        if (const Life* const life = known_life_of(leak, path))
          for (DraftPlace& place : life->draft->places) {
            if (place.target != target) continue;
            known = true;
            place.place.reach = std::min(place.place.reach, Reach::staged);
          }
        Place place{.carrier = carrier_of(leak, entry.mode, false), .reach = Reach::staged};
        if (!leak.by_name) place.blob = entry.id;
        if (!known) add(leak, path, std::move(place), target, UINT32_MAX);
      }
    }
  }

  // In no commit's tree, no tip, no index: dangling blobs, and those of dangling trees.
  void place_the_rest() {
    for (uint32_t target = 0; target < seen_at_a_path_.size(); ++target) {
      for (const auto& [name, leak] : context_.targets.names_of(target))
        if (!placed_names_.contains(pair_of(target, leak.number)))
          add(leak, paths_.of(name), {.carrier = Carrier::file_name, .reach = Reach::unreachable}, target, UINT32_MAX);
      if (seen_at_a_path_[target]) continue;
      const SharedLeaks leaks = context_.targets.leaks_without_path(target);
      for (const TargetLeak& leak : leaks->list) {
        const uint32_t path = leak.hit == nullptr ? paths_.of(context_.targets.known_name(target)) : kNoPath;
        add(leak, path, {.blob = context_.targets.id(target), .reach = Reach::unreachable}, target, UINT32_MAX);
      }
    }
  }

  const HistoryContext& context_;
  const Attribution& attribution_;
  Drafts& drafts_;
  PathNumbers paths_;
  std::unordered_map<uint64_t, Life> lives_;           // by leak and path
  std::vector<SharedLeaks> before_;                    // of the transition that is looked at
  std::unordered_set<uint32_t> done_;                  // leaks of that transition
  uint32_t merge_ = kNoCommit;
  std::vector<CommitGraph::Ancestors> sides_;          // of merge_, by parent
  std::vector<bool> seen_at_a_path_;                   // by target
  std::unordered_set<uint64_t> placed_names_;          // target and leak of a name
  std::unordered_map<uint64_t, Tip> tips_;             // by path and target
  std::vector<std::pair<uint32_t, Reach>> direct_;     // targets that refs name directly
  std::vector<uint64_t> at_tip_;                       // leak and path
  std::map<ObjectId, Whereabouts> whereabouts_;        // of the told blobs
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

std::map<ObjectId, Whereabouts> add_content_leaks(const HistoryContext& context, const Attribution& attribution, Drafts& drafts) {
  return LifeWriter(context, attribution, drafts).run();
}

}  // namespace sealwarden
