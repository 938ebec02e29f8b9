// SPDX-License-Identifier: Apache-2.0
#include "scanner/engine/allow_comments.h"

#include <algorithm>

namespace sealwarden {
namespace {

constexpr std::string_view kMarks[] = {"sealwarden:allow", "gitleaks:allow"};

bool is_id_byte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '*';
}

}  // namespace

Bytes AllowComments::rest_of_line(uint64_t behind) const {
  // Ids and a reason of at most 1 KiB are read, so that marks on one endless line stay cheap.
  const Bytes rest = text_.substr(behind, 1024);
  return rest.substr(0, rest.find('\n'));
}

const std::vector<uint32_t>& AllowComments::rules_named(const std::string& word) {
  const auto [at, is_new] = named_.try_emplace(word);
  if (is_new)
    for (uint32_t i = 0; i < rules_.rules.size(); ++i)
      if (rule_name_matches(word, rules_.rules[i])) at->second.push_back(i);
  return at->second;
}

// A mark names rules by ids right behind it. No id: all rules.
void AllowComments::read_mark(uint64_t behind) {
  AllowMark mark = parse_allow_mark(rest_of_line(behind), [this](const std::string& id) { return !rules_named(id).empty(); });
  if (!mark.problem.empty()) {
    if (!stretch_->unsound) stretch_->unsound = std::move(mark);
    return;
  }
  for (const std::string& id : mark.rules)
    for (const uint32_t rule : rules_named(id)) stretch_->by_rule.try_emplace(rule, mark);
  if (mark.rules.empty() && !stretch_->all) stretch_->all = std::move(mark);
}

void AllowComments::gather(uint64_t from, uint64_t to) {
  stretch_ = Stretch{from, to, std::nullopt, {}, std::nullopt};
  const Bytes lines = text_.substr(from, to - from);
  for (const std::string_view mark : kMarks)
    for (size_t at = lines.find(mark); at != Bytes::npos && !stretch_->all; at = lines.find(mark, at + mark.size())) {
      const size_t behind = at + mark.size();
      // A word that merely begins or ends so ("allowed", "disallow:") is no mark.
      const bool ends = behind >= lines.size() || !is_id_byte(lines[behind]);
      if (ends && (at == 0 || !is_id_byte(lines[at - 1]))) read_mark(from + behind);
    }
}

const AllowMark* AllowComments::find(Lines& lines, uint64_t first, uint64_t last, uint32_t rule) {
  const uint64_t own = lines.line_start(first);
  if (own != own_line_) {
    const size_t feed = own < 2 ? Bytes::npos : text_.rfind('\n', own - 2);
    line_above_ = own == 0 || feed == Bytes::npos ? 0 : feed + 1;
    own_line_ = own;
  }
  const uint64_t from = line_above_;
  const uint64_t to = lines.next_line(last);
  if (!stretch_ || stretch_->from != from || stretch_->to != to) gather(from, to);
  if (const auto named = stretch_->by_rule.find(rule); named != stretch_->by_rule.end()) return &named->second;
  if (stretch_->all) return &*stretch_->all;
  return stretch_->unsound ? &*stretch_->unsound : nullptr;
}

}  // namespace sealwarden
