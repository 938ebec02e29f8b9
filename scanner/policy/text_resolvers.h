// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "scanner/policy/evaluator.h"

namespace sealwarden {

// The resolvers (resolvers.h) that look at one document alone:
//   @text_credential     passwords of URLs and connection strings within a node's text
//   @command_credential  those, and what a command line holds; of a list its items are the words
//   @assigned_literal    of a line of program text: the literal that a name gets (program_text.h)
//   @signing_literal     of a line of program text: literals that sign or verify tokens
//   @dockerfile_user     of a stage: the USER, or the image, that decides who runs what it builds
//   dockerfile_base      of a stage: its image is no fixed one ("latest")
//   dockerfile_user      of a stage, with "root", "unset_root" or "unset": who that is
//   nginx_tls_sibling    of a server of nginx: another one of the file answers for its name with TLS
//   duplicate_key        an earlier entry of the same map has the node's key and another value
// False, nullopt: the name is none of these.
bool resolve_text_nodes(const std::string& name, Evaluator& evaluator, uint32_t node, FoundNodes& out);
std::optional<Truth> resolve_text_condition(const std::string& name, const std::vector<std::string>& arguments, Evaluator& evaluator, uint32_t node);

// Where a part of a node's text stands in the file: the part itself if the text stands there as it is, else the first place in the
// node that reads so, else the node.
Span span_of_part(const ParsedFile& file, uint32_t node, std::string_view part);

}  // namespace sealwarden
