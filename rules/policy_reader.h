// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "rules/policy.h"
#include "rules/rule.h"
#include "rules/table_reader.h"
#include "scanner/base/result.h"

namespace sealwarden {

// Parses a path ("spec.containers[*].env", "$root.metadata.name"). An Error of kind usage says what is wrong at which column.
Result<DocumentPath> parse_document_path(std::string_view text);

// Reads what a rule of kind config, tree or pair, or a file rule with a document condition, has beyond the common fields.
// Problems go to the reader's list.
PolicyPart read_policy_part(TableReader& reader, const Rule& rule);
// Conditions: a table, or an array of tables of which all must hold.
std::vector<Condition> read_conditions(TableReader& reader, std::string_view key);
// One [[document_kind]].
DocumentKind read_document_kind(const TomlValue& table, Problems& problems);
// All [[document_kind]], [lexicon.NAME] and [classes] of a file, in its order.
std::vector<DocumentKind> read_document_kinds(TableReader& reader);
std::vector<TokenLexicon> read_lexicons(TableReader& reader);
std::vector<PathClass> read_path_classes(TableReader& reader);

}  // namespace sealwarden
