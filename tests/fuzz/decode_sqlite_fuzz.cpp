// SPDX-License-Identifier: Apache-2.0
#include "tests/fuzz/unpack_fuzz.h"

// Any bytes as an SQLite database.
int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  unpack_within_budget(as_bytes(data, size), sealwarden::Container::sqlite);
  return 0;
}
