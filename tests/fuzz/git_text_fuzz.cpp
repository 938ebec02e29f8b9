// SPDX-License-Identifier: Apache-2.0
#include "git/config_file.h"
#include "git/ref_files.h"
#include "git/reflog.h"
#include "tests/fuzz/fuzz.h"

// The text files of a git folder: config, refs, FETCH_HEAD, reflogs.
int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace sealwarden;
  const Bytes text = as_bytes(data, size);
  const auto config = parse_config(text);
  (void)config_value(config, "core", "bare");
  (void)parse_ref(text);
  (void)parse_heads(text);
  std::vector<ReflogEntry> entries;
  (void)parse_reflog(text, "HEAD", entries);
  return 0;
}
