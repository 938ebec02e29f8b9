// SPDX-License-Identifier: Apache-2.0
#include "rules/rule_set.h"

#include <algorithm>

#include "tests/support/catch.h"

using namespace sealwarden;

namespace {

// A sound secret rule of 5 lines, to which a test adds the line that is wrong: line 6.
std::string secret_rule(const std::string& line) {
  return "[[rule]]\nid = \"a-b\"\ntitle = \"T\"\nseverity = \"low\"\nregex = 'abc[0-9]{3}'\n" + line;
}
std::string file_rule(const std::string& line) {
  return "[[rule]]\nid = \"CFG-FILE-001\"\nname = \"x\"\nkind = \"file\"\ntitle = \"T\"\nseverity = "
         "\"low\"\n" +
         line;
}
std::string tested(const std::string& line) { return secret_rule("[[rule.test]]\n" + line); }

std::string error_of(const std::string& text) {
  const auto loaded = load_rule_file({"r.toml", text});
  return loaded ? "" : loaded.error().message;
}

}  // namespace

TEST_CASE("every fault has its place and a remedy") {
  struct Row {
    std::string text, place, says;
  };
  // table-like: a row a fault
  const std::vector<Row> rows = {
      {"a = [", "r.toml:1:6: ", "TOML"},
      {std::string("a = 1\n[\0", 8), "r.toml:2:2: ", "saw "},
      {"schema = 1\n[[ [[rule]]", "r.toml:2:4: ", "saw '['"},
      {"id = \xcf\x90*\n", "r.toml:1:", "TOML"},
      {"schema = 2", "r.toml:1:10: ", "reads 1"},
      {"schema = \"1\"", "r.toml:1:10: ", "write an integer"},
      {"[[rul]]\n", "r.toml:1:3: ", "did you mean 'rule'?"},
      {"rule = 3", "r.toml:1:8: ", "write tables"},
      {"rule = [3]", "r.toml:1:9: ", "write tables"},
      {secret_rule("entropi = 3"), "r.toml:6:1: ", "did you mean 'entropy'?"},
      {secret_rule("zzzzzzzz = 3"), "r.toml:6:1: ", "remove it"},
      {secret_rule("owsap = []"), "r.toml:6:1: ", "unknown key 'owsap'"},
      {secret_rule("confirm = {}"), "r.toml:6:1: ", "unknown key 'confirm'"},
      {secret_rule("kind = \"commits\""), "r.toml:6:8: ", "no rules of kind 'commits'"},
      {secret_rule("kind = \"evidence\""), "r.toml:6:8: ", "remove the rule"},
      {secret_rule("kind = \"secrte\""), "r.toml:6:8: ", "write secret, file, config, tree or pair"},
      {secret_rule("confidence = \"sure\""), "r.toml:6:14: ", "high, medium or low"},
      {secret_rule("rank = \"top\""), "r.toml:6:8: ", "provider or checksum"},
      {secret_rule("group = 1"), "r.toml:6:9: ", "only 0 captures"},
      {secret_rule("group = -1"), "r.toml:6:9: ", "from 0"},
      {secret_rule("max_length = 0"), "r.toml:6:14: ", "longest match"},
      {secret_rule("max_length = 70000"), "r.toml:6:14: ", "65536"},
      {secret_rule("keywords = \"abc\""), "r.toml:6:12: ", "write an array"},
      {secret_rule("keywords = [\"\"]"), "r.toml:6:13: ", "empty string"},
      {secret_rule("keywords = [1]"), "r.toml:6:13: ", "write strings"},
      {secret_rule("anchors = [{ regex = '(' }]"), "r.toml:6:22: ", "RE2"},
      {secret_rule("anchors = [{ before = 3 }]"), "r.toml:6:12: ", "no regex"},
      {secret_rule("anchors = [{ regex = 'a', befor = 3 }]"), "r.toml:6:27: ", "did you mean 'before'?"},
      {secret_rule("entropy = 9.5"), "r.toml:6:11: ", "0 to 8"},
      {secret_rule("entropy = \"x\""), "r.toml:6:11: ", "0 to 8"},
      {secret_rule("entropy = { base63 = 3 }"), "r.toml:6:13: ", "base62"},
      {secret_rule("checksum = \"crc32-base62-bdy\""), "r.toml:6:12: ", "did you mean 'crc32-base62-body'?"},
      {secret_rule("paths = [\"a[\"]"), "r.toml:6:9: ", "']'"},
      {secret_rule("paths = [\"a\\\\\"]"), "r.toml:6:9: ", "lone"},
      {secret_rule("paths = [\"{a\"]"), "r.toml:6:9: ", "'}'"},
      {secret_rule("not_paths = [\"../a\"]"), "r.toml:6:13: ", "root"},
      {secret_rule("scope = \"head\""), "r.toml:6:9: ", "versions"},
      {secret_rule("fix = \"a\"\nadvice = \"b\""), "r.toml:6:7: ", "remove one"},
      {"[[rule]]\nid = \"A_b\"\ntitle = \"T\"\nseverity = \"low\"\nregex = 'a'", "r.toml:2:6: ", "kebab"},
      {"[[rule]]\ntitle = \"T\"\nseverity = \"low\"\nregex = 'a'", "r.toml:1:1: ", "no id"},
      {"[[rule]]\nid = \"a\"\nseverity = \"low\"\nregex = 'a'", "r.toml:1:1: ", "no title"},
      {"[[rule]]\nid = \"a\"\ntitle = \"T\"\nregex = 'a'", "r.toml:1:1: ", "no severity"},
      {"[[rule]]\nid = \"a\"\ntitle = \"T\"\nseverity = \"hihg\"\nregex = 'a'",
       "r.toml:4:12: ", "critical, high"},
      {"[[rule]]\nid = \"a\"\ntitle = \"T\"\nseverity = \"low\"", "r.toml:1:1: ", "no regex"},
      {"[[rule]]\nid = \"a\"\ntitle = \"T\"\nseverity = \"low\"\nregex = 'a('", "r.toml:5:9: ", "RE2"},
      {"[[rule]]\nid = \"a\"\ntitle = \"T\"\nseverity = \"low\"\nregex = 'a+'",
       "r.toml:5:9: ", "give max_length"},
      {secret_rule("") + secret_rule(""), "r.toml:6:1: ", "'a-b' is used by r.toml:1:1"},
      {secret_rule("aliases = [\"a-b\"]") + "\n" + secret_rule("").replace(16, 3, "b-c"), "", ""},
      {file_rule(""), "r.toml:1:1: ", "no paths"},
      {file_rule("paths = [\"*\"]\nregex = 'a'"), "r.toml:8:1: ", "unknown key 'regex'"},
      {file_rule("paths = [\"*\"]\nconfirm = { magic = [\"0g\"] }"), "r.toml:8:21: ", "hex"},
      {file_rule("paths = [\"*\"]\nconfirm = { regex = '(' }"), "r.toml:8:21: ", "RE2"},
      {file_rule("paths = [\"*\"]\nconfirm = { format = \"json\" }"),
       "r.toml:8:13: ", "unknown key 'format'"},
      {file_rule("paths = [\"*\"]\n[[rule.test]]\ntext = \"a\"\nexpect = true"), "r.toml:8:1: ", "no path"},
      {tested("text = \"a\""), "r.toml:6:1: ", "expect = true"},
      {tested("text = \"a\"\nexpect = \"yes\""), "r.toml:8:10: ", "true, false"},
      {tested("text = \"a\"\nexpect = -1"), "r.toml:8:10: ", "from 0"},
      {tested("text = \"a\"\nexpect = [2]"), "r.toml:8:11: ", "{ line = 2 }"},
      {tested("text = \"a\"\nexpect = [{ lin = 2 }]"), "r.toml:8:11: ", "from 1"},
      {tested("expect = true"), "r.toml:6:1: ", "neither text nor make"},
      {tested("text = \"{token}\"\nexpect = true"), "r.toml:7:8: ", "how to make it"},
      {tested("text = \"a\"\nencoding = \"latin\"\nexpect = true"), "r.toml:8:12: ", "utf-16le"},
      {tested("make = { alphabet = \"base63\", length = 3 }\nexpect = true"), "r.toml:7:21: ", "base62"},
      {tested("make = { prefix = \"a\" }\nexpect = true"), "r.toml:7:8: ", "no length"},
      {tested("make = { length = 3, damage = true }\nexpect = true"), "r.toml:7:31: ", "no checksum"},
      {"override = 3", "r.toml:1:12: ", "write a table"},
      {"[override]\na = 3", "r.toml:2:1: ", "an override is a table"},
      {"[override.a]\nseverity = \"hi\"", "r.toml:2:12: ", "critical"},
      {"[override.a]\ndisable = true", "r.toml:2:1: ", "did you mean 'disabled'?"},
      {"[override.a]\ndisabled = 1", "r.toml:2:12: ", "write true or false"},
      {"[[allow]]\nwhy = \"x\"", "r.toml:1:1: ", "allow everything"},
      {"[[allow]]\nrules = []", "r.toml:1:1: ", "allow everything"},
      {"[[allow]]\nregex = '('", "r.toml:2:9: ", "RE2"},
      {"[[allow]]\npaths = [\"a}\"]", "r.toml:2:9: ", "'{'"},
      {"[[allow]]\ncommits = [\"12345\"]", "r.toml:2:11: ", "7 to 40"},
      {"[[allow]]\npaths = [\"a\"]\nuntil = \"2027-13-01\"", "r.toml:3:9: ", "2027-01-31"},
      {"[[allow]]\npaths = [\"a\"]\nuntil = 5", "r.toml:3:9: ", "2027-01-31"},
      {"[[allow]]\npaths = [\"a\"]\nuntil = 2027-01-31T00:00:00", "r.toml:3:9: ", "2027-01-31"},
  };
  for (const Row& row : rows) {
    const std::string message = error_of(row.text);
    INFO(row.text);
    INFO(message);
    CHECK(message.starts_with(row.place));
    CHECK(message.find(row.says) != std::string::npos);
  }
}

TEST_CASE("all faults of a file are told in the order of the file") {
  const std::string message = error_of("schema = 2\n[[allow]]\nwhy = 3\n[[rule]]\nid = \"X\"\n");
  std::vector<std::string> starts;
  for (size_t at = 0; at < message.size();
       at = message.find('\n', at) == std::string::npos ? message.size() : message.find('\n', at) + 1)
    starts.push_back(message.substr(at, 11));
  REQUIRE(starts.size() >= 5);
  CHECK(std::is_sorted(starts.begin(), starts.end()));
}

TEST_CASE("a full secret rule is read") {
  const auto loaded = load_rule_file({"r.toml", R"(schema = 1
pack = "p"
version = "2026.11.0"
[[rule]]
id = "x-token"
kind = "secret"
title = "X"
severity = "critical"
confidence = "medium"
rank = "checksum"
regex = '''\b(xx_[A-Za-z0-9]{36})\b'''
group = 1
keywords = ["xx_"]
anchors = [{ regex = 'xx_[A-Za-z0-9]{4}', before = 1, after = 32 }]
entropy = { hex = 2.8, any = 3 }
checksum = "crc32-base62-body"
stopwords = ["example"]
ignore = ["xx_documentation"]
paths = ["**/*.env", "{a,b}/[c]\\{"]
not_paths = ["docs/**"]
cwe = ["CWE-798"]
advice = "Revoke it."
url = "https://x.example/"
equivalents = ["other:x"]
aliases = ["x-old"]
scope = "versions"
[[rule.test]]
name = "n"
path = "a.env"
make = { prefix = "xx_", length = 30, checksum = "crc32-base62-body", suffix = "", damage = true }
text = 'k={token}'
encoding = "utf-16le"
expect = [{ line = 2 }, { line = 4 }]
secret = '{token}'
[[rule.test]]
make = { length = 3 }
expect = false
)"});
  INFO((loaded ? "" : loaded.error().message));
  REQUIRE(loaded);
  REQUIRE(loaded->rules.size() == 1);
  const Rule& rule = loaded->rules[0];
  CHECK(loaded->pack == "p");
  CHECK(rule.origin == "r.toml:4:1");
  CHECK(rule.severity == Severity::critical);
  CHECK(rule.confidence == Confidence::medium);
  CHECK(rule.rank == Rank::checksum);
  CHECK(rule.max_length == 39);
  REQUIRE(rule.anchors.size() == 1);
  CHECK(rule.anchors[0].after == 32);
  CHECK(rule.entropy->hex == 2.8);
  CHECK(rule.entropy->base62 == 0);
  CHECK(rule.entropy->any == 3);
  CHECK(rule.checksum == Checksum::crc32_base62_body);
  CHECK(rule.paths.size() == 2);
  REQUIRE(rule.tests.size() == 2);
  CHECK(rule.tests[0].make->damage);
  CHECK(rule.tests[0].expect_lines == std::vector<uint32_t>{2, 4});
  CHECK_FALSE(rule.tests[0].expect_count);
  CHECK(rule.tests[1].text == "{token}");
  CHECK(rule.tests[1].name == "line 35");
  CHECK(rule.tests[1].expect_count == 0u);
}

TEST_CASE("a file rule, overrides and allow entries are read") {
  const auto loaded = load_rule_file({"r.toml", R"([[rule]]
id = "CFG-FILE-008"
name = "netrc"
kind = "file"
title = "X"
severity = "critical"
paths = ["**/.netrc"]
fix = "Remove it."
confirm = { magic = ["FEEDfeed"], magic_offset = 4, regex = '^a', not_regex = 'b$', min_size = 0 }
[override."x-y"]
severity = "info"
[override.z]
disabled = false
[[allow]]
rules = ["SEC-*"]
commits = ["ABCDEF0123"]
until = 2027-01-31
[[allow]]
regex = 'x'
until = "2028-02-29"
)"});
  REQUIRE(loaded);
  const Rule& rule = loaded->rules.at(0);
  CHECK(rule.rank == Rank::file);
  CHECK(rule.advice == "Remove it.");
  CHECK(rule.confirm.magic == std::vector<std::string>{"\xfe\xed\xfe\xed"});
  CHECK(rule.confirm.min_size == 0);
  REQUIRE(loaded->overrides.size() == 2);
  CHECK(loaded->overrides[0].origin == "r.toml:10:11");
  CHECK(loaded->overrides[0].severity == Severity::info);
  CHECK_FALSE(loaded->overrides[0].disabled);
  CHECK(loaded->overrides[1].disabled == false);
  REQUIRE(loaded->allows.size() == 2);
  CHECK(loaded->allows[0].until == "2027-01-31");
  CHECK(loaded->allows[0].commits == std::vector<std::string>{"abcdef0123"});
  CHECK(loaded->allows[1].until == "2028-02-29");
}
