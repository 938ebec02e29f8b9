// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "rules/rule_set.h"
#include "scanner/base/bytes.h"
#include "scanner/base/digest.h"
#include "scanner/base/result.h"

namespace sealwarden {

// The rules of rules/packs, embedded by the build: loaded without TOML, without their tests.
Result<std::vector<Rule>> builtin_rules();
// The kinds of documents, word lists and classes of paths that the packs define.
Result<Vocabulary> builtin_vocabulary();
// They and those of `files`, as merge_rules() joins them: the set whose database need not be compiled.
Result<RuleSet> shipped_rule_set(const std::vector<RuleFile>& files = {});
// Adds the tests to what builtin_rules() gave.
Result<void> add_builtin_tests(std::vector<Rule>& rules);

// Over all of them that decides a result, and over the words and kinds.
Sha256 builtin_rules_digest();

// encode_anchors() of them without the database, and the memory_image() of that, compiled for the lowest CPU, where it can be
// used.
Bytes builtin_anchors();
Bytes builtin_database();

// rules/lexicon.txt and rules/char_pairs.txt, for Lexicon::builtin().
Bytes builtin_words();
Bytes builtin_char_pairs();

}  // namespace sealwarden
