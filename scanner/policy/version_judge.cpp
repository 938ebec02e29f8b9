// SPDX-License-Identifier: Apache-2.0
#include "scanner/policy/version_judge.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "scanner/base/ascii.h"
#include "scanner/doc/template_mask.h"

namespace sealwarden {
namespace {

// Where [begin, end) lies on the other side of lines that both have; nullopt: it is not wholly within such a run.
std::optional<size_t> moved(const std::vector<KeptLines>& lines, size_t KeptLines::*from, size_t KeptLines::*to, size_t begin, size_t end) {
  auto run = std::upper_bound(lines.begin(), lines.end(), begin, [&](size_t at, const KeptLines& one) { return at < one.*from; });
  if (run == lines.begin()) return std::nullopt;
  --run;
  return end <= (*run).*from + run->size ? std::optional((*run).*to + (begin - (*run).*from)) : std::nullopt;
}

// A violation of the version before; nullopt if not its line and the line above it are kept, where a mark may stand.
std::optional<Span> moved_violation(const std::vector<KeptLines>& kept, Bytes before, Span span) {
  size_t begin = before.substr(0, span.begin).rfind('\n');
  begin = begin == Bytes::npos || begin == 0 ? 0 : before.substr(0, begin).rfind('\n') + 1;
  const size_t end = std::min(before.find('\n', span.end), before.size());
  const std::optional<size_t> at = moved(kept, &KeptLines::before, &KeptLines::after, begin, end);
  if (!at) return std::nullopt;
  const size_t to = *at + (span.begin - begin);
  return Span{static_cast<uint32_t>(to), static_cast<uint32_t>(to + (span.end - span.begin))};
}

// Whether the text could accept a finding: by our mark, another tool's, or an annotation.
bool may_be_mark(Bytes text) {
  const std::string lower = lower_case(text);
  constexpr std::array<std::string_view, 7> kWords = {"allow", "ignore", "skip", "nosec", "disable", "noqa", "sealwarden"};
  return std::any_of(kWords.begin(), kWords.end(), [&](std::string_view word) { return lower.find(word) != std::string::npos; });
}

// Whether what only one of the versions has could.
bool may_differ_in_marks(const std::vector<KeptLines>& kept, size_t KeptLines::*side, Bytes text) {
  size_t at = 0;
  for (const KeptLines& one : kept) {
    if (one.*side > at && may_be_mark(text.substr(at, one.*side - at))) return true;
    at = one.*side + one.size;
  }
  return at < text.size() && may_be_mark(text.substr(at));
}

bool is_in(const ChangedPart& part, size_t at) { return moved(part.lines, &KeptLines::after, &KeptLines::before, at, at + 1).has_value(); }

}  // namespace

bool VersionJudge::judge_part(const PolicyEngine::Question& question, const ChangedPart& part, const std::vector<KeptLines>& kept) {
  // What was said of the version before has to lie outside, and the hits there to be the same.
  const auto has_number = [](const Violation& one) { return one.node.find('[') != std::string::npos; };
  if (part.moves_items && std::any_of(outcome_.violations.begin(), outcome_.violations.end(), has_number)) return false;
  if (!outcome_.violations.empty() && (may_differ_in_marks(kept, &KeptLines::before, bytes_) ||
                                       may_differ_in_marks(kept, &KeptLines::after, question.bytes)))
    return false;
  std::vector<Span> spans;
  for (const Violation& one : outcome_.violations) {
    const std::optional<Span> span = moved_violation(kept, bytes_, one.span);
    if (!span || is_in(part, span->begin)) return false;
    spans.push_back(*span);
  }
  std::vector<Seen> was, is;
  std::vector<Hit> hits;
  for (const Seen& one : hits_)
    if (const auto at = moved(kept, &KeptLines::before, &KeptLines::after, one.begin, one.begin + 1); at && !is_in(part, *at)) was.push_back({one.rule, *at});
  for (const Hit& one : question.hits) {
    const auto at = moved(part.lines, &KeptLines::after, &KeptLines::before, one.region.start_byte, one.region.end_byte);
    if (!at || !one.member.empty()) {
      is.push_back({one.rule, one.region.start_byte});
      continue;
    }
    hits.push_back(one);
    hits.back().region.end_byte = *at + (one.region.end_byte - one.region.start_byte);
    hits.back().region.start_byte = *at;
  }
  if (was != is) return false;

  Prefilter::Present present = engine_.present_after(*present_, question.bytes, part.text);
  PolicyEngine::Question smaller = question;
  smaller.bytes = part.text;
  smaller.hits = hits;
  const PolicyEngine::Armed armed = engine_.armed(smaller, present);
  if (!armed.are_covered) return false;
  if (!part.text.empty()) {
    const PolicyOutcome outcome = engine_.judge(smaller, armed);
    if (!outcome.violations.empty() || !outcome.carries || outcome.document_state > outcome_.document_state) return false;
  }
  for (size_t i = 0; i < spans.size(); ++i) outcome_.violations[i].span = spans[i];
  present_ = std::move(present);
  return true;
}

bool VersionJudge::carry(const PolicyEngine::Question& question) {
  if (question.at_tip || !outcome_.carries || question.path != path_ || !present_) return false;
  const bool is_template = is_template_path(question.path);
  // Outside of templates what looks like an action is a value, if it can be read as one.
  if (!is_template && outcome_.document_state != DocumentState::parsed) return false;
  const auto kept = find_kept_lines(bytes_, question.bytes);
  if (!kept) return false;
  if (!std::exchange(has_outline_, true)) outline_ = outline_yaml(bytes_, is_template);
  if (!outline_) return false;
  std::optional<YamlOutline> outline = outline_yaml(question.bytes, is_template);
  if (!outline) return false;
  const auto part = engine_.changed_parts().of({question.path, bytes_, question.bytes, *outline_, *outline, *kept});
  // To read nearly all of it twice helps nobody.
  if (!part || part->text.size() > question.bytes.size() / 4 * 3 || !judge_part(question, *part, *kept)) return false;
  outline_ = std::move(outline);
  return true;
}

PolicyOutcome VersionJudge::judge(const PolicyEngine::Question& question) {
  if (!carry(question)) {
    present_ = engine_.present(question);
    outcome_ = engine_.judge(question, engine_.armed(question, *present_));
    outline_.reset();
    has_outline_ = false;
  }
  path_ = question.path;
  if (outcome_.carries) {
    bytes_ = question.bytes;
    present_->path = path_;
    present_->bytes = bytes_;
    hits_.clear();
    for (const Hit& hit : question.hits) hits_.push_back({hit.rule, static_cast<size_t>(hit.region.start_byte)});
  }
  return outcome_;
}

}  // namespace sealwarden
