// SPDX-License-Identifier: Apache-2.0
#include "scanner/doc/parse.h"
#include "tests/fuzz/fuzz.h"
#include "tests/support/document_check.h"
#include "tests/support/toml_oracle.h"

// TOML of any bytes: the tree holds together, and what toml++ takes is the same to us.
int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace sealwarden;
  using namespace sealwarden::testing;
  ParsedFile file{.format = DocumentFormat::toml, .bytes = as_bytes(data, size)};
  parse_toml_document(file, {});
  if (!fault_of(file).empty()) __builtin_trap();
  if (size > 4096) return 0;
  const std::string difference = toml_difference(file);
  if (!difference.empty() && difference != "(no TOML)") __builtin_trap();
  return 0;
}
