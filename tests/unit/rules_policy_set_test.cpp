// SPDX-License-Identifier: Apache-2.0
#include "rules/condition_text.h"
#include "rules/pattern_table.h"
#include "rules/rule_codec.h"
#include "rules/rule_selection.h"
#include "rules/rule_set.h"
#include "rules/token_maker.h"
#include "tests/support/catch.h"
#include "tests/support/policy_pack.h"

using namespace sealwarden;

namespace {

RuleFile loaded(std::string_view text) {
  auto file = load_rule_file({"c.toml", std::string(text)});
  INFO((file ? "" : file.error().message));
  REQUIRE(file);
  return *std::move(file);
}

RuleFile pack() { return loaded(kPolicyPack); }
Vocabulary words_of(const RuleFile& file) { return {file.kinds, file.lexicons, file.classes}; }

std::string config(const std::string& lines) {
  return "[[rule]]\nid = \"mine\"\nkind = \"config\"\ntitle = \"T\"\nseverity = \"low\"\n" + lines;
}

std::string merge_error(const std::string& text, std::vector<Rule> shipped = {}) {
  const auto set = merge_rules(std::move(shipped), {loaded(text)}, {}, words_of(pack()));
  return set ? "" : set.error().message;
}

std::string digest_with(const std::string& text) { return merge_rules({}, {loaded(text)})->digest; }

}  // namespace

TEST_CASE("policy rules and their tests survive the codec, and damage is refused") {
  const RuleFile file = pack();
  const std::string rules = encode_rules(file.rules), tests = encode_tests(file.rules);
  auto back = decode_rules(rules);
  REQUIRE(back);
  REQUIRE(decode_tests(tests, *back));
  CHECK(encode_rules(*back) == rules);
  CHECK(encode_tests(*back) == tests);
  const PolicyPart &part = *back->at(0).policy, &written = *file.rules[0].policy;
  CHECK(part.each == written.each);
  CHECK(part.each.at(0).steps.back().index == -1);
  CHECK(part.at == written.at);
  CHECK(text_of(part.when) == text_of(written.when));
  CHECK(text_of(part.where) == text_of(written.where));
  CHECK(part.message == written.message);
  CHECK(back->at(0).ssdf == file.rules[0].ssdf);
  CHECK(part.severity_if.at(1).result == Finding::Kind::review);
  CHECK(part.is_secret);
  CHECK(back->at(1).policy->same_folder == std::vector<std::string>{"a.lock"});
  CHECK(back->at(3).policy->arguments == std::vector<std::string>{"one", "two"});
  const RuleTest& test = back->at(0).tests.at(0);
  CHECK(test.files == file.rules[0].tests[0].files);
  CHECK(test.expect_kind == Finding::Kind::review);
  CHECK(test.expect_node == "settings[name=PASS].value");
  CHECK(test.expect_severity == Severity::medium);
  CHECK(back->at(2).tests.at(0).old == "sum: 1");

  for (size_t size = 0; size < rules.size(); ++size) CHECK_FALSE(decode_rules(Bytes(rules).substr(0, size)));
  for (size_t i = 0; i < rules.size(); ++i) {
    std::string changed = rules;
    changed[i] = '\xff';
    (void)decode_rules(changed);  // an error or other rules, but no harm
  }
}

TEST_CASE("kinds, lexicons and classes survive the codec, and damage is refused") {
  const Vocabulary words = words_of(pack());
  const std::string bytes = encode_vocabulary(words);
  const auto back = decode_vocabulary(bytes);
  REQUIRE(back);
  CHECK(encode_vocabulary(*back) == bytes);
  REQUIRE(back->kinds.size() == 1);
  CHECK(back->kinds[0].origin == words.kinds[0].origin);
  CHECK(back->kinds[0].units == words.kinds[0].units);
  CHECK(back->kinds[0].embedded.at(0).path == words.kinds[0].embedded[0].path);
  CHECK(back->kinds[0].embedded.at(0).name == "x.yml");
  CHECK(back->lexicons.at(0).sequences == words.lexicons[0].sequences);
  CHECK(back->lexicons.at(0).origin == words.lexicons[0].origin);
  CHECK(back->classes.size() == 3);
  for (size_t size = 0; size < bytes.size(); ++size) CHECK_FALSE(decode_vocabulary(Bytes(bytes).substr(0, size)));
  // Steps within steps without an end.
  CHECK_FALSE(decode_rules(std::string(100000, '\x01')));
  CHECK_FALSE(decode_vocabulary(std::string(100000, '\x01')));
}

TEST_CASE("negative indexes survive the codec at both ends") {
  for (const int32_t index : {0, 1, -1, 999999, -999999, INT32_MAX, INT32_MIN}) {
    Rule rule;
    rule.policy.emplace();
    rule.policy->each.push_back({{{.kind = PathStep::Kind::index, .index = index}}, "x"});
    const auto back = decode_rules(encode_rules({rule}));
    REQUIRE(back);
    CHECK(back->at(0).policy->each.at(0).steps.at(0).index == index);
  }
}

TEST_CASE("a user's kinds and lexicons take the place of shipped ones, classes come first") {
  const RuleFile shipped = pack();
  const RuleFile extra = loaded("[[document_kind]]\nname = \"other\"\nformats = [\"xml\"]\n[classes]\nextra = \"e/**\"");
  const RuleFile user = loaded(
      "[[document_kind]]\nname = \"demo-app\"\nformats = [\"json\"]\n"
      "[lexicon.demo_key]\none = [\"x\"]\n[lexicon.more]\none = [\"y\"]\n[classes]\ntest = \"u/**\"");
  const RuleSet set = *merge_rules(shipped.rules, {extra, user}, {}, words_of(shipped));
  REQUIRE(set.kinds.size() == 2);
  CHECK(set.kinds[0].formats == std::vector<std::string>{"json"});
  CHECK(set.kinds[1].name == "other");
  REQUIRE(set.lexicons.size() == 2);
  CHECK(set.lexicons[0].one == std::vector<std::string>{"x"});
  REQUIRE(set.classes.size() == 5);
  CHECK(set.classes[0].paths == std::vector<std::string>{"u/**"});
  CHECK(set.classes[1].name == "extra");
  CHECK(set.classes[2].name == "prod");
  CHECK(PatternTable(set).find("^[A-Z]") != nullptr);
}

TEST_CASE("what a rule names must be there") {
  const auto refused = [](const std::string& lines) { return merge_error(config(lines)); };
  CHECK(refused("docs = [\"demo-app\", \"yaml\", \"markdown\"]").empty());
  CHECK(refused("docs = [\"demo-ap\"]") == "c.toml:1:1: rule mine: there is no kind of document 'demo-ap'; did you mean 'demo-app'?");
  CHECK(refused("not_docs = [\"yml\"]").find("did you mean 'yaml'?") != std::string::npos);
  CHECK(refused("when = { not = { docs = [\"zzzzzzzz\"] } }").find("define it") != std::string::npos);
  CHECK(refused("when = { any = [{ lexicon = \"demo_key\" }, { lexicon = \"secret_key\" }] }").empty());
  CHECK(refused("when = { lexicon = \"demo_kex\" }").find("did you mean 'demo_key'?") != std::string::npos);
  CHECK(refused("when = { base64 = { parse = { not_lexicon = \"nothing\" } } }").find("no lexicon 'nothing'") != std::string::npos);
  CHECK(refused("severity_if = [{ when = { class = \"tests\" }, severity = \"low\" }]").find("did you mean 'test'?") != std::string::npos);
  CHECK(refused("where = { class = [\"prod\", \"docs\"] }").empty());
  CHECK(merge_error("[[document_kind]]\nname = \"k\"\nrequire = { lexicon = \"none-such\" }").find("c.toml:1:1: kind k: ") == 0);
}

TEST_CASE("secret rules that a condition names must be there, where the shipped ones are") {
  Rule secret;
  secret.id = "a-b";
  CHECK(merge_error(config("when = { rules = [\"a-c\", \"SEC-*\"] }"), {secret}).find("there is no rule 'a-c'") != std::string::npos);
  CHECK(merge_error(config("when = { rules = [\"a-b\", \"x-*\"] }"), {secret}).empty());
  CHECK(merge_error(config("when = { rules = [\"a-c\"] }")).empty());
}

TEST_CASE("the digest follows conditions and words, not prose") {
  const std::string base = digest_with(config("when = { eq = 1 }\nmessage = \"M\""));
  CHECK(digest_with(config("when = { eq = 1 }\nmessage = \"N\"\nwhy = \"W\"")) == base);
  CHECK(digest_with(config("when = { eq = 2 }\nmessage = \"M\"")) != base);
  CHECK(digest_with(config("when = { eq = 1, ignore_case = true }\nmessage = \"M\"")) != base);
  CHECK(digest_with(config("when = { eq = 1 }\nmessage = \"M\"\n[classes]\na = \"x\"")) != base);
  CHECK(digest_with("[classes]\na = \"x\"\nb = \"y\"") != digest_with("[classes]\nb = \"y\"\na = \"x\""));
}

TEST_CASE("tests of policy rules") {
  const RuleFile file = pack();
  const auto made = expand_test(file.rules[0], file.rules[0].tests[0]);
  REQUIRE(made);
  CHECK(made->secret.size() == 12);
  CHECK(made->bytes == "value: " + made->secret + "\n");
  REQUIRE(made->files.size() == 2);
  CHECK(made->files[0] == std::pair<std::string, std::string>{"b/env", "K=" + made->secret + "\n"});
  CHECK(made->files[1].second.empty());
  CHECK_FALSE(made->old);
  CHECK(expand_test(file.rules[2], file.rules[2].tests[0])->old == "sum: 1");
  CHECK(expand_test(file.rules[1], file.rules[1].tests[0])->bytes.empty());
}

TEST_CASE("every fault of a policy rule's test has its place and a remedy") {
  struct Row {
    std::string kind, lines, place, says;
  };
  // table-like: a row a fault
  const std::vector<Row> rows = {
      {"config", "text = \"a\"", "6:1", "a config rule has no path"},
      {"config", "path = \"a\"", "6:1", "neither text nor make"},
      {"secret", "text = \"a\"\nold = \"b\"", "8:1", "unknown key 'old'"},
      {"pair", "path = \"a\"\ntext = \"a\"", "6:1", "no 'old'"},
      {"config", "path = \"a\"\ntext = \"a\"\nfiles = { \"../x\" = \"\" }", "9:11", "no path in a tree"},
      {"config", "path = \"a\"\ntext = \"a\"\nfiles = { \"/x\" = \"\" }", "9:11", "no path in a tree"},
      {"config", "path = \"a\"\ntext = \"a\"\nfiles = { \"x\" = 3 }", "9:17", "write { \"path\""},
      {"config", "path = \"a\"\ntext = \"a\"\nfiles = { \"x\" = \"{token}\" }", "9:9", "how to make it"},
      {"pair", "path = \"a\"\ntext = \"a\"\nold = \"{token}\"", "9:7", "how to make it"},
      {"config", "path = \"a\"\ntext = \"a\"\nexpect_kind = \"maybe\"", "9:15", "fail, review or open"},
      {"config", "path = \"a\"\ntext = \"a\"\nexpect_severity = \"huge\"", "9:19", "critical, high"},
      {"secret", "text = \"a\"\nfiles = {}", "8:1", "unknown key 'files'"},
      {"file", "path = \"a\"\ntext = \"a\"\nexpect_kind = \"open\"", "9:1", "unknown key 'expect_kind'"},
  };
  for (const Row& row : rows) {
    const std::string rule = "[[rule]]\nid = \"a\"\nkind = \"" + row.kind + "\"\ntitle = \"T\"\nseverity = \"low\"\n";
    const auto file = load_rule_file({"r.toml", rule + "[[rule.test]]\n" + row.lines});
    REQUIRE_FALSE(file);
    INFO(row.lines << " -> " << file.error().message);
    CHECK(file.error().message.find("r.toml:" + row.place + ": ") != std::string::npos);
    CHECK(file.error().message.find(row.says) != std::string::npos);
  }
}

TEST_CASE("the lint asks policy rules for what people need") {
  const RuleFile file = pack();
  for (const Rule& rule : file.rules) {
    INFO(rule.id);
    CHECK(lint_rule(rule).empty());
  }
  struct Row {
    size_t rule;
    void (*damage)(Rule&);
    std::string says;
  };
  // table-like: a row a fault
  const std::vector<Row> rows = {
      {0, [](Rule& r) { r.policy.reset(); }, "needs conditions"},
      {0, [](Rule& r) { r.policy->message.clear(); }, "no message"},
      {1, [](Rule& r) { r.why.clear(); }, "no why"},
      {2, [](Rule& r) { r.advice.clear(); }, "no advice"},
      {0, [](Rule& r) { r.policy->when.clear(); r.policy->each.clear(); r.policy->where.clear(); }, "find every document"},
      {0, [](Rule& r) { r.policy->docs.clear(); r.policy->prefilter_all.clear(); r.policy->prefilter_any.clear(); }, "every file would be read"},
      {1, [](Rule& r) { r.policy->if_any.clear(); }, "says nothing of the tree"},
      {3, [](Rule& r) { r.policy->resolver.clear(); }, "says nothing of the tree"},
      {0, [](Rule& r) { r.policy->each[0].steps[2].operand = "("; }, "RE2 refuses '(' of a path"},
      {0, [](Rule& r) { r.policy->when[0].tests[0].op = NodeTest::Op::matches; r.policy->when[0].tests[0].texts = {"["}; }, "of a condition"},
  };
  for (const Row& row : rows) {
    Rule rule = file.rules[row.rule];
    row.damage(rule);
    const auto messages = lint_rule(rule);
    REQUIRE(messages.size() == 1);
    INFO(messages[0]);
    CHECK(messages[0].starts_with("c.toml:"));
    CHECK(messages[0].find(row.says) != std::string::npos);
  }
}

TEST_CASE("rules are chosen by id, name, glob, kind and pack") {
  RuleSet set = *merge_rules(pack().rules, {loaded(config("docs = [\"yaml\"]"))}, {}, words_of(pack()));
  for (size_t i = 0; i < 4; ++i) set.rules[i].origin = i < 2 ? "builtin:one:1:1" : "builtin:two:1:1";
  set.rules[3].disabled = true;
  // What runs, a letter a rule.
  const auto running = [&](const RuleSelection& selection) -> std::string {
    RuleSet chosen = set;
    const auto done = select_rules(chosen, selection);
    if (!done) return done.error().message;
    CHECK((chosen.digest == set.digest) == selection.empty());
    std::string out;
    for (size_t i = 0; i < 5; ++i)
      if (!chosen.rules[i].disabled) out += static_cast<char>('a' + i);
    return out;
  };
  CHECK(running({}) == "abce");
  CHECK(running({{"CFG-DEMO-001"}, {}}) == "a");
  CHECK(running({{"demo-lock", "mine"}, {}}) == "be");
  CHECK(running({{"CFG-DEMO-*"}, {"demo-l*"}}) == "c");
  CHECK(running({{"kind:config"}, {}}) == "ae");
  CHECK(running({{"tree"}, {}}) == "b");
  CHECK(running({{"kind:file"}, {}}).empty());
  CHECK(running({{}, {"pack:one"}}) == "ce");
  CHECK(running({{"two"}, {}}) == "c");
  CHECK(running({{}, {"one", "two"}}) == "e");
  CHECK(running({{"CFG-DEMO-01"}, {}}).find("--only: there is no rule, pack or kind 'CFG-DEMO-01'; did you mean 'CFG-DEMO-001'?") == 0);
  CHECK(running({{}, {"pack:config"}}).find("--skip: there is no rule") == 0);
  CHECK(running({{"kind:"}, {}}).find("there is no") != std::string::npos);
  CHECK(running({{"pack:"}, {}}).find("there is no") != std::string::npos);
  CHECK(running({{"zz-*"}, {}}).find("rules list") != std::string::npos);
  CHECK(pack_of(set.rules[0]) == "one");
  CHECK(pack_of(set.rules[4]).empty());
}

TEST_CASE("conditions as a person reads them") {
  const RuleFile file = pack();
  const PolicyPart& part = *file.rules[0].policy;
  CHECK(text_of(part.where) == R"(kind in ["App", "Job"] (any case))");
  CHECK(text_of(part.when) ==
        R"(valueFrom absent and value (length > 3 and literal) and ((name in lexicon "demo_key" and value not in lexicon "placeholder") or )"
        R"(value hit by rules "SEC-*" or value url { password exists } or some parts[*] (it parsed as "p.yml" { k same as ^.x }) or )"
        R"(not (document is "demo-app" and file "x/**")))");
  CHECK(text_of(file.rules[2].policy->when) == R"(sum same as @old.sum and it changed outside "sum")");
  CHECK(text_of(part.severity_if[1].when) == R"(file of class ["test", "docs"])");
  CHECK(text_of(std::vector<Condition>{}).empty());
}
