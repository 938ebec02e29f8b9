// SPDX-License-Identifier: Apache-2.0
#include "rules/policy_reader.h"
#include "rules/rule_set.h"
#include "tests/support/catch.h"

using namespace sealwarden;

namespace {

// Lines 1 to 5; a test adds line 6.
std::string rule_of(const std::string& kind, const std::string& lines) {
  return "[[rule]]\nid = \"CFG-DEMO-001\"\nname = \"demo\"\nkind = \"" + kind + "\"\nseverity = \"low\"\n" + lines +
         (lines.starts_with("title") ? "" : "\ntitle = \"T\"\n");
}
std::string config(const std::string& lines) { return rule_of("config", lines); }
std::string condition(const std::string& text) { return config("when = " + text); }
std::string tree(const std::string& lines) { return rule_of("tree", lines); }

RuleFile loaded(const std::string& text) {
  auto file = load_rule_file({"r.toml", text});
  INFO((file ? "" : file.error().message));
  REQUIRE(file);
  return *std::move(file);
}

PolicyPart part_of(const std::string& text) {
  const RuleFile file = loaded(text);
  REQUIRE(file.rules.size() == 1);
  REQUIRE(file.rules[0].policy);
  return *file.rules[0].policy;
}

std::string error_of(const std::string& text) {
  const auto file = load_rule_file({"r.toml", text});
  return file ? "" : file.error().message;
}

Condition only(const std::string& text) {
  const PolicyPart part = part_of(condition(text));
  REQUIRE(part.when.size() == 1);
  return part.when[0];
}

NodeTest test_of(const std::string& text) {
  const Condition one = only(text);
  CHECK(one.kind == Condition::Kind::test);
  REQUIRE(one.tests.size() == 1);
  return one.tests[0];
}

using Texts = std::vector<std::string>;
using Op = NodeTest::Op;

}  // namespace

TEST_CASE("the fields of a config rule") {
  const RuleFile file = loaded(config(R"(
scope = "versions"
docs = ["k8s"]
not_docs = "helm-values"
prefilter = { all = ["env"], any = ["value:", '"value"'] }
where = { path = "kind", in = ["Pod", "Job"] }
each = ["**.(containers|initContainers)[*].env[*]", "."]
when = [{ path = "valueFrom", absent = true }, { path = "value", literal = true }]
report = { at = "value", secret = true }
severity_if = [{ when = { path = "value", strength = "weak" }, severity = "medium" },
               { when = [{ class = ["test"] }, { file = "x/**" }], confidence = "low", result = "review" }]
result = "review"
on_unknown = "ignore"
line_mode = true
general = true
message = "Variable {name} of {^^.name} holds {$key}."
why = "Whoever reads the file has it."
example = "valueFrom: {}"
fix = "Use a reference."
owasp = ["A02:2025"]
cis = ["CIS-K8S-5.4.1"]
ssdf = ["PO.5.2"]
cwe = ["CWE-798"]
paths = ["deploy/**"])"));
  const Rule& rule = file.rules[0];
  CHECK(rule.kind == RuleKind::config);
  CHECK(rule.rank == Rank::policy);
  CHECK(rule.confidence == Confidence::high);
  CHECK(rule.advice == "Use a reference.");
  CHECK(rule.paths == Texts{"deploy/**"});
  const PolicyPart& part = *rule.policy;
  CHECK(part.scope == PolicyPart::Scope::versions);
  CHECK(part.docs == Texts{"k8s"});
  CHECK(part.not_docs == Texts{"helm-values"});
  CHECK(part.prefilter_all == Texts{"env"});
  CHECK(part.prefilter_any == Texts{"value:", "\"value\""});
  REQUIRE(part.where.size() == 1);
  CHECK(part.where[0].path.text == "kind");
  REQUIRE(part.each.size() == 2);
  CHECK(part.each[0].steps.size() == 5);
  CHECK(part.each[1].steps.empty());
  CHECK(part.when.size() == 2);
  CHECK(part.at.text == "value");
  CHECK(part.is_secret);
  REQUIRE(part.severity_if.size() == 2);
  CHECK(part.severity_if[0].severity == Severity::medium);
  CHECK_FALSE(part.severity_if[0].confidence);
  CHECK(part.severity_if[1].when.size() == 2);
  CHECK(part.severity_if[1].confidence == Confidence::low);
  CHECK(part.severity_if[1].result == Finding::Kind::review);
  CHECK(part.result == Finding::Kind::review);
  CHECK(part.on_unknown == PolicyPart::Unknown::ignore);
  CHECK(part.line_mode);
  CHECK(part.is_general);
  CHECK(part.message == "Variable {name} of {^^.name} holds {$key}.");
  CHECK(rule.why == "Whoever reads the file has it.");
  CHECK(rule.example == "valueFrom: {}");
  CHECK(rule.owasp == Texts{"A02:2025"});
  CHECK(rule.cis == Texts{"CIS-K8S-5.4.1"});
  CHECK(rule.ssdf == Texts{"PO.5.2"});
}

TEST_CASE("what a config rule does not say") {
  const PolicyPart part = part_of(config(""));
  CHECK(part.scope == PolicyPart::Scope::head);
  CHECK(part.result == Finding::Kind::fail);
  CHECK(part.on_unknown == PolicyPart::Unknown::open);
  CHECK(part.at.steps.empty());
  CHECK(part.each.empty());
  CHECK_FALSE(part.is_secret);
  CHECK(part_of(config("prefilter = [\"a\"]")).prefilter_any == Texts{"a"});
  CHECK(part_of(config("each = \"a\"")).each.size() == 1);
  CHECK(loaded("[[rule]]\nid = \"my-rule\"\nkind = \"pair\"\ntitle = \"T\"\nseverity = \"low\"").rules[0].kind == RuleKind::pair);
}

TEST_CASE("operators with their operands") {
  struct Row {
    std::string text;
    Op op;
    Texts texts;
    bool wanted = true;
    double number = 0;
  };
  // table-like: a row an operator
  const std::vector<Row> rows = {
      {"{ path = \"a\", exists = true }", Op::exists, {}},
      {"{ path = \"a\", exists = false }", Op::exists, {}, false},
      {"{ absent = true }", Op::absent, {}},
      {"{ eq = \"x\" }", Op::in, {"x"}},
      {"{ eq = \"\" }", Op::in, {""}},
      {"{ eq = 3 }", Op::in, {"3"}},
      {"{ eq = true }", Op::in, {"true"}},
      {"{ eq = 1.0 }", Op::in, {"1.0"}},
      {"{ eq = -0.25 }", Op::in, {"-0.25"}},
      {"{ eq = 2026-11-21 }", Op::in, {"2026-11-21"}},
      {"{ ne = \"x\" }", Op::not_in, {"x"}},
      {"{ in = [\"x\", 3, false] }", Op::in, {"x", "3", "false"}},
      {"{ not_in = [\"x\"] }", Op::not_in, {"x"}},
      {"{ lt = 3 }", Op::less, {"3"}},
      {"{ le = \"128Mi\" }", Op::less_equal, {"128Mi"}},
      {"{ gt = 1.5 }", Op::greater, {"1.5"}},
      {"{ ge = \"-80%\" }", Op::greater_equal, {"-80%"}},
      {"{ matches = '^a' }", Op::matches, {"^a"}},
      {"{ not_matches = '^a' }", Op::not_matches, {"^a"}},
      {"{ glob = \"*.x\" }", Op::glob, {"*.x"}},
      {"{ glob = [\"*.x\", \"y\"] }", Op::glob, {"*.x", "y"}},
      {"{ length_lt = 3 }", Op::length_less, {}, true, 3},
      {"{ length_gt = 0 }", Op::length_greater, {}, true, 0},
      {"{ length_eq = 4 }", Op::length_equals, {}, true, 4},
      {"{ truthy = true }", Op::truthy, {}},
      {"{ falsy = false }", Op::falsy, {}, false},
      {"{ type = \"map\" }", Op::type, {"map"}},
      {"{ type = [\"text\", \"null\"] }", Op::type, {"text", "null"}},
      {"{ literal = false }", Op::literal, {}, false},
      {"{ reference = true }", Op::reference, {}},
      {"{ encrypted = true }", Op::encrypted, {}},
      {"{ cidr_any = true }", Op::cidr_any, {}},
      {"{ unique = false }", Op::unique, {}, false},
      {"{ lexicon = \"secret_key\" }", Op::lexicon, {"secret_key"}},
      {"{ not_lexicon = \"placeholder\" }", Op::not_lexicon, {"placeholder"}},
      {"{ secret = true }", Op::secret, {}},
      {"{ strength = \"weak\" }", Op::strength, {"weak"}},
      {"{ rules = [\"SEC-*\"] }", Op::rules, {"SEC-*"}},
      {"{ semver_lt = \"1.25.0\" }", Op::semver_less, {"1.25.0"}},
      {"{ count_lt = 3 }", Op::count_less, {}, true, 3},
      {"{ count_gt = 3 }", Op::count_greater, {}, true, 3},
      {"{ count_eq = 3 }", Op::count_equals, {}, true, 3},
      {"{ changed_outside = [\"sops\"] }", Op::changed_outside, {"sops"}},
      {"{ resolver = \"git_filter\" }", Op::resolver, {"git_filter"}},
      {"{ resolver = [\"git_filter\", \"a\", \"b\"] }", Op::resolver, {"git_filter", "a", "b"}},
  };
  for (const Row& row : rows) {
    INFO(row.text);
    const NodeTest test = test_of(row.text);
    CHECK(test.op == row.op);
    CHECK(test.texts == row.texts);
    CHECK(test.wanted == row.wanted);
    CHECK(test.number == row.number);
  }
}

TEST_CASE("operators with paths and conditions") {
  CHECK(test_of("{ same_as = \"^.a\" }").path.steps.size() == 2);
  CHECK(test_of("{ differs_from = \"@old.a\" }").op == Op::differs_from);
  const NodeTest url = test_of("{ url = { path = \"password\", literal = true } }");
  CHECK(url.op == Op::url);
  REQUIRE(url.nested.size() == 1);
  CHECK(url.nested[0].path.text == "password");
  CHECK(test_of("{ base64 = [{ exists = true }, { literal = true }] }").nested.size() == 2);
  const NodeTest parsed = test_of("{ parse = { name = \"x.yml\", when = [{ path = \"a\", exists = true }] } }");
  CHECK(parsed.texts == Texts{"x.yml"});
  CHECK(parsed.nested.size() == 1);
  CHECK(test_of("{ parse = { path = \"a\", exists = true } }").texts.empty());
  CHECK(test_of("{ parse = { some = \"a\", when = { exists = true } } }").nested.at(0).kind == Condition::Kind::some);
  CHECK(only("{ path = \"a\", literal = true, lexicon = \"secret_key\" }").tests.size() == 2);
  const Condition folded = only("{ in = [\"A\"], glob = \"B\", literal = true, ignore_case = true }");
  REQUIRE(folded.tests.size() == 3);
  CHECK(folded.tests[0].ignore_case);
  CHECK(folded.tests[1].ignore_case);
  CHECK_FALSE(folded.tests[2].ignore_case);
}

TEST_CASE("conditions of conditions") {
  using Kind = Condition::Kind;
  CHECK(only("{ all = [{ exists = true }, { literal = true }] }").children.size() == 2);
  CHECK(only("{ any = { exists = true } }").kind == Kind::any);
  const Condition no = only("{ not = [{ exists = true }] }");
  CHECK(no.kind == Kind::negate);
  CHECK(no.children.size() == 1);
  for (const auto& [word, kind] : std::vector<std::pair<std::string, Kind>>{{"some", Kind::some}, {"every", Kind::every}, {"none", Kind::none}}) {
    const Condition one = only("{ " + word + " = \"a[*]\", when = [{ path = \"b\", eq = 1 }] }");
    CHECK(one.kind == kind);
    CHECK(one.path.steps.size() == 2);
    CHECK(one.children.size() == 1);
  }
  CHECK(only("{ class = [\"test\", \"docs\"] }").names == Texts{"test", "docs"});
  CHECK(only("{ class = \"test\" }").kind == Kind::path_class);
  CHECK(only("{ file = [\"a/**\"] }").kind == Kind::file);
  CHECK(only("{ docs = [\"helm-values\"] }").kind == Kind::document);
  CHECK(part_of(config("title = \"T\"\n[[rule.when]]\nexists = true\n[[rule.when]]\npath = \"a\"\neq = 1\n#")).when.size() == 2);
}

TEST_CASE("tree rules") {
  const PolicyPart part = part_of(tree("if_any = [\"**/package.json\"]\n"
                                       "require = { same_folder = [\"yarn.lock\"], or_ancestor = true, anywhere = [\"**/x\"] }"));
  CHECK(part.if_any == Texts{"**/package.json"});
  CHECK(part.same_folder == Texts{"yarn.lock"});
  CHECK(part.or_ancestor);
  CHECK(part.anywhere == Texts{"**/x"});
  const PolicyPart resolved = part_of(tree("resolver = [\"sops_required\", \"x\"]\nscope = \"head\""));
  CHECK(resolved.resolver == "sops_required");
  CHECK(resolved.arguments == Texts{"x"});
}

TEST_CASE("kinds, lexicons and classes") {
  const RuleFile file = loaded(R"(
[[document_kind]]
name = "k8s"
formats = ["yaml", "json"]
paths = ["**/*.yaml"]
not_paths = ["vendor/**"]
require = [{ path = "apiVersion", type = "text" }]
units = "items[*]"
embedded = [{ path = "data.*", base64 = true, name = "x.yml" }]
identity = "{kind}/{metadata.name}"
[lexicon.cloud_key]
one = ["token"]
pair = [["api", "key"], ["very", "long", "name"]]
whole = ["Pass-Word"]
not_last = ["id"]
not_first = ["use"]
[classes]
prod = ["deploy/live/**"]
test = "t/**"
)");
  REQUIRE(file.kinds.size() == 1);
  const DocumentKind& kind = file.kinds[0];
  CHECK(kind.name == "k8s");
  CHECK(kind.formats == Texts{"yaml", "json"});
  CHECK(kind.paths.size() == 1);
  CHECK(kind.not_paths.size() == 1);
  CHECK(kind.require.size() == 1);
  CHECK(kind.units.steps.size() == 2);
  REQUIRE(kind.embedded.size() == 1);
  CHECK(kind.embedded[0].base64);
  CHECK(kind.embedded[0].name == "x.yml");
  CHECK(kind.identity == "{kind}/{metadata.name}");
  CHECK(kind.origin == "r.toml:2:1");
  REQUIRE(file.lexicons.size() == 1);
  const TokenLexicon& lexicon = file.lexicons[0];
  CHECK(lexicon.name == "cloud_key");
  CHECK(lexicon.sequences == std::vector<Texts>{{"api", "key"}, {"very", "long", "name"}});
  CHECK(lexicon.one.size() + lexicon.whole.size() + lexicon.not_last.size() + lexicon.not_first.size() == 4);
  REQUIRE(file.classes.size() == 2);
  CHECK(file.classes[0].name == "prod");
  CHECK(file.classes[1].paths == Texts{"t/**"});
}

TEST_CASE("every fault of a condition has its place and a remedy") {
  struct Row {
    std::string text, column, says;
  };
  // table-like: a row a fault
  const std::vector<Row> rows = {
      {"3", "8", "write a condition"},
      {"[]", "8", "holds no condition"},
      {"[3]", "9", "holds an integer"},
      {"{}", "8", "says nothing of its nodes"},
      {"{ path = \"a\" }", "17", "add an operator"},
      {"{ path = \"a.\", exists = true }", "17", "no step behind '.'"},
      {"{ path = 3, exists = true }", "17", "write a path"},
      {"{ path = \"@nobody\", exists = true }", "17", "no resolver 'nobody'"},
      {"{ path = \"@rbac_agregated.x\", exists = true }", "17", "did you mean 'rbac_aggregated'?"},
      {"{ exits = true }", "10", "did you mean 'exists'?"},
      {"{ lit = true, exists = true }", "10", "unknown key 'lit' in a condition"},
      {"{ exists = 1 }", "19", "write true or false"},
      {"{ eq = [\"a\"] }", "15", "'in' or 'not_in'"},
      {"{ eq = 07:30:00 }", "15", "write a string"},
      {"{ eq = inf }", "15", "write a string"},
      {"{ in = \"a\" }", "15", "'eq' or 'ne'"},
      {"{ in = [] }", "15", "is empty"},
      {"{ lt = \"many\" }", "15", "is no number"},
      {"{ lt = true }", "15", "write a number"},
      {"{ matches = '(' }", "20", "RE2"},
      {"{ matches = '' }", "20", "is empty"},
      {"{ glob = [] }", "17", "is empty"},
      {"{ type = \"mapp\" }", "17", "did you mean 'map'?"},
      {"{ length_lt = -1 }", "22", "whole number"},
      {"{ length_lt = \"3\" }", "22", "whole number"},
      {"{ strength = \"mighty\" }", "21", "weak or strong"},
      {"{ semver_lt = \"new\" }", "22", "is no version"},
      {"{ resolver = \"compose_file\" }", "21", "did you mean 'compose_files'?"},
      {"{ same_as = \"a b\" }", "20", "a blank"},
      {"{ all = [{ exists = true }], any = [{ exists = true }] }", "43", "stands beside 'all'"},
      {"{ all = [{ exists = true }], path = \"a\" }", "44", "stands beside 'all'"},
      {"{ class = \"a\", eq = 1 }", "28", "stands beside 'class'"},
      {"{ some = \"a\" }", "17", "has no 'when'"},
      {"{ all = [{ exists = true }], when = { exists = true } }", "37", "unknown key 'when'"},
      {"{ file = [\"[\"] }", "17", "without ']'"},
      {"{ exists = true, ignore_case = true }", "39", "changes nothing"},
      {"{ absent = true, eq = 1 }", "19", "no node could pass"},
      {"{ path = \"a\", count_eq = 1, literal = true }", "17", "about all nodes"},
      {"{ parse = { name = \"x.yml\" } }", "18", "has no 'when'"},
      {"{ parse = { name = \"x.yml\", when = { exists = true }, else = 1 } }", "62", "unknown key 'else'"},
      {"{ not = { not = { exist = true } } }", "26", "did you mean 'exists'?"},
  };
  for (const Row& row : rows) {
    const std::string message = error_of(condition(row.text));
    INFO(row.text << " -> " << message);
    CHECK(message.find("r.toml:6:" + row.column + ": ") != std::string::npos);
    CHECK(message.find(row.says) != std::string::npos);
  }
}

TEST_CASE("every fault of a policy rule has its place and a remedy") {
  struct Row {
    std::string text, place, says;
  };
  // table-like: a row a fault
  const std::vector<Row> rows = {
      {config("scope = \"tip\""), "6:9", "versions or head"},
      {rule_of("pair", "scope = \"head\""), "6:9", "remove 'scope'"},
      {tree("scope = \"versions\"\nresolver = \"git_filter\""), "6:9", "remove it"},
      {config("result = \"open\""), "6:10", "fail or review"},
      {config("on_unknown = \"guess\""), "6:14", "open, ignore or fail"},
      {config("each = []"), "6:8", "is empty"},
      {config("each = [\"a\", \"b[\"]"), "6:14", "without ']'"},
      {config("each = 3"), "6:8", "write a path"},
      {config("prefilter = {}"), "6:13", "is empty"},
      {config("prefilter = { al = [\"x\"] }"), "6:15", "did you mean 'all'?"},
      {config("prefilter = \"\""), "6:13", "empty string"},
      {config("docs = [3]"), "6:9", "write strings"},
      {config("report = { at = \"a\", redact = true }"), "6:22", "unknown key 'redact'"},
      {config("severity_if = [{ severity = \"low\" }]"), "6:16", "has no 'when'"},
      {config("severity_if = { when = { exists = true } }"), "6:15", "changes nothing"},
      {config("severity_if = { when = { exists = true }, severity = \"huge\" }"), "6:54", "is unknown"},
      {config("message = \"{a..b}\""), "6:11", "no step behind"},
      {config("message = \"{a\""), "6:11", "close it"},
      {config("message = \"{@nobody}\""), "6:11", "no resolver"},
      {config("wen = { exists = true }"), "6:1", "did you mean 'when'?"},
      {config("regex = 'a'"), "6:1", "unknown key 'regex'"},
      {config("if_any = [\"a\"]"), "6:1", "unknown key 'if_any'"},
      {tree(""), "4:8", "says nothing of the tree"},
      {tree("if_any = [\"a\"]\nrequire = {}"), "7:11", "asks for nothing"},
      {tree("require = { anywhere = [\"a\"] }"), "6:11", "without 'if_any'"},
      {tree("if_any = [\"a\"]\nrequire = { anywhere = [\"a\"], or_ancestor = true }"), "7:45", "is for same_folder"},
      {tree("if_any = [\"a\"]\nrequire = { same_folder = [\"a/b\"] }"), "7:27", "no name of a file"},
      {tree("if_any = [\"a\"]\nrequire = { anywhere = [\"a\"] }\nresolver = \"git_filter\""), "8:12", "remove one"},
      {tree("resolver = \"nobody\""), "6:12", "no resolver 'nobody'"},
      {tree("resolver = \"git_filter\"\neach = \"a\""), "7:1", "unknown key 'each'"},
      {"[[document_kind]]\nformats = [\"yaml\"]", "1:1", "has no name"},
      {"[[document_kind]]\nname = \"A B\"\nformats = [\"yaml\"]", "2:8", "kebab case"},
      {"[[document_kind]]\nname = \"a\"", "1:1", "every document"},
      {"[[document_kind]]\nname = \"a\"\nformats = [\"yml\"]", "3:11", "did you mean 'yaml'?"},
      {"[[document_kind]]\nname = \"a\"\npaths = \"x\"\n[[document_kind]]\nname = \"a\"\npaths = \"x\"", "4:1", "defined twice"},
      {"[[document_kind]]\nname = \"a\"\npaths = \"x\"\nembedded = [{ base64 = true }]", "4:13", "has no 'path'"},
      {"[lexicon.secret_key]\none = [\"a\"]", "1:10", "is built in"},
      {"[lexicon.a]\n", "1:10", "holds no word"},
      {"[lexicon]\na = 3", "2:1", "[lexicon.NAME]"},
      {"[lexicon.a]\none = [\"apiKey\"]", "2:7", "small letters"},
      {"[lexicon.a]\npair = [[\"a\"]]", "2:9", "side by side"},
      {"[classes]\nProd = [\"a\"]", "2:1", "kebab case"},
      {"[classes]\nprod = [\"[\"]", "2:8", "without ']'"},
  };
  for (const Row& row : rows) {
    const std::string message = error_of(row.text);
    INFO(row.text << " -> " << message);
    CHECK(message.find("r.toml:" + row.place + ": ") != std::string::npos);
    CHECK(message.find(row.says) != std::string::npos);
  }
}

TEST_CASE("conditions within conditions end somewhere") {
  std::string deep = "{ exists = true }";
  for (int i = 0; i < 40; ++i) deep = "{ not = " + deep + " }";
  CHECK(error_of(condition(deep)).find("24 levels") != std::string::npos);
}
