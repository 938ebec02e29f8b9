// SPDX-License-Identifier: Apache-2.0
// What must hold of any bytes that are read as a document of a format that is read line by line.
#pragma once

#include <string_view>

#include "scanner/doc/parse.h"
#include "tests/fuzz/fuzz.h"
#include "tests/support/document_check.h"

inline void check_flat(sealwarden::DocumentFormat format, std::string_view path, std::string_view bytes) {
  using namespace sealwarden;
  const DocumentLimits limits{.depth = 128, .nodes = 100'000, .text = 1 << 22};
  const ParsedFile file = parse_document(format, path, bytes, limits);
  if (file.documents.empty()) __builtin_trap();
  // Keys that are paths are opened again, far from where they began, and wide text has other spans.
  if (bytes.empty() || (static_cast<unsigned char>(bytes[0]) < 0xFE && bytes[0] != '\0'))
    if (!sealwarden::testing::fault_of(file, limits, false).empty()) __builtin_trap();
}
