// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

#include "rules/lexicon.h"
#include "scanner/base/bytes.h"

namespace sealwarden {

// What a value looks like, free of where it stands.
enum class ValueClass : uint8_t {
  empty,        // nothing, or too short to be anything
  reference,    // names where the value comes from: ${X}, %X%, {{ x }}, vault:..., a call
  placeholder,  // put something here; a word that stands for any value
  sentence,     // words with blanks between them
  hash,         // the stored form of a password: bcrypt, crypt, PBKDF2
  place,        // a path, a URL, an address
  name,         // words of developers joined by separators or case: user_password, errors.token.missing
  uuid,
  number,       // digits alone
  word,         // letters alone that read like a word
  mixed,        // neither a word nor random: banana7, S0meVeryHardPassword
  random,       // what nobody would write by hand
};
std::string_view name_of(ValueClass);

// Bits by which chance explains the value better than ordinary names and literals do; negative for words.
double randomness(const Lexicon& lexicon, Bytes value);

// Whether the value is a word or two that any text may hold ("application", "client_cert", "libgit2"): up to sixteen letters,
// up to two digits last, up to two of "/_-." or blanks between, known words ("mysql") or such that no stretch looks like
// chance, which of three letters none does. Pure.
bool is_ordinary_word(const Lexicon& lexicon, Bytes value);

// Pure; the first class in the order of the list that fits, but random before name.
ValueClass value_class(const Lexicon& lexicon, Bytes value);

}  // namespace sealwarden
