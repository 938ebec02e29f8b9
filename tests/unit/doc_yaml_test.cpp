// SPDX-License-Identifier: Apache-2.0
// YAML by example: what the tree, the positions, the comments and the problems of a text are.
#include <ctime>

#include "scanner/doc/parse.h"
#include "scanner/doc/yaml_scalar.h"
#include "tests/support/catch.h"
#include "tests/support/document_dump.h"

namespace {

using namespace sealwarden;
using sealwarden::testing::dump;
using sealwarden::testing::dump_problems;
using sealwarden::testing::escaped_text;
using sealwarden::testing::path_of;

ParsedFile parse(std::string_view text, std::string_view path = "a.yaml") {
  ParsedFile file;
  file.bytes = text;
  parse_yaml(path, file, {});
  return file;
}

std::string tree(std::string_view text, std::string_view path = "a.yaml") { return dump(parse(text, path)); }
std::string typed(std::string_view text) { return dump(parse(text), {.types = true, .flags = true}); }

// The bytes of the span of the node at a path.
std::string source(const ParsedFile& file, std::string_view path, bool of_key = false) {
  for (uint32_t i = 0; i < file.nodes.size(); ++i) {
    if (path_of(file, i) != path) continue;
    const Span span = of_key ? file.nodes[i].key_span : file.nodes[i].span;
    return std::string(file.bytes.substr(span.begin, span.end - span.begin));
  }
  return "(no " + std::string(path) + ")";
}

std::string states(const ParsedFile& file) {
  std::string names;
  for (const Document& document : file.documents) names.append(names.empty() ? "" : " ").append(name_of(document.state));
  return names;
}

std::string comments(const ParsedFile& file) {
  std::string text;
  for (const DocumentComment& comment : file.comments)
    text.append(file.bytes.substr(comment.span.begin, comment.span.end - comment.span.begin)).append("\n");
  return text;
}

TEST_CASE("YAML maps and sequences in block and flow style are the same tree", "[yaml]") {
  static const std::string kTree = "a = 1\nb[0] = x\nb[1] = y\nc.d = e\n";
  CHECK(tree("a: 1\nb:\n  - x\n  - 'y'\nc: {d: \"e\"}\n") == kTree);
  CHECK(tree("a: 1\nb:\n- x\n- y\nc:\n  d: e") == kTree);
  CHECK(tree("{a: 1, b: [x, y], c: {d: e}}") == kTree);
  CHECK(tree("{\"a\":1,\"b\":[\"x\",\"y\"],\"c\":{\"d\":\"e\"}}\n") == kTree);
  CHECK(tree("a: {}\nb: []\nc:\nd: ''\n") == "a = {}\nb = []\nc = null\nd = \n");
  CHECK(tree("- - 1\n  - 2\n- k: v\n  l: w\n") == "[0][0] = 1\n[0][1] = 2\n[1].k = v\n[1].l = w\n");
  CHECK(tree("? a\n: 1\n? b\n") == "a = 1\nb = null\n");
  CHECK(tree("just a text\n") == " = just a text\n");
}

TEST_CASE("spans of YAML nodes are the bytes of the file", "[yaml]") {
  const ParsedFile file = parse("k\xc3\xb6y: 'it''s'\n\"q\": \"a\\tb\" # c\nm: &x !t\n  n: 5\nf: [1, {g: h}]\ne:\nz: last\n");
  CHECK(source(file, "k\xc3\xb6y") == "'it''s'");
  CHECK(source(file, "k\xc3\xb6y", true) == "k\xc3\xb6y");
  CHECK(source(file, "q", true) == "\"q\"");
  CHECK(source(file, "q") == "\"a\\tb\"");
  CHECK(source(file, "m") == "n: 5");
  CHECK(source(file, "m.n") == "5");
  CHECK(source(file, "f") == "[1, {g: h}]");
  CHECK(source(file, "f[1]") == "{g: h}");
  CHECK(source(file, "e").empty());
  CHECK(source(file, "").back() == 't');
  CHECK(tree(file.bytes) == "k\xc3\xb6y = it's\nq = a\\tb\nm !t\nm.n = 5\nf[0] = 1\nf[1].g = h\ne = null\nz = last\n");
}

TEST_CASE("block texts of YAML go from their first byte to the end of their last line", "[yaml]") {
  const ParsedFile file = parse("a: |  # note\n  one\n    two\n\n  three  \n\nb: >-\n  x\n  y\nc: |2\n    z\nd: |\ne: |+\n  k\n\n");
  CHECK(source(file, "a") == "one\n    two\n\n  three  ");
  CHECK(source(file, "b") == "x\n  y");
  CHECK(source(file, "c") == "  z");
  CHECK(source(file, "d").empty());
  CHECK(source(file, "e") == "k");
  CHECK(dump(file, {.types = true, .flags = true}) ==
        "a = text one\\n  two\\n\\nthree  \\n (quoted block)\nb = text x y (quoted block)\nc = text   z\\n (quoted block)\n"
        "d = text  (quoted block)\ne = text k\\n\\n (quoted block)\n");
  CHECK(comments(file) == "# note\n");
}

TEST_CASE("types of plain YAML scalars are those of the Go reader of version 2", "[yaml]") {
  static const std::pair<NodeType, std::string_view> kPlain[] = {
      {NodeType::null, ""}, {NodeType::null, "~"}, {NodeType::null, "null"}, {NodeType::null, "NULL"}, {NodeType::text, "nULL"},
      {NodeType::boolean, "true"}, {NodeType::boolean, "Yes"}, {NodeType::boolean, "off"}, {NodeType::boolean, "N"},
      {NodeType::boolean, "y"}, {NodeType::text, "yEs"}, {NodeType::text, "truely"},
      {NodeType::integer, "0"}, {NodeType::integer, "-12"}, {NodeType::integer, "+7"}, {NodeType::integer, "0x1F"},
      {NodeType::integer, "0o17"}, {NodeType::integer, "017"}, {NodeType::integer, "0b101"}, {NodeType::integer, "1_000"},
      {NodeType::integer, "-0xff"}, {NodeType::real, "089"}, {NodeType::real, "1.5"}, {NodeType::real, ".5"}, {NodeType::real, "1e3"},
      {NodeType::real, "-1.e-3"}, {NodeType::real, ".inf"}, {NodeType::real, "-.INF"}, {NodeType::real, ".nan"},
      {NodeType::text, "1.2.3"}, {NodeType::text, "2024-01-31"}, {NodeType::text, "12:30"}, {NodeType::text, "-"},
      {NodeType::text, "."}, {NodeType::text, "0x"}, {NodeType::text, "1e"}, {NodeType::text, "--1"}, {NodeType::text, "_1"},
      {NodeType::text, "10Gi"}, {NodeType::text, "e3"}, {NodeType::text, "-_"}};
  for (const auto& [type, text] : kPlain) {
    INFO(text);
    CHECK(plain_yaml_type(text) == type);
  }
  CHECK(typed("a: '1'\nb: \"true\"\nc: |\n  5\n") == "a = text 1 (quoted)\nb = text true (quoted)\nc = text 5\\n (quoted block)\n");
}

TEST_CASE("YAML tags: core ones decide the type, others stay", "[yaml]") {
  CHECK(typed("a: !!str 5\nb: !!int \"7\"\nc: ! 8\nd: !<tag:yaml.org,2002:str> 9\n") ==
        "a = text 5\nb = integer 7 (quoted)\nc = text 8\nd = text 9\n");
  CHECK(typed("a: !vault |\n  abc\nb: !Ref x\nc: !!binary aGk=\n") ==
        "a = !vault text abc\\n (quoted block tagged)\nb = !Ref text x (tagged)\nc = !!binary text aGk= (tagged)\n");
  CHECK(typed("a: !Join [\",\", [x, 1]]\nb: !!map {c: d}\n") ==
        "a !Join (tagged)\na[0] = text , (quoted)\na[1][0] = text x\na[1][1] = integer 1\nb.c = text d\n");
  const ParsedFile file = parse("x: !t &a 'v'\ny: &b # why\n  !u w\nz: !v\n");
  CHECK(source(file, "x") == "'v'");
  CHECK(source(file, "y") == "w");
  CHECK(source(file, "z").empty());
  CHECK(comments(file) == "# why\n");
}

TEST_CASE("YAML anchors, aliases and merge keys", "[yaml]") {
  CHECK(typed("base: &b {a: 1}\nuse:\n  <<: *b\n  c: *b\n\"<<\": x\n") ==
        "base.a = integer 1\nuse.<< = alias *base (merge)\nuse.c = alias *base\n<< = text x\n");
  CHECK(tree("&k key: v\nother: *k\n*k : w\n") == "key = v\nother = key\nkey = w\n");
  CHECK(tree("a: &x 1\nb: &x 2\nc: *x\n") == "a = 1\nb = 2\nc = *b\n");
  const ParsedFile unknown = parse("a: *nobody\nb: 1\n");
  CHECK(dump(unknown, {.types = true}) == "a = expression \nb = integer 1\n");
  CHECK(dump_problems(unknown) == "syntax 3-10 an alias names an anchor that is not there before it\n");
  CHECK(states(parse("a: &x 1\n---\nb: *x\n")) == "parsed partial");
}

TEST_CASE("a YAML key that is a map or sequence is named by its source", "[yaml]") {
  CHECK(tree("[a, b]: 1\n? {c: d}\n: 2\n? - e\n  - f\n: 3\n") == "[a, b] = 1\n{c: d} = 2\n- e\\n  - f = 3\n");
  CHECK(tree("{[x]: y, z: [q: r]}") == "[x] = y\nz[0].q = r\n");
}

TEST_CASE("duplicate YAML keys are flagged", "[yaml]") {
  CHECK(typed("a: 1\nb: 2\na: 3\n") == "a = integer 1\nb = integer 2\na = integer 3 (duplicate)\n");
}

TEST_CASE("YAML documents are told apart, and an error stays in its own", "[yaml]") {
  const ParsedFile file = parse("# head\na: 1\n---\nb: [1\n--- \nc: \"open\n...\n%YAML 1.1\n---\nd: 4\n---\n# nothing\n---\n- e\n");
  CHECK(states(file) == "parsed partial partial parsed parsed parsed");
  CHECK(dump(file) == "a = 1\n---\nb[0] = 1\n---\n = {}\n---\nd = 4\n---\n---\n[0] = e\n");
  CHECK(dump_problems(file) == "syntax 19-20 a '[' without its ']'\nsyntax 30-31 a quoted text that does not end\n");
  CHECK(file.documents[2].span == Span{22, 40});
  CHECK(file.documents[3].span == Span{40, 59});
  CHECK(tree("a: |\n  -----BEGIN X-----\n  ---\nb: 1\n") == "a = -----BEGIN X-----\\n---\\n\nb = 1\n");
  CHECK(tree("-----BEGIN X-----\n") == " = -----BEGIN X-----\n");
  CHECK(tree("--- |\n ---\n...\n--- x\r\n---\r\ny: 1\r\n") == " = ---\\n\n---\n = x\n---\ny = 1\n");
  CHECK(tree("a: 1\r---\rb: 2\r") == "a = 1\n---\nb = 2\n");
  CHECK(states(parse("")) == "parsed");
  CHECK(states(parse("# only a comment\n")) == "parsed");
  CHECK(states(parse("%FOO bar\n---\na: 1\n")) == "parsed");
  CHECK(states(parse("%YAML 1.3\n---\na: 1\n")) == "parsed");
  CHECK(tree("%TAG !e! tag:example.com,2024:\n---\na: !e!x 1\n") == "a = !e!x 1\n");
}

TEST_CASE("a YAML error has a position and keeps what stands before it", "[yaml]") {
  struct Case {
    std::string_view text, tree, problem;
  };
  static const Case kCases[] = {
      {"a: 1\nb: c: d\n", "a = 1\nb = c\n",
       "syntax 9-10 a ':' where no value can begin: the line before is not finished, or the indentation is wrong\n"},
      {"a: 1\nplain\nb: 2\n", "a = 1\n", "syntax 5-6 a line that is neither a key with ':' nor a part of the text before it\n"},
      {"a: 'x\nb: 2\n", " = {}\n", "syntax 3-4 a quoted text that does not end\n"},
      {"a:\n\tb: 1\n", " = {}\n", "syntax 3-4 a character that no YAML value can begin with\n"},
      {"a: @x\n", " = {}\n", "syntax 3-4 a character that no YAML value can begin with\n"},
      {"a: \"\\q\"\n", " = {}\n", "syntax 4-5 an unknown escape after a backslash\n"},
      {"a: [1, 2}\n", "a[0] = 1\na[1] = 2\n", "syntax 8-9 ',' or ']' was expected here\n"},
      {"a: !no!x 1\n", " = {}\n", "syntax 3-4 a tag whose handle no %TAG line explains\n"}};
  for (const Case& wrong : kCases) {
    INFO(wrong.text);
    const ParsedFile file = parse(wrong.text);
    REQUIRE(file.problems.size() == 1);
    CHECK(dump(file) == wrong.tree);
    CHECK(dump_problems(file) == wrong.problem);
    CHECK(file.documents[0].state != DocumentState::parsed);
  }
  CHECK(states(parse("@\n")) == "failed");
}

TEST_CASE("comments of YAML are those outside of texts", "[yaml]") {
  const ParsedFile file = parse(
      "# first\na: b # second\nc: x#y\nd: 'no # comment'\ne: [1, # third\n  2]# fourth\nf: |\n  # no comment\n  x\n # fifth\n"
      "g: \"a\n  # no\"\nh: &a # sixth\n  i\n#seventh");
  CHECK(comments(file) == "# first\n# second\n# third\n# fourth\n# fifth\n# sixth\n#seventh\n");
  CHECK(file.problems.empty());
  CHECK(comments(parse("# one\n---\n# two\na: 1\n... # three\n# four\n")) == "# one\n# two\n# three\n# four\n");
}

TEST_CASE("YAML with a byte order mark, CRLF, and bytes that are no UTF-8", "[yaml]") {
  const ParsedFile marked = parse("\xef\xbb\xbf" "a: 1\r\nb: |\r\n  x\r\n  y\r\nc: \"\xe2\x82\xac\"\r\n");
  CHECK(dump(marked) == "a = 1\nb = x\\ny\\n\nc = \xe2\x82\xac\n");
  CHECK(source(marked, "a", true) == "a");
  CHECK(source(marked, "c") == "\"\xe2\x82\xac\"");
  CHECK(states(marked) == "parsed");

  const ParsedFile odd = parse("a: x\xff\xfey\nb\x01: \"q\xe9\\n\\x51Q\"\nc: 'n\x7f\n  o\xc2\x80p'\n");
  CHECK(dump(odd) == "a = x\xff\xfey\nb\x01 = q\xe9\\nQQ\nc = n\x7f o\xc2\x80p\n");
  CHECK(states(odd) == "parsed");
  CHECK(dump_problems(odd) ==
        "encoding 4-6 bytes that are not UTF-8\nencoding 9-10 a control character, which YAML does not allow\n"
        "encoding 14-15 bytes that are not UTF-8\nencoding 29-30 a control character, which YAML does not allow\n"
        "encoding 34-36 bytes that are not UTF-8\n");
  CHECK(typed("a: 1\xff\n") == "a = text 1\xff\n");
  CHECK(parse(std::string(100000, '\xff')).problems.size() == 1);
  std::string scattered;
  for (int i = 0; i < 1000; ++i) scattered += "\xff ";
  CHECK(parse(scattered).problems.size() == 50);
}

TEST_CASE("tabs where YAML 1.2 allows them", "[yaml]") {
  CHECK(tree("a:\tb\n\t\nc:\td # e\n") == "a = b\nc = d\n");
  CHECK(tree("- a\n-\tb\n-\t[c]\n") == "[0] = a\n[1] = b\n[2][0] = c\n");
  CHECK(tree("a: 1\n\t\nb: 2\n\t# c\nd: 3\n") == "a = 1\nb = 2\nd = 3\n");
  CHECK(tree("a: |\n \tx\n") == "a = \\tx\\n\n");
  CHECK(states(parse("a:\n\tb: 1\n\tc: 2\n")) == "partial");
  CHECK(states(parse("-\t- a\n")) == "partial");
  CHECK(tree("[ ::a, :b, ?c ]") == "[0] = ::a\n[1] = :b\n[2] = ?c\n");
}

TEST_CASE("the depth limit ends a YAML document, not those behind it", "[yaml]") {
  const ParsedFile file = parse(std::string(500, '[') + "\n---\na: 1\n");
  CHECK(states(file) == "partial parsed");
  CHECK(dump_problems(file) == "budget 128-129 the document is nested deeper than 128 levels\n");
  CHECK(states(parse("? " + std::string(500, '[') + "\n")) == "partial");
}

TEST_CASE("hostile YAML costs milliseconds", "[yaml]") {
  const auto repeat = [](std::string_view part, size_t times) {
    std::string text;
    for (size_t i = 0; i < times; ++i) text += part;
    return text;
  };
  const std::pair<std::string_view, std::string> kTexts[] = {
      {"brackets", repeat("[", 200000)},
      {"brackets on lines", repeat("[\n", 100000)},
      {"maps", repeat("{a: ", 50000)},
      {"items", repeat("- ", 32768)},
      {"keys", repeat("? ", 32768)},
      {"brackets as keys", repeat("? [", 20000)},
      {"documents", repeat("---\n", 16384)},
      {"short documents", repeat("--- a\n", 10922)},
      {"wrong documents", repeat("--- ]\n", 10922)},
      {"directives", repeat("%TAG !a! b\n", 5900)},
      {"different directives", "%TAG !a! b\n" + repeat("%TAG !b! b\n%YAML 1.1\n", 3000)},
      {"quotes", repeat("'", 65535)},
      {"an open quote", "a: \"" + repeat("x\n", 32768)},
      {"anchors", repeat("- &a *a\n", 8192)},
      {"aliases", "- &a x\n" + repeat("- *a\n", 13000)},
      {"one line", "a: " + repeat("word ", 13000)},
      {"colons", repeat(": ", 32768)},
      {"NULs", std::string(65536, '\0')},
      {"returns", repeat("\r", 65536)},
      {"tabs", repeat("\t", 65536)},
      {"tabs on lines", repeat("-\ta\n", 16384)},
      {"tabs between", repeat("- a\n\t\n", 10922)},
      {"comments", repeat("#\n", 32768)},
      {"sharps", repeat("#", 65536)},
      {"actions", repeat("{{a}}", 13107)},
      {"actions on lines", repeat("{{ a }}\n", 8192)},
      {"actions on a line", "a:" + repeat(" {{ a | nindent 2 }}", 3200)},
      {"open actions", repeat("{{ ", 21845)},
      {"open strings", repeat("{{\"", 21845)},
      {"escaped strings", repeat("{{\\\"", 16384) + "\""},
      {"raw strings", repeat("{{`", 21845)},
      {"comment actions", repeat("{{/*", 16384)},
      {"other actions", repeat("{%{#<%", 10922)},
      {"block headers", repeat("a: |\n{{ a }}\n", 5461)},
      {"same keys", repeat("a: 1\n", 13107)},
      {"bytes", repeat("\xff", 65536)},
      {"folds", "a: >\n" + repeat("  x\n\n", 13107)},
      {"long keys", repeat(repeat("k", 2000) + "\n", 32)},
      {"tags", repeat("- !a!b!c d\n", 5957)}};
  for (const std::string_view path : {"a.yaml", "templates/a.yaml"}) {
    for (const auto& [name, text] : kTexts) {
      INFO(path << " " << name);
      const std::clock_t begin = std::clock();
      const ParsedFile file = parse(text, path);
      const double spent = 1000.0 * static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
      CHECK(spent < 300);  // milliseconds; 20 are usual, what is quadratic takes seconds, the rest leaves room for sanitizers
      CHECK(file.documents.size() >= 1);
    }
  }
}

}  // namespace
