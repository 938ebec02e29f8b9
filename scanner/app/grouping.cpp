// SPDX-License-Identifier: Apache-2.0
#include "scanner/app/grouping.h"

#include <algorithm>
#include <set>
#include <tuple>

#include "report/fingerprint.h"
#include "scanner/base/ascii.h"
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
  if (draft.policy && draft.policy->reason.empty()) return {"value at a place in a document"};
  if (draft.policy) return {draft.policy->reason, "value at a place in a document"};
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

// Comments that ended are none; of those that say nothing their author is to know.
void drop_expired(std::vector<DraftPlace>& places, Acceptances& acceptances) {
  for (DraftPlace& one : places) {
    if (!one.allow_problem.empty() && is_current(one.place.reach))
      acceptances.warnings.insert(one.place.path.value_or("") + ":" + std::to_string(one.place.region.start_line) +
                                  ": the sealwarden:allow here accepts nothing: " + one.allow_problem);
    if (!one.allowed || !one.allow_until) continue;
    acceptances.as_of_used = true;
    one.allowed = *one.allow_until >= acceptances.as_of;
  }
}

Severity less_severe(Severity severity) {
  return severity <= Severity::low ? severity : static_cast<Severity>(static_cast<uint8_t>(severity) - 1);
}

// What is not sure enough to be told by itself makes nothing worse of what others are sure of: a default password that one
// rule notes in a test is no grave failure because another rule may have taken it for a password.
Confidence enough(Confidence found) { return std::min(found, Confidence::medium); }

// The highest of what the rules say that saw the place. Among tests, examples and documentation each says a step less, but a
// policy rule that looked at the path itself has said what it means; so no path counts twice.
void set_severity(const RuleSet& rules, const FindingKey& key, const Draft& draft, Finding& finding) {
  const Rule& rule = rules.rules[key.rule];
  const bool proven = draft.check == CheckResult::holds && evidence_of(rule.checksum) == Evidence::proof;
  const bool by_path = rule.kind == RuleKind::file || rule.kind == RuleKind::tree || proven;
  const bool is_aside = !by_path && key.path && is_side_path(*key.path);
  Severity highest = draft.judged_severity.value_or(Severity::info), aside = highest;
  const auto note = [&](Severity severity) {
    highest = std::max(highest, severity);
    aside = std::max(aside, less_severe(severity));
  };
  if (draft.severity) note(*draft.severity);
  if (!rule.policy) note(rule.severity);
  for (const auto& [other, name] : draft.also) {
    const bool is_secret = rule.policy && !name.policy && rules.rules[other].kind == RuleKind::secret;
    if (is_secret && name.confidence >= enough(draft.confidence)) note(rules.rules[other].severity);
  }
  finding.severity = is_aside ? aside : highest;
  if (finding.severity < highest) finding.reasons.emplace_back("among tests, examples or documentation: less severe");
}

// What says where in a document the finding is: its own rule, or another that saw the place, a special one first.
const PolicyFacts* node_facts(const RuleSet& rules, const Draft& draft) {
  if (draft.policy) return draft.policy.get();
  const PolicyFacts* general = nullptr;
  for (const auto& [rule, other] : draft.also) {
    if (!other.policy) continue;
    if (!rules.rules[rule].policy->is_general) return other.policy.get();
    if (general == nullptr) general = other.policy.get();
  }
  return general;
}

Finding make_finding(const RuleSet& rules, const FindingKey& key, Draft& draft, Acceptances& acceptances) {
  const Rule& rule = rules.rules[key.rule];
  Finding finding;
  finding.rule = rule.id;
  finding.kind_of_leak = rule.kind == RuleKind::secret || (rule.policy && rule.policy->is_secret) ? Finding::Class::secret : Finding::Class::config;
  finding.title = rule.title;
  finding.confidence = rule.kind == RuleKind::file ? rule.confidence : draft.confidence;
  finding.reasons = reasons_for(rule, draft);
  set_severity(rules, key, draft, finding);
  std::sort(finding.reasons.begin(), finding.reasons.end());
  if (draft.policy) {
    finding.kind = draft.policy->kind;
    finding.message = draft.policy->message;
  }
  if (const PolicyFacts* facts = node_facts(rules, draft)) {
    finding.document = facts->document;
    finding.node = facts->node;
  }
  finding.path = key.path;
  finding.member = std::move(draft.member);
  finding.secret = key.secret;
  finding.ordinary_word = is_ordinary_word(Lexicon::builtin(), key.secret.reveal());
  drop_expired(draft.places, acceptances);
  std::sort(draft.places.begin(), draft.places.end(),
            [](const DraftPlace& a, const DraftPlace& b) { return place_order(a) < place_order(b); });
  if (const DraftPlace* accepting = accepting_place(draft.places))
    finding.suppressed = Suppression{Suppression::Kind::allow_comment, accepting->allow_why, acceptances.are_new, accepting->allow_origin};
  finding.merge_only = !draft.introduced.empty() && draft.only_merges;
  finding.introduced = ordered(std::move(draft.introduced));
  if (!draft.at_tip) finding.removed = ordered(std::move(draft.removed));
  for (DraftPlace& one : draft.places) {
    finding.at_head = finding.at_head || one.place.reach == Reach::head;
    finding.places.push_back(std::move(one.place));
  }
  return finding;
}

// A finding on its way, and by what names other rules would know it.
struct NamedFinding {
  Finding finding;
  std::shared_ptr<const PolicyFacts> policy;
  std::vector<std::pair<std::string, OtherName>> others;  // by the rule's id
};

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

std::string name_for(const std::string& rule, const std::optional<std::string>& path, const Secret& secret, const PolicyFacts* policy) {
  return policy == nullptr ? fingerprint(rule, path, secret) : policy_fingerprint(rule, path, policy->subject, secret);
}

// A weak secret's fingerprint takes milliseconds by design, once a secret: findings of one rule and secret, which stand side
// by side, are one worker's.
void add_fingerprints(std::vector<NamedFinding>& findings) {
  std::vector<size_t> groups;
  for (size_t i = 0; i < findings.size(); ++i)
    if (i == 0 || findings[i].finding.secret.empty() || findings[i].finding.secret != findings[i - 1].finding.secret) groups.push_back(i);
  parallel_ranges(groups.size(), 1, [&](size_t first, size_t last, size_t) {
    const size_t end = last < groups.size() ? groups[last] : findings.size();
    for (size_t i = groups[first]; i < end; ++i) {
      Finding& one = findings[i].finding;
      one.fingerprint = name_for(one.rule, one.path, one.secret, findings[i].policy.get());
      one.secret_id = findings[i].policy && one.secret.empty() ? name_for(one.rule, std::nullopt, one.secret, findings[i].policy.get())
                                                               : secret_id(one.rule, one.secret);
      for (const auto& [rule, other] : findings[i].others) {
        one.also.push_back(rule);
        one.also_fingerprints.push_back(name_for(rule, one.path, other.secret, other.policy.get()));
      }
    }
  });
}

// Takes the highest severity of all policy rules that saw the place.
void note_severity(Draft& draft, const ResolvedHit& resolved) {
  const auto note = [&](const Hit& hit) {
    if (!hit.policy || (&hit != resolved.hit && hit.policy->confidence < enough(resolved.confidence))) return;
    std::optional<Severity>& highest = hit.policy->path_judged ? draft.judged_severity : draft.severity;
    highest = std::max(highest.value_or(Severity::info), hit.policy->severity);
  };
  note(*resolved.hit);
  for (const OtherRule& other : resolved.also) {
    OtherName& name = draft.also.try_emplace(other.rule, other.hit == nullptr ? OtherName{} : OtherName{other.hit->secret, other.hit->policy}).first->second;
    name.confidence = std::max(name.confidence, other.confidence);
    if (other.hit != nullptr) note(*other.hit);
  }
}

// What a path is made of: its components, and what dots, dashes and underlines part in them.
void add_path_words(const std::string& path, std::set<std::string, std::less<>>& words) {
  for (const std::string_view joins : {"/!", "/!.", "/!.-_"})
    for (size_t begin = 0; begin <= path.size();) {
      const size_t end = std::min(path.find_first_of(joins, begin), path.size());
      words.insert(path.substr(begin, end - begin));
      begin = end + 1;
    }
}

// A weak password of letters may be the name of the program that it is for ("argocd"), and so of folders: masking it there
// would make paths that lead nowhere and tell the password to whoever knows the repository.
void spare_path_words(std::vector<NamedFinding>& findings) {
  constexpr size_t kLongest = 16;
  const auto is_spared = [](std::string_view value) {
    return value.size() <= kLongest && std::all_of(value.begin(), value.end(), [](char c) { return is_lower(c) || c == '-' || c == '_'; });
  };
  if (std::none_of(findings.begin(), findings.end(), [&](const NamedFinding& one) { return is_spared(one.finding.secret.reveal()); })) return;
  std::set<std::string, std::less<>> words;
  for (const NamedFinding& one : findings)
    if (one.finding.path) add_path_words(*one.finding.path, words);
  for (NamedFinding& one : findings) {
    const Bytes value = one.finding.secret.reveal();
    if (is_spared(value) && words.contains(value)) one.finding.ordinary_word = true;
  }
}

}  // namespace

DraftPlace& add_place(Draft& draft, const ResolvedHit& resolved, Place place) {
  const Hit& hit = *resolved.hit;
  place.region = hit.region;
  place.decoded = hit.decoded;
  note_severity(draft, resolved);
  if (hit.policy && (!draft.policy || hit.policy->kind < draft.policy->kind)) draft.policy = hit.policy;
  if (place.path) draft.member = hit.member;
  note_confidence(draft, resolved);
  draft.places.push_back({.place = std::move(place), .allowed = hit.allowed, .allow_why = hit.allow_why, .allow_until = hit.allow_until,
                          .allow_problem = hit.allow_problem, .allow_origin = hit.allow_origin});
  return draft.places.back();
}

DraftPlace& add_place(Drafts& drafts, const ResolvedHit& resolved, std::optional<std::string> path, Place place) {
  place.path = path;
  Draft& draft = drafts[key_of(*resolved.hit, std::move(path))];
  return add_place(draft, resolved, std::move(place));
}

FindingKey key_of(const Hit& hit, std::optional<std::string> path) {
  return {hit.rule, hit.secret, std::move(path), hit.policy ? hit.policy->subject : std::string()};
}

DraftPlace& add_file_place(Drafts& drafts, uint32_t rule, std::string path, Place place) {
  place.path = path;
  Draft& draft = drafts[FindingKey{rule, Secret(), std::move(path), {}}];
  draft.places.push_back({.place = std::move(place)});
  return draft.places.back();
}

std::vector<Finding> finish(const RuleSet& rules, Drafts drafts, Acceptances& acceptances) {
  std::vector<NamedFinding> named;
  named.reserve(drafts.size());
  while (!drafts.empty()) {  // one by one, so that never all are there twice
    auto draft = drafts.extract(drafts.begin());
    if (draft.mapped().places.empty()) continue;
    NamedFinding one{make_finding(rules, draft.key(), draft.mapped(), acceptances), draft.mapped().policy, {}};
    for (auto& [rule, other] : draft.mapped().also)
      if (rule != draft.key().rule) one.others.emplace_back(rules.rules[rule].id, std::move(other));
    std::sort(one.others.begin(), one.others.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    named.push_back(std::move(one));
  }
  add_fingerprints(named);
  spare_path_words(named);
  std::vector<Finding> findings;
  findings.reserve(named.size());
  for (NamedFinding& one : named) findings.push_back(std::move(one.finding));
  std::sort(findings.begin(), findings.end(), [](const Finding& a, const Finding& b) {
    if (a.severity != b.severity) return a.severity > b.severity;
    return std::tie(a.rule, a.path, a.fingerprint) < std::tie(b.rule, b.path, b.fingerprint);
  });
  return findings;
}

}  // namespace sealwarden
