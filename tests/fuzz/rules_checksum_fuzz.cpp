// SPDX-License-Identifier: Apache-2.0
#include "rules/checksum.h"
#include "tests/fuzz/fuzz.h"

// Every check takes any bytes: none is shown more of the program than its bytes, none forgets what it said.
int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace sealwarden;
  const std::string token(as_bytes(data, size));
  for (const std::string_view name : checksum_names()) {
    const Checksum checksum = *parse_checksum(name);
    if (checksum_holds(checksum, token) != checksum_holds(checksum, token)) __builtin_trap();
  }
  return 0;
}
