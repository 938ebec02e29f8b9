// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "rules/lexicon.h"
#include "scanner/base/bytes.h"
#include "scanner/doc/document.h"

namespace sealwarden {

// Literal secrets of a document that is read beside the one that a rule judges. Pure.

// The scalars below `node` (itself, if it is one) in the document's order, aliases left out.
std::vector<uint32_t> leaves_below(const ParsedFile& file, uint32_t node);

// The name of a value: its key, or that of the map's `name` beside a `value`; of an item its list's.
std::string_view name_of_leaf(const ParsedFile& file, uint32_t node);

// A literal that is worth reporting as a secret: by its name, or a credential within a URL or a connection string.
bool is_secret_leaf(const Lexicon& lexicon, const ParsedFile& file, uint32_t node);

// Whether a file holds such a literal, or a private key. False for what is encrypted, and for what is of no format that we read.
bool holds_secret(const Lexicon& lexicon, std::string_view path, Bytes bytes);

// Whether a whole file is encrypted: by SOPS, Ansible Vault, git-crypt, transcrypt, age, OpenPGP.
bool is_encrypted_file(std::string_view path, Bytes bytes);

}  // namespace sealwarden
