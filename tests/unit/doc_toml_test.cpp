// SPDX-License-Identifier: Apache-2.0
// TOML: trees, positions, what is told of broken texts, and what hostile ones cost.
#include <chrono>

#include "scanner/doc/parse.h"
#include "tests/support/catch.h"
#include "tests/support/document_check.h"
#include "tests/support/document_dump.h"

namespace {

using namespace sealwarden;
using namespace sealwarden::testing;

// Keeps the bytes that the result borrows.
struct Parsed {
  std::string bytes;
  ParsedFile file;
  explicit Parsed(std::string text, const DocumentLimits& limits = {}) : bytes(std::move(text)) {
    file.format = DocumentFormat::toml;
    file.bytes = bytes;
    parse_toml_document(file, limits);
  }
};

std::string all_of(std::string text, const DumpOptions& options = {}) {
  const Parsed parsed(std::move(text));
  CHECK(fault_of(parsed.file) == "");
  REQUIRE(parsed.file.documents.size() == 1);
  return dump(parsed.file, options) + std::string(name_of(parsed.file.documents[0].state)) + "\n" + dump_problems(parsed.file);
}

std::string repeat(std::string_view part, size_t size) {
  std::string text;
  while (text.size() < size) text += part;
  return text;
}

}  // namespace

TEST_CASE("TOML gives a tree with exact spans", "[toml]") {
  CHECK(all_of("title = \"x\" # note\n[a.b]\nport = 0x1F\nc.d = [1, 2.5, {e = true}]\n", {.types = true, .spans = true}) ==
        " @0-64\ntitle = text x @8-11\na @19-63\na.b @19-63\na.b.port = integer 0x1F @32-36\na.b.c @37-63\n"
        "a.b.c.d @43-63\na.b.c.d[0] = integer 1 @44-45\na.b.c.d[1] = real 2.5 @47-50\na.b.c.d[2] @52-62\n"
        "a.b.c.d[2].e = boolean true @57-61\nparsed\n");
  const Parsed parsed("a.'b c'.\"d\\n\" = 1 # x\n");
  REQUIRE(parsed.file.nodes.size() == 4);
  CHECK(parsed.file.node(3).key == "d\n");
  CHECK(parsed.file.node(3).key_span == Span{8, 13});
  CHECK(parsed.file.node(2).key.data() == parsed.bytes.data() + 3);
  REQUIRE(parsed.file.comments.size() == 1);
  CHECK(parsed.file.comments[0].span == Span{18, 21});
}

TEST_CASE("arrays of tables are sequences, and tables are opened again", "[toml]") {
  CHECK(all_of("[[p]]\nn = 1\n[p.q]\nr = 2\n[[p]]\nn = 3\n[[p.s]]\n[[p.s]]\nt = 4\n") ==
        "p[0].n = 1\np[0].q.r = 2\np[1].n = 3\np[1].s[0] = {}\np[1].s[1].t = 4\nparsed\n");
  CHECK(all_of("[a.b]\nx = 1\n[c]\n[a]\ny = 2\n[a.d]\nz = 3\n") == "a.b.x = 1\na.y = 2\na.d.z = 3\nc = {}\nparsed\n");
  CHECK(all_of("") == " = {}\nparsed\n");
}

TEST_CASE("TOML's strings are decoded", "[toml]") {
  CHECK(all_of("a = 'c:\\x'\nb = \"\\u00e9\\U0001F600\\t\\\"\"\nc = '''\na\n b'''\nd = \"\"\"\nx \\\n   y\\\\\"\"\"\"\"\ne = ''''q''''\n") ==
        "a = c:\\\\x\nb = é😀\\t\"\nc = a\\n b\nd = x y\\\\\"\"\ne = 'q'\nparsed\n");
  CHECK(all_of("a = '''\r\nb\r\nc'''\r\nd = 1\r\n") == "a = b\\nc\nd = 1\nparsed\n");
  const Parsed parsed("pw = \"c0rrect-h0rse-9battery\"\nm = '''\nx'''");
  CHECK(parsed.file.strings.empty());
  CHECK(parsed.file.node(1).span == Span{5, 29});
  CHECK(parsed.file.node(1).flags == kQuoted);
  CHECK(parsed.file.node(2).span == Span{34, 42});
}

TEST_CASE("numbers, booleans and dates are told by their form", "[toml]") {
  for (const auto& [word, type] : {std::pair("1_000", "integer"), {"-0", "integer"}, {"+99", "integer"}, {"0o755", "integer"}, {"0b1", "integer"},
                                   {"1e5", "real"}, {"-1.5E-3", "real"}, {"inf", "real"}, {"-nan", "real"}, {"false", "boolean"},
                                   {"1979-05-27", "text"}, {"1979-05-27T07:32:00Z", "text"}, {"1979-05-27 07:32:00.5-07:00", "text"}, {"07:32:00", "text"}})
    CHECK(all_of("a = " + std::string(word) + "\n", {.types = true}) == "a = " + std::string(type) + " " + word + "\nparsed\n");
  for (const std::string word : {"01", "1__0", "_1", "1_", "1.", ".5", "1e", "0x", "0xg", "True", "2020-1-1", "word", "07:32:00.", "+0x1"})
    CHECK(all_of("a = " + word + "\n", {.types = true}) ==
          "a = expression " + word + "\npartial\nsyntax 4-" + std::to_string(4 + word.size()) +
              " a value that is neither in quotes nor a number, date or boolean\n");
}

TEST_CASE("an error in TOML ends its line only", "[toml]") {
  CHECK(all_of("a = 1\nb 2\nc = 3\n") == "a = 1\nc = 3\npartial\nsyntax 8-9 expected '=' after a key\n");
  CHECK(all_of("a = \"x\nc = 3 4\nd = 5\n") == "a = x\nc = 3\nd = 5\npartial\nsyntax 4-6 a string that does not end on its line\n"
                                            "syntax 13-14 expected the end of the line\n");
  CHECK(all_of("[a\nb = 1\n[c]\nd = 2\n") == "b = 1\nc.d = 2\npartial\nsyntax 2-3 expected the end of the table's name\n");
  CHECK(all_of("a = 1\na = 2\n[b]\n[b]\nc = 3\n") ==
        "a = 1\na = 2\nb.c = 3\npartial\nsyntax 6-7 this key has a value already\nsyntax 16-19 this table is there already\n");
  CHECK(all_of("a = 1\na.b = 2\n[[a]]\n") ==
        "a = 1\na.b = 2\na[0] = {}\npartial\nsyntax 6-7 this key has a value already\nsyntax 16-17 this key has a value already\n");
  CHECK(all_of("a = [1,, 2]\nb = 1\n") == "a[0] = 1\nb = 1\npartial\nsyntax 7-8 expected a value\n");
  CHECK(all_of("a = [1\nb = 2\nc = 3") == "a[0] = 1\nc = 3\npartial\nsyntax 7-8 expected ',' or ']'\n");
  CHECK(all_of("a = \"\"\"x\nb = 2\n") == "a = \nb = 2\npartial\nsyntax 4-7 a string that does not end\n");
  CHECK(all_of("a = \"\\q\"\n") == "a = q\npartial\nsyntax 5-6 an escape that is none\n");
  CHECK(all_of("a = 1 b\nc = 'x' y\n") == "a = 1\nc = x\npartial\nsyntax 6-7 expected the end of the line\n"
                                         "syntax 16-17 expected the end of the line\n");
  CHECK(all_of("a = 'caf\xE9'\n") == "a = caf\xE9\nparsed\nencoding 8-9 a byte that is no UTF-8\n");
  CHECK(all_of("\xEF\xBB\xBF" "a = 1\n", {.spans = true}) == " @3-9\na = 1 @7-8\nparsed\n");
}

TEST_CASE("hostile TOML costs little", "[toml]") {
  std::string tables, lines;
  for (int i = 0; tables.size() < 200'000; ++i) tables += "[x.a" + std::to_string(i) + "]\n";
  for (int i = 0; lines.size() < 200'000; ++i) lines += "x.a" + std::to_string(i) + "=1\n";
  for (const std::string& text :
       {tables, lines, "a=" + std::string(200'000, '['), "a=" + repeat("{a=", 200'000), "a" + repeat(".a", 200'000) + "=1",
        "[a" + repeat(".a", 200'000) + "]", "a=\"" + std::string(200'000, 'x'), "a='''" + repeat("''", 200'000),
        repeat("a=\"\"\"\n", 200'000), repeat("a='''\nb=\"\"\"\n", 200'000), repeat("[[a]]\n", 200'000),
        std::string(200'000, '\0'), std::string(200'000, '\xFF'), repeat("a=1\n", 200'000), repeat("a=1\r", 200'000),
        repeat("a=[\n", 200'000), repeat("#\n", 200'000), "a=[" + repeat("1,", 200'000), "a=[" + repeat("[],", 200'000) + "]",
        repeat("[a]\n", 200'000), repeat("[[a.a]]\n", 200'000), "a=\"" + repeat("\\\n", 200'000) + "\"",
        "a=\"\"\"" + repeat("\\\n", 200'000) + "\"\"\"", "a=\"\"\"" + repeat("\\  ", 200'000) + "\"\"\"",
        "a=\"\"\"\\" + std::string(200'000, ' ') + "\"\"\""}) {
    const auto start = std::chrono::steady_clock::now();
    const Parsed parsed(text);
    const auto taken = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - start);
    INFO(text.substr(0, 20) << " " << taken.count());
    CHECK(taken.count() < 500);  // some 20 without sanitizers
    CHECK(parsed.file.problems.size() <= 102);
    CHECK(fault_of(parsed.file) == "");
  }
}

TEST_CASE("limits of TOML end what goes beyond them", "[toml]") {
  CHECK(all_of("a=" + std::string(127, '[') + std::string(127, ']')).ends_with("parsed\n"));
  CHECK(all_of("a=" + std::string(128, '[') + std::string(128, ']') + "\nb=1").find("b = 1\npartial\nbudget") != std::string::npos);
  CHECK(Parsed("a=1\nb=2\nc=3\n", {.nodes = 3}).file.nodes.size() == 3);
  CHECK(dump(Parsed("a=1\nb=\"\\n\"\nc=\"\\n\"\n", {.text = 1}).file) == "a = 1\nb = \\n\n");
  CHECK(Parsed("a=1\nb=2\nc=3\n", {.nodes = 3}).file.documents[0].state == DocumentState::partial);
}
