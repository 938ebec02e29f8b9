// SPDX-License-Identifier: Apache-2.0
#include "tests/support/policy_question.h"

using namespace sealwarden;
using namespace sealwarden::testing;

TEST_CASE("each kind of step finds its nodes", "[walk]") {
  const std::string text =
      "a: 1\nB: 2\nabc: 3\n\"x.y\": 4\nm:\n  n: {p: 5, q: 6}\n  o: [7, 8, 9]\nlist:\n- {name: one, value: 10, on: true}\n- {name: two, value: 11}\n";
  const std::vector<std::pair<std::string, std::string>> rows = {
      {"a", "1"},
      {"nothing", ""},
      {"\"x.y\"", "4"},
      {"(a|B)", "1 2"},
      {"~b", "2"},
      {"b", ""},
      {"a*", "1 3"},
      {"m.n.p", "5"},
      {"m.n", "map"},
      {"m.n.*", "5 6"},
      {"m.*", "map sequence"},
      {"m.o", "sequence"},
      {"m.o[*]", "7 8 9"},
      {"m.o[0]", "7"},
      {"m.o[-1]", "9"},
      {"m.o[3]", ""},
      {"a[*]", "1"},  // of what is no list, itself
      {"list[*].name", "one two"},
      {"list[*][?(name == 'two')].value", "11"},
      {"list[*][?(name != 'two')].value", "10"},
      {"list[*][?(name =~ '^t')].value", "11"},
      {"list[*][?(on)].value", "10"},
      {"list[*][?(!on)].value", "11"},
      {"**.p", "5"},
      {"**.name", "one two"},
      {"m.n.p.^", "map"},
      {"m.n.p.^^.o[0]", "7"},
      {"$root.a", "1"},
      {"$top.a", "1"},
      {"m.n.p.$key", "p"},
      {"list[*].value.$name", "one two"},
      {"list[*].on.$name", "on"},
  };
  for (const auto& [path, found] : rows) {
    INFO(path);
    CHECK(walk(text, path) == found);
  }
}

TEST_CASE("a path gives each node once, in the order of the document", "[walk]") {
  CHECK(walk("a: {a: {a: 1}}", "**.**.a") == "map map 1");
  CHECK(walk("l: [{x: 1}, {x: 2}]", "l[*].x.^.^") == "sequence");
}

TEST_CASE("aliases and merge keys are walked, own keys are stronger", "[walk]") {
  const std::string text = "base: &b {x: 1, y: 2}\nuse:\n  <<: *b\n  y: 3\nsame: *b\n";
  CHECK(walk(text, "use.x") == "1");
  CHECK(walk(text, "use.y") == "3");
  CHECK(walk(text, "same.y") == "2");
  CHECK(walk("a: &a {x: 1}\nb: &b {y: 2}\nc: {<<: [*a, *b], z: 3}\n", "c.(x|y|z)").size() == 5);
  // A ring that no document can make, and a chain of them that one can, come to an end.
  std::string deep = "a0: &a0 {x: 1}\n";
  for (int i = 1; i < 40; ++i) {
    const std::string before = "*a" + std::to_string(i - 1), name = "a" + std::to_string(i);
    deep += name + ": &" + name + " [" + before + ", " + before + ", " + before + "]\n";
  }
  CHECK(walk(deep, "a39.**.x").size() < 100);
}

TEST_CASE("lists that repeated blocks make are walked by keys", "[walk]") {
  const std::string text = "resource \"r\" \"n\" {\n  b {\n    x = 1\n  }\n  b {\n    x = 2\n  }\n}\n";
  CHECK(walk(text, "resource.r.n.b.x", "x.tf") == "1 2");
  CHECK(walk(text, "resource.r.n.b[*].x", "x.tf") == "1 2");
  CHECK(walk(text, "resource.r.n.b[1].x", "x.tf") == "2");
}

TEST_CASE("what a template makes is not known", "[walk]") {
  const std::string text = "spec:\n  {{- toYaml .Values.x | nindent 2 }}\n  a: {{ .Values.a }}\n";
  CHECK(walk(text, "spec.b", "templates/x.yaml") == "...");
  CHECK(walk("other:\n  b: 1\n", "spec.b", "templates/x.yaml").empty());
}

TEST_CASE("logical paths name items by what they are called", "[walk]") {
  const std::string text = "spec:\n  containers:\n  - name: api\n    env:\n    - {name: A, value: 1}\n  - image: x\nx.y: 2\n";
  AskedDocument asked(policy_rule("each = [\"**.value\", \"**.image\", \"'x.y'\"]\nwhen = { exists = true }"), text, "x.yaml");
  const auto path = [&](size_t each, bool ordinal_free) {
    return logical_path(asked.file(), asked.evaluator().find(asked.part().each.at(each), asked.root()).nodes.at(0).node, ordinal_free);
  };
  CHECK(path(0, false) == "spec.containers[name=api].env[name=A].value");
  CHECK(path(0, true) == "spec.containers[name=api].env[name=A].value");
  CHECK(path(1, false) == "spec.containers[1].image");
  CHECK(path(1, true) == "spec.containers[].image");
  CHECK(path(2, false) == "\"x.y\"");
  AskedDocument plan(policy_rule("each = [\"resources[*].values.v\"]\nwhen = { exists = true }"),
                     R"({"resources": [{"address": "a.main", "mode": "managed", "name": "main", "values": {"v": 1}}]})", "x.json");
  CHECK(logical_path(plan.file(), plan.evaluator().find(plan.part().each.at(0), plan.root()).nodes.at(0).node) == "resources[address=a.main].values.v");
}
