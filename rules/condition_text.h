// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "rules/policy.h"

namespace sealwarden {

// Conditions as a person reads them, in a line: `kind in ["Pod", "Job"] and (value literal or not name exists)`.
std::string text_of(const std::vector<Condition>& conditions);
std::string text_of(const Condition& condition);

}  // namespace sealwarden
