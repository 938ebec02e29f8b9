// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace sealwarden {

// Matches a '/'-separated path against a glob: `*` and `?` stop at '/', `**` does not, `[a-z]` and `[!a-z]`
// are classes,
// `{a,b}` are alternatives, '\' quotes. A glob without '/' is matched against the last component alone; one
// that starts with '/' from the root; any other from the root too ("docs/**" is not "a/docs/x": write
// "**/docs/**" for that). Each alternative counts as a glob of its own; alternatives do not nest. Bytes,
// case-sensitive. Time is bounded by pattern times path.
bool glob_matches(std::string_view glob, std::string_view path);

// The globs without braces that `glob` stands for; at most 1024.
std::vector<std::string> expand_braces(std::string_view glob);

}  // namespace sealwarden
