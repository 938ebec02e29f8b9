// SPDX-License-Identifier: Apache-2.0
#include "tests/fuzz/unpack_fuzz.h"

// Any bytes as what they look like.
int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes = as_bytes(data, size);
  unpack_within_budget(bytes, sealwarden::container_of(bytes));
  return 0;
}
