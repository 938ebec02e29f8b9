// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "rules/compiled_rules.h"
#include "scanner/policy/policy_engine.h"

namespace sealwarden {

// Runs a test of a rule of kind config, tree or pair. Empty if it did what it expects, else what it did.
std::string judge_policy_test(const CompiledRules& rules, const PolicyEngine& engine, uint32_t rule, const RuleTest& test);

}  // namespace sealwarden
