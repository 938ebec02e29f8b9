// SPDX-License-Identifier: Apache-2.0
#include "scanner/engine/verify.h"

#include <re2/re2.h>

#include <algorithm>
#include <array>

#include "rules/checksum.h"
#include "scanner/engine/entropy.h"

namespace sealwarden {
namespace {

constexpr std::array<std::string_view, kRefusals> kNames = {"none",     "empty secret", "ignored value",
                                                            "stopword", "entropy",      "checksum"};
// Groups beyond this are not looked at; the loader refuses a rule that asks for one.
constexpr int kMaxGroups = 16;

// StringPiece of old RE2 and string_view of new RE2 alike.
using Piece = re2::StringPiece;

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool contains_ignoring_case(Bytes text, Bytes word) {
  const auto same = [](char a, char b) { return lower(a) == lower(b); };
  return std::search(text.begin(), text.end(), word.begin(), word.end(), same) != text.end();
}

Refusal cheap_checks(const Rule& rule, Bytes secret) {
  if (secret.empty()) return Refusal::empty_secret;
  for (const std::string& value : rule.ignore)
    if (secret == value) return Refusal::ignored_value;
  for (const std::string& word : rule.stopwords)
    if (contains_ignoring_case(secret, word)) return Refusal::stopword;
  if (rule.entropy && shannon_entropy(secret) < entropy_bar(*rule.entropy, secret)) return Refusal::entropy;
  return Refusal::none;
}

Refusal check(const Rule& rule, Bytes secret, Match& match) {
  if (const Refusal refusal = cheap_checks(rule, secret); refusal != Refusal::none) return refusal;
  if (rule.checksum == Checksum::none) return Refusal::none;
  const Trust trust = trust_of(rule.checksum);
  if (checksum_holds(rule.checksum, secret)) match.check = CheckResult::holds;
  else if (trust == Trust::advisory) match.check = CheckResult::fails;
  return match.check == CheckResult::silent && trust == Trust::sure ? Refusal::checksum : Refusal::none;
}

}  // namespace

std::string_view name_of(Refusal refusal) { return kNames[static_cast<size_t>(refusal)]; }

Window seen_around(const Rule& rule, Window cluster, uint64_t size) {
  return {cluster.begin == 0 ? 0 : cluster.begin - 1, std::min<uint64_t>(size, cluster.end + rule.max_length + 1)};
}

void verify(const CompiledRules& rules, uint32_t rule_index, Bytes text, Window cluster, std::vector<Match>& out,
            VerifyCounts& counts) {
  const Rule& rule = rules.rule(rule_index);
  const re2::RE2& expression = rules.matcher(rule_index);
  const int groups = static_cast<int>(std::min<uint32_t>(rule.group, kMaxGroups - 1)) + 1;
  std::array<Piece, kMaxGroups> captures;
  const auto [shown_begin, shown_end] = seen_around(rule, cluster, text.size());
  const Bytes shown = text.substr(shown_begin, shown_end - shown_begin);
  const size_t last = cluster.end - shown_begin;
  for (size_t at = cluster.begin - shown_begin; at <= last;) {
    if (!expression.Match({shown.data(), shown.size()}, at, last, re2::RE2::UNANCHORED, captures.data(), 1)) return;
    const auto begin = static_cast<size_t>(captures[0].data() - shown.data());
    const size_t reach = std::min<size_t>(shown.size(), begin + rule.max_length);
    at = begin + 1;
    if (!expression.Match({shown.data(), shown.size()}, begin, reach, re2::RE2::ANCHOR_START, captures.data(), groups)) continue;
    const Piece whole = captures[0], secret = captures[static_cast<size_t>(groups) - 1];
    ++counts.matches;
    Match match{.begin = shown_begin + begin, .end = shown_begin + begin + whole.size()};
    if (secret.data() != nullptr)
      match.secret_begin = shown_begin + static_cast<size_t>(secret.data() - shown.data());
    match.secret_end = match.secret_begin + secret.size();
    const Refusal refusal = check(rule, Bytes(secret.data(), secret.size()), match);
    match.refused_by_checksum = refusal == Refusal::checksum;
    ++counts.refused[static_cast<size_t>(refusal)];
    if (refusal == Refusal::none || refusal == Refusal::checksum) out.push_back(match);
    if (refusal == Refusal::none) at = std::max(begin + whole.size(), begin + 1);
  }
}

}  // namespace sealwarden
