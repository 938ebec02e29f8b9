// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <map>
#include <memory>

#include "scanner/app/content_gaps.h"
#include "scanner/app/history_lives.h"
#include "scanner/base/parallel.h"

namespace sealwarden {
namespace {

Reach reach_of_commit(const HistoryContext& context, uint32_t commit, const std::map<ObjectId, Reach>& tips) {
  if (commit == kNoCommit) return Reach::unreachable;
  if (const auto tip = tips.find(context.graph.id(commit)); tip != tips.end()) return tip->second;
  const uint8_t bits = context.reached_by[commit];
  if (bits & (kByRefs | kByNotes)) return Reach::history;
  if (bits & kByStash) return Reach::stash;
  return bits & kByReflog ? Reach::reflog : Reach::unreachable;
}

// What refs name directly, tags unpeeled and peeled, with the strongest reach.
std::map<ObjectId, Reach> tip_objects(const HistoryContext& context) {
  std::map<ObjectId, Reach> tips;
  const auto add = [&](const ObjectId& id, Reach reach) {
    for (const ObjectId& one : peel_chain(context.facts, id)) {
      const auto [at, is_new] = tips.try_emplace(one, reach);
      if (!is_new) at->second = std::min(at->second, reach);
    }
  };
  if (context.roots.head) add(context.roots.head->target, Reach::head);
  for (const Ref& ref : context.roots.refs) add(ref.target, ref.name == "refs/stash" ? Reach::stash : Reach::tip);
  for (const Ref& ref : context.roots.other_heads)
    if (is_tip(ref)) add(ref.target, Reach::tip);
  return tips;
}

// Texts of one commit or tag, or of a root.
struct TextOwner {
  uint32_t commit = kNoCommit;
  const TagLink* tag = nullptr;
  Reach reach = Reach::unreachable;
};

class TextWriter {
 public:
  TextWriter(const HistoryContext& context, Drafts& drafts)
      : context_(context), drafts_(drafts), tips_(tip_objects(context)) {}

  void add(const TextHits& text) {
    const TextOwner owner = owner_of(text);
    for (const ResolvedHit& hit : resolve_hits(context_.rules, text.hits, nullptr)) {
      if (text.carrier == Carrier::author) keep_first_author(text, hit, owner);
      else place(text, hit, owner);
    }
  }

  // An author is one version however many commits bear the name: the place is the first of them.
  void place_authors() {
    for (const auto& [key, first] : authors_) place(*first.text, first.hit, first.owner);
  }

 private:
  struct FirstAuthor {
    const TextHits* text;
    ResolvedHit hit;
    TextOwner owner;
  };

  TextOwner owner_of(const TextHits& text) const {
    const auto tag = std::lower_bound(context_.facts.tags.begin(), context_.facts.tags.end(), text.object,
                                      [](const TagLink& one, const ObjectId& id) { return one.tag < id; });
    TextOwner owner;
    if (tag != context_.facts.tags.end() && tag->tag == text.object) owner.tag = &*tag;
    owner.commit = context_.graph.find(peel(context_.facts, text.object));
    if (text.carrier == Carrier::reflog_message) owner.reach = Reach::reflog;
    else if (text.carrier == Carrier::git_config) owner.reach = Reach::worktree;
    else if (const auto tip = tips_.find(text.object); tip != tips_.end()) owner.reach = tip->second;
    else if (owner.tag == nullptr) owner.reach = reach_of_commit(context_, owner.commit, tips_);
    return owner;
  }

  uint32_t position_of(const TextOwner& owner) const {
    return owner.commit == kNoCommit ? UINT32_MAX : context_.graph.position(owner.commit);
  }

  void keep_first_author(const TextHits& text, const ResolvedHit& hit, const TextOwner& owner) {
    const auto key = std::tuple{hit.hit->rule, hit.hit->secret, text.text};
    const auto [at, is_new] = authors_.try_emplace(key, FirstAuthor{&text, hit, owner});
    if (is_new) return;
    FirstAuthor& first = at->second;
    const Reach strongest = std::min(first.owner.reach, owner.reach);
    if (position_of(owner) < position_of(first.owner)) first = {&text, hit, owner};
    first.owner.reach = strongest;
  }

  void place(const TextHits& text, const ResolvedHit& hit, const TextOwner& owner) {
    Place place{.carrier = text.carrier, .reach = owner.reach};
    std::optional<std::string> path;
    if (text.carrier == Carrier::git_config) path = text.text;
    else if (owner.commit != kNoCommit) place.commit = context_.graph.id(owner.commit);
    if (owner.tag != nullptr) {
      place.author = owner.tag->tagger;
      if (owner.tag->date != 0) place.author_date = owner.tag->date;
    }
    DraftPlace& added = add_place(drafts_, hit, path, std::move(place));
    added.position = position_of(owner);
    if (!added.place.commit) return;
    Draft& draft = drafts_[FindingKey{hit.hit->rule, hit.hit->secret, path, {}}];
    draft.introduced.push_back({added.position, *added.place.commit});
    draft.only_merges = draft.only_merges && context_.graph.parents(owner.commit).size() > 1;
  }

  const HistoryContext& context_;
  Drafts& drafts_;
  const std::map<ObjectId, Reach> tips_;
  std::map<std::tuple<uint32_t, Secret, std::string>, FirstAuthor> authors_;
};

}  // namespace

void add_text_leaks(const HistoryContext& context, const std::vector<TextHits>& root_texts, Drafts& drafts) {
  TextWriter writer(context, drafts);
  for (const TextHits& text : context.facts.texts) writer.add(text);
  for (const TextHits& text : root_texts) writer.add(text);
  writer.place_authors();
}

void fill_commits(const HistoryContext& context, Drafts& drafts) {
  struct Author {
    std::string who;
    int64_t date = 0;
  };
  const auto lacks_author = [](const DraftPlace& one) { return one.place.commit && !one.place.author_date; };
  std::vector<ObjectId> commits;
  for (const auto& [key, draft] : drafts)
    for (const DraftPlace& one : draft.places)
      if (lacks_author(one)) commits.push_back(*one.place.commit);
  std::sort(commits.begin(), commits.end());
  commits.erase(std::unique(commits.begin(), commits.end()), commits.end());
  std::vector<Author> authors(commits.size());
  std::vector<std::unique_ptr<ObjectStore::Loader>> loaders(thread_count());
  parallel_ranges(commits.size(), 16, [&](size_t first, size_t last, size_t worker) {
    if (!loaders[worker]) loaders[worker] = std::make_unique<ObjectStore::Loader>(context.store.make_loader());
    for (size_t i = first; i < last; ++i)
      if (const Result<Object> object = loaders[worker]->load(commits[i]); object)
        if (const Result<CommitView> commit = parse_commit(object->bytes); commit) {
          const Signature author = parse_signature(commit->author);
          authors[i] = {std::string(author.who), author.date};
        }
  });
  for (auto& [key, draft] : drafts)
    for (DraftPlace& one : draft.places) {
      if (!lacks_author(one)) continue;
      const auto found = std::lower_bound(commits.begin(), commits.end(), *one.place.commit);
      const Author& author = authors[static_cast<size_t>(found - commits.begin())];
      one.place.author = author.who;
      one.place.author_date = author.date;
    }
}

namespace {

// Puts one lack into the ledger, once an id.
class LackAccount {
 public:
  LackAccount(const HistoryContext& context, bool partial, Ledger& ledger)
      : context_(context), partial_(partial), ledger_(ledger) {}

  void missing(const ObjectId& id, bool reached, const std::string& what) {
    if (!told_.insert(id).second) return;
    const Skip reason = !reached ? Skip::missing_unreachable : partial_ ? Skip::missing_promised : Skip::missing_object;
    if (reached || !context_.refs_only) ledger_.skip(reason, what + " " + id.hex());
  }
  void corrupt(const Lack& lack) {
    const std::string id = lack.id.hex();
    const std::string cause = lack.cause.starts_with(id) ? lack.cause : id + ": " + lack.cause;
    if (told_.insert(lack.id).second) ledger_.skip(lack.is_limit ? Skip::limit : Skip::corrupt_object, "object " + cause);
  }

 private:
  const HistoryContext& context_;
  const bool partial_;
  Ledger& ledger_;
  std::set<ObjectId> told_;
};

bool by_root(const HistoryContext& context, uint32_t commit) {
  const uint8_t wanted = context.refs_only ? kByRefs | kByNotes | kByStash : kByAnyRoot;
  return commit != kNoCommit && (context.reached_by[commit] & wanted) != 0;
}

bool named_by_ref(const HistoryContext& context, const ObjectId& tag) {
  return std::any_of(context.roots.refs.begin(), context.roots.refs.end(), [&](const Ref& ref) {
    const std::vector<ObjectId> chain = peel_chain(context.facts, ref.target);
    return std::find(chain.begin(), chain.end(), tag) != chain.end();
  });
}

// Whether a ref names the tag, or reaches the commit, that bears the text.
bool text_by_ref(const HistoryContext& context, const TextHits& text) {
  return by_root(context, context.graph.find(text.object)) || named_by_ref(context, text.object);
}

void account_for_roots(const HistoryContext& context, LackAccount& account) {
  const auto check = [&](const ObjectId& id, const std::string& what) {
    if (!id.is_zero() && !context.store.contains(id)) account.missing(id, true, what);
  };
  if (context.roots.head) check(context.roots.head->target, "HEAD:");
  for (const Ref& ref : context.roots.refs) check(ref.target, ref.name + ":");
  for (const Ref& ref : context.roots.other_heads)
    if (is_tip(ref)) check(ref.target, ref.name + ":");  // ORIG_HEAD and the like keep nothing alive
  if (context.refs_only) return;
  for (const ReflogEntry& entry : context.roots.reflog) check(entry.to, "reflog of " + entry.log + ":");
  for (const IndexEntry& entry : context.roots.index)
    if (entry.mode != kModeSubmodule && !entry.intent_to_add) check(entry.id, "index entry " + entry.path + ":");
}

void account_for_parents(const HistoryContext& context, LackAccount& account, Ledger& ledger) {
  const std::set<ObjectId> shallow(context.roots.shallow.begin(), context.roots.shallow.end());
  std::set<ObjectId> told;
  for (const CommitGraph::MissingParent& one : context.graph.missing()) {
    const ObjectId& commit = context.graph.id(one.commit);
    if (!shallow.contains(commit)) account.missing(one.parent, by_root(context, one.commit), "commit");
    else if (told.insert(commit).second)
      ledger.skip(Skip::shallow_boundary, "history before commit " + commit.hex() + "; git fetch --unshallow brings it");
  }
}

}  // namespace

void note_text_gaps(const TextHits& text, Ledger& ledger) {
  note_gaps(ledger, std::string(name_of(text.carrier)) + " of " + text.object.hex(), text.gaps);
}

void account_for_lacks(const HistoryContext& context, const Attribution& attribution,
                       const std::map<ObjectId, Whereabouts>& whereabouts, bool partial, Ledger& ledger) {
  LackAccount account(context, partial, ledger);
  const uint8_t wanted = context.refs_only ? kByRefs | kByNotes | kByStash : kByAnyRoot;
  const std::vector<bool> reached = attribution.reached(context.reached_by, wanted, context.targets.size());
  account_for_roots(context, account);
  account_for_parents(context, account, ledger);
  for (const Lack& lack : context.facts.lacks) {
    const uint32_t target = context.targets.find(lack.id);
    switch (lack.by) {
      case Lack::By::itself: account.corrupt(lack); break;
      case Lack::By::tree: account.missing(lack.id, target != kNoTarget && reached[target], "object"); break;
      case Lack::By::commit: account.missing(lack.id, by_root(context, context.graph.find(lack.referrer)), "tree"); break;
      case Lack::By::tag: account.missing(lack.id, named_by_ref(context, lack.referrer), "target of a tag:"); break;
    }
  }
  for (const auto& [name, commit] : context.facts.submodules) ledger.skip(Skip::submodule, name + " at " + commit.hex());
  for (const TextHits& text : context.facts.texts)
    if (!context.refs_only || text_by_ref(context, text)) note_text_gaps(text, ledger);
  const auto wants = [&](const ObjectId& blob) {
    if (!context.refs_only) return true;
    const auto where = whereabouts.find(blob);
    return where != whereabouts.end() && (where->second.at_tip || reached[context.targets.find(blob)]);
  };
  for (const auto& [blob, gaps] : context.facts.gaps) {
    const auto where = whereabouts.find(blob);
    if (wants(blob)) note_gaps(ledger, where == whereabouts.end() ? "" : where->second.path, blob, gaps);
  }
  for (const ObjectId& blob : context.facts.lfs_pointers)
    if (wants(blob)) ledger.skip(Skip::lfs_pointer, "blob " + blob.hex());
}

}  // namespace sealwarden
