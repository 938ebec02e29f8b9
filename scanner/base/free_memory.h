// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace sealwarden {

// Empties a container and frees its memory, which neither clear() nor `= {}` does.
template <class Container>
void free_memory(Container& container) {
  Container().swap(container);
}

}  // namespace sealwarden
