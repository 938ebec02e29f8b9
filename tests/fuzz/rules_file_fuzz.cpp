// SPDX-License-Identifier: Apache-2.0
#include "rules/condition_text.h"
#include "rules/pattern_table.h"
#include "rules/rule_codec.h"
#include "rules/rule_set.h"
#include "tests/fuzz/fuzz.h"

namespace {

void require(bool holds) {
  if (!holds) __builtin_trap();
}

}  // namespace

// A rule file or configuration; what loads must also survive the lint and the codec.
int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace sealwarden;
  const auto file = load_rule_file({"fuzz.toml", std::string(as_bytes(data, size))});
  if (!file) return 0;
  for (const Rule& rule : file->rules) {
    (void)lint_rule(rule);
    if (rule.policy) (void)text_of(rule.policy->when);
  }
  const std::string rules = encode_rules(file->rules), tests = encode_tests(file->rules);
  auto back = decode_rules(rules);
  require(back && encode_rules(*back) == rules);
  require(decode_tests(tests, *back) && encode_tests(*back) == tests);
  const std::string words = encode_vocabulary({file->kinds, file->lexicons, file->classes});
  const auto words_back = decode_vocabulary(words);
  require(words_back && encode_vocabulary(*words_back) == words);
  if (const auto set = merge_rules({}, {*file})) {
    const PatternTable table(*set);
    require(table.find("") == nullptr);
  }
  return 0;
}
