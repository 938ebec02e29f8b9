// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

#include "rules/lexicon.h"

namespace sealwarden {

// What policy.md §5.1 calls L1 to L5: names that promise a secret, values that are none, how strong they are. Both halves are
// at hand as the document says them, so that a value counts that the engine's reading of bytes would have to doubt. Pure.

// L1. A name that promises a secret value.
bool is_secret_name(const Lexicon& lexicon, std::string_view name);

// L2. A value that says "put something here". `name`: of the value; its own name is a placeholder too.
bool is_placeholder_value(const Lexicon& lexicon, std::string_view name, std::string_view value);

// L3. A value that says where the secret is: a variable, a template, a path, a URL, an id in a store of secrets.
bool is_reference_value(const Lexicon& lexicon, std::string_view value);

// L4. A password that everybody tries first ("admin", "changeme", "guest").
bool is_default_credential(const Lexicon& lexicon, std::string_view value);

// L5. At least eight characters, six different ones, and no word of any text.
bool is_strong(const Lexicon& lexicon, std::string_view value);

// Encrypted by SOPS, Ansible Vault, git-crypt, SealedSecrets, age, OpenPGP, or another tool that leaves its mark in the value.
bool is_encrypted_value(std::string_view value);

// Whether `value` under `name` is worth reporting: a secret's name, and a literal that is neither placeholder nor reference,
// encrypted, a sentence or the stored form of a password.
bool is_secret_literal(const Lexicon& lexicon, std::string_view name, std::string_view value);

// The default in a reference that falls back to a literal: "${X:-literal}", "${X-literal}", "{{ x | default \"literal\" }}";
// an empty view of no data if there is none.
std::string_view literal_default(std::string_view value);

// The first private key in PEM within a text (a script, a certificate with its key), from its first mark to its last; empty: none.
std::string_view private_key_in(std::string_view value);

}  // namespace sealwarden
