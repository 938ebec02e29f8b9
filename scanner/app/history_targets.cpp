// SPDX-License-Identifier: Apache-2.0
#include "scanner/app/history_targets.h"

#include <algorithm>

namespace sealwarden {
namespace {

std::string_view last_component(std::string_view path) { return path.substr(path.rfind('/') + 1); }

SharedLeaks share(std::vector<TargetLeak> list) {
  auto leaks = std::make_shared<TargetLeaks>();
  for (const TargetLeak& leak : list) leaks->numbers.push_back(leak.number);
  std::sort(leaks->numbers.begin(), leaks->numbers.end());
  leaks->numbers.erase(std::unique(leaks->numbers.begin(), leaks->numbers.end()), leaks->numbers.end());
  leaks->list = std::move(list);
  return leaks;
}

bool is_file(uint32_t mode) { return mode != kModeTree && mode != kModeSymlink && mode != kModeSubmodule; }

}  // namespace

HistoryTargets::HistoryTargets(const RuleSet& rules, const HistoryFacts& facts) : rules_(rules) {
  for (const BlobHits& blob : facts.blobs) target_of(blob.id).hits = &blob;
  for (const FileCandidate& candidate : facts.file_candidates) target_of(candidate.blob).files.push_back(&candidate);
  for (const NameHits& name : facts.names) target_of(name.entry).names.push_back(&name);
  for (const Lack& lack : facts.lacks) target_of(lack.id);
  for (const ObjectId& blob : facts.told) target_of(blob).told = true;
  for (const ObjectId& blob : facts.documents) target_of(blob).document = true;
  for (const FileCandidate& candidate : facts.file_candidates) number_of({candidate.rule, false, {}, {}, {}});
  for (const NameHits& name : facts.names)
    for (const Hit& hit : name.hits) number_of({hit.rule, true, hit.secret.reveal(), {}, {}});
  for (Target& target : targets_) {
    if (target.hits == nullptr) continue;
    target.first_number = hit_numbers_.size();
    for (const Hit& hit : target.hits->hits) {
      const Rule& rule = rules.rules[hit.rule];
      target.path_decides = target.path_decides || !rule.paths.empty() || !rule.not_paths.empty() || path_decides(hit.judged);
      hit_numbers_.push_back(number_of({hit.rule, false, hit.secret.reveal(), hit.member, {}}));
    }
    if (target.path_decides) continue;
    std::vector<TargetLeak> content;
    for (const ResolvedHit& one : resolve_hits(rules, target.hits->hits, nullptr)) content.push_back(leak_in(target, one));
    target.content = share(std::move(content));
  }
}

uint32_t HistoryTargets::number_of(const LeakName& name) {
  return leak_numbers_.try_emplace(name, static_cast<uint32_t>(leak_numbers_.size())).first->second;
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

TargetLeak HistoryTargets::leak_in(const Target& target, const ResolvedHit& one) const {
  const auto at = static_cast<size_t>(one.hit - target.hits->hits.data());
  return {.rule = one.hit->rule, .hit = one.hit, .number = hit_numbers_[target.first_number + at],
          .confidence = one.confidence, .also = one.also};
}

TargetLeak HistoryTargets::leak_of(const FileCandidate& file) const {
  return {.rule = file.rule, .number = leak_numbers_.at({file.rule, false, {}, {}, {}})};
}

TargetLeak HistoryTargets::leak_in_name(ResolvedHit one) const {
  const Hit& hit = *one.hit;
  const uint32_t number = leak_numbers_.at({hit.rule, true, hit.secret.reveal(), {}, {}});
  return {.rule = hit.rule, .hit = &hit, .number = number, .confidence = one.confidence, .also = std::move(one.also),
          .by_name = true};
}

const std::vector<Hit>& HistoryTargets::hits_of(uint32_t target) const {
  static const std::vector<Hit> none;
  return targets_[target].hits == nullptr ? none : targets_[target].hits->hits;
}

void HistoryTargets::set_hits_at(uint32_t target, const std::string& path, std::vector<Hit> hits) {
  HitsAtPath& here = hits_at_[{target, path}];
  here.hits = std::move(hits);
  for (const Hit& hit : here.hits)
    here.numbers.push_back(number_of(
        {hit.rule, false, hit.secret.reveal(), hit.member, hit.policy ? std::string_view(hit.policy->subject) : std::string_view()}));
}

void HistoryTargets::add_content(const Target& target, const std::string* path, std::vector<TargetLeak>& out) const {
  if (target.hits == nullptr) return;
  if (target.content) {
    out = target.content->list;
    return;
  }
  for (const ResolvedHit& one : resolve_hits(rules_, target.hits->hits, path)) out.push_back(leak_in(target, one));
}

SharedLeaks HistoryTargets::leaks_at(uint32_t number, const std::string& path, uint32_t mode) const {
  if (number == kNoTarget) return none_;
  const Target& target = targets_[number];
  const auto here = target.document && is_file(mode) ? hits_at_.find({number, path}) : hits_at_.end();
  if (here == hits_at_.end() && target.content && mode != kModeTree && target.files.empty() && target.names.empty()) return target.content;
  std::vector<TargetLeak> leaks;
  if (here != hits_at_.end()) {
    for (ResolvedHit& one : resolve_hits(rules_, here->second.hits, &path)) {
      const uint32_t leak = here->second.numbers[static_cast<size_t>(one.hit - here->second.hits.data())];
      leaks.push_back({.rule = one.hit->rule, .hit = one.hit, .number = leak, .confidence = one.confidence, .also = std::move(one.also)});
    }
  } else if (mode != kModeTree) {
    add_content(target, &path, leaks);
  }
  if (is_file(mode))
    for (const FileCandidate* file : target.files)
      if (last_component(path) == file->name && rule_applies(rules_.rules[file->rule], &path)) leaks.push_back(leak_of(*file));
  fold_file_rules(rules_, leaks);
  for (const NameHits* name : target.names) {
    if (last_component(path) != name->name) continue;
    for (ResolvedHit& one : resolve_hits(rules_, name->hits, &path)) leaks.push_back(leak_in_name(std::move(one)));
  }
  return leaks.empty() ? none_ : share(std::move(leaks));
}

SharedLeaks HistoryTargets::leaks_without_path(uint32_t number) const {
  std::vector<TargetLeak> leaks;
  add_content(targets_[number], nullptr, leaks);
  for (const FileCandidate* file : targets_[number].files)
    if (rule_applies(rules_.rules[file->rule], &file->name)) leaks.push_back(leak_of(*file));
  fold_file_rules(rules_, leaks);
  return share(std::move(leaks));
}

std::vector<std::pair<std::string, TargetLeak>> HistoryTargets::names_of(uint32_t number) const {
  std::vector<std::pair<std::string, TargetLeak>> out;
  for (const NameHits* name : targets_[number].names)
    for (ResolvedHit& one : resolve_hits(rules_, name->hits, &name->name))
      out.emplace_back(name->name, leak_in_name(std::move(one)));
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
