// SPDX-License-Identifier: Apache-2.0
#include "rules/pattern_table.h"
#include "rules/policy_reader.h"
#include "tests/support/catch.h"

using namespace sealwarden;

namespace {

NodeTest matches(std::string regex, bool ignore_case = false) {
  NodeTest test;
  test.op = NodeTest::Op::matches;
  test.ignore_case = ignore_case;
  test.texts = {std::move(regex)};
  return test;
}

Condition on_node(std::vector<NodeTest> tests) {
  Condition condition;
  condition.tests = std::move(tests);
  return condition;
}

}  // namespace

TEST_CASE("the table holds the expressions of conditions wherever they stand") {
  Rule rule;
  rule.policy.emplace();
  rule.policy->where = {on_node({matches("in-where")})};
  rule.policy->each = {*parse_document_path("a[?(b[?(c =~ 'in-inner')] =~ 'in-each')]")};
  NodeTest nested;
  nested.op = NodeTest::Op::parse;
  nested.nested = {on_node({matches("^in-parse$", true)})};
  Condition any;
  any.kind = Condition::Kind::any;
  any.children = {on_node({nested})};
  rule.policy->when = {any};
  rule.policy->severity_if = {{.when = {on_node({matches("in-if")})}}};
  rule.policy->message = "{a[?(b =~ 'in-message')]} } {";
  DocumentKind kind;
  kind.require = {on_node({matches("in-kind")})};
  RuleSet set;
  set.rules = {Rule(), rule};
  set.kinds = {kind};
  const PatternTable table(set);
  CHECK(table.size() == 7);
  for (const char* regex : {"in-where", "in-inner", "in-each", "in-if", "in-message", "in-kind"}) {
    INFO(regex);
    REQUIRE(table.find(regex) != nullptr);
    CHECK(table.find(regex)->search(std::string("x ") + regex + " y"));
    CHECK_FALSE(table.find(regex)->search("other"));
    CHECK(table.find(regex, true) == nullptr);
  }
  REQUIRE(table.find("^in-parse$", true) != nullptr);
  CHECK(table.find("^in-parse$") == nullptr);
  CHECK(table.find("^in-parse$", true)->search("IN-Parse"));
  CHECK_FALSE(table.find("^in-parse$", true)->search("x in-parse"));
  CHECK(table.find("unknown") == nullptr);
}

TEST_CASE("patterns see bytes") {
  const PatternMatcher matcher("^.\\xFF$", false);
  CHECK(matcher.search("\xC3\xFF"));
  CHECK_FALSE(matcher.search("\xC3\xBF\xFF"));
  CHECK_FALSE(PatternMatcher("(", false).search("("));
}
