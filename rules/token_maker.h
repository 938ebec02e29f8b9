// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "rules/rule.h"
#include "scanner/base/result.h"

namespace sealwarden {

// The characters that TokenRecipe::alphabet names; nullopt for an unknown name or an empty "chars:".
std::optional<std::string> alphabet_characters(std::string_view name);

// A token that looks real and never was: the same for the same recipe and seed, on every machine. Its body is
// among the more random of its kind, so that an entropy check that real tokens pass does not fail by bad
// luck, and starts and ends with a letter or digit where the alphabet has one, so that word boundaries hold.
std::string make_token(const TokenRecipe& recipe, std::string_view seed);

// A test of a rule as the engine gets it.
struct TestBytes {
  std::string bytes;
  std::string secret;  // what the first finding must hold; empty: not said
  std::optional<std::string> old;                          // the older version
  std::vector<std::pair<std::string, std::string>> files;  // path and bytes of the tree's other files
};
// Error of kind usage if the text is no hex where it should be.
Result<TestBytes> expand_test(const Rule& rule, const RuleTest& test);

}  // namespace sealwarden
