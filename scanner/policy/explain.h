// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "scanner/policy/document_units.h"
#include "scanner/policy/evaluator.h"

namespace sealwarden {

// What `policy explain FILE:LINE` prints: how the file was read, of what kinds the document at the line (from 1) is, the nodes
// there with their paths, and of each rule of `armed` that looks at one of them which conditions held. Values under names of
// secrets are not shown.
std::string explain_line(const PolicyContext& context, const ParsedFile& file, std::span<const DocumentUnit> units,
                         std::span<const uint32_t> armed, uint32_t line);

}  // namespace sealwarden
