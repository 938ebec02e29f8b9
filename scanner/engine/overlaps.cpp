// SPDX-License-Identifier: Apache-2.0
#include "scanner/engine/overlaps.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <set>
#include <span>
#include <tuple>

#include "scanner/decode/container.h"

namespace sealwarden {
namespace {

// Whether a container is among what was undone.
bool holds_compressed(const Hit& hit) {
  return std::any_of(hit.decoded.begin(), hit.decoded.end(), [](const std::string& step) { return is_container_name(step); });
}

// Ranges that do not overlap each other, by begin; and secrets that have the same one.
class TakenRanges {
 public:
  explicit TakenRanges(std::vector<ResolvedHit>& out) : out_(out) {}

  // Gives the rule's name to all taken hits that the hit overlaps; false if there is none. What a policy rule doubts and
  // another does not is as sure as that one says.
  bool join(const Hit& hit, Confidence confidence) {
    bool joined = false;
    auto it = by_begin_.lower_bound(hit.region.end_byte);
    while (it != by_begin_.begin()) {
      --it;
      ResolvedHit* taken = &out_[it->second];
      if (taken->hit->region.end_byte <= hit.region.start_byte) break;
      if (share_place(*taken->hit, hit)) {
        const auto same = by_secret_.find({hit.region.start_byte, hit.secret.reveal()});
        if (same == by_secret_.end()) continue;
        taken = &out_[same->second];
      }
      if (taken->hit->rule != hit.rule) taken->also.emplace_back(hit.rule, &hit, confidence);
      if (taken->hit->policy) taken->confidence = std::max(taken->confidence, confidence);
      joined = true;
    }
    return joined;
  }
  void take(const Hit& hit, Confidence confidence) {
    by_begin_.emplace(hit.region.start_byte, out_.size());
    if (!hit.decoded.empty()) by_secret_.emplace(std::pair(hit.region.start_byte, Bytes(hit.secret.reveal())), out_.size());
    out_.push_back({&hit, confidence, {}});
  }

 private:
  // What is compressed within encoded text has no place but that of all of it: there each secret is one of its own.
  static bool share_place(const Hit& a, const Hit& b) {
    if (a.decoded.empty() || b.decoded.empty() || a.region != b.region) return false;
    return a.decoded == b.decoded || (holds_compressed(a) && holds_compressed(b));
  }

  std::vector<ResolvedHit>& out_;
  std::map<uint64_t, size_t> by_begin_;
  std::map<std::pair<uint64_t, Bytes>, size_t> by_secret_;
};

// What a checksum refused: there no generic rule reports the same bytes. Hits come by start.
class RefusedRanges {
 public:
  void add(const Hit& hit) {
    if (!hit.decoded.empty()) encoded_.emplace(hit.region.start_byte, hit.secret.reveal());
    else plain_.emplace_back(hit.region.start_byte, std::max(hit.region.end_byte, plain_.empty() ? 0 : plain_.back().second));
  }
  [[nodiscard]] bool overlap(const Hit& hit) const {
    // What is compressed shares its place with all else that is: there the secret tells.
    if (!hit.decoded.empty() && encoded_.contains({hit.region.start_byte, hit.secret.reveal()})) return true;
    const auto after = std::lower_bound(plain_.begin(), plain_.end(), std::pair{hit.region.end_byte, uint64_t{0}});
    return after != plain_.begin() && std::prev(after)->second > hit.region.start_byte;
  }

 private:
  std::vector<std::pair<uint64_t, uint64_t>> plain_;  // by start; each widened to the furthest end so far
  std::set<std::pair<uint64_t, Bytes>> encoded_;      // start and secret
};

}  // namespace

bool rule_applies(const Rule& rule, const std::string* path, std::string_view member) {
  if (rule.disabled) return false;
  if (path == nullptr) return rule.paths.empty();
  return (rule.paths.empty() || rule.paths.any_matches_member(*path, member)) && !rule.not_paths.any_matches_member(*path, member);
}

std::optional<Confidence> confidence_of(const Rule& rule, const Hit& hit, FileKind kind) {
  if (hit.policy) return hit.policy->confidence;
  if (hit.check == CheckResult::fails) return Confidence::low;
  // A sum that chance does not meet outweighs what the rule's shape leaves in doubt.
  if (hit.check == CheckResult::holds && evidence_of(rule.checksum) == Evidence::proof) return Confidence::high;
  if (rule.reader == Rule::Reader::regex) return rule.confidence;
  return as_confidence(hit.judged.verdicts[static_cast<size_t>(kind)]);
}

namespace {

bool is_general(const RuleSet& rules, const Hit& hit) {
  const Rule& rule = rules.rules[hit.rule];
  return rule.policy && rule.policy->is_general;
}

// The hits of one text: the blob, or one of its members.
std::vector<ResolvedHit> resolve_text(const RuleSet& rules, std::span<const Hit> hits, const std::string* path) {
  std::vector<const Hit*> order;
  std::vector<ResolvedHit> out;
  const FileKind kind = file_kind(path);
  RefusedRanges refused;
  std::set<std::tuple<uint32_t, uint64_t, Bytes>> plain;  // rule, start and secret of what was found without decoding
  for (const Hit& hit : hits)
    if (hit.decoded.empty()) plain.emplace(hit.rule, hit.region.start_byte, hit.secret.reveal());
  for (const Hit& hit : hits) {
    if (!hit.decoded.empty() && plain.contains({hit.rule, hit.region.start_byte, hit.secret.reveal()})) continue;
    if (!rule_applies(rules.rules[hit.rule], path, hit.member) || !confidence_of(rules.rules[hit.rule], hit, kind)) continue;
    // What is no secret shares its place with nothing: one container lacks limits and probes.
    if (hit.policy && hit.secret.empty()) out.push_back({&hit, hit.policy->confidence, {}});
    else if (!hit.refused) order.push_back(&hit);
    else refused.add(hit);
  }
  const auto better = [&](const Hit* a, const Hit* b) {
    const Rank rank_a = rules.rules[a->rule].rank, rank_b = rules.rules[b->rule].rank;
    if (rank_a != rank_b) return rank_a > rank_b;
    if (is_general(rules, *a) != is_general(rules, *b)) return is_general(rules, *b);
    const uint64_t size_a = a->region.end_byte - a->region.start_byte, size_b = b->region.end_byte - b->region.start_byte;
    if (size_a != size_b) return size_a > size_b;
    if (a->rule != b->rule) return a->rule < b->rule;
    if (a->region.start_byte != b->region.start_byte) return a->region.start_byte < b->region.start_byte;
    return a->decoded.size() > b->decoded.size();  // what it means says more than how it is written
  };
  std::sort(order.begin(), order.end(), better);
  TakenRanges taken(out);
  for (const Hit* hit : order) {
    if (rules.rules[hit->rule].rank <= Rank::generic && refused.overlap(*hit)) continue;
    const Confidence confidence = *confidence_of(rules.rules[hit->rule], *hit, kind);
    if (!taken.join(*hit, confidence)) taken.take(*hit, confidence);
  }
  for (ResolvedHit& one : out) {
    std::stable_sort(one.also.begin(), one.also.end(), [](const OtherRule& a, const OtherRule& b) { return a.rule < b.rule; });
    one.also.erase(std::unique(one.also.begin(), one.also.end()), one.also.end());
  }
  return out;
}

}  // namespace

std::vector<ResolvedHit> resolve_hits(const RuleSet& rules, const std::vector<Hit>& hits, const std::string* path) {
  std::vector<ResolvedHit> out;
  for (size_t first = 0, end = 0; first < hits.size(); first = end) {
    const std::string& member = hits[first].member;
    while (end < hits.size() && hits[end].member == member) ++end;
    const std::string inner = path == nullptr || member.empty() ? member : *path + "!" + member;
    for (ResolvedHit& one : resolve_text(rules, {hits.data() + first, end - first}, member.empty() ? path : &inner)) out.push_back(std::move(one));
  }
  std::sort(out.begin(), out.end(), [](const ResolvedHit& a, const ResolvedHit& b) { return a.hit < b.hit; });
  return out;
}

std::vector<Hit> with_policy_hits(const std::vector<Hit>& hits, std::vector<Hit> policy) {
  std::vector<Hit> all = std::move(policy);
  std::copy_if(hits.begin(), hits.end(), std::back_inserter(all), [](const Hit& hit) { return hit.member.empty(); });
  std::stable_sort(all.begin(), all.end(), [](const Hit& a, const Hit& b) {
    return std::tie(a.region.start_byte, a.region.end_byte, a.rule) < std::tie(b.region.start_byte, b.region.end_byte, b.rule);
  });
  std::copy_if(hits.begin(), hits.end(), std::back_inserter(all), [](const Hit& hit) { return !hit.member.empty(); });
  return all;
}

}  // namespace sealwarden
