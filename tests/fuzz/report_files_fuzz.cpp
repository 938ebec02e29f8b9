// SPDX-License-Identifier: Apache-2.0
#include "report/baseline.h"
#include "report/redactor.h"
#include "tests/fuzz/fuzz.h"

// Baselines and ignore files, and the functions that make foreign text safe to write.
int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace sealwarden;
  const std::string text(as_bytes(data, size));
  (void)read_baseline("baseline.json", text);
  (void)read_ignore_file(".sealwardenignore", text);
  (void)without_user_information(text);
  const std::string safe = escape_for_terminal(text);
  for (const char c : safe)
    if (static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t') __builtin_trap();
  Redactor redactor;
  redactor.add(Secret(text));
  if (text.size() >= 8 && redactor(text).find(text) != std::string::npos) __builtin_trap();
  return 0;
}
