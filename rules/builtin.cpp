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
extern const char sealwarden_builtin_anchors_begin[];
extern const char sealwarden_builtin_anchors_end[];
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

// digest:32 encode_anchors()
Bytes anchors_with_digest() {
  return between(sealwarden_builtin_anchors_begin, sealwarden_builtin_anchors_end);
}

Sha256 digest_before(Bytes bytes) {
  Sha256 digest{};
  std::copy_n(bytes.begin(), digest.size(), digest.begin());
  return digest;
}

}  // namespace

Result<std::vector<Rule>> builtin_rules() { return decode_rules(rules_with_digest().substr(sizeof(Sha256))); }

Sha256 builtin_rules_digest() { return digest_before(rules_with_digest()); }

Result<void> add_builtin_tests(std::vector<Rule>& rules) {
  return decode_tests(between(sealwarden_builtin_tests_begin, sealwarden_builtin_tests_end), rules);
}

Bytes builtin_anchors() { return anchors_with_digest().substr(sizeof(Sha256)); }

Bytes builtin_words() { return between(sealwarden_builtin_words_begin, sealwarden_builtin_words_end); }

Bytes builtin_char_pairs() { return between(sealwarden_builtin_char_pairs_begin, sealwarden_builtin_char_pairs_end); }

Sha256 builtin_anchors_digest() { return digest_before(anchors_with_digest()); }

}  // namespace sealwarden
