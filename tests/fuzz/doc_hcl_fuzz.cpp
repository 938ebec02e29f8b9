// SPDX-License-Identifier: Apache-2.0
#include "scanner/doc/parse.h"
#include "tests/fuzz/fuzz.h"
#include "tests/support/document_flaw.h"

// Any bytes: a tree whose positions hold together, with small limits too.
int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace sealwarden;
  for (const DocumentLimits& limits : {DocumentLimits{}, DocumentLimits{.depth = 5, .nodes = 20, .text = 40}}) {
    ParsedFile file;
    file.bytes = as_bytes(data, size);
    parse_hcl(file, limits);
    if (!testing::find_flaw(file).empty() || file.documents.size() != 1) __builtin_trap();
  }
  return 0;
}
