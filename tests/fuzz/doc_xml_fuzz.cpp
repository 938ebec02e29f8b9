// SPDX-License-Identifier: Apache-2.0
#include "scanner/doc/parse.h"
#include "tests/fuzz/fuzz.h"
#include "tests/support/document_check.h"

// XML of any bytes: the tree holds together.
int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace sealwarden;
  ParsedFile file{.format = DocumentFormat::xml, .bytes = as_bytes(data, size)};
  parse_xml(file, {});
  if (!testing::fault_of(file).empty()) __builtin_trap();
  return 0;
}
