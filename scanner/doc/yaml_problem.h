// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace sealwarden {

// Our sentence for what libyaml says. `at_start`: the problem lies where the construct begins that did not end well, not where
// that was noticed.
struct YamlSentence {
  std::string text;
  bool at_start = false;
};
YamlSentence yaml_sentence(std::string_view context, std::string_view problem, bool at_end);

}  // namespace sealwarden
