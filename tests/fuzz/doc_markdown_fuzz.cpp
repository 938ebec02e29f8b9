// SPDX-License-Identifier: Apache-2.0
#include "tests/fuzz/doc_flat_fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  check_flat(sealwarden::DocumentFormat::markdown, "", as_bytes(data, size));
  return 0;
}
