// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "scanner/base/bytes.h"
#include "scanner/doc/document.h"
#include "scanner/policy/evaluator.h"

namespace sealwarden {

// What SOPS leaves in a file that it encrypted: the map or section `sops` with `mac` and `version`, in flat files `sops_mac` and
// `sops_version`. `root`: a document's.
bool has_sops_metadata(const ParsedFile& file, uint32_t root);

// Whether SOPS encrypted a file, in the form of its format or as binary data within JSON.
bool is_sops_file(std::string_view path, Bytes bytes);

// The resolvers (resolvers.h) on SOPS:
//   @sops_plain_leaves  of a document with metadata: values that its selectors say are encrypted and that are not
//   sops_required       of a document: a .sops.yaml of its tree wants it encrypted, and it is not. Arguments: "named" (the rule there
//                       names the file), "catch_all" (it takes any file, so that this one counts only if it holds a secret); none:
//                       either. What holds no literal that would be encrypted is not wanted
// False, nullopt: the name is none of these.
// Whether a .sops.yaml wants the file of this path encrypted: what sops_required cannot do without.
bool is_demanded_by_sops(const PolicyContext& context);
bool resolve_sops_nodes(const std::string& name, Evaluator& evaluator, uint32_t node, FoundNodes& out);
std::optional<Truth> resolve_sops_condition(const std::string& name, const std::vector<std::string>& arguments, Evaluator& evaluator, uint32_t node);

}  // namespace sealwarden
