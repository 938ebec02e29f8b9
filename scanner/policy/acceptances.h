// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "rules/rule_set.h"
#include "scanner/policy/policy_engine.h"

namespace sealwarden {

// Sets Violation::accepted where a mark covers it: `sealwarden:allow` in a comment on the violation's line or the line above
// (text within a string is no comment), and what other tools' marks accept by the rule's equivalents: checkov:skip= and
// checkov.io/skip annotations, hadolint ignore=, zizmor: ignore[], kube-linter's annotations, trivy:ignore:, kics-scan,
// pragma: allowlist secret. Marks of ours that allow nothing (unknown rule, bad date) are warnings of the outcome.
void accept_marked(const RuleSet& rules, const ParsedFile& file, const std::string& path, PolicyOutcome& outcome);

}  // namespace sealwarden
