// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "scanner/policy/policy_engine.h"

namespace sealwarden {

// Judges the versions of files one behind the other: what differs from the version before by an inert edit alone
// (inert_edits.h) is not read again. The outcome is that of PolicyEngine::judge(). One thread at a time; keeps the last version's
// bytes. Borrows the engine.
class VersionJudge {
 public:
  explicit VersionJudge(const PolicyEngine& engine) : engine_(engine) {}
  [[nodiscard]] PolicyOutcome judge(const PolicyEngine::Question& question);

 private:
  [[nodiscard]] bool carry(Bytes bytes);

  const PolicyEngine& engine_;
  std::string path_, bytes_;  // of the version before
  PolicyOutcome outcome_;     // its own
  PolicyEngine::Armed armed_;  // the rules that wanted it
};

}  // namespace sealwarden
