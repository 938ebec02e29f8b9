// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "rules/rule.h"
#include "rules/table_reader.h"

namespace sealwarden {

// The [[rule.test]] tables of a rule.
std::vector<RuleTest> read_rule_tests(TableReader& rule_fields, const Rule& rule);
// The key "checksum"; none if absent.
Checksum read_checksum(TableReader& reader);

}  // namespace sealwarden
