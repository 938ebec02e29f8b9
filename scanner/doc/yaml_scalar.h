// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>

#include "scanner/doc/document.h"

namespace sealwarden {

// The type of a scalar without quotes and tag, by its letters: YAML 1.1 as the Go reader of Kubernetes decides (y, yes and on
// are booleans, 0x1f, 0o17, 0b1 and 1_000 integers; dates are text).
NodeType plain_yaml_type(std::string_view text);

// The type that a core tag gives, by its full name: "tag:yaml.org,2002:int". nullopt: no core tag. Of maps and sequences: theirs.
std::optional<NodeType> core_yaml_type(std::string_view tag);

}  // namespace sealwarden
