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
std::vector<std::string> read_globs(TableReader& reader, std::string_view key);
// An RE2 expression; empty if absent.
std::string read_regex(TableReader& reader, std::string_view key);

}  // namespace sealwarden
