// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "scanner/policy/evaluator.h"

namespace sealwarden {

// `@name` steps for workflows and actions of GitHub, from a text of theirs on: pieces of the text, each with its own range.
//   outsider_expressions, writer_expressions: contexts in ${{ }} whose characters such a person chooses, also by way of `env`,
//     of a job's `outputs` and of steps that are known to give out such text
//   input_expressions: inputs of an action or a called workflow that may be any text
//   injected_expressions: those of the worst of these three sorts that is there
//   secret_expressions: contexts that put a secret there; unredacted_expressions: parts of a secret that is JSON
//   all_secrets_expressions: all secrets at once, or one that is chosen when it runs
//   printed_secrets, changed_secrets, traced_secrets: commands of a script that write secrets to the log (github_scripts.h)
//   leaked_secrets: all of these and unredacted_expressions
// False: the name is none of these.
bool resolve_github(std::string_view name, const Evaluator& evaluator, uint32_t node, FoundNodes& out);

}  // namespace sealwarden
