// SPDX-License-Identifier: Apache-2.0
#include "git/index_file.h"
#include "tests/fuzz/fuzz.h"

// An index file, which is then joined with itself as if it were a split one.
int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace sealwarden;
  const Bytes file = as_bytes(data, size);
  auto parsed = parse_index(file);
  if (!parsed) return 0;
  if (auto base = parse_index(file)) (void)join_split_index(std::move(*parsed), std::move(base->index));
  return 0;
}
