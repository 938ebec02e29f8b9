// SPDX-License-Identifier: Apache-2.0
#include "scanner/policy/changed_parts.h"

#include "tests/support/policy_question.h"

using namespace sealwarden;
using namespace sealwarden::testing;

namespace {

using Cover = ChangedParts::Cover;

const std::string kRules =
    R"toml(
[[document_kind]]
name = "stack"
formats = ["yaml"]
require = [{ path = "services.*.image", exists = true }, { path = "swagger", absent = true }]
identity = "{metadata.name}"

[[document_kind]]
name = "hosts"
formats = ["yaml"]
paths = ["hosts.yml"]
require = [{ path = "*.vars", exists = true }]
)toml" +
    policy_rule("scope = 'versions'\neach = '**'\nwhen = { secret = true }") +
    policy_rule(
        "scope = 'versions'\neach = 'jobs.*.run'\nwhen = [{ path = '^.shell', absent = true }, { path = "
        "'@command_credential', exists = true }]",
        "CFG-TST-002") +
    policy_rule(
        "scope = 'versions'\neach = '**'\nwhen = { secret = true, path = '$root.a', same_as = '$root.b' }",
        "CFG-TST-003") +
    policy_rule(
        "scope = 'versions'\neach = '**'\nwhen = { secret = true }\nseverity_if = [{ when = { path = "
        "'$root.a', same_as = '$root.b' }, severity = 'low' }]",
        "CFG-TST-004") +
    policy_rule(
        "scope = 'versions'\nwhere = { path = '$root.apiVersion', exists = true }\neach = 'x[0]'\nwhen = { "
        "secret = true }",
        "CFG-TST-005") +
    policy_rule("scope = 'versions'\neach = '**'\nwhen = { path = '*', absent = true }", "CFG-TST-006") +
    policy_rule("scope = 'versions'\neach = '**'\nwhen = [{ secret = true }, { path = '*', absent = true }]",
                "CFG-TST-007") +
    policy_rule(
        "scope = 'versions'\nwhere = { resolver = 'sops_required' }\neach = '**'\nwhen = { secret = true }",
        "CFG-TST-008");

const ChangedParts& parts() {
  static const RuleSet rules = policy_rules(kRules);
  static const ChangedParts made(rules);
  return made;
}

std::optional<ChangedPart> part_of(const std::string& before, const std::string& after, std::string_view path) {
  const bool is_template = path.starts_with("templates/");
  const auto kept = find_kept_lines(before, after);
  const auto was = outline_yaml(before, is_template), is = outline_yaml(after, is_template);
  REQUIRE((kept && was && is));
  return parts().of({path, before, after, *was, *is, *kept});
}

// What of the text has to be judged again when `now` comes in the place of `old`; "all": it cannot be told.
std::string part(const std::string& before, const std::string& old, const std::string& now, std::string_view path = "x.yaml") {
  const size_t at = before.find(old);
  REQUIRE(at != std::string::npos);
  const std::string after = before.substr(0, at) + now + before.substr(at + old.size());
  const auto found = part_of(before, after, path);
  if (!found) return "all";
  size_t verbatim = 0;
  for (const CopiedLines& one : found->lines) {
    CHECK(found->text.substr(one.part, one.size) == after.substr(one.version, one.size));
    verbatim += one.size;
  }
  CHECK(verbatim <= found->text.size());
  return found->text;
}

const std::string kText =
    "apiVersion: v1\n"
    "image:\n"
    "  repository: app\n"
    "  tag: v1\n"
    "auth:\n"
    "  password: x\n"
    "  users:\n"
    "    one: a\n"
    "    two: b\n"
    "args:\n"
    "  - first\n"
    "  - second\n"
    "env:\n"
    "- name: TAG\n"
    "  value: v1\n"
    "- name: OTHER\n"
    "  value: v2\n"
    "jobs:\n"
    "  build:\n"
    "    run: make\n"
    "    steps:\n"
    "      one: 1\n"
    "text: |\n"
    "  a line\n"
    "  another line\n";

}  // namespace

TEST_CASE("what changed is judged again, below its keys and beside what is asked for", "[parts]") {
  CHECK(part(kText, "v1", "v1") == "");
  CHECK(part(kText, "tag: v1", "tag: v2") == "apiVersion: v1\nimage:\n  tag: v2\n");
  CHECK(part(kText, "password: x", "password: y") == "apiVersion: v1\nauth:\n  password: y\n");
  CHECK(part(kText, "    two: b\n", "    two: b\n    three:\n      c: d\n") == "apiVersion: v1\nauth:\n  users:\n    three:\n      c: d\n");
  CHECK(part(kText, "another", "one more") == "apiVersion: v1\ntext: |\n  a line\n  one more line\n");
  CHECK(part(kText, "- second", "- third") == "apiVersion: v1\nargs:\n  - first\n  - third\n");    // words of a list are read together
  CHECK(part(kText, "value: v1", "value: v3") == "apiVersion: v1\nenv:\n- name: TAG\n  value: v3\n");
  CHECK(part(kText, "name: TAG", "name: KEY") == "apiVersion: v1\nenv:\n- name: KEY\n  value: v1\n");
  CHECK(part(kText, "    run: make\n", "    run: make\n    shell: x\n") ==
        "apiVersion: v1\njobs:\n  build:\n    run: make\n    shell: x\n    steps:\n      one: 1\n");
  CHECK(part(kText, "  users:\n    one: a\n    two: b\n", "") == "apiVersion: v1\nauth:\n  password: x\n");  // the map remains one
  CHECK(part(kText, "  password: x\n", "") == "apiVersion: v1\nauth:\n  users:\n");
  CHECK(part(kText, "auth:\n", "others:\n") == "apiVersion: v1\nothers:\n  password: x\n  users:\n    one: a\n    two: b\n");
  CHECK(part(kText, "  users:\n", "") == "apiVersion: v1\nauth:\n  password: x\n    one: a\n    two: b\n");
  CHECK(part(kText, "auth:\n", "# a comment\n\nauth:\n") == "");
}

TEST_CASE("edits that conditions can reach from anywhere have everything judged again", "[parts]") {
  CHECK(part(kText, "apiVersion: v1\n", "") == "all");
  CHECK(part(kText, "image:\n", "swagger: 2\nimage:\n") == "all");
  CHECK(part(kText, "image:\n", "---\nimage:\n") == "all");
  CHECK(part(kText, "image:\n", "a key: 1\nimage:\n") == "all");
  CHECK(part(kText, "text:", "metadata:\n  name: y\ntext:") == "all");
  CHECK(part(kText, "text:", "services:\n  web:\n    image: y\ntext:") == "all");
  CHECK(part(kText, "text:", "other:\n  web:\n    image: y\ntext:") == "apiVersion: v1\nother:\n  web:\n    image: y\n");
  CHECK(part(kText, "tag: v1", "tag: v2", "hosts.yml") == "all");
  CHECK(part("- a: 1\n- b: 2\n", "b: 2", "b: 3") == "all");
  CHECK(part("a: 1\nb: 2\rc: 3\nd: 4\n", "d: 4", "d: 5") == "all");
  CHECK(part(kText, "auth:", "text:\n  x: y\nauth:") == "all");  // twice: the last counts
  CHECK(part(kText, "text:", "services: {web: {image: y}}\ntext:") == "all");
  CHECK(part(kText + "services:\n  web:\n    ports: []\n", "    ports: []\n", "    ports: []\n  db: {image: y}\n") == "all");
}

TEST_CASE("template actions stay with what they decide about", "[parts]") {
  const std::string text = "a:\n  b: 1\n{{- if .x }}\nc:\n  d: 2\n{{- end }}\ne:\n  f: 3\n  {{- toYaml .y | nindent 2 }}\ng: 4\n";
  CHECK(part(text, "b: 1", "b: 2", "templates/x.yaml") == "a:\n  b: 2\n{{- if .x }}\nc:\n  d: 2\ne:\n  f: 3\n  {{- toYaml .y | nindent 2 }}\ng: 4\n");
  CHECK(part(text, "{{- if .x }}\n", "", "templates/x.yaml") == "all");
  CHECK(part(text, "nindent 2", "nindent 4", "templates/x.yaml") == "all");
  CHECK(part(text, "c:\n  d: 2\n", "", "templates/x.yaml") == "all");
  CHECK(part(text, "  d: 2\n", "  d: 2\n  h: {{ .x }}\n", "templates/x.yaml").find("  h: {{ .x }}\n") != std::string::npos);
}

TEST_CASE("items that come or go move those behind them", "[parts]") {
  CHECK(part_of(kText, "x: 1\n" + kText, "x.yaml")->moves_items == false);
  std::string more = kText;
  more.insert(more.find("  - second"), "  - more\n");
  CHECK(part_of(kText, more, "x.yaml")->moves_items);
  CHECK(part_of(more, kText, "x.yaml")->moves_items);
}

TEST_CASE("rules whose conditions reach further are not covered", "[parts]") {
  const std::vector<Cover> covers = {Cover::all, Cover::all, Cover::documents, Cover::silence, Cover::documents, Cover::documents, Cover::all, Cover::none};
  for (uint32_t i = 0; i < covers.size(); ++i) {
    INFO(i);
    CHECK(parts().covers(i) == covers[i]);
  }
}
