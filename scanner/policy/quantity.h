// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>

namespace sealwarden {

// A number as configuration writes it, in one base unit each: "3", "1.5e3", "0x1F", "0o17"; Kubernetes' and Docker's quantities
// ("500m", "128Mi", "1g") as numbers or bytes; durations ("30s", "1h30m", "250ms", "90d") in seconds; "80%" as 0.8; "1_000".
// nullopt: none.
std::optional<double> parse_quantity(std::string_view text);

// Whether version `a` ("1.2.3", "v1.20") comes before `b`; parts that are no numbers end the comparison. nullopt: no versions.
std::optional<bool> version_less(std::string_view a, std::string_view b);

}  // namespace sealwarden
