// SPDX-License-Identifier: Apache-2.0
#include "scanner/app/change_scan.h"

#include <algorithm>
#include <iterator>
#include <mutex>

#include "scanner/app/content_gaps.h"
#include "scanner/base/parallel.h"
#include "scanner/decode/content.h"
#include "scanner/engine/overlaps.h"

namespace sealwarden {

ChangeScan::ChangeScan(const Repository& repository, const ObjectReader& reader, const CompiledRules& rules, PolicyScan& policy,
                       const TreeView& tree, bool leads_there, Ledger& ledger)
    : repository_(repository), reader_(reader), rules_(rules), policy_(policy), tree_(tree), leads_there_(leads_there), ledger_(ledger),
      file_rules_(rules.rule_set()), scanner_(rules) {}

void ChangeScan::want(const PathChange& change, const ObjectId& blob, Wanted& wanted) {
  if (blob.is_zero() || change.mode == kModeSubmodule) return;
  const auto known = facts_.find(blob);
  std::vector<uint32_t> candidates;
  if (change.mode != kModeSymlink)
    file_rules_.candidates(std::string_view(change.path).substr(change.path.rfind('/') + 1), candidates);
  std::erase_if(candidates, [&](uint32_t rule) {
    return !rule_applies(rules_.rule(rule), &change.path) || (known != facts_.end() && known->second.asked.contains(rule));
  });
  const bool document = change.mode != kModeSymlink && policy_.engine().wants(change.path) &&
                        (known == facts_.end() || !known->second.at_path.contains(change.path));
  if (known != facts_.end() && candidates.empty() && !document) return;
  Wish& wish = wanted[blob];
  if (wish.path.empty() || change.path < wish.path) wish.path = change.path;
  wish.to_confirm.insert(candidates.begin(), candidates.end());
  if (document && blob == change.id) wish.documents[change.path].insert(change.before.begin(), change.before.end());
  else if (document) wish.documents[change.path];
}

void ChangeScan::scan(const std::vector<const PathChange*>& changes) {
  Wanted wanted;
  for (const PathChange* change : changes) want(*change, change->id, wanted);
  scan_blobs(wanted, true);
  // A path counts on its whole way through the range: an old side there decides what is new and what was taken away.
  std::set<std::string_view> paths;
  for (const PathChange* change : changes)
    if (const auto found = facts_.find(change->id);
        found != facts_.end() && (!found->second.hits_at(change->path).empty() || !found->second.confirmed.empty()))
      paths.insert(change->path);
  Wanted old_sides;
  for (const PathChange* change : changes)
    if (paths.contains(change->path))
      for (const ObjectId& blob : change->before) want(*change, blob, old_sides);
  scan_blobs(old_sides, false);
}

void ChangeScan::scan_blobs(const Wanted& wanted, bool count) {
  std::vector<const Wanted::value_type*> list;
  for (const auto& one : wanted) list.push_back(&one);
  std::mutex mutex;
  MissingObjects missing(repository_.is_partial(), ledger_);
  const auto scan_one = [&](const Wanted::value_type& one, const ObjectReader& reader, BlobScanner::Worker& scanner) {
    const Result<ReadObject> object = reader.load(one.first, ObjectType::blob);
    if (!object) {
      const std::lock_guard<std::mutex> lock(mutex);
      missing.report(object.error(), "a changed file");
      facts_[one.first];
      return;
    }
    const Wish& wish = one.second;
    BlobFacts facts{.hits = scanner.scan(object->bytes()), .asked = wish.to_confirm, .confirmed = {}, .at_path = {}};
    for (const auto& [path, before] : wish.documents) facts.at_path[path] = hits_at_path(path, before, object->bytes(), facts.hits, reader, count);
    for (const uint32_t rule : wish.to_confirm)
      if (file_rule_confirms(rules_, rule, object->bytes())) facts.confirmed.insert(rule);
    if (count) note_gaps(ledger_, wish.path, one.first, scanner.gaps());
    if (count) ledger_.scanned(1, object->bytes().size());
    if (count && is_lfs_pointer(object->bytes())) ledger_.skip(Skip::lfs_pointer, wish.path + " (blob " + one.first.hex() + ")");
    const std::lock_guard<std::mutex> lock(mutex);
    // Scanned before under another path: the same hits, more file rules.
    BlobFacts& all = facts_[one.first];
    all.hits = std::move(facts.hits);
    all.asked.merge(facts.asked);
    all.confirmed.merge(facts.confirmed);
    all.at_path.merge(facts.at_path);
  };
  // Few blobs (a commit by hand): threads would cost more than they bring.
  if (list.size() < 16) {
    for (const auto* one : list) scan_one(*one, reader_, scanner_);
    return;
  }
  struct Tools {
    Result<ObjectReader> reader;
    BlobScanner::Worker scanner;
  };
  std::vector<std::unique_ptr<Tools>> tools(thread_count());
  parallel_ranges_until_stopped(list.size(), 8, [&](size_t first, size_t last, size_t worker) {
    if (!tools[worker]) tools[worker] = std::make_unique<Tools>(Tools{ObjectReader::open(repository_), BlobScanner::Worker(rules_)});
    for (size_t i = first; i < last; ++i) {
      if (tools[worker]->reader) scan_one(*list[i], *tools[worker]->reader, tools[worker]->scanner);
      else ledger_.skip(Skip::corrupt_repository, tools[worker]->reader.error().message);
    }
  });
  for (const std::unique_ptr<Tools>& one : tools)
    if (one) stats_.add(one->scanner.stats());
}

std::vector<Hit> ChangeScan::hits_at_path(const std::string& path, const std::set<ObjectId>& before, Bytes bytes, const std::vector<Hit>& hits,
                                          const ObjectReader& reader, bool is_new) {
  const PolicyScan::Place place{.path = path, .tree = &tree_, .is_new = is_new, .may_be_mended = leads_there_};
  std::vector<Hit> more = policy_.hits_in(place, bytes, hits);
  if (is_new && policy_.engine().wants_pairs(path, bytes))
    for (const ObjectId& id : before) {
      if (id.is_zero()) continue;
      const Result<ReadObject> old = reader.load(id, ObjectType::blob);
      if (old) std::ranges::move(policy_.judge_pair(place, bytes, old->bytes()), std::back_inserter(more));
    }
  return more.empty() ? hits : with_policy_hits(hits, std::move(more));
}

bool ChangeScan::holds(const ObjectId& blob, const FindingKey& key) const {
  const auto found = facts_.find(blob);
  if (found == facts_.end()) return false;
  const BlobFacts& facts = found->second;
  if (key.secret.empty() && key.subject.empty()) return facts.confirmed.contains(key.rule);
  const std::vector<Hit>& hits = facts.hits_at(key.path ? key.path->substr(0, key.path->find('!')) : std::string());
  return std::any_of(hits.begin(), hits.end(), [&](const Hit& hit) {
    return hit.rule == key.rule && !hit.refused && hit.secret == key.secret && (hit.policy ? hit.policy->subject == key.subject : key.subject.empty());
  });
}

std::vector<ChangeScan::NewLeak> ChangeScan::brought_by(const PathChange& change, const std::vector<ObjectId>& parent_trees) {
  std::vector<NewLeak> out;
  const Carrier carrier = change.mode == kModeSymlink ? Carrier::symlink : Carrier::blob;
  const auto is_new = [&](FindingKey key) {
    if (change.new_path && brought_.contains(FindingKey{key.rule, key.secret, std::nullopt, key.subject})) return true;
    return std::none_of(change.before.begin(), change.before.end(), [&](const ObjectId& blob) { return holds(blob, key); });
  };
  if (const auto found = facts_.find(change.id); found != facts_.end() && !change.id.is_zero()) {
    bool says_more = false;
    std::vector<uint32_t> files;
    for (const uint32_t rule : found->second.confirmed)
      if (rule_applies(rules_.rule(rule), &change.path)) files.push_back(rule);
    for (ResolvedHit& hit : resolve_hits(rules_.rule_set(), found->second.hits_at(change.path), &change.path)) {
      if (!is_new(key_of(*hit.hit, change.path))) continue;
      if (says_more_than_file(rules_.rule(hit.hit->rule))) {
        says_more = true;
        hit.also.insert(hit.also.end(), files.begin(), files.end());
      }
      const uint32_t rule = hit.hit->rule;
      std::string path = member_path(change.path, hit.hit->member);
      out.push_back({std::move(hit), rule, carrier, std::move(path), false});
    }
    for (const uint32_t rule : files)
      if (!says_more && is_new({rule, Secret(), change.path, {}})) out.push_back({std::nullopt, rule, carrier, change.path, false});
  }
  if (change.new_path) add_names(change, parent_trees, out);
  return out;
}

std::vector<Hit> ChangeScan::scan_text(Bytes text, Carrier carrier, const std::optional<ObjectId>& commit) {
  std::vector<Hit> hits = scanner_.scan(text);
  note_gaps(ledger_, std::string(name_of(carrier)) + (commit ? " of " + commit->hex() : ""), scanner_.gaps());
  return hits;
}

void ChangeScan::add_names(const PathChange& change, const std::vector<ObjectId>& parent_trees, std::vector<NewLeak>& out) {
  if (!scanner_.may_hit(change.path)) return;
  for (const std::string& path : path_prefixes(change.path)) {
    auto hits = std::make_unique<std::vector<Hit>>(scanner_.scan(Bytes(path).substr(path.rfind('/') + 1)));
    const auto known = [&](const ObjectId& tree) { return find_in_tree(reader_, tree, path).has_value(); };
    if (hits->empty() || std::any_of(parent_trees.begin(), parent_trees.end(), known)) continue;
    for (ResolvedHit& hit : resolve_hits(rules_.rule_set(), *hits, &path)) {
      const uint32_t rule = hit.hit->rule;
      out.push_back({std::move(hit), rule, Carrier::file_name, path, true});
    }
    name_hits_.push_back(std::move(hits));
  }
}

ScanStats ChangeScan::stats() const {
  ScanStats all = stats_;
  all.add(scanner_.stats());
  return all;
}

}  // namespace sealwarden
