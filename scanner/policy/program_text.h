// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>
#include <vector>

namespace sealwarden {

// Literals in a line of program text of nearly any language, by their place alone. The parts are views into `line`, without quotes.

// The literal that a name gets: what stands directly behind `=`, `=>`, `:=` or `:`, or is the fallback of what stands there (the last
// argument of a call, behind `||`, `??` or `or`). Empty: there is none.
//   SECRET_KEY = "x"      key: process.env.KEY || 'x'      'key' => env('KEY', 'x')      config["KEY"] = os.getenv("KEY", "x")
[[nodiscard]] std::string_view assigned_literal(std::string_view line);

// The literals that a call takes as a key for signing or verifying tokens: the second argument of sign, verify, encode and decode, and
// the first of what makes keys and algorithms of them (HMAC256, setSigningKey, SymmetricSecurityKey, ...).
[[nodiscard]] std::vector<std::string_view> signing_literals(std::string_view line);

}  // namespace sealwarden
