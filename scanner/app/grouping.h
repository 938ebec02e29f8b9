// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "rules/rule_set.h"
#include "scanner/base/finding.h"
#include "scanner/engine/overlaps.h"

namespace sealwarden {

// What makes a finding: rule, secret, path; of policy rules the subject too (PolicyFacts).
struct FindingKey {
  uint32_t rule = 0;
  Secret secret;
  std::optional<std::string> path;
  std::string subject;
  auto operator<=>(const FindingKey&) const = default;
};

// A commit and its number in topological order, so that lists of commits sort without the graph.
struct OrderedCommit {
  uint32_t position = 0;
  ObjectId id;
  auto operator<=>(const OrderedCommit&) const = default;
};

// A place while it is being gathered.
struct DraftPlace {
  Place place;
  uint32_t position = UINT32_MAX;  // of place.commit in topological order
  uint32_t target = UINT32_MAX;    // history: which attribution target it is
  bool allowed = false;            // an allow comment covers it
  std::string allow_why;
  std::optional<std::string> allow_until;
  std::string allow_problem, allow_origin;
};

// What another rule says of a finding: its name for it.
struct OtherName {
  Secret secret;
  std::shared_ptr<const PolicyFacts> policy;
  Confidence confidence = Confidence::low;  // the highest of its places
};

// A finding while it is being gathered.
struct Draft {
  std::map<uint32_t, OtherName> also;  // by rule
  std::optional<Severity> severity;         // the highest that a policy rule gives it here, whatever the path
  std::optional<Severity> judged_severity;  // and of those that looked at the path
  std::shared_ptr<const PolicyFacts> policy;
  std::vector<DraftPlace> places;
  std::vector<OrderedCommit> introduced, removed;
  bool only_merges = true;   // of the introducing commits
  bool at_tip = false;
  Confidence confidence = Confidence::low;  // the highest of its places
  CheckResult check = CheckResult::silent;  // a function of rule and secret, so that all places have the same
  Judgement judged;
  std::string member;        // of the file, that holds it; the same at all places, for the path says it too
};

using Drafts = std::map<FindingKey, Draft>;

// Adds the hit as a place of its finding. `place` comes with everything but path, region and decoded.
DraftPlace& add_place(Drafts& drafts, const ResolvedHit& hit, std::optional<std::string> path, Place place);
// The same if the finding is at hand; `place` comes with its path.
DraftPlace& add_place(Draft& draft, const ResolvedHit& hit, Place place);
// What the hit's finding is called at this path.
FindingKey key_of(const Hit& hit, std::optional<std::string> path);
// Adds a finding of a file rule: no secret, an empty range at byte 0.
DraftPlace& add_file_place(Drafts& drafts, uint32_t rule, std::string path, Place place);

// Turns drafts into findings: fingerprints, sorted lists, `removed` emptied where the secret is still at a tip, allow
// comments as suppressions (`are_new`: the change under test brought them). Sorted: severity from critical down, then rule,
// path, fingerprint.
// `as_of`: the day on which comments that end are judged; `as_of_used` becomes true if one does.
struct Acceptances {
  std::string as_of;
  bool are_new = false;
  bool as_of_used = false;
  std::set<std::string> warnings;  // comments at the tip that allow nothing: "path:line: what"
};
std::vector<Finding> finish(const RuleSet& rules, Drafts drafts, Acceptances& acceptances);

}  // namespace sealwarden
