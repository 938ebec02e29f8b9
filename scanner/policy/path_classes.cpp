// SPDX-License-Identifier: Apache-2.0
#include "scanner/policy/path_classes.h"

#include <algorithm>

#include "scanner/base/ascii.h"

namespace sealwarden {

std::vector<std::string> classes_of_path(const RuleSet& rules, const std::string& path) {
  std::vector<std::string> classes;
  const std::string lower = lower_case(path);
  for (const PathClass& one : rules.classes) {
    const bool fits = one.paths.any_matches(lower) || (lower != path && one.paths.any_matches(path));
    if (fits && std::find(classes.begin(), classes.end(), one.name) == classes.end()) classes.push_back(one.name);
  }
  return classes;
}

}  // namespace sealwarden
