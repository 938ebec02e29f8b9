// SPDX-License-Identifier: Apache-2.0
#include "scanner/app/grouping.h"

#include <algorithm>
#include <tuple>

#include "report/fingerprint.h"
#include "scanner/base/parallel.h"

namespace sealwarden {
namespace {

bool is_current(Reach reach) {
  return reach == Reach::head || reach == Reach::tip || reach == Reach::staged || reach == Reach::worktree;
}

// An allow comment accepts the finding if it stands at every place of the strongest reach, as long as that is one that
// is checked out or will be; of what is history alone one accepted version is enough: nobody can add a comment there.
const DraftPlace* accepting_place(const std::vector<DraftPlace>& places) {
  const Reach strongest = places.front().place.reach;
  const DraftPlace* accepting = nullptr;
  for (const DraftPlace& one : places) {
    if (is_current(strongest) && one.place.reach != strongest) break;
    if (one.allowed && accepting == nullptr) accepting = &one;
    if (!one.allowed && is_current(strongest)) return nullptr;
  }
  return accepting;
}

auto place_order(const DraftPlace& one) {
  const Place& place = one.place;
  return std::tie(place.reach, one.position, place.carrier, place.path, place.commit, place.blob, place.region, place.decoded);
}

std::vector<ObjectId> ordered(std::vector<OrderedCommit> commits) {
  std::sort(commits.begin(), commits.end());
  commits.erase(std::unique(commits.begin(), commits.end()), commits.end());
  std::vector<ObjectId> ids;
  for (const OrderedCommit& commit : commits) ids.push_back(commit.id);
  return ids;
}

std::vector<std::string> reasons_for(const Rule& rule, const Draft& draft) {
  if (rule.reader != Rule::Reader::regex) return reasons_of(draft.judged);
  const bool structure = evidence_of(rule.checksum) == Evidence::structure;
  if (draft.check == CheckResult::fails) return {structure ? "its structure does not fit" : "its checksum does not hold"};
  if (draft.check == CheckResult::holds && !structure) return {"its checksum holds"};
  switch (rule.rank) {
    case Rank::checksum:
    case Rank::provider: return {"format of a provider"};
    case Rank::file: return {"kind of file"};
    case Rank::policy:
    case Rank::generic: break;
  }
  return {"shape and what is around it"};
}

Finding make_finding(const RuleSet& rules, const FindingKey& key, Draft& draft, bool acceptances_are_new) {
  const Rule& rule = rules.rules[key.rule];
  Finding finding;
  finding.rule = rule.id;
  for (const uint32_t other : draft.also)
    if (other != key.rule) finding.also.push_back(rules.rules[other].id);
  std::sort(finding.also.begin(), finding.also.end());
  finding.kind_of_leak = rule.kind == RuleKind::file ? Finding::Class::config : Finding::Class::secret;
  finding.title = rule.title;
  finding.severity = rule.severity;
  const bool proven = draft.check == CheckResult::holds && evidence_of(rule.checksum) == Evidence::proof;
  const bool aside = rule.kind == RuleKind::secret && !proven && key.path && is_side_path(*key.path);
  if (aside && rule.severity > Severity::low) finding.severity = static_cast<Severity>(static_cast<uint8_t>(rule.severity) - 1);
  finding.confidence = rule.kind == RuleKind::file ? rule.confidence : draft.confidence;
  finding.reasons = reasons_for(rule, draft);
  if (finding.severity != rule.severity) finding.reasons.emplace_back("among tests, examples or documentation: less severe");
  std::sort(finding.reasons.begin(), finding.reasons.end());
  finding.path = key.path;
  finding.member = std::move(draft.member);
  finding.secret = key.secret;
  finding.ordinary_word = is_ordinary_word(Lexicon::builtin(), key.secret.reveal());
  std::sort(draft.places.begin(), draft.places.end(),
            [](const DraftPlace& a, const DraftPlace& b) { return place_order(a) < place_order(b); });
  if (const DraftPlace* accepting = accepting_place(draft.places))
    finding.suppressed = Suppression{Suppression::Kind::allow_comment, accepting->allow_why, acceptances_are_new};
  finding.merge_only = !draft.introduced.empty() && draft.only_merges;
  finding.introduced = ordered(std::move(draft.introduced));
  if (!draft.at_tip) finding.removed = ordered(std::move(draft.removed));
  for (DraftPlace& one : draft.places) {
    finding.at_head = finding.at_head || one.place.reach == Reach::head;
    finding.places.push_back(std::move(one.place));
  }
  return finding;
}

// The highest confidence of all places counts; of equal ones the judgement that sorts first, whatever order they come in.
void note_confidence(Draft& draft, const ResolvedHit& resolved) {
  const Hit& hit = *resolved.hit;
  const bool first = draft.places.empty();
  if (!first && resolved.confidence < draft.confidence) return;
  if (!first && resolved.confidence == draft.confidence && draft.judged <= hit.judged) return;
  draft.confidence = resolved.confidence;
  draft.check = hit.check;
  draft.judged = hit.judged;
}

// A weak secret's fingerprint takes milliseconds by design, once a secret: findings of one rule and secret, which stand side
// by side, are one worker's.
void add_fingerprints(std::vector<Finding>& findings) {
  std::vector<size_t> groups;
  for (size_t i = 0; i < findings.size(); ++i)
    if (i == 0 || findings[i].secret.empty() || findings[i].secret != findings[i - 1].secret) groups.push_back(i);
  parallel_ranges(groups.size(), 1, [&](size_t first, size_t last, size_t) {
    const size_t end = last < groups.size() ? groups[last] : findings.size();
    for (size_t i = groups[first]; i < end; ++i) {
      findings[i].fingerprint = fingerprint(findings[i].rule, findings[i].path, findings[i].secret);
      findings[i].secret_id = secret_id(findings[i].rule, findings[i].secret);
    }
  });
}

}  // namespace

DraftPlace& add_place(Draft& draft, const ResolvedHit& resolved, Place place) {
  const Hit& hit = *resolved.hit;
  place.region = hit.region;
  place.decoded = hit.decoded;
  draft.also.insert(resolved.also.begin(), resolved.also.end());
  if (place.path) draft.member = hit.member;
  note_confidence(draft, resolved);
  draft.places.push_back({.place = std::move(place), .allowed = hit.allowed, .allow_why = hit.allow_why});
  return draft.places.back();
}

DraftPlace& add_place(Drafts& drafts, const ResolvedHit& resolved, std::optional<std::string> path, Place place) {
  place.path = path;
  Draft& draft = drafts[FindingKey{resolved.hit->rule, resolved.hit->secret, std::move(path)}];
  return add_place(draft, resolved, std::move(place));
}

DraftPlace& add_file_place(Drafts& drafts, uint32_t rule, std::string path, Place place) {
  place.path = path;
  Draft& draft = drafts[FindingKey{rule, Secret(), std::move(path)}];
  draft.places.push_back({.place = std::move(place)});
  return draft.places.back();
}

std::vector<Finding> finish(const RuleSet& rules, Drafts drafts, bool acceptances_are_new) {
  std::vector<Finding> findings;
  findings.reserve(drafts.size());
  while (!drafts.empty()) {  // one by one, so that never all are there twice
    auto draft = drafts.extract(drafts.begin());
    if (!draft.mapped().places.empty()) findings.push_back(make_finding(rules, draft.key(), draft.mapped(), acceptances_are_new));
  }
  add_fingerprints(findings);
  std::sort(findings.begin(), findings.end(), [](const Finding& a, const Finding& b) {
    if (a.severity != b.severity) return a.severity > b.severity;
    return std::tie(a.rule, a.path, a.fingerprint) < std::tie(b.rule, b.path, b.fingerprint);
  });
  return findings;
}

}  // namespace sealwarden
