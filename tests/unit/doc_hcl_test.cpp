// SPDX-License-Identifier: Apache-2.0
#include "scanner/doc/parse.h"
#include "tests/support/catch.h"
#include "tests/support/document_flaw.h"

namespace {

using namespace sealwarden;

struct Read {
  std::string bytes;
  ParsedFile file;
  explicit Read(std::string text) : bytes(std::move(text)) {
    file.format = DocumentFormat::hcl;
    file.bytes = bytes;
    parse_hcl(file, {});
    CHECK(testing::find_flaw(file) == "");
  }
  [[nodiscard]] std::string tree() const { return testing::dump(file, {.types = true}); }
  [[nodiscard]] std::string problems() const { return testing::dump_problems(file); }
};

// The tree of a text without problems.
std::string tree(const std::string& text) {
  const Read read(text);
  CHECK(read.problems() == "");
  CHECK((read.file.documents[0].state == DocumentState::parsed));
  return read.tree();
}

}  // namespace

TEST_CASE("HCL: blocks and their labels", "[hcl]") {
  CHECK(tree("resource \"aws_x\" \"y\" {\n  a = 1\n}\nresource aws_x z { a = 2 }\nterraform {}\n") ==
        "resource.aws_x.y.a = integer 1\nresource.aws_x.z.a = integer 2\nterraform = {}\n");
  CHECK(tree("a {\n  i { n = 1 }\n  j = 1\n  i {\n n = 2\n }\n}\nb \"c\" { x = 1 }\nb \"c\" { x = 2 }\n") ==
        "a.i[0].n = integer 1\na.i[1].n = integer 2\na.j = integer 1\nb.c[0].x = integer 1\nb.c[1].x = integer 2\n");
  CHECK(tree("listener \"tcp\" {\n  \"address\" = \"x\", tls = true\n}\n") ==
      "listener.tcp.address = text x\nlistener.tcp.tls = boolean true\n");
  CHECK(tree("\xEF\xBB\xBF" "a = 1\r\nb {\r\n  c = \"d\"\r\n}\r\n") == "a = integer 1\nb.c = text d\n");
}

TEST_CASE("HCL: spans of blocks, repeated blocks and values", "[hcl]") {
  const Read read("a \"b\" { c = \"d\" }\na \"b\" {}\n");
  CHECK(testing::dump(read.file, {.flags = true, .spans = true}) ==
        " @0-27\na @2-26\na.b (repeated) @6-26\na.b[0] @6-17\na.b[0].c = d (quoted) @12-15\na.b[1] = {} @24-26\n");
}

TEST_CASE("HCL: literals", "[hcl]") {
  CHECK(tree("a = 12\nb = -1.5e-3\nc = true\nd = null\ne = \"\"\nf = 0x1F\ng = [1, \"x\", [], {},]\nh = { a = 1, \"b c\" : 2\n d = 3 }\n") ==
        "a = integer 12\nb = real -1.5e-3\nc = boolean true\nd = null null\ne = text \nf = integer 0x1F\n"
        "g[0] = integer 1\ng[1] = text x\ng[2] = []\ng[3] = {}\nh.a = integer 1\nh.b c = integer 2\nh.d = integer 3\n");
  CHECK(tree("a = \"n\\nq\\\"u\\u00e9U\\U0001F600b\\\\\"\n") == "a = text n\\nq\"u\xC3\xA9U\xF0\x9F\x98\x80" "b\\\\\n");
  CHECK(tree("a = \"$${x} %%{y} $5 100% {z}\"\n") == "a = text ${x} %{y} $5 100% {z}\n");
  CHECK(tree("a = [ # c\n  1 // d\n  , /* e */ 2\n]\n") == "a[0] = integer 1\na[1] = integer 2\n");
}

TEST_CASE("HCL: keys of objects", "[hcl]") {
  CHECK(tree("a = {\n  (var.x) = 1\n  b.c = 2\n  \"${d}-e\" = 3\n  4 = 5\n}\n") ==
        "a.(var.x) = integer 1\na.b.c = integer 2\na.${d}-e = integer 3\na.4 = integer 5\n");
  CHECK(tree("env = {\n  name = \"x\"\n  value_from {\n    ref \"y\" { key = 1 }\n  }\n}\n") ==
        "env.name = text x\nenv.value_from.ref.y.key = integer 1\n");
  CHECK(tree("a = { b = { c = 1 }, b = 2 }") == "a.b.c = integer 1\na.b = integer 2\n");
  CHECK(testing::dump(Read("a = { b = 1, b = 2 }").file, {.flags = true}) == "a.b = 1\na.b = 2 (duplicate)\n");
}

TEST_CASE("HCL: templates are expressions with their source", "[hcl]") {
  CHECK(tree("a = \"x-${f(\"y${z[\"k\"]}\")}-q\"\n") == "a = expression x-${f(\"y${z[\"k\"]}\")}-q\n");
  CHECK(tree("a = \"%{ if x }y%{ endif }\"\nb = \"${\n  1\n}\"\nc = \"${ {a=1}[\"a\"] } }\"\n") ==
        "a = expression %{ if x }y%{ endif }\nb = expression ${\\n  1\\n}\nc = expression ${ {a=1}[\"a\"] } }\n");
  CHECK(tree("a = \"${b(\\\"c\\\")}\"\nd = \"${e.*.f} ${g.#}\"\n") ==
      "a = expression ${b(\\\\\"c\\\\\")}\nd = expression ${e.*.f} ${g.#}\n");
}

TEST_CASE("HCL: heredocs", "[hcl]") {
  CHECK(tree("a = <<EOF\none \"two\"\n  three\nEOF\nb = 1\n") == "a = text one \"two\"\\n  three\\n\nb = integer 1\n");
  CHECK(tree("a = <<-EOT\n    one\n\n      two $${x}\n    EOT\n") == "a = text one\\n\\n  two ${x}\\n\n");
  CHECK(tree("a = [<<A\nx ${y}\nA\n, <<-B\n  z\n  B\n]\n") == "a[0] = expression x ${y}\\n\na[1] = text z\\n\n");
  CHECK(tree("a = <<EOF\r\nx\r\nEOF\r\nb = 1\r\n") == "a = text x\\r\\n\nb = integer 1\n");
  CHECK(tree("a = f(<<EOF\nx)\nEOF\n)\nb = <<EOF\nEOF") == "a = f expression f(<<EOF\\nx)\\nEOF\\n)\nb = text \n");
}

TEST_CASE("HCL: other expressions", "[hcl]") {
  for (const std::string source :
       {"var.x", "var.x ? 1 : \"b\"", "a.*.b", "a[*].b[0]", "-x", "!x", "1 + 2", "\"a\" == b", "[1, 2][0]", "{ a = 1 }.a",
           "(\n  a &&\n  b\n)",
        "[for k, v in x : { a = k }]", "{ for k, v in x : k => v... if v }", "a.0.b", "- 1", "x ? { a = 1 } : {}", "(\"x\")",
            "a || !b && -c < 1"})
    CHECK(tree("q = " + source + "\nr = [" + source + "]\ns = { t = " + source + "}\n") ==
          "q = expression " + testing::escaped_text(source) + "\nr[0] = expression " + testing::escaped_text(source) +
              "\ns.t = expression " +
              testing::escaped_text(source) + "\n");
  CHECK(tree("a = merge(\n  { a = 1 }, # c\n  b,\n)\nc = f(1) + 2\nd = provider::x::g(1)\ne = f(1).a\n") ==
        "a = merge expression merge(\\n  { a = 1 }, # c\\n  b,\\n)\nc = expression f(1) + 2\nd = provider::x::g expression provider::x::g(1)\n"
        "e = expression f(1).a\n");
  CHECK(tree("a = x ?\n  1 :\n  2\nb = c\n  ? 1\n  : 2\nd = e ||\n  f\n") ==
        "a = expression x ?\\n  1 :\\n  2\nb = expression c\\n  ? 1\\n  : 2\nd = expression e ||\\n  f\n");
}

TEST_CASE("HCL: jsonencode and yamlencode of an object are the object", "[hcl]") {
  CHECK(tree("a = jsonencode({\n  b = [1, x]\n})\nc = yamlencode([1],\n)\n") ==
        "a jsonencode\na.b[0] = integer 1\na.b[1] = expression x\nc yamlencode\nc[0] = integer 1\n");
  CHECK(tree("a = jsonencode(b)\nc = jsonencode({})[0]\nd = jsonencode({for x in y : x => 1})\ne = jsonencode([1], 2)\n") ==
        "a = jsonencode expression jsonencode(b)\nc = expression jsonencode({})[0]\n"
        "d = jsonencode expression jsonencode({for x in y : x => 1})\ne = jsonencode expression jsonencode([1], 2)\n");
}

TEST_CASE("HCL: comments are told once", "[hcl]") {
  const Read read("# a\nb = [ // c\r\n 1, /* d\n */ f(/* e */ 2)] # f\nx { /* g */ }\n#h");
  CHECK(read.problems() == "");
  std::string comments;
  for (const DocumentComment& comment : read.file.comments) comments += read.bytes.substr(comment.span.begin,
      comment.span.end - comment.span.begin) + "|";
  CHECK(comments == "# a|// c|/* d\n */|/* e */|# f|/* g */|#h|");
}

TEST_CASE("HCL: after an error the block goes on", "[hcl]") {
  const auto after = [](const std::string& wrong) { return Read("a {\n  b = 1\n  " + wrong + "\n  c = 2\n}\nd { e = 3 }\n"); };
  const std::string rest = "a.b = integer 1\na.c = integer 2\nd.e = integer 3\n";
  for (const std::string wrong : {"x = \"abc", "x =", "x = 1 2", "x y = 1", "= 1", "x = y z", "x = [1, 2", "x = \"${foo",
      "x = f(1", "x = { a = 1", "x = <<EOF",
                                  "x", "x \"y\"", "%", "x = )", "x = ]", "x = 1 /", "x = a.", "x = [(1]", "x = '"}) {
    const Read read = after(wrong);
    CAPTURE(wrong);
    CHECK(read.tree() == rest);
    CHECK(read.file.problems.size() >= 1);
    CHECK((read.file.documents[0].state == DocumentState::partial));
  }
  CHECK(Read("o = { a = 1 2, b = , c = 3\n d e\n f = 4 }\nl = [1 2, , 3]\n").tree() ==
      "o.c = integer 3\no.f = integer 4\nl[0] = integer 3\n");
}

TEST_CASE("HCL: a forgotten or surplus brace does not swallow what follows", "[hcl]") {
  const Read open("a \"b\" {\n  c {\n    d = 1\n  e = 2\n}\nf \"g\" {\n  h = 3\n\ni {\n  j = 4\n}\n");
  CHECK(open.tree() == "a.b.c.d = integer 1\na.b.e = integer 2\nf.g.h = integer 3\ni.j = integer 4\n");
  CHECK(open.problems() == "syntax 12-13 a block is not closed\nsyntax 40-41 a block is not closed\n");
  const Read surplus("a {\n  b = 1\n}\n}\nc = 2\n");
  CHECK(surplus.tree() == "a.b = integer 1\nc = integer 2\n");
  CHECK(surplus.problems() == "syntax 14-15 a closing brace has no opening one\n");
  // Nothing to go by: what is there stays within the block.
  CHECK(Read("a {\nb = 1\nc = 2\nd = {\ne = 1\n}\n").tree() == "a.b = integer 1\na.c = integer 2\na.d.e = integer 1\n");
}

TEST_CASE("HCL: hostile HCL costs no more than other HCL", "[hcl]") {
  const auto repeat = [](const std::string& unit, size_t size) {
    std::string text;
    while (text.size() < size) text += unit;
    return text;
  };
  std::string heredocs, blocks, labels = "a";
  while (heredocs.size() < 300'000) heredocs += "a = <<A" + std::to_string(heredocs.size()) + "\n";
  while (blocks.size() < 300'000) blocks += "a \"b\" \"c" + std::to_string(blocks.size()) + "\" {}\n";
  for (const std::string& text :
       {heredocs, blocks, labels + repeat(" \"b\"", 300'000), repeat("a=\"${\n", 300'000), repeat("a=[\n", 300'000), repeat("a=(", 300'000),
        repeat("a{", 300'000), repeat("a = \"${\"", 300'000), "a = " + repeat("[", 200'000), "a = " + repeat("{a=", 300'000),
            "a = " + repeat("[", 150'000) + repeat("]", 150'000),
        repeat("a = 1 /*\n", 300'000), repeat("a = <<A\n", 300'000), "a = \"" + repeat("${", 300'000), repeat("\"", 300'001),
            repeat("  a = {\n", 300'000),
        repeat("a b ", 300'000), "a = " + repeat("-", 300'000), "a = " + repeat("b.", 300'000), "a = " + repeat("f(", 200'000) +
            repeat(")", 200'000),
        "a = x" + repeat("\n\n?", 300'000), repeat("a =\n", 300'000), repeat("}", 300'000), repeat("a={b c d e\n", 300'000),
            std::string(200'000, '\0'),
        std::string("a = \"\xFF\xFE\"\nb\x80 = \xC3"), std::string("\r"), std::string("a = 1\rb = 2"), std::string()}) {
    const Read read(text);
    CHECK(read.file.documents.size() == 1);
    CHECK(read.file.problems.size() <= 201);
  }
}
