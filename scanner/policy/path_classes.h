// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "rules/rule_set.h"

namespace sealwarden {

// What the path says of the file's purpose: names of RuleSet::classes whose globs match. Of the
// configuration as of the shipped ones; each once.
std::vector<std::string> classes_of_path(const RuleSet& rules, const std::string& path);

}  // namespace sealwarden
