// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "scanner/doc/document.h"
#include "scanner/policy/evaluator.h"
#include "scanner/policy/tree_view.h"
#include "scanner/policy/truth.h"

namespace sealwarden {

// Gives the expressions of a Terraform file that are exactly `var.NAME` or `local.NAME` the literal that the files of the same
// folder say: defaults of variables, then *.tfvars (terraform.tfvars, its JSON twin, *.auto.tfvars and theirs, in Terraform's
// order), and locals. Lists and maps of literals too. What is replaced keeps its span and has kResolved. A variable without a
// default or a value stays an expression, and so does all else. `path`: of the file.
void resolve_terraform(ParsedFile& file, const std::string& path, const TreeView& tree);

// resolver = ["terraform_type", "aws_db_instance", "google_*_iam_member"]: the node is a resource or data source of one of the
// types (globs); in configuration by the key above its name, in a plan by its `type`.
Truth is_terraform_type(const std::vector<std::string>& types, const Evaluator& evaluator, uint32_t node);

// resolver = ["covers_port", "22", "3389"]: the node opens one of the ports. Of a map its from_port and to_port say which are
// open, of a text the text does: "22", "20-25", "22,3389", "*". Unknown where they are expressions; "any" of the arguments: more
// than half of all ports.
Truth covers_port(const std::vector<std::string>& ports, const Evaluator& evaluator, uint32_t node);

}  // namespace sealwarden
