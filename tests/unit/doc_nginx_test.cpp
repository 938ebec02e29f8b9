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
    file.format = DocumentFormat::nginx;
    file.bytes = bytes;
    parse_nginx(file, {});
    CHECK(testing::find_flaw(file) == "");
  }
  [[nodiscard]] std::string tree() const { return testing::dump(file, {}); }
  [[nodiscard]] std::string problems() const { return testing::dump_problems(file); }
};

std::string tree(const std::string& text) {
  const Read read(text);
  CHECK(read.problems() == "");
  return read.tree();
}

}  // namespace

TEST_CASE("nginx: directives and blocks", "[nginx]") {
  CHECK(tree("user www;\nhttp {\n  server { listen 80; listen [::]:443 ssl;ip_hash; }\n  server { include x/*.conf; }\n}\n") ==
        "user = www\nhttp.server[0].listen[0] = 80\nhttp.server[0].listen[1] = [::]:443 ssl\nhttp.server[0].ip_hash = \n"
        "http.server[1].include = x/*.conf\n");
  CHECK(tree("location / { a b; }\nlocation ~ ^/x { a c; }\nif ($a = \"b c\") { return 403; }\nmap $a $b { default 0; \"x y\" 1; ~^/z 2; }\n") ==
        "location[0].#args = /\nlocation[0].a = b\nlocation[1].#args = ~ ^/x\nlocation[1].a = c\nif.#args = ($a = \"b c\")\nif.return = 403\n"
        "map.#args = $a $b\nmap.default = 0\nmap.x y = 1\nmap.~^/z = 2\n");
  CHECK(tree("\xEF\xBB\xBF" "a\r\n  b\r\n  c;\r\n") == "a = b c\n");
}

TEST_CASE("nginx: quotes, escapes and variables", "[nginx]") {
  CHECK(tree("a \"b c\"; d 'e \"f\"'; g \"it's \\\"h\\\" \\\\ \\d\"; i \"j;{}\nk\";") ==
      "a = b c\nd = e \"f\"\ng = it's \"h\" \\\\ \\\\d\ni = j;{}\\nk\n");
  CHECK(tree("a  x   \"b c\"\n  'd';") == "a = x \"b c\" 'd'\n");
  CHECK(tree("a ${b}c; d $e; f b\\;c; g h#i;") == "a = ${b}c\nd = $e\nf = b\\\\;c\ng = h#i\n");
}

TEST_CASE("nginx: braces in regular expressions", "[nginx]") {
  CHECK(tree("location ~ ^/x{2}$ { a b; }\nlocation ~ \"^/y{2,}\" {}\nrewrite ^/[0-9]{1,3}/z{4,}$ /q;") ==
        "location[0].#args = ~ ^/x{2}$\nlocation[0].a = b\nlocation[1].#args = ~ \"^/y{2,}\"\nrewrite = ^/[0-9]{1,3}/z{4,}$ /q\n");
}

TEST_CASE("nginx: blocks of Lua are texts", "[nginx]") {
  CHECK(tree("content_by_lua_block { local s = \"}\" -- }\n if x then [[ } ]] end { '}\\'' } --[=[ } ]] } ]=] }\nset_by_lua_block $r { return 1 }\na b;") ==
        "content_by_lua_block =  local s = \"}\" -- }\\n if x then [[ } ]] end { '}\\\\'' } --[=[ } ]] } ]=] \n"
        "set_by_lua_block.#args = $r\nset_by_lua_block.#text =  return 1 \na = b\n");
  CHECK(Read("a { content_by_lua_block { if {").problems() ==
      "syntax 2-3 a block is not closed\nsyntax 25-26 a block of Lua is not closed\n");
}

TEST_CASE("nginx: comments and spans", "[nginx]") {
  const Read read("# one\na b; # two\r\nc d { # three\n  e \"f\";\n}");
  std::string comments;
  for (const DocumentComment& comment : read.file.comments) comments += read.bytes.substr(comment.span.begin,
      comment.span.end - comment.span.begin) + "|";
  CHECK(comments == "# one|# two|# three|");
  CHECK(testing::dump(read.file, {.flags = true, .spans = true}) ==
        " @0-42\na = b @8-9\nc @20-42\nc.#args = d @20-21\nc.e = f (quoted) @36-39\n");
}

TEST_CASE("nginx: what is unbalanced is told, and the rest is read", "[nginx]") {
  const Read read("a { b c; d e }\n}\nf g;\nh { i j;\n k");
  CHECK(read.tree() == "a.b = c\na.d = e\nf = g\nh.i = j\nh.k = \n");
  CHECK(read.problems() == "syntax 9-12 a directive is not closed by ';'\nsyntax 15-16 a closing brace has no opening one\n"
                           "syntax 24-25 a block is not closed\nsyntax 32-33 a directive is not closed by ';'\n");
  CHECK((read.file.documents[0].state == DocumentState::partial));
  CHECK(Read("a \"b;\nc d;\n").tree() == "a = \"b\nc = d\n");
  CHECK(Read(";{ a b; } c d;").tree() == "a = b\nc = d\n");
  CHECK(Read("a \"b\"c; d e;").tree() == "a = \"b\"c\nd = e\n");
}

TEST_CASE("nginx: hostile configuration costs no more than other configuration", "[nginx]") {
  const auto repeat = [](const std::string& unit, size_t size) {
    std::string text;
    while (text.size() < size) text += unit;
    return text;
  };
  for (const std::string& text :
       {repeat("a {", 300'000), repeat("a b;", 300'000), repeat("a \"b;\n", 300'000), repeat("\"'", 300'000),
           repeat("a_by_lua_block {", 300'000),
        "a_by_lua_block {" + repeat("[=[=", 300'000), "a_by_lua_block {[[" + repeat("]=", 300'000), repeat("}", 300'000),
            repeat("{", 300'000), repeat("a{1", 300'000),
        repeat("\\", 300'000), "a " + repeat("b ", 300'000), repeat(";", 300'000), "a_by_lua_block {" + repeat("--[", 300'000),
            std::string(200'000, '\0'),
        std::string("a \xFF\x80;"), std::string("\r"), std::string("a b;\rc d;"), std::string(), std::string("\\")}) {
    const Read read(text);
    CHECK(read.file.documents.size() == 1);
    CHECK(read.file.problems.size() <= 201);
  }
}
