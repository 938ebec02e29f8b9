// SPDX-License-Identifier: Apache-2.0
#include "scanner/app/history_facts.h"

#include <algorithm>
#include <iterator>
#include <tuple>

#include "scanner/app/tree_differ.h"
#include "scanner/base/parallel.h"
#include "scanner/engine/content.h"

namespace sealwarden {
namespace {

// Neighbours in a pack share delta bases, so a worker takes a stretch of them.
constexpr size_t kObjectsAtOnce = 256;

// One worker's share of the pass.
class ObjectScanner {
 public:
  ObjectScanner(const ObjectStore& store, const CompiledRules& rules, const FileRuleIndex& file_rules)
      : store_(store), file_rules_(file_rules), loader_(store.make_loader()), scanner_(rules) {}

  void scan(const ObjectRef& ref) {
    const Result<Object> object = loader_.load(ref);
    if (!object) {
      facts_.lacks.insert({ref.id, Lack::By::itself, {}, object.error().message});
      return;
    }
    switch (object->type) {
      case ObjectType::blob: return scan_blob(ref.id, object->bytes);
      case ObjectType::tree: return scan_tree(ref.id, object->bytes);
      case ObjectType::commit: return scan_commit(ref.id, object->bytes);
      case ObjectType::tag: return scan_tag(ref.id, object->bytes);
    }
  }

  HistoryFacts& facts() { return facts_; }
  HistoryFacts take() {
    facts_.stats = scanner_.stats();
    return std::move(facts_);
  }

 private:
  void scan_blob(const ObjectId& id, Bytes bytes) {
    ++facts_.blob_count;
    facts_.blob_bytes += bytes.size();
    if (is_lfs_pointer(bytes)) facts_.lfs_pointers.push_back(id);
    const std::vector<Hit>& hits = scanner_.scan(bytes);
    if (!hits.empty()) facts_.blobs.push_back({id, hits});
  }

  void scan_tree(const ObjectId& id, Bytes bytes) {
    entries_.clear();
    if (!differ_.new_entries(bytes, entries_)) {
      facts_.lacks.insert({id, Lack::By::itself, {}, "broken tree"});
      return;
    }
    names_.clear();
    for (const TreeEntry& entry : entries_) {
      names_.append(entry.name).push_back('\n');
      note_entry(entry);
    }
    // All names go through Hyperscan at once; only if there is something each is looked at on its own.
    if (scanner_.may_hit(names_))
      for (const TreeEntry& entry : entries_) {
        const std::vector<Hit>& hits = scanner_.scan(entry.name);
        if (!hits.empty()) facts_.names.push_back({entry.id, std::string(entry.name), hits});
      }
  }

  void note_entry(const TreeEntry& entry) {
    if (entry.mode == kModeSubmodule) {
      facts_.submodules.emplace(entry.name, entry.id);
      return;
    }
    if (!store_.contains(entry.id)) facts_.lacks.insert({entry.id, Lack::By::tree, {}, {}});
    if (entry.mode == kModeTree || entry.mode == kModeSymlink) return;
    file_rules_.candidates(entry.name, matched_);
    for (const uint32_t rule : matched_) facts_.file_candidates.insert({entry.id, rule, std::string(entry.name)});
  }

  void scan_commit(const ObjectId& id, Bytes bytes) {
    const Result<CommitView> commit = parse_commit(bytes);
    if (!commit) {
      facts_.lacks.insert({id, Lack::By::itself, {}, commit.error().message});
      return;
    }
    if (!store_.contains(commit->tree)) facts_.lacks.insert({commit->tree, Lack::By::commit, id, {}});
    facts_.commits.push_back({id, commit->tree, commit->parents, parse_signature(commit->committer).date});
    // The parts below are parts of these bytes, cut at line ends and blanks: no hit in the whole, none in a part.
    if (!scanner_.may_hit(bytes)) return;
    scan_text(scanner_, Carrier::author, id, parse_signature(commit->author).who, facts_.texts);
    if (parse_signature(commit->committer).who != parse_signature(commit->author).who)
      scan_text(scanner_, Carrier::author, id, parse_signature(commit->committer).who, facts_.texts);
    for (const auto& [name, value] : commit->other_headers)
      scan_text(scanner_, name == "mergetag" ? Carrier::tag_message : Carrier::commit_message, id, value, facts_.texts);
    scan_text(scanner_, Carrier::commit_message, id, commit->message, facts_.texts);
  }

  void scan_tag(const ObjectId& id, Bytes bytes) {
    const Result<TagView> tag = parse_tag(bytes);
    if (!tag) {
      facts_.lacks.insert({id, Lack::By::itself, {}, tag.error().message});
      return;
    }
    if (!store_.contains(tag->target)) facts_.lacks.insert({tag->target, Lack::By::tag, id, {}});
    const Signature tagger = parse_signature(tag->tagger);
    facts_.tags.push_back({id, tag->target, tag->target_type, tagger.date, std::string(tagger.who)});
    scan_text(scanner_, Carrier::author, id, tagger.who, facts_.texts);
    scan_text(scanner_, Carrier::tag_message, id, tag->message, facts_.texts);
    scan_text(scanner_, Carrier::ref_name, id, tag->name, facts_.texts);
  }

  const ObjectStore& store_;
  const FileRuleIndex& file_rules_;
  ObjectStore::Loader loader_;
  BlobScanner::Worker scanner_;
  TreeDiffer differ_;
  std::vector<TreeEntry> entries_;
  std::vector<uint32_t> matched_;
  std::string names_;
  HistoryFacts facts_;
};

template <class Container>
void append(Container& to, Container& from) {
  to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
  from.clear();
}

void merge_into(HistoryFacts& all, HistoryFacts share) {
  append(all.blobs, share.blobs);
  append(all.texts, share.texts);
  append(all.names, share.names);
  append(all.commits, share.commits);
  append(all.tags, share.tags);
  append(all.lfs_pointers, share.lfs_pointers);
  all.file_candidates.merge(share.file_candidates);
  all.lacks.merge(share.lacks);
  all.submodules.merge(share.submodules);
  all.stats.add(share.stats);
  all.blob_count += share.blob_count;
  all.blob_bytes += share.blob_bytes;
}

void sort_all(HistoryFacts& facts) {
  std::sort(facts.blobs.begin(), facts.blobs.end(), [](const BlobHits& a, const BlobHits& b) { return a.id < b.id; });
  std::stable_sort(facts.texts.begin(), facts.texts.end(), [](const TextHits& a, const TextHits& b) {
    return std::tie(a.object, a.carrier) < std::tie(b.object, b.carrier);
  });
  const auto by_name = [](const NameHits& a, const NameHits& b) {
    return std::tie(a.name, a.entry) < std::tie(b.name, b.entry);
  };
  std::sort(facts.names.begin(), facts.names.end(), by_name);
  // Each worker may have met the same entry in its own trees.
  facts.names.erase(std::unique(facts.names.begin(), facts.names.end(),
                                [](const NameHits& a, const NameHits& b) { return a.name == b.name && a.entry == b.entry; }),
                    facts.names.end());
  std::sort(facts.tags.begin(), facts.tags.end(), [](const TagLink& a, const TagLink& b) { return a.tag < b.tag; });
  std::sort(facts.lfs_pointers.begin(), facts.lfs_pointers.end());
}

}  // namespace

HistoryFacts scan_objects(const ObjectStore& store, const CompiledRules& rules, const FileRuleIndex& file_rules,
                          Progress& progress) {
  const std::vector<ObjectRef>& objects = store.objects();
  std::vector<std::unique_ptr<ObjectScanner>> workers(thread_count());
  progress.set_total(objects.size());
  parallel_ranges_until_stopped(objects.size(), kObjectsAtOnce, [&](size_t first, size_t last, size_t worker) {
    if (!workers[worker]) workers[worker] = std::make_unique<ObjectScanner>(store, rules, file_rules);
    HistoryFacts& facts = workers[worker]->facts();
    const uint64_t bytes = facts.blob_bytes, found = facts.blobs.size();
    for (size_t i = first; i < last; ++i) workers[worker]->scan(objects[i]);
    progress.advance(last - first, facts.blob_bytes - bytes, facts.blobs.size() - found);
  });
  HistoryFacts all;
  for (std::unique_ptr<ObjectScanner>& worker : workers)
    if (worker) {
      merge_into(all, worker->take());
      worker.reset();
    }
  sort_all(all);
  return all;
}

}  // namespace sealwarden
