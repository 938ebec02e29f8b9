// SPDX-License-Identifier: Apache-2.0
#include "scanner/policy/version_judge.h"

#include <algorithm>
#include <optional>
#include <vector>

#include "scanner/policy/inert_edits.h"

namespace sealwarden {
namespace {

// Where the span lies after the edit; nullopt if not its line and the line above it are kept, where a mark may stand.
std::optional<Span> moved(const InertEdit& edit, Bytes before, Span span) {
  size_t begin = before.substr(0, span.begin).rfind('\n');
  begin = begin == Bytes::npos || begin == 0 ? 0 : before.substr(0, begin).rfind('\n') + 1;
  const size_t end = std::min(before.find('\n', span.end), before.size());
  for (const KeptLines& kept : edit.kept)
    if (kept.before <= begin && end <= kept.before + kept.size) {
      const size_t to = kept.after + (span.begin - kept.before);
      return Span{static_cast<uint32_t>(to), static_cast<uint32_t>(to + (span.end - span.begin))};
    }
  return std::nullopt;
}

}  // namespace

bool VersionJudge::carry(Bytes bytes) {
  const std::optional<InertEdit> edit = engine_.edits().look_at(bytes_, bytes);
  if (!edit || (edit->moves_items && !outcome_.violations.empty())) return false;
  std::vector<Span> spans;
  for (const Violation& one : outcome_.violations) {
    const std::optional<Span> span = moved(*edit, bytes_, one.span);
    if (!span) return false;
    spans.push_back(*span);
  }
  for (size_t i = 0; i < spans.size(); ++i) outcome_.violations[i].span = spans[i];
  return true;
}

PolicyOutcome VersionJudge::judge(const PolicyEngine::Question& question) {
  // What wants this version has to be what wanted the one before: the tree around it may be another, and words come with comments.
  PolicyEngine::Armed armed = engine_.armed(question);
  const bool is_carried = !question.at_tip && outcome_.carries && question.path == path_ && armed == armed_ && carry(question.bytes);
  if (!is_carried) outcome_ = engine_.judge(question, armed);
  armed_ = std::move(armed);
  path_ = question.path;
  if (outcome_.carries) bytes_ = question.bytes;
  return outcome_;
}

}  // namespace sealwarden
