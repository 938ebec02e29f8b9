// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

#include "scanner/doc/document.h"

namespace sealwarden {

// How the text of a node has to be decoded before it is read as a document.
enum class EmbeddedCoding : uint8_t { none, base64 };

inline constexpr uint32_t kMaxEmbeddedDepth = 3;

// Reads the text of a node as a document of its own: a ConfigMap's "application.yml", a Secret's base64. The tree becomes
// the node's child (kEmbedded), with spans of the outer file's bytes: of a decoded text the smallest range that encodes it.
// Each node once, `depth` (how many documents it lies in) below kMaxEmbeddedDepth. `name`: of a file, whose format it tells; if
// it tells none, the text's looks do (an object, an array, more than one `key: value` line, a section). False: it is no
// document, or was refused by a limit; the file stays as it was. Of several documents in one text the child is a kRepeated sequence
// of their roots; a root whose document was not read to its end has kMasked. One named by its name may be damaged, one known by
// its looks may not. Facts about the text and its format: ParsedFile::embedded.
bool embed_document(ParsedFile& file, uint32_t node, std::string_view name, EmbeddedCoding coding, uint32_t depth,
                    const DocumentLimits& limits = {});

}  // namespace sealwarden
