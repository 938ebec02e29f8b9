// SPDX-License-Identifier: Apache-2.0
// Expressions as the two engines see them. RE2 (Latin-1) finds the matches, Hyperscan (no UTF-8) finds where
// to look; both must mean the same bytes. Where they differ, an expression is rewritten for Hyperscan if that
// is exact (`\s`, `\v`) and refused otherwise.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "scanner/base/result.h"

namespace re2 {
class RE2;
}

namespace sealwarden {

// Widest hit of an anchor and longest match of a rule, in bytes.
inline constexpr uint32_t kMaxAnchorWidth = 256;
inline constexpr uint32_t kMaxMatchLength = 65536;

// RE2 with the options that all of the program uses: bytes, no logging, bounded memory. May be !ok().
std::unique_ptr<re2::RE2> make_re2(const std::string& regex);
// The number of captures, or why RE2 refuses the expression.
Result<uint32_t> count_groups(const std::string& regex);

// Why the expression must not stand in a rule, one sentence each with its remedy. `for_hyperscan`: also what
// only matters where both engines run it.
std::vector<std::string> forbidden_constructs(std::string_view regex, bool for_hyperscan);

// The same language in Hyperscan's dialect.
std::string hyperscan_form(std::string_view regex);
// The expression without the word boundaries that lead and end it: more hits, all old ones included, and
// faster to find.
std::string without_outer_boundaries(std::string_view regex);

inline constexpr uint32_t kUnbounded = UINT32_MAX;
struct PatternWidth {
  uint32_t least = 0;
  uint32_t most = kUnbounded;
};
// Bytes that a match may have, by Hyperscan. An Error of kind usage says why it cannot read the expression.
Result<PatternWidth> pattern_width(std::string_view regex);

}  // namespace sealwarden
