// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "rules/rule.h"
#include "scanner/base/bytes.h"
#include "scanner/base/digest.h"
#include "scanner/base/result.h"

namespace sealwarden {

// The rules of rules/packs, embedded by the build: loaded without TOML, without their tests.
Result<std::vector<Rule>> builtin_rules();
// Adds the tests to what builtin_rules() gave.
Result<void> add_builtin_tests(std::vector<Rule>& rules);

// Over all of them that decides a result, and over the two below.
Sha256 builtin_rules_digest();

// encode_anchors() of them, compiled for the lowest CPU, and the anchors_digest() that says so.
Bytes builtin_anchors();
Sha256 builtin_anchors_digest();

// rules/lexicon.txt and rules/char_pairs.txt, for Lexicon::builtin().
Bytes builtin_words();
Bytes builtin_char_pairs();

}  // namespace sealwarden
