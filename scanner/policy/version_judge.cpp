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
template <class Lines>
std::optional<size_t> moved(const std::vector<Lines>& lines, size_t Lines::*from, size_t Lines::*to, size_t begin, size_t end) {
  auto run = std::upper_bound(lines.begin(), lines.end(), begin, [&](size_t at, const Lines& one) { return at < one.*from; });
  if (run == lines.begin()) return std::nullopt;
  --run;
  return end <= (*run).*from + run->size ? std::optional((*run).*to + (begin - (*run).*from)) : std::nullopt;
}

// Whether the text could accept a finding: by our mark, another tool's, or an annotation.
bool may_be_mark(Bytes text) {
  const std::string lower = lower_case(text);
  constexpr std::array<std::string_view, 7> kWords = {"allow", "ignore", "skip", "nosec", "disable", "noqa", "sealwarden"};
  return std::any_of(kWords.begin(), kWords.end(), [&](std::string_view word) { return lower.find(word) != std::string::npos; });
}

// Calls `visit` with what only one of the versions has, of that one.
template <class Visit>
void visit_changed(const std::vector<KeptLines>& kept, size_t KeptLines::*side, Bytes text, const Visit& visit) {
  size_t at = 0;
  for (const KeptLines& one : kept) {
    if (one.*side > at) visit(text.substr(at, one.*side - at));
    at = one.*side + one.size;
  }
  if (at < text.size()) visit(text.substr(at));
}

bool one_may_be_mark(const std::vector<LineRun>& runs, Bytes text) {
  return std::any_of(runs.begin(), runs.end(), [&](const LineRun& run) { return may_be_mark(text.substr(run.begin, run.end - run.begin)); });
}

bool is_in(const ChangedPart& part, size_t at) { return moved(part.lines, &CopiedLines::version, &CopiedLines::part, at, at + 1).has_value(); }

}  // namespace

// Where what was said of the version before stands now; nullopt if it may hold no more: its node, its line or the line above it, where a
// mark may stand, changed, or marks came or went.
std::optional<std::vector<Span>> VersionJudge::moved_violations(const PolicyEngine::Question& question, const ChangedPart& part,
                                                                const std::vector<KeptLines>& kept) const {
  std::vector<Span> spans;
  if (outcome_.violations.empty()) return spans;
  const auto has_number = [](const Violation& one) { return one.node.find('[') != std::string::npos; };
  if (part.moves_items && std::any_of(outcome_.violations.begin(), outcome_.violations.end(), has_number)) return std::nullopt;
  bool marks = one_may_be_mark(part.came, question.bytes) || one_may_be_mark(part.went, bytes_);
  const auto note_mark = [&](Bytes text) { marks = marks || may_be_mark(text); };
  visit_changed(kept, &KeptLines::before, bytes_, note_mark);
  visit_changed(kept, &KeptLines::after, question.bytes, note_mark);
  if (marks) return std::nullopt;

  const Bytes before = bytes_;
  size_t line = 0, above = 0, end = 0;  // of the violation's line, the line above it, behind it
  for (const Violation& one : outcome_.violations) {
    if (one.span.begin < line || one.span.end > end || end == 0) {
      const size_t feed = before.substr(0, one.span.begin).rfind('\n');
      line = feed == Bytes::npos ? 0 : feed + 1;
      above = line < 2 ? 0 : before.substr(0, line - 1).rfind('\n') + 1;
      end = std::min(before.find('\n', one.span.end), before.size());
    }
    const auto at = moved(kept, &KeptLines::before, &KeptLines::after, above, end);
    if (!at) return std::nullopt;
    const size_t to = *at + (one.span.begin - above);
    auto run = std::upper_bound(part.went.begin(), part.went.end(), one.span.begin, [](size_t begin, const LineRun& gone) { return begin < gone.begin; });
    if (is_in(part, to) || (run != part.went.begin() && (--run)->end > one.span.begin)) return std::nullopt;
    spans.push_back({static_cast<uint32_t>(to), static_cast<uint32_t>(to + (one.span.end - one.span.begin))});
  }
  return spans;
}

bool VersionJudge::judge_part(const PolicyEngine::Question& question, const ChangedPart& part, const std::vector<KeptLines>& kept) {
  const auto spans = moved_violations(question, part, kept);
  if (!spans) return false;
  // The hits outside have to be the same.
  std::vector<Seen> was, is;
  std::vector<Hit> hits;
  for (const Seen& one : hits_)
    if (const auto at = moved(kept, &KeptLines::before, &KeptLines::after, one.begin, one.end); at && !is_in(part, *at))
      was.push_back({one.rule, *at, *at + (one.end - one.begin), one.refused});
  for (const Hit& one : question.hits) {
    const auto at = moved(part.lines, &CopiedLines::version, &CopiedLines::part, one.region.start_byte, one.region.end_byte);
    if (!at || !one.member.empty()) {
      is.push_back(seen(one));
      continue;
    }
    hits.push_back(one);
    hits.back().region.end_byte = *at + (one.region.end_byte - one.region.start_byte);
    hits.back().region.start_byte = *at;
  }
  if (was != is) return false;

  // Words in comments arm rules too. What was said before hangs on the words that were there: then all are looked for again.
  std::string changed = part.text;
  visit_changed(kept, &KeptLines::after, question.bytes, [&](Bytes text) { changed.append(1, '\n').append(text); });
  Prefilter::Present present = spans->empty() ? engine_.present_after(*present_, question.bytes, changed) : engine_.present(question);
  PolicyEngine::Armed armed = engine_.armed(question, present);
  if (!armed.are_covered || (spans->empty() ? !std::includes(armed_.begin(), armed_.end(), armed.rules.begin(), armed.rules.end()) : armed.rules != armed_))
    return false;
  // What no rule wanted was not read.
  if (outcome_.state == PolicyOutcome::State::not_wanted && !armed.rules.empty()) return false;
  if (!part.text.empty()) {
    PolicyEngine::Question smaller = question;
    smaller.bytes = part.text;
    smaller.hits = hits;
    const PolicyOutcome outcome = engine_.judge(smaller, armed);
    if (!outcome.violations.empty() || !outcome.carries || outcome.document_state > outcome_.document_state) return false;
  }
  for (size_t i = 0; i < spans->size(); ++i) outcome_.violations[i].span = (*spans)[i];
  present_ = std::move(present);
  return true;
}

VersionJudge::Seen VersionJudge::seen(const Hit& hit) {
  return {hit.rule, static_cast<size_t>(hit.region.start_byte), static_cast<size_t>(hit.region.end_byte), hit.refused};
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
    PolicyEngine::Armed armed = engine_.armed(question, *present_);
    outcome_ = engine_.judge(question, armed);
    armed_ = std::move(armed.rules);
    outline_.reset();
    has_outline_ = false;
  }
  path_ = question.path;
  bytes_ = outcome_.carries ? question.bytes : Bytes();
  present_->path = path_;
  present_->bytes = bytes_;
  hits_.clear();
  if (outcome_.carries)
    for (const Hit& hit : question.hits) hits_.push_back(seen(hit));
  return outcome_;
}

}  // namespace sealwarden
