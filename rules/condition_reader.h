// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "rules/policy.h"
#include "rules/table_reader.h"

namespace sealwarden {

// Parts that the readers of rules, kinds of documents and word lists share. `key` names the value in messages; problems go to the
// list with the value's place, and what is wrong reads as empty.

// A table, or an array of tables, of conditions.
std::vector<Condition> conditions_of(const TomlValue& value, std::string_view key, Problems& problems);
// A path, whose resolvers are known.
DocumentPath path_of(const TomlValue& value, std::string_view key, Problems& problems);
DocumentPath read_path(TableReader& reader, std::string_view key);
// A text or an array of texts, none of them empty.
std::vector<std::string> texts_of(const TomlValue& value, std::string_view key, Problems& problems);
std::vector<std::string> read_texts(TableReader& reader, std::string_view key);
// The same of globs.
std::vector<std::string> globs_of(const TomlValue& value, std::string_view key, Problems& problems);
// A resolver's name, then its arguments; never empty.
std::vector<std::string> resolver_of(const TomlValue& value, Problems& problems);
// A template whose "{path}"s can be read, as it stands.
std::string read_template(TableReader& reader, std::string_view key);
// "; did you mean 'x'?", or "; write a, b or c"
std::string remedy(std::string_view word, const std::vector<std::string_view>& candidates);

// Names that C++ code answers to (scanner/policy/resolvers.h).
std::vector<std::string_view> resolver_names();
// Names of formats that a rule's `docs` and a kind's `formats` may name (scanner/doc/document.h).
std::vector<std::string_view> format_names();
// Word lists that the program knows without a table.
std::vector<std::string_view> builtin_lexicon_names();

}  // namespace sealwarden
