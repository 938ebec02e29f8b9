// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "scanner/doc/document.h"

namespace sealwarden {

// Where the bytes of a text come from. Pieces are in the order of the text, from 0 on; the last one is empty.
using TextOrigin = std::vector<OriginPiece>;

// Where the bytes of a node's text stand in the file's bytes. Found by walking text and source side by side, with the escapes
// and the folding of the file's formats; a text that cannot be followed comes from its span as a whole, never from wrong bytes.
TextOrigin text_origin(const ParsedFile& file, uint32_t node);

// The smallest range of the source that the bytes [begin, end) of the text, both at most its size, come from.
Span origin_of(const TextOrigin& origin, Span text);

// The origin of what the base64 letters of `text` hold, decoded to `decoded`, given the origin of `text`. Between letters may
// be anything else.
TextOrigin base64_origin(const TextOrigin& origin, Bytes text, Bytes decoded);

}  // namespace sealwarden
