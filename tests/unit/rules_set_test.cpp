// SPDX-License-Identifier: Apache-2.0
#include "rules/rule_set.h"

#include "rules/rule_codec.h"
#include "tests/support/catch.h"

using namespace sealwarden;

namespace {

Rule rule_named(const std::string& id) {
  Rule rule;
  rule.id = id;
  rule.title = "T";
  rule.regex = "abc";
  rule.max_length = 3;
  rule.origin = "r.toml:1:1 " + id;
  return rule;
}

RuleFile loaded(const std::string& text) { return *load_rule_file({"c.toml", text}); }

}  // namespace

TEST_CASE("shipped rules come first and are found by id, name and alias") {
  Rule file = rule_named("CFG-FILE-001");
  file.kind = RuleKind::file;
  file.name = "netrc";
  file.aliases = {"old-netrc"};
  RuleFile user;
  user.rules = {rule_named("mine")};
  const RuleSet set = *merge_rules({rule_named("a-b"), file}, {user});
  CHECK(set.builtin_count == 2);
  CHECK(set.rules[2].id == "mine");
  CHECK(set.find("netrc") == &set.rules[1]);
  CHECK(set.find("old-netrc") == &set.rules[1]);
  CHECK(set.find("mine") == &set.rules[2]);
  CHECK(set.find("") == nullptr);
  CHECK(set.find("none") == nullptr);
  CHECK(set.digest.size() == 16);
}

TEST_CASE("overrides and unknown names") {
  const std::vector<Rule> builtin = {rule_named("a-b"), rule_named("generic-x")};
  const RuleSet set = *merge_rules(builtin, {loaded("[override.a-b]\nseverity = \"info\"\ndisabled = true\n"),
                                             loaded("[override.a-b]\ndisabled = false\n")});
  CHECK(set.rules[0].severity == Severity::info);
  CHECK_FALSE(set.rules[0].disabled);

  const auto unknown = merge_rules(builtin, {loaded("[override.a-c]\ndisabled = true\n")});
  REQUIRE_FALSE(unknown);
  CHECK(unknown.error().kind == Error::Kind::usage);
  CHECK(unknown.error().message == "c.toml:1:11: there is no rule 'a-c'; did you mean 'a-b'?");

  RuleFile user;
  user.rules = {rule_named("a-b")};
  CHECK_FALSE(merge_rules(builtin, {user}));

  CHECK_FALSE(merge_rules(builtin, {loaded("[[allow]]\nrules = [\"generic-y\"]\n")}));
  CHECK(merge_rules(builtin,
                    {loaded("[[allow]]\nrules = [\"generic-*\", \"SEC-*\", \"nothing-*\", \"a-b\"]\n")}));
}

TEST_CASE("the digest follows what decides a result and nothing else") {
  const auto digest = [](const Rule& rule) { return merge_rules({rule}, {})->digest; };
  const Rule plain = rule_named("a");
  Rule other = plain;
  other.title = "U";
  other.origin = "elsewhere";
  other.tests.emplace_back();
  CHECK(digest(other) == digest(plain));
  other.disabled = true;
  CHECK(digest(other) != digest(plain));
  other = plain;
  other.anchors = {{"abc", 0, 0}};
  CHECK(digest(other) != digest(plain));
  CHECK(merge_rules({plain}, {loaded("[[allow]]\npaths = [\"a\"]")})->digest != digest(plain));
}

TEST_CASE("patterns of rule names") {
  Rule rule = rule_named("generic-x");
  rule.aliases = {"old-x"};
  CHECK(rule_name_matches("generic-*", rule));
  CHECK(rule_name_matches("generic-x", rule));
  CHECK(rule_name_matches("old-x", rule));
  CHECK(rule_name_matches("old-*", rule));
  CHECK(rule_name_matches("SEC-*", rule));
  CHECK_FALSE(rule_name_matches("CFG-*", rule));
  CHECK_FALSE(rule_name_matches("generic", rule));
  rule.kind = RuleKind::file;
  CHECK_FALSE(rule_name_matches("SEC-*", rule));
}

TEST_CASE("rules and their tests survive the codec, and damage is refused") {
  const RuleFile file = loaded(R"([[rule]]
id = "x-token"
title = "X"
severity = "critical"
regex = '(xx_[a-z]{36})'
group = 1
entropy = 3.25
keywords = ["xx_", "yy"]
anchors = [{ regex = 'xx_', before = 1, after = 400 }]
checksum = "gitlab-routable"
cwe = ["CWE-798"]
[[rule.test]]
make = { length = 3 }
expect = [{ line = 300 }]
[[rule]]
id = "CFG-FILE-008"
name = "netrc"
kind = "file"
title = "X"
severity = "low"
paths = ["**/.netrc"]
confirm = { magic = ["00ff"], min_size = 4000000000 }
)");
  const std::string rules = encode_rules(file.rules), tests = encode_tests(file.rules);
  auto back = decode_rules(rules);
  REQUIRE(back);
  CHECK(back->at(0).tests.empty());
  REQUIRE(decode_tests(tests, *back));
  CHECK(encode_rules(*back) == rules);
  CHECK(encode_tests(*back) == tests);
  CHECK(back->at(0).entropy->any == 3.25);
  CHECK(back->at(0).anchors.at(0).after == 400);
  CHECK(back->at(0).tests.at(0).expect_lines == std::vector<uint32_t>{300});
  CHECK(back->at(1).confirm.min_size == 4000000000U);
  CHECK(back->at(1).origin == file.rules[1].origin);

  for (size_t size = 0; size < rules.size(); ++size)
    CHECK_FALSE(decode_rules(Bytes(rules).substr(0, size)));
  for (size_t size = 0; size < tests.size(); ++size)
    CHECK_FALSE(decode_tests(Bytes(tests).substr(0, size), *back));
  for (size_t i = 0; i < rules.size(); ++i) {
    std::string changed = rules;
    changed[i] = '\xff';
    const auto any = decode_rules(changed);  // an error or other rules, but no harm
    (void)any;
  }
}
