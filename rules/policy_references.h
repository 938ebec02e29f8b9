// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rules/rule_set.h"

namespace sealwarden {

// Whether all that the rules from `first` on and the kinds of documents name is there: kinds and formats, word lists, classes,
// secret rules. All that is not, one per line, is an Error of kind usage.
Result<void> check_references(const RuleSet& set, size_t first);

}  // namespace sealwarden
