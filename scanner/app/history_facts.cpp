// SPDX-License-Identifier: Apache-2.0
#include "scanner/app/history_facts.h"

#include <algorithm>
#include <iterator>
#include <memory>
#include <tuple>
#include <unordered_map>

#include "git/tree_recorder.h"
#include "scanner/base/parallel.h"
#include "scanner/decode/content.h"

namespace sealwarden {
namespace {

// Tells of a worker's progress now and then, so that it costs nothing.
class Pace {
 public:
  explicit Pace(Progress& progress) : progress_(progress) {}
  ~Pace() { tell(); }
  Pace(const Pace&) = delete;
  Pace& operator=(const Pace&) = delete;

  void count(uint64_t bytes, uint64_t found) {
    constexpr uint64_t kObjects = 256, kBytes = uint64_t{1} << 22;
    ++objects_;
    bytes_ += bytes;
    found_ += found;
    if (objects_ >= kObjects || bytes_ >= kBytes) tell();
  }

 private:
  void tell() {
    progress_.advance(objects_, bytes_, found_);
    objects_ = bytes_ = found_ = 0;
  }
  Progress& progress_;
  uint64_t objects_ = 0, bytes_ = 0, found_ = 0;
};

struct BlobMemory : VisitedObject::Memory {
  explicit BlobMemory(std::shared_ptr<const ScanMemory> memory) : scan(std::move(memory)) {}
  std::shared_ptr<const ScanMemory> scan;
};

// One worker's share of the pass over all that is no tree.
class ObjectScanner final : public ObjectVisitor {
 public:
  ObjectScanner(const ObjectStore& store, const CompiledRules& rules, Progress& progress)
      : store_(store), scanner_(rules), pace_(progress) {}

  std::shared_ptr<const VisitedObject::Memory> visit(const VisitedObject& object) override {
    if (object.type == ObjectType::blob) return scan_blob(object);
    if (object.is_repeat) return nullptr;
    if (object.type == ObjectType::commit) scan_commit(object.id, object.bytes);
    else scan_tag(object.id, object.bytes);
    pace_.count(object.bytes.size(), 0);
    return nullptr;
  }

  void note_unreadable(const ObjectId& id, const Error& cause) override {
    facts_.lacks.insert({id, Lack::By::itself, {}, cause.message, cause.kind == Error::Kind::limit});
  }

  HistoryFacts take() {
    facts_.stats = scanner_.stats();
    return std::move(facts_);
  }

 private:
  std::shared_ptr<const VisitedObject::Memory> scan_blob(const VisitedObject& object) {
    const auto scan = [&]() -> const std::vector<Hit>& {
      if (object.base == nullptr) return scanner_.scan(object.bytes);
      const auto* known = static_cast<const BlobMemory*>(object.base->memory);
      return scanner_.scan(object.bytes, {object.base->bytes.size(), known == nullptr ? nullptr : known->scan.get(), object.base->copied});
    };
    const std::vector<Hit>& hits = scan();
    if (!object.is_repeat) {
      ++facts_.blob_count;
      facts_.blob_bytes += object.bytes.size();
      if (is_lfs_pointer(object.bytes)) facts_.lfs_pointers.push_back(object.id);
      if (!scanner_.gaps().empty()) facts_.gaps.emplace_back(object.id, scanner_.gaps());
      if (!hits.empty()) facts_.blobs.push_back({object.id, hits});
      pace_.count(object.bytes.size(), hits.empty() ? 0 : 1);
    }
    std::shared_ptr<const ScanMemory> memory = object.has_deltas ? scanner_.memory() : nullptr;
    return memory ? std::make_shared<BlobMemory>(std::move(memory)) : nullptr;
  }

  void scan_commit(const ObjectId& id, Bytes bytes) {
    const Result<CommitView> commit = parse_commit(bytes);
    if (!commit) {
      facts_.lacks.insert({id, Lack::By::itself, {}, commit.error().message});
      return;
    }
    if (!store_.contains(commit->tree)) facts_.lacks.insert({commit->tree, Lack::By::commit, id, {}});
    facts_.commits.add(id, commit->tree, commit->parents, parse_signature(commit->committer).date);
    // The parts go through Hyperscan together, as lines of their own: no hit there, none in a part.
    joined_.assign(parse_signature(commit->author).who).append("\n").append(parse_signature(commit->committer).who).append("\n");
    for (const auto& [name, value] : commit->other_headers) joined_.append(value).append("\n");
    joined_.append(commit->message);
    if (!scanner_.may_hit(joined_)) return;
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
  BlobScanner::Worker scanner_;
  Pace pace_;
  std::string joined_;
  HistoryFacts facts_;
};

// One worker's share of the pass over the trees: names, and what is to be kept for attribution.
class TreeScanner final : public ObjectVisitor, public TreeRecorder::Watch {
 public:
  TreeScanner(const ObjectStore& store, const CompiledRules& rules, const FileRuleIndex& file_rules, const PolicyEngine& policy,
              SoughtObjects& sought, Progress& progress)
      : file_rules_(file_rules), policy_(policy), scanner_(rules), recorder_(std::make_unique<TreeRecorder>(store, sought, *this)), pace_(progress) {}

  std::shared_ptr<const VisitedObject::Memory> visit(const VisitedObject& object) override {
    std::shared_ptr<const VisitedObject::Memory> memory;
    if (!recorder_->record(object, memory) && !object.is_repeat)
      facts_.lacks.insert({object.id, Lack::By::itself, {}, "broken tree"});
    if (!object.is_repeat) pace_.count(object.bytes.size(), 0);
    return memory;
  }

  void note_unreadable(const ObjectId& id, const Error& cause) override {
    facts_.lacks.insert({id, Lack::By::itself, {}, cause.message, cause.kind == Error::Kind::limit});
  }

  HistoryFacts take() {
    facts_.stats = scanner_.stats();
    return std::move(facts_);
  }
  std::unique_ptr<TreeRecorder> take_recorder() { return std::move(recorder_); }

 private:
  // A name that a file rule could hold for, that is a document's, or that holds a secret.
  struct Telling {
    std::vector<uint32_t> rules;
    bool document = false;
    std::vector<Hit> hits;
  };

  uint32_t judge_name(std::string_view name) override {
    file_rules_.candidates(name, matched_);
    const bool may_hit = scanner_.may_hit(name);
    const bool document = policy_.wants_versions_of(name);
    if (matched_.empty() && !may_hit && !document) return 0;
    const auto [at, is_new] = telling_numbers_.try_emplace(std::string(name), static_cast<uint32_t>(telling_.size() + 1));
    if (!is_new) return at->second;
    Telling telling{matched_, document, {}};
    if (may_hit) telling.hits = scanner_.scan(name);
    telling_.push_back(std::move(telling));
    return at->second;
  }

  void see_entry(const TreeEntry& entry, uint32_t judgement, uint32_t position) override {
    const Telling* const telling = judgement == 0 ? nullptr : &telling_[judgement - 1];
    if (telling != nullptr && !telling->hits.empty()) facts_.names.push_back({entry.id, std::string(entry.name), telling->hits});
    if (entry.mode == kModeSubmodule) {
      facts_.submodules.emplace(entry.name, entry.id);
      return;
    }
    if (position == TreeRecorder::kAbsent) facts_.lacks.insert({entry.id, Lack::By::tree, {}, {}});
    if (telling == nullptr || entry.mode == kModeTree || entry.mode == kModeSymlink) return;
    if (telling->document) facts_.documents.push_back(entry.id);
    for (const uint32_t rule : telling->rules) facts_.file_candidates.insert({entry.id, rule, std::string(entry.name)});
  }

  const FileRuleIndex& file_rules_;
  const PolicyEngine& policy_;
  BlobScanner::Worker scanner_;
  std::unique_ptr<TreeRecorder> recorder_;
  Pace pace_;
  std::vector<uint32_t> matched_;
  std::vector<Telling> telling_;
  std::unordered_map<std::string, uint32_t> telling_numbers_;  // from 1
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
  all.commits.append(std::move(share.commits));
  append(all.tags, share.tags);
  append(all.lfs_pointers, share.lfs_pointers);
  append(all.gaps, share.gaps);
  append(all.documents, share.documents);
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
  std::sort(facts.documents.begin(), facts.documents.end());
  facts.documents.erase(std::unique(facts.documents.begin(), facts.documents.end()), facts.documents.end());
}

}  // namespace

HistoryFacts scan_objects(const ObjectStore& store, ObjectPass& pass, const CompiledRules& rules, Progress& progress) {
  std::vector<std::unique_ptr<ObjectScanner>> workers(thread_count());
  pass.show_all_but_trees([&](size_t worker) -> ObjectVisitor& {
    workers[worker] = std::make_unique<ObjectScanner>(store, rules, progress);
    return *workers[worker];
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

std::vector<std::unique_ptr<TreeRecorder>> scan_trees(const ObjectStore& store, ObjectPass& pass, const CompiledRules& rules,
                                                      const FileRuleIndex& file_rules, const PolicyEngine& policy, HistoryFacts& facts,
                                                      Progress& progress) {
  std::unordered_set<ObjectId> targets;
  for (const BlobHits& blob : facts.blobs) targets.insert(blob.id);
  for (const FileCandidate& candidate : facts.file_candidates) targets.insert(candidate.blob);
  for (const Lack& lack : facts.lacks) targets.insert(lack.id);
  targets.insert(facts.told.begin(), facts.told.end());
  targets.insert(facts.documents.begin(), facts.documents.end());
  SoughtObjects sought(std::move(targets));
  std::vector<std::unique_ptr<TreeScanner>> workers(thread_count());
  pass.show_trees([&](size_t worker) -> ObjectVisitor& {
    workers[worker] = std::make_unique<TreeScanner>(store, rules, file_rules, policy, sought, progress);
    return *workers[worker];
  });
  std::vector<std::unique_ptr<TreeRecorder>> recorders;
  for (std::unique_ptr<TreeScanner>& worker : workers)
    if (worker) {
      merge_into(facts, worker->take());
      recorders.push_back(worker->take_recorder());
      worker.reset();
    }
  sort_all(facts);
  return recorders;
}

}  // namespace sealwarden
