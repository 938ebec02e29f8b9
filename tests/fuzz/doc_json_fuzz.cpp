// SPDX-License-Identifier: Apache-2.0
#include "scanner/doc/json_text.h"
#include "scanner/doc/parse.h"
#include "tests/fuzz/fuzz.h"
#include "tests/support/document_check.h"
#include "tests/support/document_dump.h"

// JSON of any bytes: the tree holds together, and the tolerant reader says the same as the strict one with it behind.
int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace sealwarden;
  using namespace sealwarden::testing;
  ParsedFile file{.format = DocumentFormat::json, .bytes = as_bytes(data, size)};
  ParsedFile slow{.format = DocumentFormat::json, .bytes = file.bytes};
  parse_json(file, {});
  parse_json_tolerantly(slow, {});
  if (!fault_of(file).empty() || !fault_of(slow).empty()) __builtin_trap();
  const DumpOptions all{.types = true, .flags = true, .spans = true};
  if (dump(file, all) != dump(slow, all) || dump_problems(file) != dump_problems(slow)) __builtin_trap();
  return 0;
}
