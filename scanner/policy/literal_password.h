// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "rules/lexicon.h"

namespace sealwarden {

// A text at the place of a password that is one, however weak: neither a variable nor a word that asks for one. Unlike
// is_secret_literal() it takes "root" and "postgres": nobody writes them there without meaning them. Pure.
bool is_literal_password(const Lexicon& lexicon, std::string_view value);

}  // namespace sealwarden
