// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "rules/builtin.h"
#include "scanner/engine/blob_scanner.h"
#include "tests/fuzz/fuzz.h"

namespace {

using namespace sealwarden;

const CompiledRules& shipped_rules() {
  static const std::unique_ptr<CompiledRules> rules = [] {
    auto merged = shipped_rule_set();
    if (!merged) __builtin_trap();
    auto compiled = CompiledRules::make(std::move(*merged), "");
    if (!compiled) __builtin_trap();
    return std::move(*compiled);
  }();
  return *rules;
}

bool same(const Hit& a, const Hit& b) { return a.rule == b.rule && a.secret == b.secret && a.region == b.region; }

}  // namespace

// The shipped rules over any bytes: the engine must say what its slow twin says.
int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static BlobScanner::Worker worker(shipped_rules());
  const Bytes bytes = as_bytes(data, size);
  const std::vector<Hit>& fast = worker.scan(bytes);
  const std::vector<Hit> slow = scan_slowly(shipped_rules(), bytes);
  if (!std::equal(fast.begin(), fast.end(), slow.begin(), slow.end(), same)) __builtin_trap();
  return 0;
}
