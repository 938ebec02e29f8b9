// SPDX-License-Identifier: Apache-2.0
#include "scanner/app/history_documents.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <tuple>
#include <utility>

#include "scanner/base/parallel.h"
#include "scanner/engine/overlaps.h"

namespace sealwarden {
namespace {

// One version of a file: what is judged once.
struct Version {
  uint32_t target;
  std::string path;
  uint32_t commit = kNoCommit;     // the first that has it, for the files beside it
  std::set<uint32_t> before;       // versions that it came after
  bool at_head = false;
};

class VersionList {
 public:
  VersionList(const HistoryContext& context, const Attribution& attribution, const ObjectTreeView* head)
      : context_(context), attribution_(attribution), head_(head) {}

  std::vector<Version> take() {
    attribution_.walk([this](const Attribution::Transition& one) {
      if (one.now == kNoTarget || !is_regular_file(one.mode) || !context_.targets.is_document(one.now)) return;
      Version& version = note(one.now, one.path);
      if (version.commit == kNoCommit) version.commit = one.commit;
      for (const uint32_t before : one.before)
        if (before != kNoTarget && before != one.now && context_.targets.is_document(before)) version.before.insert(before);
    });
    if (head_ != nullptr)
      for (const auto& [path, id] : head_->files())
        if (const uint32_t target = context_.targets.find(id); target != kNoTarget && context_.targets.is_document(target)) note(target, path).at_head = true;
    for (const Ref& ref : context_.roots.refs) add_tree(peel(context_.facts, ref.target));
    if (!context_.refs_only)
      for (const IndexEntry& entry : context_.roots.index)
        if (const uint32_t target = context_.targets.find(entry.id); target != kNoTarget && is_regular_file(entry.mode) && context_.targets.is_document(target))
          note(target, entry.path);
    std::vector<Version> list;
    for (auto& [key, version] : versions_) list.push_back(std::move(version));
    // The versions of a file one behind the other, as they came: most differ little, and lie near each other in a pack.
    const auto age = [&](const Version& one) { return one.commit == kNoCommit ? kNoCommit : context_.graph.position(one.commit); };
    std::ranges::sort(list, [&](const Version& a, const Version& b) {
      return std::tuple(std::string_view(a.path), age(a), a.target) <
             std::tuple(std::string_view(b.path), age(b), b.target);
    });
    return list;
  }

 private:
  // A tag may name a tree that no commit holds.
  void add_tree(const ObjectId& id) {
    if (context_.graph.find(id) != kNoCommit) return;
    for (const Attribution::Entry& entry : attribution_.list_new(id, listed_))
      if (is_regular_file(entry.mode) && context_.targets.is_document(entry.target)) note(entry.target, entry.path);
  }

  Version& note(uint32_t target, const std::string& path) {
    Version& version = versions_[{target, path}];
    version.target = target;
    version.path = path;
    return version;
  }

  const HistoryContext& context_;
  const Attribution& attribution_;
  const ObjectTreeView* head_;
  Attribution::Listed listed_;
  std::map<std::pair<uint32_t, std::string>, Version> versions_;
};

}  // namespace

std::vector<ObjectId> head_documents(const ObjectTreeView& head, const PolicyEngine& engine) {
  std::vector<ObjectId> out;
  for (const auto& [path, id] : head.files())
    if (engine.wants(path)) out.push_back(id);
  return out;
}

std::unique_ptr<ObjectTreeView> head_view(const ObjectStore& store, const Roots& roots) {
  if (!roots.head) return nullptr;
  ObjectStore::Loader loader = store.make_loader();
  const Result<Object> object = loader.load(roots.head->target);
  if (!object || object->type != ObjectType::commit) return nullptr;
  const Result<CommitView> commit = parse_commit(object->bytes);
  return commit ? std::make_unique<ObjectTreeView>(load_from(store), commit->tree) : nullptr;
}

void judge_documents(const HistoryContext& context, const Attribution& attribution, const ObjectTreeView* head, PolicyScan& policy,
                     HistoryTargets& targets) {
  const std::vector<Version> versions = VersionList(context, attribution, head).take();
  const ObjectTreeView::Load load = load_from(context.store);
  std::vector<std::vector<Hit>> found(versions.size());
  std::vector<std::unique_ptr<ObjectStore::Loader>> loaders(thread_count());
  // The first version of each range is judged whole.
  parallel_ranges_until_stopped(versions.size(), 256, [&](size_t first, size_t last, size_t worker) {
    if (!loaders[worker]) loaders[worker] = std::make_unique<ObjectStore::Loader>(context.store.make_loader());
    VersionJudge judge(policy.engine());
    for (size_t i = first; i < last; ++i) {
      const Version& version = versions[i];
      const Result<Object> object = loaders[worker]->load(context.targets.id(version.target));
      if (!object || object->type != ObjectType::blob) continue;
      std::unique_ptr<ObjectTreeView> own;
      if (!version.at_head && version.commit != kNoCommit) own = std::make_unique<ObjectTreeView>(load, context.graph.tree(version.commit));
      const std::string bytes(object->bytes);
      const PolicyScan::Place place{.path = version.path, .tree = own ? own.get() : head, .head = head, .at_tip = version.at_head};
      const std::vector<Hit>& hits = context.targets.hits_of(version.target);
      std::vector<Hit> here = policy.hits_in(place, bytes, hits, &judge);
      if (judge.wants_pairs(version.path, bytes))
        for (const uint32_t before : version.before) {
          const Result<Object> old = loaders[worker]->load(context.targets.id(before));
          if (old && old->type == ObjectType::blob) std::ranges::move(policy.judge_pair(place, bytes, old->bytes), std::back_inserter(here));
        }
      if (!here.empty()) found[i] = with_policy_hits(hits, std::move(here));
    }
  });
  for (size_t i = 0; i < versions.size(); ++i)
    if (!found[i].empty()) targets.set_hits_at(versions[i].target, versions[i].path, std::move(found[i]));
}

}  // namespace sealwarden
