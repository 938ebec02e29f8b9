// SPDX-License-Identifier: Apache-2.0
#include "scanner/policy/prefilter.h"

#include <algorithm>

#include "rules/builtin.h"
#include "scanner/policy/secret_value.h"
#include "tests/support/policy_question.h"

using namespace sealwarden;
using namespace sealwarden::testing;

namespace {

const std::string kKinds = R"toml(
[[document_kind]]
name = "object"
formats = ["yaml", "json"]
require = [{ path = "kind", type = "text" }, { path = "apiVersion", exists = true }]
embedded = [{ path = "[?(kind == 'Config')].data.*" }]

[[document_kind]]
name = "play"
formats = ["yaml"]
require = [{ type = "sequence" }, { any = [{ path = "[*].(hosts|groups)", exists = true }, { file = ["**/tasks/**"] }] }]

[[document_kind]]
name = "stack"
formats = ["toml", "yaml"]
require = [{ path = "(services|units)", exists = true }]
)toml";

const RuleSet& rules() {
  static const RuleSet set = policy_rules(
      kKinds +
      policy_rule("docs = ['object']\nprefilter = { all = ['one'], any = ['two', 'three'] }\nwhen = { exists "
                  "= true }") +
      policy_rule("docs = ['object']\neach = ['spec.first', 'spec.*.second']\nwhen = { exists = true }",
                  "CFG-TST-002") +
      policy_rule(
          "docs = ['object']\nwhere = { path = 'kind', in = ['Secret', 'Config'] }\nwhen = { exists = true }",
          "CFG-TST-003") +
      policy_rule("docs = ['dockerfile']\neach = 'stages[*]'\nwhen = { exists = true }", "CFG-TST-004"));
  return set;
}

const Prefilter& prefilter() {
  static const Prefilter made(rules());
  return made;
}

bool admits(uint32_t rule, Bytes text) { return prefilter().admits(rule, prefilter().present("x.yaml", text)); }
bool admits_kind(size_t kind, Bytes text, std::string_view path = "x.yaml") { return prefilter().admits_kind(kind, prefilter().present(path, text)); }
bool embeds(Bytes text) { return prefilter().may_embed(0, prefilter().present("x.yaml", text)); }

}  // namespace

TEST_CASE("a rule's words are asked for", "[prefilter]") {
  CHECK(admits(0, "one two"));
  CHECK(admits(0, "three, one"));
  CHECK_FALSE(admits(0, "one"));
  CHECK_FALSE(admits(0, "two three"));
}

TEST_CASE("keys that each path of a rule needs are asked for, where the file has them", "[prefilter]") {
  CHECK(admits(1, "spec: {first: 1}"));
  CHECK(admits(1, "spec: {a: {second: 1}}"));
  CHECK_FALSE(admits(1, "first: 1"));
  CHECK_FALSE(admits(1, "spec: 1"));
  CHECK(admits(3, "FROM x"));  // trees of Dockerfiles have keys of their own
}

TEST_CASE("values that a document needs are asked for", "[prefilter]") {
  for (const char* text : {"kind: Secret",
                           "\"kind\": \"Secret\"",
                           "{kind: Config}",
                           "kind:\n  Secret",
                           "'kind' : 'Secret'",
                           "kind: !!str Secret",
                           "kind: &x Secret",
                           "kind: >-\n  Secret",
                           "? kind\n: Secret",
                           "kind: # of it\n  Secret",
                           "kind: |- # c\n  Secret",
                           "kind: \"\\\n  Secret\"",
                           "x: [&k Secret]\nkind: *k",
                           "# x\rkind: Secret",
                           "{\"kind\": /* x */ \"Secret\"}",
                           "{\"kind\": // x\n \"Secret\"}",
                           "x: \"{\\\"kind\\\": \\\"Secret\\\"}\"",
                           "\"\\u006bind\": Secret",
                           "\"\\U0000006bind\": Secret",
                           "\"\\x6bind\": Secret",
                           "kind: {{ ternary \"Secret\" .x }}",
                           "- kind: x\n- kind: Secret"}) {
    INFO(text);
    CHECK(admits(2, text));
  }
  for (const char* text : {"of the kind Secret", "Secret: kind", "# kind: Secret", "a: 1\n  # kind: Secret",
                           "kinds: Secret2\nother: Secret", "kind: x\na: b, c Secret", "kind: x # Secret", "kind:\n- Secret",
                           "kind:\n  description: Secret"}) {
    INFO(text);
    CHECK_FALSE(admits(2, text));
  }
}

TEST_CASE("values that stand very often cost no more than the file", "[prefilter]") {
  std::string text = "{\"kind\": 1, \"a\": \"";
  for (int i = 0; i < 50'000; ++i) text += "Secret                    Config ";
  CHECK_FALSE(admits(2, text + "\"}"));
  for (int i = 0; i < 50'000; ++i) text += "kind                    kind:\n";
  CHECK_FALSE(admits(2, text + "z\"}"));
}

TEST_CASE("of a later version what is new adds to what was there", "[prefilter]") {
  const std::string before = "spec: {a: 1}\nkind: x\n", after = "spec: {a: 1, first: 2}\nkind: Secret\n";
  const Prefilter::Present was = prefilter().present("x.yaml", before);
  CHECK_FALSE(prefilter().admits(1, was));
  CHECK_FALSE(prefilter().admits(2, was));
  const Prefilter::Present is = prefilter().present_after(was, after, "  first: 2\nkind: Secret\n");
  CHECK(prefilter().admits(1, is));
  CHECK(prefilter().admits(2, is));
  CHECK(prefilter().admits(1, prefilter().present_after(is, before, "")));  // what went is not noticed
}

TEST_CASE("a kind of document needs its keys", "[prefilter]") {
  CHECK(admits_kind(0, "apiVersion: v1\nkind: x"));
  CHECK_FALSE(admits_kind(0, "kind: x"));
  CHECK(admits_kind(1, "- hosts: x"));
  CHECK(admits_kind(1, "# c\n---\n\n  - groups: x"));
  CHECK(admits_kind(1, "a: 1\n---\n[{hosts: x}]"));
  CHECK(admits_kind(1, "- x", "roles/a/tasks/main.yml"));
  CHECK_FALSE(admits_kind(1, "- x"));
  CHECK_FALSE(admits_kind(1, "hosts:\n- x"));
  CHECK(admits_kind(2, "units: 1"));
  CHECK_FALSE(admits_kind(2, "unit: 1"));
}

TEST_CASE("texts are documents where a kind has them", "[prefilter]") {
  CHECK(embeds("kind: Config\ndata: {a: b}"));
  CHECK_FALSE(embeds("kind: Other\ndata: {a: Config}"));
}

TEST_CASE("where escapes or wide characters could spell a word, it is there", "[prefilter]") {
  CHECK(admits(0, "\"\\u006fne\""));
  CHECK(admits(0, "\"\\x6fne\""));
  CHECK_FALSE(admits(0, "\"\\u00e4\""));
  CHECK_FALSE(admits(0, "\"\\u003c\""));
  CHECK(admits(2, "x: \"{\\u0022kind\\u0022:\\u0022Secret\\u0022}\""));
  CHECK(admits(0, Bytes("\xFF\xFEo\0n\0e\0 \0t\0w\0o\0", 16)));
}

TEST_CASE("escapes beyond ASCII spell words too", "[prefilter]") {
  const auto shipped = shipped_rule_set();
  REQUIRE(shipped);
  const Prefilter words(*shipped);
  const auto rule = std::find_if(shipped->rules.begin(), shipped->rules.end(), [](const Rule& one) { return one.id == "CFG-GEN-001"; });
  REQUIRE(rule != shipped->rules.end());
  CHECK(words.admits(static_cast<uint32_t>(rule - shipped->rules.begin()), words.present("a.json", "{\"\\u5bc6\\u7801\": \"x\"}")));
}

TEST_CASE("the words of the rule on secrets in any format are in each name that its word lists know", "[prefilter]") {
  const auto shipped = shipped_rule_set();
  REQUIRE(shipped);
  const Prefilter words(*shipped);
  const auto rule = std::find_if(shipped->rules.begin(), shipped->rules.end(), [](const Rule& one) { return one.id == "CFG-GEN-001"; });
  REQUIRE(rule != shipped->rules.end());
  const Lexicon& lexicon = Lexicon::builtin();
  for (const WordList list : {WordList::password, WordList::secret, WordList::token})
    for (const std::string& word : lexicon.words(list)) {
      INFO(word);
      if (is_secret_name(lexicon, word)) CHECK(words.admits(static_cast<uint32_t>(rule - shipped->rules.begin()), words.present("x.yaml", word + ": x\n")));
    }
}
