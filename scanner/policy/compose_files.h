// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "scanner/policy/evaluator.h"

namespace sealwarden {

// The resolvers (resolvers.h) on files of a tree that compose files and Dockerfiles name:
//   compose_env_file    of an env_file's path: the tree has the file, and it holds literal secrets
//   compose_files       of the path of a secret's file: the tree has it, and it is not encrypted; with "secret": and it holds a
//                       literal secret
//   compose_content     of a text: it holds a literal secret, as the configuration that it is
//   copied_secret_file  of a source of COPY or ADD: a file with credentials that the tree has, not left out by .dockerignore; with
//                       "ignored": the whole context is copied, and .dockerignore leaves out neither .env nor .git
// nullopt: the name is none of these.
std::optional<Truth> resolve_named_files(const std::string& name, const std::vector<std::string>& arguments, Evaluator& evaluator, uint32_t node);

}  // namespace sealwarden
