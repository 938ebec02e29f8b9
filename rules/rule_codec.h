// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "rules/rule.h"
#include "scanner/base/bytes.h"
#include "scanner/base/result.h"

namespace sealwarden {

// The shipped rules travel in the program in this form, so that no TOML is parsed at start-up. Fields in
// fixed order, no tags: writer and reader are the same program.
//
//   rules  = count rule*            number = LEB128
//   rule   = decisive prose         text   = length bytes
//   tests  = count (count test*)*   list   = count item*
//
// Tests are apart, because only `rules test` wants them.
std::string encode_rules(const std::vector<Rule>& rules);
std::string encode_tests(const std::vector<Rule>& rules);
// Total: any bytes may be passed. An Error of kind corrupt for what the encoder cannot have written.
Result<std::vector<Rule>> decode_rules(Bytes bytes);
// Sets `tests` of the rules that encode_rules() gave with them.
Result<void> decode_tests(Bytes bytes, std::vector<Rule>& rules);

// Kinds of documents, word lists and classes of paths, likewise.
std::string encode_vocabulary(const Vocabulary& words);
Result<Vocabulary> decode_vocabulary(Bytes bytes);

// Only what decides a result: no prose, tests or origin. For digests.
std::string encode_decisive(const Rule& rule);
std::string encode_decisive(const Allow& allow);
std::string encode_decisive(const Vocabulary& words);

}  // namespace sealwarden
