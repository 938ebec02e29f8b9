// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace sealwarden {

// Bytes that libyaml refuses though YAML 1.2 allows them, and what it is to see instead. Sorted positions.
struct YamlMends {
  std::vector<uint32_t> blanks;   // tabs that only separate
  std::vector<uint32_t> letters;  // what belongs to a text: a tab that begins a block text, [:x], {?x: 1}
};

// A tab that libyaml stumbled over. `in_block`: as the indentation of a block text.
struct YamlBadTab {
  uint32_t at = 0;
  bool in_block = false;
};

// Adds what can be done about the tabs, and about those like them on later lines. A tab that indents keys or items is wrong in
// YAML 1.2 too, and stays.
void mend_tabs(std::string_view text, const std::vector<YamlBadTab>& tabs, YamlMends& mends);

// Adds the ":" and "?" that begin a text within brackets. Elsewhere the same bytes are no marks, so nothing is lost there.
void mend_flow_starts(std::string_view text, YamlMends& mends);

}  // namespace sealwarden
