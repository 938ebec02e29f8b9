// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "scanner/doc/document.h"

namespace sealwarden {

// One document of a YAML stream, with the directives before it.
struct YamlPiece {
  Span span;              // from its directives or its "---" to before the next one, with "..." if it ends so
  bool marked = false;    // begins with "---"
  bool content = false;   // holds more than comments
};

struct YamlPieces {
  std::vector<YamlPiece> pieces;
  std::vector<uint32_t> unknown_directives;  // positions of the "%" of those that a reader has to ignore
};

// Splits at the lines "---" and "...", which YAML forbids within any scalar, so that what is wrong with a document stays in it.
YamlPieces split_yaml(std::string_view text);

}  // namespace sealwarden
