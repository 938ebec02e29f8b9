// SPDX-License-Identifier: Apache-2.0
#include "rules/rule_set.h"
#include "tests/fuzz/fuzz.h"

// A rule file or configuration; what loads must also survive the lint.
int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace sealwarden;
  const auto file = load_rule_file({"fuzz.toml", std::string(as_bytes(data, size))});
  if (!file) return 0;
  for (const Rule& rule : file->rules) (void)lint_rule(rule);
  return 0;
}
