// SPDX-License-Identifier: Apache-2.0
#include "scanner/app/history_targets.h"

#include <algorithm>

namespace sealwarden {
namespace {

std::string_view last_component(std::string_view path) { return path.substr(path.rfind('/') + 1); }

bool is_file(uint32_t mode) { return mode != kModeTree && mode != kModeSymlink && mode != kModeSubmodule; }

}  // namespace

HistoryTargets::HistoryTargets(const RuleSet& rules, const HistoryFacts& facts) : rules_(rules) {
  for (const BlobHits& blob : facts.blobs) target_of(blob.id).hits = &blob;
  for (const FileCandidate& candidate : facts.file_candidates) target_of(candidate.blob).files.push_back(&candidate);
  for (const NameHits& name : facts.names) target_of(name.entry).names.push_back(&name);
  for (const Lack& lack : facts.lacks) target_of(lack.id);
  for (Target& target : targets_) {
    if (target.hits == nullptr) continue;
    for (const Hit& hit : target.hits->hits) {
      const Rule& rule = rules.rules[hit.rule];
      target.path_decides = target.path_decides || !rule.paths.empty() || !rule.not_paths.empty();
    }
    if (!target.path_decides) target.resolved = resolve_hits(rules, target.hits->hits, nullptr);
  }
}

HistoryTargets::Target& HistoryTargets::target_of(const ObjectId& id) {
  const auto [at, is_new] = numbers_.try_emplace(id, static_cast<uint32_t>(targets_.size()));
  if (is_new) targets_.emplace_back().id = id;
  return targets_[at->second];
}

std::unordered_map<ObjectId, uint32_t> HistoryTargets::ids() const { return numbers_; }

uint32_t HistoryTargets::find(const ObjectId& id) const {
  const auto found = numbers_.find(id);
  return found == numbers_.end() ? kNoTarget : found->second;
}

void HistoryTargets::add_content(const Target& target, const std::string* path, std::vector<TargetLeak>& out) const {
  if (target.hits == nullptr) return;
  if (!target.path_decides) {
    for (const ResolvedHit& one : target.resolved) out.push_back({one.hit->rule, one.hit, one.also, false});
    return;
  }
  for (ResolvedHit& one : resolve_hits(rules_, target.hits->hits, path))
    out.push_back({one.hit->rule, one.hit, std::move(one.also), false});
}

std::vector<TargetLeak> HistoryTargets::leaks_at(uint32_t number, const std::string& path, uint32_t mode) const {
  std::vector<TargetLeak> leaks;
  if (number == kNoTarget) return leaks;
  const Target& target = targets_[number];
  if (mode != kModeTree) add_content(target, &path, leaks);
  if (is_file(mode))
    for (const FileCandidate* file : target.files)
      if (last_component(path) == file->name && rule_applies(rules_.rules[file->rule], &path))
        leaks.push_back({file->rule, nullptr, {}, false});
  fold_file_rules(rules_, leaks);
  for (const NameHits* name : target.names) {
    if (last_component(path) != name->name) continue;
    for (ResolvedHit& one : resolve_hits(rules_, name->hits, &path))
      leaks.push_back({one.hit->rule, one.hit, std::move(one.also), true});
  }
  return leaks;
}

std::vector<TargetLeak> HistoryTargets::leaks_without_path(uint32_t number) const {
  std::vector<TargetLeak> leaks;
  add_content(targets_[number], nullptr, leaks);
  for (const FileCandidate* file : targets_[number].files)
    if (rule_applies(rules_.rules[file->rule], &file->name)) leaks.push_back({file->rule, nullptr, {}, false});
  fold_file_rules(rules_, leaks);
  return leaks;
}

std::vector<std::pair<std::string, TargetLeak>> HistoryTargets::names_of(uint32_t number) const {
  std::vector<std::pair<std::string, TargetLeak>> out;
  for (const NameHits* name : targets_[number].names)
    for (ResolvedHit& one : resolve_hits(rules_, name->hits, &name->name))
      out.emplace_back(name->name, TargetLeak{one.hit->rule, one.hit, std::move(one.also), true});
  return out;
}

std::string HistoryTargets::known_name(uint32_t number) const {
  return targets_[number].files.empty() ? std::string() : targets_[number].files.front()->name;
}

void fold_file_rules(const RuleSet& rules, std::vector<TargetLeak>& leaks) {
  const auto says_more = [&](const TargetLeak& leak) {
    return leak.hit != nullptr && says_more_than_file(rules.rules[leak.rule]);
  };
  if (std::none_of(leaks.begin(), leaks.end(), says_more)) return;
  std::vector<uint32_t> folded;
  for (const TargetLeak& leak : leaks)
    if (leak.hit == nullptr) folded.push_back(leak.rule);
  std::erase_if(leaks, [](const TargetLeak& leak) { return leak.hit == nullptr; });
  for (TargetLeak& leak : leaks)
    if (says_more(leak)) leak.also.insert(leak.also.end(), folded.begin(), folded.end());
}

}  // namespace sealwarden
