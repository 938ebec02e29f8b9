// SPDX-License-Identifier: Apache-2.0
#include "scanner/policy/yaml_outline.h"

#include <map>

#include "tests/support/catch.h"

using namespace sealwarden;

namespace {

// Each node as "column kind key", below its parent by two blanks; "~" behind what actions decide about, "+" if its text has more lines.
std::string shown(Bytes text, bool is_template = false) {
  const auto outline = outline_yaml(text, is_template);
  if (!outline) return "no";
  std::string out;
  std::map<uint32_t, size_t> depth;
  for (uint32_t i = 0; i < outline->nodes.size(); ++i) {
    const YamlOutline::Node& node = outline->nodes[i];
    depth[i] = node.parent == YamlOutline::kNone ? 0 : depth[node.parent] + 1;
    const char* kind = node.kind == YamlOutline::Node::Kind::document ? "---"
                       : node.kind == YamlOutline::Node::Kind::item   ? "-"
                       : node.kind == YamlOutline::Node::Kind::other  ? "?"
                                                                      : "";
    out += std::string(2 * depth[i], ' ') + kind + std::string(outline->key(text, i)) +
           (node.own_end > node.header_end ? "+" : "") + (node.is_conditional ? "~" : "") + "\n";
  }
  return out;
}

}  // namespace

TEST_CASE("an outline has what stands under what", "[outline]") {
  CHECK(shown("") == "---\n");
  CHECK(shown("a: 1\nb:\n  c: 2\n  d:\n    e: x\nf: 3\n") == "---\n  a\n  b\n    c\n    d\n      e\n  f\n");
  CHECK(shown("a:\n- x\n- b: 1\n  c: 2\n-\n  d: 3\ne: 4") == "---\n  a\n    -\n    -\n      b\n      c\n    -\n      d\n  e\n");
  CHECK(shown("a:\n  - b:\n      c: 1\n    d: 2\n") == "---\n  a\n    -\n      b\n        c\n      d\n");
  CHECK(shown("# x\n---\na: 1\n--- # y\n\"b\": 2\n'c-d': 3\n") == "---\n---\n  a\n---\n  b\n  c-d\n");
  CHECK(shown("a: 1\r\nb:\r\n  c: 2\r\n") == "---\n  a\n  b\n    c\n");
  CHECK(shown("a b: 1\nc: 2\n[x]: 3\n") == "no");
  CHECK(shown("a b: 1\nc: 2\n") == "---\n  ?\n  c\n");
}

TEST_CASE("texts belong to their keys", "[outline]") {
  CHECK(shown("a: |\n  b: 1\n\n  # c\n    d: 2\ne: 3\n") == "---\n  a+\n  e\n");
  CHECK(shown("- |-  # c\n  b: 1\n- x\n") == "---\n  -+\n  -\n");
  CHECK(shown("a: some words\n  and more\nb: 1\n") == "---\n  a+\n  b\n");
  CHECK(shown("a:\n  some words\n  and: more\n") == "---\n  a\n    ?+\n");
  CHECK(shown("a: \"x\n  b: 1\n  \\\" y\"\nb: 'it''s'\nc: 'x\n  b: ''1\n  ' # c\nd: 1\n") == "---\n  a+\n  b\n  c+\n  d\n");
  CHECK(shown("a: [1, {b: 'c]'},\n2\n]\nd: {x: don't}\ne: 1\n") == "---\n  a+\n  d\n  e\n");
  CHECK(shown("a: x#y # c\nb: '#'\n") == "---\n  a\n  b\n");
}

TEST_CASE("what lines do not tell gives no outline", "[outline]") {
  for (const char* text : {"a: &x 1\n",   "a: *x\n",     "a: !t x\n",
                           "? a\n: b\n",  "\ta: 1\n",    "a:\n\tb: 1\n",
                           "- - x\n",     "a: \"x\n",    "a: \"x\nb\"\n",
                           "a: [1\n",     "a: 'x' y\n",  "a:\n    b: 1\n  c: 2\n",
                           "a: 1\n- b\n", "- a\nb: 1\n", "%YAML 1.2\n---\na: 1\n",
                           "...\n",       "--- a\n",     "a: [&x 1]\n",
                           "a: |x\n",     "&x a: 1\n",   "a: {b: *c}\n",
                           "<<: *x\n"}) {
    INFO(text);
    CHECK(shown(text) == "no");
  }
}

TEST_CASE("template actions make what follows them conditional, and bind what stands around them", "[outline]") {
  CHECK(shown("a: 1\n{{- if .x }}\nb: 2\n{{- else }}\nc: 3\n{{- end }}\nd: 4\n", true) == "---\n  a\n  b~\n  c~\n  d\n");
  CHECK(shown("a: {{ .x }}\n{{ .k }}: 2\n", true) == "---\n  a\n  ?\n");
  CHECK(shown("{{/* b:\n  c */}}\na: |\n  {{ if .x }}\n  text\n{{ end }}\n", true) == "---\n  a+\n");
  CHECK(shown("a: {{ .x\n  }}\n", true) == "no");
  CHECK(shown("a: {{ .x }}\n") == "---\n  a\n");
  const auto outline = outline_yaml("a:\n  {{- toYaml .x | nindent 2 }}\nb: 1\nc: 2\n", true);
  REQUIRE(outline);
  CHECK(outline->bound == std::vector<uint32_t>{1, 2});
}
