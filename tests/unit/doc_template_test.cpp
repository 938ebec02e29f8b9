// SPDX-License-Identifier: Apache-2.0
// Templates by example: what is masked of a text, and what a YAML tree says of what its actions may hide.
#include "scanner/doc/parse.h"
#include "scanner/doc/template_mask.h"
#include "tests/support/catch.h"
#include "tests/support/document_dump.h"

namespace {

using namespace sealwarden;
using sealwarden::testing::dump;

std::string masked(std::string_view text) {
  const MaskedTemplate result = mask_template(text);
  if (result.actions.empty()) return std::string(text);
  if (result.text.size() != text.size()) return "(another length)";
  return result.text;
}

std::string kinds(std::string_view text) {
  std::string letters;
  for (const TemplateAction& action : mask_template(text).actions) letters += "oOec-"[static_cast<size_t>(action.kind)];
  return letters;
}

ParsedFile parse(std::string_view text, std::string_view path = "chart/templates/a.yaml") {
  ParsedFile file;
  file.bytes = text;
  parse_yaml(path, file, {});
  return file;
}

std::string tree(std::string_view text, std::string_view path = "chart/templates/a.yaml") {
  const ParsedFile file = parse(text, path);
  std::string out = dump(file, {.types = true, .flags = true}) + sealwarden::testing::dump_problems(file);
  for (const Document& document : file.documents)
    if (document.state != DocumentState::masked) out.append(name_of(document.state)).append("\n");
  return out;
}

TEST_CASE("actions are masked by blanks or underscores of the same length", "[template]") {
  struct Case {
    std::string_view text, masked;
  };
  static const Case kCases[] = {
      {"a: {{ .b }}\n", "a: ________\n"},
      {"a: \"{{ .b }}x\"\n", "a: \"________x\"\n"},
      {"{{- if .a }}\nb: 1\n  {{ end }}  \n", "            \nb: 1\n             \n"},
      {"{{ if .a }} {{ .b }}\nc\n", "                    \nc\n"},
      {"a: {{- toYaml .b | nindent 4 }}\n", "a:                             \n"},
      {"a: {{ toYaml .b }}\n", "a:                \n"},
      {"- {{- include \"x\" . | nindent 4 }}\n", "-                                 \n"},
      {"a: b{{ toYaml .b }}\n", "a: b_______________\n"},
      {"a: {{ if .b }}\n  c: d\n", "a:            \n  c: d\n"},
      {"{{ if .a }}b:{{ else }}c:{{ end }}\n", "___________b:                     \n"},
      {"a: {{ \"}}\" }} {{ '}}' }} {{ `}}` }}\n", "a: __________ __________ __________\n"},
      {"a: {{/* it's \"one }} */}}b\n", "a: ______________________b\n"},
      {"a: {{- /* x */ -}}\n", "a:                \n"},
      {"a: {{ printf \"%s\"\n   .b }}\nc: 1\n", "a: ______________\n        \nc: 1\n"},
      {"{{/*\n---\nx\n*/}}\r\na: 1\n", "    \n   \n \n    \r\na: 1\n"},
      {"a: ${{ secrets.b }} {{ .c }}\n", "a: ${{ secrets.b }} ________\n"},
      {"a: {{ b\nc: {{ .d }}\n", "a: {{ b\nc: ________\n"},
      {"a: {{ \"b\n", "a: {{ \"b\n"},
      {"a: {{ it's }} {{ .b }}\n", "a: __________ ________\n"},
      {"{% if a %}\nb: {# c #}{{ d }}\n{% endif %}\n", "          \nb: ______________\n           \n"},
      {"a: <%= b %>\n<% if c %>\nd: 1\n<% end %>\n", "a: ________\n          \nd: 1\n         \n"},
      {"\t{{ if .a }}\nb: 1\n", "            \nb: 1\n"},
      {"a: |\n  {{ if .b }}\n  c\n", "a: |\n  ___________\n  c\n"},
      {"a: >-  # d\n{{ if .b }}\n\n  c\n", "a: >-  # d\n  _________\n\n  c\n"},
      {"a: |\n  {{ .b }}\nc: d\n", "a: |\n          \nc: d\n"},
      {"{{{ a }}}\n", "{_______}\n"},
      {"a: {b: {c: 1}}\n", "a: {b: {c: 1}}\n"}};
  for (const Case& text : kCases) CHECK(masked(text.text) == text.masked);
}

TEST_CASE("actions have kinds", "[template]") {
  CHECK(kinds("{{ if a }}{{- else if b -}}{{ else }}{{ end }}{{ range a }}{{ with a }}{{ define \"a\" }}") == "OeecOOO");
  CHECK(kinds("{{ $a := 1 }}{{ $a = 2 }}{{ $a }}{{ .a }}{{ include \"a\" . }}{{ end_of_life }}{{/* a */}}{{ fail \"a\" }}") == "--oooo--");
  CHECK(kinds("{% if a %}{% elif a %}{% else %}{% endif %}{% set a = 1 %}{# a #}{{ a }}{%- for a in b -%}{% include 'a' %}") == "Oeec--oOo");
  CHECK(kinds("<% if a %><% else %><% end %><%= a %><%# a %><% a.each do |b| %><% a = 1 %>") == "Oeco-O-");
}

TEST_CASE("the column of an action is that of the lines it makes", "[template]") {
  const auto actions = mask_template("  {{ a }} {{ b }}\n{{ toYaml .c | nindent 8 }}\n  {{ indent 4 .d }}\n {{ e | indent (f) }}\n").actions;
  REQUIRE(actions.size() == 5);
  CHECK(actions[0].column == 2);
  CHECK(actions[1].column == 10);
  CHECK(actions[2].column == 8);
  CHECK(actions[3].column == 4);
  CHECK(actions[4].column == 1);
}

TEST_CASE("paths of templates", "[template]") {
  for (const std::string_view path : {"templates/a.yaml", "x/templates/y/a.yaml", "a.yaml.tpl", "a.j2", "a.yml.erb", "values.yaml.gotmpl"})
    CHECK(is_template_path(path));
  for (const std::string_view path : {"", "a.yaml", "templates", "mytemplates/a.yaml", "templates.yaml"}) CHECK_FALSE(is_template_path(path));
}

TEST_CASE("a scalar with an action is an expression with the text of the file", "[template][yaml]") {
  CHECK(tree("a: {{ .b | default \"c\" }}\nd: \"x-{{ .e }}\"\nf: 1\n") ==
        "a = expression {{ .b | default \"c\" }} (masked)\nd = expression x-{{ .e }} (quoted masked)\nf = integer 1\n");
  CHECK(tree("a: {{- toYaml .b | nindent 2 }}\nc:\n  {{- include \"d\" . | nindent 2 }}\ne:\n{{ .f | indent 2 }}\ng:\n") ==
        "a = expression {{- toYaml .b | nindent 2 }} (masked)\nc = expression {{- include \"d\" . | nindent 2 }} (masked)\n"
        "e = expression {{ .f | indent 2 }} (masked)\ng = null \n");
  CHECK(tree("a: |\n  {{- if .b }}\n  c\n  {{- end }}\n  d\n  {{ .e }}\nf: >\n  {{ .g }}\nh: |\n  i\n{{- if .j }}\nk: 1\n{{- end }}\n") ==
        " (masked)\na = expression {{- if .b }}\\nc\\n{{- end }}\\nd\\n{{ .e }}\\n (quoted block masked)\n"
        "f = expression {{ .g }} (quoted block masked)\nh = text i\\n (quoted block)\nk = integer 1\n");
  CHECK(tree("{{ .a }}: 1\nb:\n  c: d\n") == " (masked)\n{{ .a }} = integer 1\nb.c = text d\n");
  CHECK(tree("- {{ .a }}\n- b\n") == "[0] = expression {{ .a }} (masked)\n[1] = text b\n");
}

TEST_CASE("maps and sequences with actions between their entries are flagged", "[template][yaml]") {
  CHECK(tree("a:\n  b: 1\n  {{- include \"c\" . | nindent 2 }}\nd:\n  e: 1\n") == "a (masked)\na.b = integer 1\nd.e = integer 1\n");
  CHECK(tree("a:\n  b: 1\n{{ toYaml .c | indent 2 }}\n") == "a (masked)\na.b = integer 1\n");
  CHECK(tree("a:\n  b:\n    c: 1\n{{ include \"d\" . }}\ne: 2\n") == " (masked)\na.b.c = integer 1\ne = integer 2\n");
  CHECK(tree("a:\n  {{- if .b }}\n  c: 1\n  {{- else }}\n  c: 2\n  {{- end }}\nd: 3\n") ==
        "a (masked)\na.c = integer 1\na.c = integer 2\nd = integer 3\n");
  CHECK(tree("a:\n  b: 1\n  {{- if .c }}\n  {{- end }}\nd:\n- e\n{{- range .f }}\n- g: 1\n{{- end }}\n") ==
        "a.b = integer 1\nd (masked)\nd[0] = text e\nd[1].g = integer 1\n");
  CHECK(tree("{{ $a := 1 }}\n{{/* b */}}\nc: 1\n") == "c = integer 1\n");
  CHECK(tree("{{ if .a }}\nb: 1\n{{ end }}\n") == " (masked)\nb = integer 1\n");
  CHECK(tree("a:\n  {{ toYaml .b | nindent 2 }}\n  c: 1\n") == "a (masked)\na.c = integer 1\n");
}

TEST_CASE("documents of templates have states of their own", "[template][yaml]") {
  CHECK(tree("{{ include \"a\" . }}\n") == "");
  CHECK(tree("a: 1\n---\nb: {{ c }}\n") == "a = integer 1\n---\nb = expression {{ c }} (masked)\nparsed\n");
  CHECK(tree("a: 1\n") == "a = integer 1\nparsed\n");
  // By another path only where the plain text is none, or has a map for a key.
  CHECK(tree("{{ if a }}\nb: 1\n{{ end }}\n", "a.yaml") == " (masked)\nb = integer 1\n");
  CHECK(tree("a: {{ b }}\n", "a.yaml") == "a = expression {{ b }} (masked)\n");
  CHECK(tree("a: '{{ b }}'\n", "a.yaml") == "a = text {{ b }} (quoted)\nparsed\n");
  CHECK(tree("a: x {{ b }}\n", "a.yaml") == "a = text x {{ b }}\nparsed\n");
  CHECK(tree("a: ${{ b }}\n", ".github/workflows/a.yml") == "a = text ${{ b }}\nparsed\n");
  CHECK(tree("a: 'b\n{{ c }}\n", "a.yaml").ends_with("partial\n"));
}

}  // namespace
