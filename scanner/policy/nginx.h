// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "scanner/doc/document.h"

namespace sealwarden {

// The servers with TLS of a file of format nginx, by node, with their names; and how many names were compared with them so far.
struct TlsServers {
  std::vector<std::pair<uint32_t, std::vector<std::string>>> servers;
  size_t compared = 0;
};
[[nodiscard]] TlsServers tls_servers(const ParsedFile& file, uint32_t node);  // of the file that the node is of

// Whether the file has another server with TLS that answers for a name of the server at `node` (a map of format nginx): of the same
// name, of a wildcard around it, or for all names. Variables and regular expressions among names count as fitting;
// so does everything, once a file of a machine has cost too much.
[[nodiscard]] bool has_tls_sibling(const ParsedFile& file, uint32_t node, TlsServers& tls);

}  // namespace sealwarden
