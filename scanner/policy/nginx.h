// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "scanner/doc/document.h"

namespace sealwarden {

// Whether the file has another server with TLS that answers for a name of the server at `node` (a map of format nginx): of the same
// name, of a wildcard around it, or for all names. Variables and regular expressions among names count as fitting.
[[nodiscard]] bool has_tls_sibling(const ParsedFile& file, uint32_t node);

}  // namespace sealwarden
