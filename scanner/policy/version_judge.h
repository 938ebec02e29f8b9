// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "scanner/policy/policy_engine.h"

namespace sealwarden {

// Judges the versions of files one behind the other: of a version that differs little from the one before only that part is read
// which the edit can have changed the verdicts of (changed_parts.h). The violations are those of PolicyEngine::judge(); of the rest of an
// outcome only whether it is `unread`. One thread at a time; keeps the last version's bytes. Borrows the engine.
class VersionJudge {
 public:
  explicit VersionJudge(const PolicyEngine& engine) : engine_(engine) {}
  [[nodiscard]] PolicyOutcome judge(const PolicyEngine::Question& question);
  // Whether a rule on pairs of versions wants the version that was judged last beside an older one.
  [[nodiscard]] bool wants_pairs(const std::string& path, Bytes bytes) {
    present_->bytes = bytes;
    return engine_.wants_pairs({.path = path, .bytes = bytes, .hits = {}}, *present_);
  }

 private:
  // A hit of a secret rule, by what a policy rule sees of it.
  struct Seen {
    uint32_t rule;
    size_t begin, end;
    bool refused;
    bool operator==(const Seen&) const = default;
  };
  [[nodiscard]] static Seen seen(const Hit& hit);
  [[nodiscard]] bool carry(const PolicyEngine::Question& question);
  [[nodiscard]] bool judge_part(const PolicyEngine::Question& question, const ChangedPart& part, const std::vector<KeptLines>& kept);
  [[nodiscard]] std::optional<std::vector<Span>> moved_violations(const PolicyEngine::Question& question, const ChangedPart& part,
                                                                  const std::vector<KeptLines>& kept) const;

  const PolicyEngine& engine_;
  std::string path_, bytes_;  // of the version before
  PolicyOutcome outcome_;     // its own
  std::vector<Seen> hits_;
  std::optional<YamlOutline> outline_;  // made when the next version asks for it
  bool has_outline_ = false;
  std::optional<Prefilter::Present> present_;  // what may be in it, or was in one that it came from
  std::vector<uint32_t> armed_;                // the rules that wanted it, or one that it came from
};

}  // namespace sealwarden
