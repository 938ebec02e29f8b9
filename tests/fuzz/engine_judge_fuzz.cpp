// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "rules/builtin.h"
#include "scanner/engine/assignment.h"
#include "scanner/engine/blob_scanner.h"
#include "scanner/engine/judgement.h"
#include "tests/fuzz/fuzz.h"

namespace {

using namespace sealwarden;

void require(bool holds) {
  if (!holds) __builtin_trap();
}

// The shipped rules that read assignments, and no others, so that the slow twin is fast.
const CompiledRules& readers() {
  static const std::unique_ptr<CompiledRules> rules = [] {
    auto builtin = builtin_rules();
    require(builtin.has_value());
    std::erase_if(*builtin, [](const Rule& rule) { return rule.reader == Rule::Reader::regex; });
    auto merged = merge_rules(std::move(*builtin), {});
    require(merged.has_value());
    auto compiled = CompiledRules::make(std::move(*merged), "");
    require(compiled.has_value());
    return std::move(*compiled);
  }();
  return *rules;
}

bool same(const Hit& a, const Hit& b) {
  return a.rule == b.rule && a.secret == b.secret && a.member == b.member && a.region == b.region && a.match_start == b.match_start &&
         a.match_end == b.match_end && a.judged == b.judged && a.decoded == b.decoded;
}

// Any bytes as the word of a name: what is read lies in order, within the reaches, and the judge remembers what it says.
void read_at(Bytes text, size_t begin, size_t end, Judge& remembering) {
  for (auto found = read_assignment(text, begin, end); found; found = next_in_list(text, *found)) {
    require(found->key_begin <= begin && end <= found->key_end && found->key_end <= found->value_begin);
    require(found->value_begin < found->value_end && found->value_end <= found->end && found->end <= text.size());
    require(found->end - found->key_begin <= kLongestAssignment);
    for (const auto reader : {Rule::Reader::assigned_password, Rule::Reader::assigned_secret})
      require(remembering(reader, text, *found) == judge(Lexicon::builtin(), reader, text, *found));
  }
}

}  // namespace

// The readers of assignments and their judge over any bytes; the engine must say what its slow twin says.
int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static BlobScanner::Worker worker(readers());
  static Judge remembering(Lexicon::builtin());
  const Bytes text = as_bytes(data, std::min<size_t>(size, 4096));
  for (const Rule& rule : readers().rule_set().rules)
    for (const std::string& word : rule.keywords)
      for (size_t at = text.find(word); at != Bytes::npos; at = text.find(word, at + 1)) read_at(text, at, at + word.size(), remembering);
  if (text.size() > 4) read_at(text, text.size() / 2, text.size() / 2 + 2, remembering);
  const std::vector<Hit>& fast = worker.scan(text);
  const std::vector<Hit> slow = scan_slowly(readers(), text);
  require(std::equal(fast.begin(), fast.end(), slow.begin(), slow.end(), same));
  return 0;
}
