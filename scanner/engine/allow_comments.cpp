// SPDX-License-Identifier: Apache-2.0
#include "scanner/engine/allow_comments.h"

#include <algorithm>

namespace sealwarden {
namespace {

constexpr std::string_view kMarks[] = {"sealwarden:allow", "gitleaks:allow"};
constexpr std::string_view kReason = "reason=\"";

bool is_id_byte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '*';
}

std::string reason_in(Bytes rest) {
  const size_t at = rest.find(kReason);
  if (at == Bytes::npos) return {};
  const Bytes value = rest.substr(at + kReason.size());
  return std::string(value.substr(0, value.find('"')));
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

// A mark names rules by ids right behind it; the first word that is no rule's ends the list. No id: all rules.
void AllowComments::read_mark(uint64_t behind) {
  Bytes rest = rest_of_line(behind);
  bool any_id = false;
  for (int words = 0; words < 32; ++words) {
    const size_t start = std::min(rest.find_first_not_of(" \t,:[("), rest.size());
    size_t end = start;
    while (end < rest.size() && is_id_byte(rest[end])) ++end;
    if (end == start) break;
    const std::vector<uint32_t>& named = rules_named(std::string(rest.substr(start, end - start)));
    if (named.empty()) break;
    for (const uint32_t rule : named) stretch_->by_rule.try_emplace(rule, behind);
    any_id = true;
    rest.remove_prefix(end);
  }
  if (!any_id && !stretch_->all) stretch_->all = behind;
}

void AllowComments::gather(uint64_t from, uint64_t to) {
  stretch_ = Stretch{from, to, std::nullopt, {}};
  const Bytes lines = text_.substr(from, to - from);
  for (const std::string_view mark : kMarks)
    for (size_t at = lines.find(mark); at != Bytes::npos && !stretch_->all; at = lines.find(mark, at + mark.size())) {
      const size_t behind = at + mark.size();
      // A word that merely begins or ends so ("allowed", "disallow:") is no mark.
      const bool ends = behind >= lines.size() || !is_id_byte(lines[behind]);
      if (ends && (at == 0 || !is_id_byte(lines[at - 1]))) read_mark(from + behind);
    }
}

std::optional<std::string> AllowComments::find(Lines& lines, uint64_t first, uint64_t last, uint32_t rule) {
  const uint64_t own = lines.line_start(first);
  if (own != own_line_) {
    const size_t feed = own < 2 ? Bytes::npos : text_.rfind('\n', own - 2);
    line_above_ = own == 0 || feed == Bytes::npos ? 0 : feed + 1;
    own_line_ = own;
  }
  const uint64_t from = line_above_;
  const uint64_t to = lines.next_line(last);
  if (!stretch_ || stretch_->from != from || stretch_->to != to) gather(from, to);
  if (const auto named = stretch_->by_rule.find(rule); named != stretch_->by_rule.end())
    return reason_in(rest_of_line(named->second));
  if (stretch_->all) return reason_in(rest_of_line(*stretch_->all));
  return std::nullopt;
}

}  // namespace sealwarden
