// SPDX-License-Identifier: Apache-2.0
#include "tests/fuzz/doc_flat_fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  for (const std::string_view path : {"a.ini", ".gitconfig", "a.service", ".npmrc", "hosts"})
    check_flat(sealwarden::DocumentFormat::ini, path, as_bytes(data, size));
  return 0;
}
