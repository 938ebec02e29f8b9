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

// A mark names rules by ids right behind it; the first word that is no rule's ends the list. No id: all rules.
bool covers(Bytes rest, const RuleSet& rules, const Rule& rule) {
  bool any_id = false;
  while (!rest.empty()) {
    const size_t start = std::min(rest.find_first_not_of(" \t,:"), rest.size());
    size_t end = start;
    while (end < rest.size() && is_id_byte(rest[end])) ++end;
    const std::string word(rest.substr(start, end - start));
    const auto names = [&](const Rule& one) { return rule_name_matches(word, one); };
    if (word.empty() || std::none_of(rules.rules.begin(), rules.rules.end(), names)) break;
    if (names(rule)) return true;
    any_id = true;
    rest.remove_prefix(end);
  }
  return !any_id;
}

}  // namespace

AllowComments::AllowComments(Bytes text) {
  for (const std::string_view mark : kMarks)
    for (size_t at = text.find(mark); at != Bytes::npos; at = text.find(mark, at + mark.size())) {
      const size_t from = at + mark.size();
      // A word that merely begins so ("allowed") is no mark.
      if (from < text.size() && is_id_byte(text[from])) continue;
      // Ids and a reason of at most 1 KiB are read, so that marks on one endless line stay cheap.
      const Bytes rest = text.substr(from, 1024);
      marks_.push_back({at, rest.substr(0, rest.find('\n'))});
    }
  std::sort(marks_.begin(), marks_.end(), [](const Mark& a, const Mark& b) { return a.offset < b.offset; });
}

std::optional<std::string> AllowComments::find(const Lines& lines, size_t first, size_t last, const RuleSet& rules,
                                               uint32_t rule) const {
  if (marks_.empty()) return std::nullopt;
  const uint64_t from = lines.line_start(first == 0 ? 0 : first - 1), to = lines.line_start(last + 1);
  auto mark = std::lower_bound(marks_.begin(), marks_.end(), from,
                               [](const Mark& one, uint64_t offset) { return one.offset < offset; });
  for (; mark != marks_.end() && mark->offset < to; ++mark)
    if (covers(mark->rest, rules, rules.rules[rule])) return reason_in(mark->rest);
  return std::nullopt;
}

}  // namespace sealwarden
