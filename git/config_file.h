// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "scanner/base/bytes.h"

namespace sealwarden {

// One line `key = value` of a git configuration file. Section and key in lower case, the subsection as it
// stands.
struct ConfigValue {
  std::string section, subsection, key, value;
};

// Reads a configuration file as data: includes are not followed. Total: a line that breaks the format is
// passed over.
std::vector<ConfigValue> parse_config(Bytes text);

// The last value of section.key (without subsection); nullopt if there is none.
std::optional<std::string> config_value(const std::vector<ConfigValue>& config, std::string_view section,
                                        std::string_view key);
// What git takes for true: "true", "yes", "on", "1" and other numbers but 0, and a key without '='.
bool config_is_true(std::string_view value);

}  // namespace sealwarden
