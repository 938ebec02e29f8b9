// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "scanner/doc/document.h"
#include "scanner/policy/evaluator.h"

namespace sealwarden {

// One thing that rules look at: a document of the file, an item of a list of documents, or a text that was read as a document.
struct DocumentUnit {
  uint32_t root = 0;                // its own
  uint32_t top = 0;                 // of the file's document around it
  std::vector<std::string> kinds;   // by RuleSet::kinds, and the name of its format
  std::string identity;             // by the first of its kinds that has one
  DocumentState state = DocumentState::parsed;
};

// All units of a file, outer ones first. Reads embedded documents where the kinds say that there are some. `context.path` is
// the file's.
std::vector<DocumentUnit> document_units(const PolicyContext& context, ParsedFile& file);

}  // namespace sealwarden
