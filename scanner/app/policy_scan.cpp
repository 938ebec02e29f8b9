// SPDX-License-Identifier: Apache-2.0
#include "scanner/app/policy_scan.h"

#include <map>
#include <tuple>
#include <utility>

#include "scanner/base/lines.h"
#include "scanner/engine/overlaps.h"

namespace sealwarden {

std::vector<Hit> PolicyScan::as_hits(Bytes bytes, std::vector<Violation> violations) const {
  std::vector<Hit> hits;
  Lines lines(bytes);
  std::map<std::pair<uint32_t, std::string>, uint32_t> seen;  // how often a rule said the same of what cannot be told apart
  for (Violation& one : violations) {
    const uint32_t times = ++seen[{one.rule, one.subject + "\n" + one.value}];
    if (times > 1) one.subject += "#" + std::to_string(times);
    Hit hit{.rule = one.rule};
    const Rule& rule = rules_.rules[one.rule];
    if (rule.policy && rule.policy->is_secret && one.kind != Finding::Kind::open) hit.secret = Secret(std::move(one.value));
    hit.region = lines.region(one.span.begin, one.span.end);
    hit.match_start = one.span.begin;
    hit.match_end = one.span.end;
    if (one.accepted) {
      hit.allowed = true;
      hit.allow_why = std::move(one.accepted->why);
      hit.allow_until = std::move(one.accepted->until);
      hit.allow_origin = std::move(one.accepted->origin);
    }
    hit.policy = std::make_shared<const PolicyFacts>(PolicyFacts{one.kind, one.severity, one.confidence, std::move(one.document), std::move(one.node),
                                                                 std::move(one.message), std::move(one.reason), one.path_judged, std::move(one.subject)});
    hits.push_back(std::move(hit));
  }
  return hits;
}

bool PolicyScan::is_last(const Place& place, Bytes bytes) {
  return place.at_tip && place.is_new && (!place.may_be_mended || place.tree->read(place.path) == std::string(bytes));
}

void PolicyScan::note_judged(const Place& place, Bytes bytes, const PolicyOutcome& outcome) {
  if (!outcome.judged.empty() && is_last(place, bytes)) judged_->add(place.path, bytes, outcome.judged);
}

std::vector<Hit> PolicyScan::hits_in(const Place& place, Bytes bytes, const std::vector<Hit>& hits, VersionJudge* versions) {
  const PolicyEngine::Question question{.path = place.path, .bytes = bytes, .hits = hits, .tree = place.tree, .head = place.head, .at_tip = place.at_tip,
                                        .list_judged = judged_.has_value() && place.at_tip && place.is_new};
  PolicyOutcome outcome = versions != nullptr ? versions->judge(question) : engine_.judge(question);
  const bool says_something = outcome.state == PolicyOutcome::State::unread || !outcome.warnings.empty();
  const bool is_told = says_something && is_last(place, bytes);
  if (is_told && outcome.state == PolicyOutcome::State::unread) ledger_.skip(Skip::unread_document, place.path + ": " + outcome.problem);
  if (is_told && !outcome.warnings.empty()) {
    const std::lock_guard lock(mutex_);
    warnings_.insert(outcome.warnings.begin(), outcome.warnings.end());
  }
  note_judged(place, bytes, outcome);
  return as_hits(bytes, std::move(outcome.violations));
}

std::vector<Hit> PolicyScan::add_hits(const Place& place, Bytes bytes, const std::vector<Hit>& hits) {
  std::vector<Hit> more = hits_in(place, bytes, hits);
  return more.empty() ? hits : with_policy_hits(hits, std::move(more));
}

std::vector<Hit> PolicyScan::judge_pair(const Place& place, Bytes bytes, Bytes old_bytes) {
  PolicyOutcome outcome = engine_.judge_pair({.path = place.path, .bytes = bytes, .hits = {}, .tree = place.tree, .head = place.head,
                                              .list_judged = judged_.has_value() && place.at_tip && place.is_new}, old_bytes);
  note_judged(place, bytes, outcome);
  return as_hits(bytes, std::move(outcome.violations));
}

std::vector<std::pair<std::string, Hit>> PolicyScan::tree_hits(const TreeView& tree, const TreeFindings& found) const {
  std::vector<std::pair<std::string, Hit>> out;
  for (const auto& [path, violation] : found.violations) {
    // Where it stands in the file only the file can tell.
    const std::optional<std::string> bytes = violation.span == Span() ? std::string() : tree.read(path);
    out.emplace_back(path, std::move(as_hits(bytes.value_or(std::string()), {violation}).front()));
  }
  return out;
}

std::vector<std::pair<std::string, Hit>> PolicyScan::judge_tree(const TreeView& tree) {
  const TreeFindings found = engine_.judge_tree(tree);
  if (judged_) {
    for (const auto& [path, violation] : found.violations) judged_->add_file(path, violation.rule, false);
    for (const TreeFindings::Judged& one : found.judged) judged_->add_file(one.path, one.rule, one.is_in_order);
  }
  return tree_hits(tree, found);
}

std::vector<std::pair<std::string, Hit>> PolicyScan::judge_tree_change(const TreeView& tree, const TreeView* before) {
  std::vector<std::pair<std::string, Hit>> out = judge_tree(tree);
  if (out.empty() || before == nullptr) return out;
  std::set<std::tuple<uint32_t, std::string, std::string>> known;
  for (const auto& [path, hit] : tree_hits(*before, engine_.judge_tree(*before))) known.emplace(hit.rule, path, hit.policy->subject);
  std::erase_if(out, [&](const auto& one) { return known.contains({one.second.rule, one.first, one.second.policy->subject}); });
  return out;
}

std::optional<JudgedFiles> PolicyScan::take_judged(const std::optional<ObjectId>& commit) {
  if (!judged_) return std::nullopt;
  JudgedFiles judged = judged_->take();
  judged.commit = commit;
  return judged;
}

std::vector<std::string> PolicyScan::warnings() const {
  const std::lock_guard lock(mutex_);
  return {warnings_.begin(), warnings_.end()};
}

}  // namespace sealwarden
