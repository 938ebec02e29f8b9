// SPDX-License-Identifier: Apache-2.0
#include "scanner/engine/verify.h"

#include <re2/re2.h>

#include <algorithm>
#include <array>

#include "rules/checksum.h"
#include "scanner/base/ascii.h"
#include "scanner/engine/entropy.h"

namespace sealwarden {
namespace {

constexpr std::array<std::string_view, kRefusals> kNames = {"none",     "empty secret", "ignored value",
                                                            "stopword", "entropy",      "checksum",     "name or value"};
// Groups beyond this are not looked at; the loader refuses a rule that asks for one.
constexpr int kMaxGroups = 16;

// StringPiece of old RE2 and string_view of new RE2 alike.
using Piece = re2::StringPiece;

bool contains_ignoring_case(Bytes text, Bytes word) {
  const auto same = [](char a, char b) { return to_lower(a) == to_lower(b); };
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

// The first of the rule's keywords in `text` at or behind `from`, ASCII case ignored; npos if there is none.
struct Word {
  size_t begin = Bytes::npos, end = 0;
};
Word find_keyword(const Rule& rule, Bytes text, size_t from) {
  for (size_t at = from; at < text.size(); ++at) {
    const char first = to_lower(text[at]);
    for (const std::string& word : rule.keywords)
      if (word[0] == first && text.size() - at >= word.size() &&
          std::equal(word.begin() + 1, word.end(), text.begin() + static_cast<ptrdiff_t>(at) + 1,
                     [](char a, char b) { return a == to_lower(b); }))
        return {at, at + word.size()};
  }
  return {};
}

Refusal check_assignment(Judge& judge, const Rule& rule, Bytes text, const Assignment& found, Match& match) {
  const Bytes secret = text.substr(found.value_begin, found.value_end - found.value_begin);
  if (const Refusal refusal = cheap_checks(rule, secret); refusal != Refusal::none) return refusal;
  const auto judged = judge(rule.reader, text, found);
  if (!judged) return Refusal::judged;
  match.judged = *judged;
  return Refusal::none;
}

// The keyword that ends at `end`; no keyword is a part of another.
Word keyword_before(const Rule& rule, Bytes text, size_t end) {
  for (const std::string& word : rule.keywords)
    if (word.size() <= end && std::equal(word.begin(), word.end(), text.begin() + static_cast<ptrdiff_t>(end - word.size()),
                                         [](char a, char b) { return a == to_lower(b); }))
      return {end - word.size(), end};
  return {};
}

// The words of a cluster, from left to right, each asked for once.
class Words {
 public:
  Words(const Rule& rule, Bytes searched, uint64_t shown_begin, WordEnds known)
      : rule_(rule), searched_(searched), shown_begin_(shown_begin), known_(known) {}

  Word next(size_t from) {
    if (!known_.known) return find_keyword(rule_, searched_, from);
    for (; next_ < known_.ends.size(); ++next_) {
      const uint64_t end = known_.ends[next_] - shown_begin_;
      if (end > searched_.size()) break;
      const Word word = keyword_before(rule_, searched_, end);
      if (word.begin != Bytes::npos && word.begin >= from) return word;
    }
    return {};
  }

 private:
  const Rule& rule_;
  Bytes searched_;
  uint64_t shown_begin_;
  WordEnds known_;
  size_t next_ = 0;
};

void verify_assignments(const Rule& rule, Bytes text, Window cluster, WordEnds known, Judge& judge, std::vector<Match>& out,
                        VerifyCounts& counts) {
  const auto [shown_begin, shown_end] = seen_around(rule, cluster, text.size());
  const Bytes shown = text.substr(shown_begin, shown_end - shown_begin);
  const Bytes searched = shown.substr(0, cluster.end - shown_begin);
  uint64_t taken = cluster.begin - shown_begin;  // behind the last match: no other one begins before
  Words words(rule, searched, shown_begin, known);
  for (size_t at = taken;;) {
    const Word word = words.next(at);
    if (word.begin == Bytes::npos) return;
    at = word.begin + 1;
    for (auto found = read_assignment(shown, word.begin, word.end); found; found = next_in_list(shown, *found)) {
      if (found->key_begin < taken && !found->listed) break;
      if (found->end > searched.size()) break;
      ++counts.matches;
      Match match{.begin = shown_begin + found->key_begin, .end = shown_begin + found->end,
                  .secret_begin = shown_begin + found->value_begin, .secret_end = shown_begin + found->value_end};
      const Refusal refusal = check_assignment(judge, rule, shown, *found, match);
      ++counts.refused[static_cast<size_t>(refusal)];
      if (refusal != Refusal::none) continue;
      out.push_back(match);
      at = taken = found->end;
    }
  }
}

}  // namespace

void VerifyCounts::add(const VerifyCounts& other) {
  matches += other.matches;
  for (size_t i = 0; i < kRefusals; ++i) refused[i] += other.refused[i];
}

std::string_view name_of(Refusal refusal) { return kNames[static_cast<size_t>(refusal)]; }

Window seen_around(const Rule& rule, Window cluster, uint64_t size) {
  return {cluster.begin == 0 ? 0 : cluster.begin - 1, std::min<uint64_t>(size, cluster.end + rule.max_length + 1)};
}

void verify(const CompiledRules& rules, uint32_t rule_index, Bytes text, Window cluster, WordEnds words,
            Judge& judge, std::vector<Match>& out, VerifyCounts& counts) {
  const Rule& rule = rules.rule(rule_index);
  if (rule.reader != Rule::Reader::regex) return verify_assignments(rule, text, cluster, words, judge, out, counts);
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
