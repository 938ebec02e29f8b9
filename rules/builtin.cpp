// SPDX-License-Identifier: Apache-2.0
#include "rules/builtin.h"

#include <algorithm>

#include "rules/rule_codec.h"

// Made by builtin.S from what embed_rules wrote.
extern "C" {
extern const char sealwarden_builtin_rules_begin[];
extern const char sealwarden_builtin_rules_end[];
extern const char sealwarden_builtin_tests_begin[];
extern const char sealwarden_builtin_tests_end[];
extern const char sealwarden_builtin_vocabulary_begin[];
extern const char sealwarden_builtin_vocabulary_end[];
extern const char sealwarden_builtin_anchors_begin[];
extern const char sealwarden_builtin_anchors_end[];
extern const char sealwarden_builtin_database_begin[];
extern const char sealwarden_builtin_database_end[];
extern const char sealwarden_builtin_words_begin[];
extern const char sealwarden_builtin_words_end[];
extern const char sealwarden_builtin_char_pairs_begin[];
extern const char sealwarden_builtin_char_pairs_end[];
}

namespace sealwarden {
namespace {

Bytes between(const char* begin, const char* end) { return {begin, static_cast<size_t>(end - begin)}; }

// digest:32 encode_rules()
Bytes rules_with_digest() { return between(sealwarden_builtin_rules_begin, sealwarden_builtin_rules_end); }

}  // namespace

Result<std::vector<Rule>> builtin_rules() { return decode_rules(rules_with_digest().substr(sizeof(Sha256))); }

Result<Vocabulary> builtin_vocabulary() {
  return decode_vocabulary(between(sealwarden_builtin_vocabulary_begin, sealwarden_builtin_vocabulary_end));
}

Result<RuleSet> shipped_rule_set(const std::vector<RuleFile>& files) {
  TRY(std::vector<Rule> rules, builtin_rules());
  TRY(Vocabulary words, builtin_vocabulary());
  return merge_rules(std::move(rules), files, builtin_rules_digest(), std::move(words));
}

Sha256 builtin_rules_digest() {
  Sha256 digest{};
  std::copy_n(rules_with_digest().begin(), digest.size(), digest.begin());
  return digest;
}

Result<void> add_builtin_tests(std::vector<Rule>& rules) {
  return decode_tests(between(sealwarden_builtin_tests_begin, sealwarden_builtin_tests_end), rules);
}

Bytes builtin_anchors() { return between(sealwarden_builtin_anchors_begin, sealwarden_builtin_anchors_end); }

Bytes builtin_database() { return between(sealwarden_builtin_database_begin, sealwarden_builtin_database_end); }

Bytes builtin_words() { return between(sealwarden_builtin_words_begin, sealwarden_builtin_words_end); }

Bytes builtin_char_pairs() { return between(sealwarden_builtin_char_pairs_begin, sealwarden_builtin_char_pairs_end); }

}  // namespace sealwarden
