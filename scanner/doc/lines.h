// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "scanner/doc/document.h"

namespace sealwarden {

// Line mode for a part of a file: adds one document of the state `lines` for its `key: value` and `KEY=value` lines, or
// `failed` if it has none or is no text.
void parse_lines_of(ParsedFile& into, Span part, const DocumentLimits& limits);

}  // namespace sealwarden
