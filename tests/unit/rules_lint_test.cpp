// SPDX-License-Identifier: Apache-2.0
#include "rules/builtin.h"
#include "rules/rule_set.h"
#include "tests/support/catch.h"

using namespace sealwarden;

namespace {

Rule sound_rule() {
  Rule rule;
  rule.id = "a";
  rule.origin = "r.toml:1:1";
  rule.regex = "\\b(abc_[0-9]{10})\\b";
  rule.group = 1;
  rule.max_length = 14;
  rule.keywords = {"abc_"};
  RuleTest test;
  test.name = "t";
  test.make = TokenRecipe{"abc_", "digits", 10, Checksum::none, "", false};
  test.text = "x = {token}\n";
  rule.tests = {test};
  return rule;
}

}  // namespace

TEST_CASE("a sound rule passes the lint") { CHECK(lint_rule(sound_rule()).empty()); }

TEST_CASE("what the lint refuses") {
  struct Row {
    std::string name;
    void (*change)(Rule&);
    std::string says;
  };
  // table-like: a row a fault
  const std::vector<Row> rows = {
      {"RE2", [](Rule& r) { r.regex = "("; }, "RE2 refuses the regex"},
      {"edge",
       [](Rule& r) {
         r.regex = "^abc_[0-9]{10}";
         r.group = 0;
       },
       "^ or $"},
      {"empty",
       [](Rule& r) {
         r.regex = "[a-z]{0,5}";
         r.group = 0;
       },
       "matches the empty text"},
      {"group", [](Rule& r) { r.group = 2; }, "no capture 2"},
      {"unbounded", [](Rule& r) { r.max_length = 0; }, "give max_length"},
      {"long", [](Rule& r) { r.max_length = 1 << 20; }, "65536"},
      {"wide regex",
       [](Rule& r) {
         r.regex = "(abc_[0-9]{10,300})";
         r.max_length = 304;
       },
       "give anchors"},
      {"wide anchor",
       [](Rule& r) {
         r.anchors = {{"abc_[0-9]{300}", 0, 0}};
       },
       "wider than 256"},
      {"empty anchor",
       [](Rule& r) {
         r.anchors = {{"(abc)?", 0, 0}};
       },
       "matches the empty text"},
      {"anchor construct",
       [](Rule& r) {
         r.anchors = {{"abc_$", 0, 10}};
       },
       "^ or $"},
      {"anchor class",
       [](Rule& r) {
         r.anchors = {{"abc_[\\S]", 0, 10}};
       },
       "\\S inside"},
      {"anchor misses",
       [](Rule& r) {
         r.anchors = {{"abd_", 0, 10}};
       },
       "no anchor leads"},
      {"anchor too near",
       [](Rule& r) {
         r.anchors = {{"abc_", 0, 9}};
       },
       "no anchor leads"},
      {"keyword", [](Rule& r) { r.keywords = {"xyz"}; }, "none of the keywords"},
      {"max_length", [](Rule& r) { r.max_length = 10; }, "longer than max_length"},
      {"rank", [](Rule& r) { r.rank = Rank::checksum; }, "write provider"},
      {"recipe",
       [](Rule& r) {
         r.tests[0].make->checksum = Checksum::crc32_base62_body;
         r.tests[0].make->prefix = "abc";
       },
       "does not fit its checksum"},
      {"hex", [](Rule& r) { r.tests[0].encoding = "hex"; }, "hex digits"},
      {"file paths", [](Rule& r) { r.kind = RuleKind::file; }, "needs paths"},
      {"file regex",
       [](Rule& r) {
         r.kind = RuleKind::file;
         r.paths = {"*"};
         r.confirm.not_regex = "(";
       },
       "not_regex"},
  };
  for (const Row& row : rows) {
    Rule rule = sound_rule();
    row.change(rule);
    std::string all;
    for (const std::string& message : lint_rule(rule))
      all += message + "\n";
    INFO(row.name << ": " << all);
    CHECK(all.starts_with("r.toml:1:1: rule a: "));
    CHECK(all.find(row.says) != std::string::npos);
  }
}

TEST_CASE("anchors may be shorter than the match if before and after make up for it") {
  Rule rule = sound_rule();
  rule.anchors = {{"c_[0-9]{2}", 2, 8}};
  CHECK(lint_rule(rule).empty());
}

TEST_CASE("the shipped rules pass the lint, tests included") {
  auto rules = builtin_rules();
  REQUIRE(rules);
  REQUIRE(add_builtin_tests(*rules));
  for (const Rule& rule : *rules) {
    CHECK(lint_rule(rule).empty());
    CHECK(rule.origin.starts_with("builtin:"));
  }
}
