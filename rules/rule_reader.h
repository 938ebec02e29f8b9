// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "rules/rule.h"
#include "rules/table_reader.h"

namespace sealwarden {

// One [[rule]] table. What is wrong goes to `problems`; nullopt only where the kind is not read at all.
std::optional<Rule> read_rule(const TomlValue& table, Problems& problems);

// Helpers that the other tables of a file share.
std::optional<Severity> read_severity(TableReader& reader);
std::optional<Confidence> read_confidence(TableReader& reader);
std::vector<std::string> read_globs(TableReader& reader, std::string_view key);
// Why a glob can match nothing, or not what it says; empty if it is sound.
std::string glob_problem(std::string_view glob);
// Small letters, digits and single '-' between them.
bool is_kebab(std::string_view text);
// An RE2 expression; empty if absent.
std::string read_regex(TableReader& reader, std::string_view key);

}  // namespace sealwarden
