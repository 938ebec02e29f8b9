// SPDX-License-Identifier: Apache-2.0
#include "scanner/policy/inert_edits.h"

#include "tests/support/policy_question.h"

using namespace sealwarden;
using namespace sealwarden::testing;

namespace {

const std::string kRules =
    policy_rule("scope = 'versions'\neach = '**'\nwhen = { secret = true }") +
    policy_rule("scope = 'versions'\neach = '**'\nwhen = [{ type = 'text' }]", "CFG-TST-002") +
    policy_rule(
        "scope = 'versions'\neach = 'jobs.*.run'\nwhen = { path = '@command_credential', exists = true }",
        "CFG-TST-003") +
    policy_rule("scope = 'versions'\neach = '**'\nwhen = { path = '@command_credential', exists = true }",
                "CFG-TST-004") +
    policy_rule(
        "scope = 'versions'\neach = '**'\nwhen = { secret = true, path = '$root.a', same_as = '$root.b' }",
        "CFG-TST-005") +
    policy_rule(
        "scope = 'versions'\neach = '**'\nwhen = { secret = true }\nseverity_if = [{ when = { path = "
        "'$root.a', same_as = '$root.b' }, severity = 'low' }]",
        "CFG-TST-006");

// Whether the edit of `before` that puts `now` in the place of `old` is inert; items in lists move: "moves".
std::string edit(const std::string& before, const std::string& old, const std::string& now) {
  static const RuleSet rules = policy_rules(kRules);
  static const InertEdits edits(rules);
  const size_t at = before.find(old);
  REQUIRE(at != std::string::npos);
  const std::string after = before.substr(0, at) + now + before.substr(at + old.size());
  const auto there = edits.look_at(before, after), back = edits.look_at(after, before);
  CHECK(there.has_value() == back.has_value());
  return !there ? "no" : there->moves_items ? "moves" : "inert";
}

const std::string kText =
    "# heading\n"
    "image:\n"
    "  repository: app\n"
    "  tag: v1\n"
    "\n"
    "auth:\n"
    "  password: x\n"
    "  dbPassword:\n"
    "  - one\n"
    "args:\n"
    "  - first\n"
    "  - second\n"
    "text: |\n"
    "  a line\n"
    "  another line\n"
    "token: |\n"
    "  a part\n"
    "  a part of it\n"
    "jobs:\n"
    "  build:\n"
    "    run: make\n"
    "env:\n"
    "- name: TAG\n"
    "  value: v1\n";

}  // namespace

TEST_CASE("edits that no rule by names can care about are inert", "[inert]") {
  CHECK(edit(kText, "tag: v1", "tag: v2") == "inert");
  CHECK(edit(kText, "tag: v1", "tag: \"4.5.*\"  # newest") == "inert");
  CHECK(edit(kText, "  tag: v1\n", "  tag: v1\n  pullPolicy: Always\n") == "inert");
  CHECK(edit(kText, "# heading\n", "# another, with a password\n\n") == "inert");
  CHECK(edit(kText, "\n\n", "\n") == "inert");
  CHECK(edit(kText, "a line\n", "two lines:\n  with a colon\n") == "no");  // the first line of a text makes its indentation
  CHECK(edit(kText, "another line\n", "two lines: one\n  two\n") == "inert");
  CHECK(edit(kText, "- second\n", "- second\n  - third\n") == "moves");
}

TEST_CASE("edits that a rule could care about are not inert", "[inert]") {
  CHECK(edit(kText, "password: x", "password: y") == "no");
  CHECK(edit(kText, "tag: v1", "apiToken: v1") == "no");
  CHECK(edit(kText, "- one", "- two") == "no");              // items have the name of their list
  CHECK(edit(kText, "a part of it", "the rest of it") == "no");
  CHECK(edit(kText, "value: v1", "value: v2") == "no");      // its name stands beside it
  CHECK(edit(kText, "name: TAG", "name: PASSWORD") == "no");
  CHECK(edit(kText, "run: make", "run: mysql -px") == "no");
  CHECK(edit(kText, "tag: v1", "tag: redis://:x@h") == "no");
  CHECK(edit(kText, "tag: v1", "tag: {{ .x }}") == "no");
  CHECK(edit(kText, "tag: v1", "tag: *anchor") == "no");
  CHECK(edit(kText, "tag: v1", "tag: \"v1") == "no");
  CHECK(edit(kText, "tag: v1", "tag:") == "no");
  CHECK(edit(kText, "tag: v1", " tag: v1") == "no");         // stands alone at its indentation
  CHECK(edit(kText, "  password: x\n", "  user: a\n    password: x\n") == "no");
  CHECK(edit(kText, "# heading", "# sealwarden:allow") == "no");
  CHECK(edit(kText, "image:\n", "image:\n    first: 1\n") == "no");  // the others are not as deep
  CHECK(edit(kText, "env:\n", "env:\n  tag: v1\n") == "no");
  CHECK(edit(kText, "image:\n", "image:\n  first: 1\n") == "inert");
  CHECK(edit(kText, "env:\n", "env:\ntag: v1\n") == "no");      // the items below lose their key
  CHECK(edit(kText, "  tag: v1\n", "  tag: v1\n  - v2\n") == "no");
  CHECK(edit(kText, "auth:\n", "other:\n") == "no");
  CHECK(edit(kText, "image:\n", "---\nimage:\n") == "no");
  CHECK(edit("a:\n  b: 1\n", "b: 1", "b: \xC3\xA4") == "no");
  CHECK(edit(kText, "# heading", "# heading\rpassword: x") == "no");
  CHECK(edit(kText, "tag: v1", "tag: v1\rpassword:\r  x") == "no");
  CHECK(edit("a: 1\nb: 2\r\nc: 3\n", "c: 3", "c: 4") == "inert");
  CHECK(edit("a: 1\nb: 2\rc: 3\nd: 4\n", "d: 4", "d: 5") == "no");
  CHECK(edit(kText, "# heading", "#}") == "no");                // of a template
  CHECK(edit(kText, "# heading", "# {{/*") == "no");
  CHECK(edit(kText, "jobs:\n  build:\n    run: make\n", "jobs:\n") == "no");
  CHECK(edit("jobs:\nother: x\n", "jobs:\n", "jobs:\n  first: x\n") == "no");
  CHECK(edit("free:\nother: x\n", "free:\n", "free:\n  first: x\n") == "inert");
  CHECK(edit(kText, "tag: v1", "tag: v1 # checkov:skip=X") == "no");
  CHECK(edit(kText, "  tag: v1\n", "  tag: v1\n  ignore-check.kube-linter.io/x: why\n") == "no");
}

TEST_CASE("what is kept is where it was, moved", "[inert]") {
  const RuleSet rules = policy_rules(kRules);
  const InertEdits edits(rules);
  const auto edit = edits.look_at("q: 1\nr: 2\ns: 3\nt: 4\n", "q: 1\nr: 22\ns: 3\nx: 5\nt: 4\n");
  REQUIRE(edit);
  REQUIRE(edit->kept.size() == 3);
  CHECK((edit->kept[0].before == 0 && edit->kept[0].after == 0 && edit->kept[0].size == 5));
  CHECK((edit->kept[1].before == 10 && edit->kept[1].after == 11 && edit->kept[1].size == 5));
  CHECK((edit->kept[2].before == 15 && edit->kept[2].after == 21 && edit->kept[2].size == 5));
  CHECK(edits.look_at("", "")->kept.empty());
  CHECK(edits.look_at("a: 1\n", "a: 1\n")->kept.size() == 1);
}

TEST_CASE("rules that look elsewhere than at names are not covered", "[inert]") {
  using Cover = InertEdits::Cover;
  const RuleSet rules = policy_rules(kRules);
  const InertEdits edits(rules);
  const std::vector<Cover> covers = {Cover::all, Cover::none, Cover::all, Cover::none, Cover::none, Cover::silence};
  for (uint32_t i = 0; i < covers.size(); ++i) {
    INFO(rules.rules[i].id);
    CHECK(edits.covers(i) == covers[i]);
  }
}
