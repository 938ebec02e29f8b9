// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "rules/rule_set.h"
#include "scanner/engine/blob_scanner.h"

namespace sealwarden {

// Another rule that matched the same place.
struct OtherRule {
  OtherRule(uint32_t rule_index, const Hit* its_hit = nullptr, Confidence sure = Confidence::high)  // NOLINT: file rules have no hit
      : rule(rule_index), hit(its_hit), confidence(sure) {}
  uint32_t rule;
  const Hit* hit;  // null: a file rule
  Confidence confidence;
  bool operator==(const OtherRule& other) const { return rule == other.rule; }
};

// A hit that is reported, and the other rules that matched the same place.
struct ResolvedHit {
  const Hit* hit;
  Confidence confidence = Confidence::high;  // at this path
  std::vector<OtherRule> also;  // ascending by rule, distinct
};

// Of hits whose secrets overlap the one of the highest rank stays (then the longest, then the first rule). What a sure
// checksum refused is reported by no generic rule instead. `path` decides which rules count (Rule::paths, not_paths);
// null for texts without a path. Hits of a container's members are judged text by text, at "path!member". `hits` are sorted as
// the scanner gives them; the result has their order and borrows them. Pure.
std::vector<ResolvedHit> resolve_hits(const RuleSet& rules, const std::vector<Hit>& hits, const std::string* path);

// A file rule says "such a file is here". A match of this rule in that very file says more: then the file rule is only
// named in `also`.
inline bool says_more_than_file(const Rule& rule) {
  return rule.policy ? rule.policy->is_secret : rule.kind == RuleKind::secret && rule.confidence == Confidence::high;
}

// The hits of a blob at one path: those of the scanner, and `policy` (of the blob itself) among them in their order.
std::vector<Hit> with_policy_hits(const std::vector<Hit>& hits, std::vector<Hit> policy);

// How sure a hit is in a file of this kind; nullopt: there it is none.
std::optional<Confidence> confidence_of(const Rule& rule, const Hit& hit, FileKind kind);

// Whether the rule counts at this path; `member` is its end, if that is a member of an archive ("outer.zip!member").
bool rule_applies(const Rule& rule, const std::string* path, std::string_view member = {});

}  // namespace sealwarden
