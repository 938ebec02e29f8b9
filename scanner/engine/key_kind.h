// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "rules/lexicon.h"
#include "scanner/base/bytes.h"

namespace sealwarden {

// What a name promises of its value. `key` is the weakest: a name that ends in "key" and says no more.
enum class KeyKind : uint8_t { none, key, token, secret, password };

// The tokens of a name in lower case: cut at case changes and at what is no letter or digit; "OAuthToken2" is o, auth, token,
// "MYSQL_PASSWORD" is mysql, password. Digits at a token's end are dropped. Bytes beyond ASCII count as letters.
std::vector<std::string> name_tokens(Bytes name);

struct NamedKind {
  KeyKind kind = KeyKind::none;
  bool last = false;  // the word that says so ends the name
};
// What the name promises, by the lexicon. Pure.
NamedKind key_kind(const Lexicon& lexicon, Bytes name);

}  // namespace sealwarden
