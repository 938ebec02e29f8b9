// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "rules/rule_set.h"
#include "scanner/policy/tree_view.h"
#include "scanner/policy/violation.h"

namespace sealwarden {

// env.schema.toml: what the environment files of its folder have to hold.
//
//   files = [".env.production", "deploy/values-prod.yaml#api.env"]   # globs from the folder; none: .env and .env.* beside it
//   [[key]]                                # or [[env.key]], and files below [env.target]
//   name = "SESSION_TTL_SECONDS"
//   required = true
//   type = "int"                           # int, number, bool, url; then min, max; regex; one_of = [..]; prefer = ".."
//   secret = true                          # a reference, never a literal
//
// A value that is a reference is there, and of no known type. Appends what is missing, empty or not as it should be.
void find_schema_gaps(const RuleSet& rules, uint32_t rule, const TreeView& tree, TreeFindings& out);

// The names that a schema declares, with their places.
struct SchemaName {
  std::string name;
  uint32_t begin = 0, end = 0;  // in the schema's bytes
};
std::vector<SchemaName> schema_names(const std::string& path, const std::string& bytes);

inline constexpr const char* kSchemaName = "env.schema.toml";

}  // namespace sealwarden
