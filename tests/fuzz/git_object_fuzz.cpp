// SPDX-License-Identifier: Apache-2.0
#include "git/objects.h"
#include "tests/fuzz/fuzz.h"

// The same bytes as a commit, a tag and a tree: each parser must take any bytes.
int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace sealwarden;
  const Bytes object = as_bytes(data, size);
  if (const auto commit = parse_commit(object)) {
    (void)parse_signature(commit->author);
    (void)parse_signature(commit->committer);
  }
  if (const auto tag = parse_tag(object)) (void)parse_signature(tag->tagger);
  (void)parse_signature(object);
  Bytes rest = object;
  for (;;) {
    const size_t before = rest.size();
    const auto entry = next_tree_entry(rest);
    if (!entry || !*entry) break;
    if (rest.size() >= before) __builtin_trap();  // it would never end
  }
  return 0;
}
