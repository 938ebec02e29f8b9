// SPDX-License-Identifier: Apache-2.0
// JSON, strict and as people write it: trees, positions, what is told of broken texts, and what hostile ones cost.
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
    file.format = DocumentFormat::json;
    file.bytes = bytes;
    parse_json(file, limits);
  }
};

std::string dump_of(std::string text, const DumpOptions& options = {}) { return dump(Parsed(std::move(text)).file, options); }

std::string states_of(const ParsedFile& file) {
  std::string states;
  for (const Document& document : file.documents) states.append(states.empty() ? "" : " ").append(name_of(document.state));
  return states;
}

// Dump, states and problems of a text that is not strict.
std::string all_of(std::string text) {
  const Parsed parsed(std::move(text));
  CHECK(fault_of(parsed.file) == "");
  return dump(parsed.file) + states_of(parsed.file) + "\n" + dump_problems(parsed.file);
}

}  // namespace

TEST_CASE("strict JSON gives a tree with exact spans", "[json]") {
  CHECK(dump_of(R"({"a": {"b": [1, -2.5e3, true, false, null, "x"]}, "c": {}, "d": []})", {.types = true, .spans = true}) ==
        " @0-67\na @6-48\na.b @12-47\n"
        "a.b[0] = integer 1 @13-14\na.b[1] = real -2.5e3 @16-22\na.b[2] = boolean true @24-28\na.b[3] = boolean false @30-35\n"
        "a.b[4] = null null @37-41\na.b[5] = text x @43-46\nc = {} @55-57\nd = [] @64-66\n");
  const Parsed parsed("\xEF\xBB\xBF {\"key\" : \"a\\u0041\\ud83d\\ude00\\n\"}\n");
  const DocumentNode& node = parsed.file.node(parsed.file.child(0, "key"));
  CHECK(node.text == "aA\xF0\x9F\x98\x80\n");
  CHECK(parsed.bytes.substr(node.key_span.begin, node.key_span.end - node.key_span.begin) == "\"key\"");
  CHECK(parsed.bytes.substr(node.span.begin, node.span.end - node.span.begin) == "\"a\\u0041\\ud83d\\ude00\\n\"");
  CHECK(node.flags == kQuoted);
  CHECK(states_of(parsed.file) == "parsed");
  CHECK(parsed.file.documents[0].span == Span{4, static_cast<uint32_t>(parsed.bytes.size() - 1)});
}

TEST_CASE("a text without escapes is a view of the file", "[json]") {
  const Parsed parsed(R"({"name": "c0rrect-h0rse-9battery"})");
  const DocumentNode& node = parsed.file.node(1);
  CHECK(node.text.data() == parsed.bytes.data() + node.span.begin + 1);
  CHECK(node.key.data() == parsed.bytes.data() + node.key_span.begin + 1);
  CHECK(parsed.file.strings.empty());
}

TEST_CASE("duplicate keys are marked", "[json]") {
  for (const std::string_view comment : {"", "/**/"}) {  // strict and not
    const Parsed parsed(std::string(R"({"a": 1, "b": 2, "a": 3})").append(comment));
    CHECK(((parsed.file.node(1).flags ^ parsed.file.node(3).flags) & kDuplicateKey) != 0);
    CHECK((parsed.file.node(2).flags & kDuplicateKey) == 0);
    CHECK(parsed.file.node(parsed.file.child(0, "a")).text == "3");
  }
}

TEST_CASE("several values are several documents", "[json]") {
  const Parsed lines("{\"a\":1}\n{\"a\":2}\r\n\n[3]\n4 \"5\"{}");
  CHECK(dump(lines.file) == "a = 1\n---\na = 2\n---\n[0] = 3\n---\n = 4\n---\n = 5\n---\n = {}\n");
  CHECK(states_of(lines.file) == "parsed parsed parsed parsed parsed parsed");
  CHECK(lines.file.documents[1].span == Span{8, 15});
  CHECK(all_of("{\"a\":1}\n{\"a\":2,}\n{\"a\":3}") == "a = 1\n---\na = 2\n---\na = 3\nparsed parsed parsed\n");
  CHECK(all_of("{\"a\":1},\n{\"a\":2}") == "a = 1\n---\na = 2\nparsed parsed\nsyntax 7-8 a comma between documents\n");
}

TEST_CASE("an error in a line of NDJSON leaves the other lines", "[json]") {
  CHECK(all_of("{\"a\":1}\n{\"a\" 2}\n{\"a\":3}\n") ==
        "a = 1\n---\n = {}\n---\na = 3\nparsed partial parsed\nsyntax 13-14 expected ':' after a key\n");
  CHECK(all_of("{\"a\":\"x\n{\"a\":3}\n") == "a = x\n---\na = 3\npartial parsed\nsyntax 5-7 a string that does not end on its line\n");
  CHECK(all_of("{\"a\":{\"b\":1}\n{\"a\":3}\n") == "a.b = 1\n---\na = 3\npartial parsed\nsyntax 13-14 expected ',' or the end of the map or sequence\n"
                                               "syntax 13-14 expected a key\n");
  CHECK(all_of("oops\n{\"a\":3}\n") == "---\na = 3\nfailed parsed\nsyntax 0-1 expected a value\n");
  // No line of an indented document is taken for a document.
  CHECK(all_of("{\n  \"a\": 1,\n  : 2,\n  \"b\": {\n    \"c\": 3\n  }\n}\n") == "a = 1\npartial\nsyntax 14-15 expected a key\n");
}

TEST_CASE("comments, commas and the texts of JSON5 are read", "[json]") {
  const Parsed parsed("// first\n{ /* two */ a: 'it\\'s', # three\n 'b': +0x1F, \"c\": .5, d: Infinity, e: -NaN, $f_é: 5., g: 'a\\\nb\\x41\\v',}");
  CHECK(fault_of(parsed.file) == "");
  CHECK(dump_problems(parsed.file) == "");
  CHECK(dump(parsed.file, {.types = true}) ==
        "a = text it's\nb = integer +0x1F\nc = real .5\nd = real Infinity\ne = real -NaN\n$f_é = real 5.\ng = text abA\v\n");
  REQUIRE(parsed.file.comments.size() == 3);
  CHECK(parsed.file.comments[0].span == Span{0, 8});
  CHECK(parsed.file.comments[1].span == Span{11, 20});
  CHECK(states_of(parsed.file) == "parsed");
}

TEST_CASE("errors are told with their place, and what stands before them stays", "[json]") {
  CHECK(all_of(R"({"a": 1 "b": 2})") == "a = 1\nb = 2\npartial\nsyntax 8-9 expected ',' or the end of the map or sequence\n");
  CHECK(all_of(R"({"a": process.env.PORT || 80, "b": 2})") == "a = process.env.PORT || 80\nb = 2\npartial\nsyntax 6-28 expected a value\n");
  CHECK(all_of(R"({"a": {{ .Values.x }}, "b": 2})") == "a = {{ .Values.x }}\nb = 2\npartial\nsyntax 6-21 a template's action in place of a value\n");
  CHECK(all_of(R"({"a": [1, 2})") == "a[0] = 1\na[1] = 2\npartial\nsyntax 11-12 expected ',' or the end of the map or sequence\n"
                                    "syntax 11-12 expected a value\n");
  CHECK(all_of(R"({"a": "\uZZ"})") == "a = uZZ\npartial\nsyntax 7-9 an escape whose digits are missing\n");
  CHECK(all_of(R"({"a": )") == " = {}\npartial\nsyntax 6-6 the document ends where a value is expected\n");
  CHECK(all_of(R"([01, 1.])") == "[0] = 01\n[1] = 1.\nparsed\n");
  CHECK(all_of("") == "\n");
  CHECK(all_of(" // nothing\n") == "\n");
  CHECK(all_of("{\"a\": \"caf\xE9\"}") == "a = caf\xE9\nparsed\nencoding 10-11 a byte that is no UTF-8\n");
}

TEST_CASE("limits of JSON end a document", "[json]") {
  const auto nested = [](size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); };
  CHECK(states_of(Parsed(nested(128)).file) == "parsed");
  CHECK(states_of(Parsed(nested(129)).file) == "partial");
  CHECK(Parsed(nested(129)).file.problems.size() == 1);
  CHECK(Parsed("[1,2,3,4]", {.nodes = 3}).file.nodes.size() == 3);
  CHECK(states_of(Parsed("[1,2,3,4]", {.nodes = 3}).file) == "partial");
  CHECK(states_of(Parsed("[\"\\n\\n\\n\", 1]", {.text = 2}).file) == "partial");
}

TEST_CASE("hostile JSON costs little", "[json]") {
  const auto repeat = [](std::string_view part, size_t size) {
    std::string text;
    while (text.size() < size) text += part;
    return text;
  };
  for (const std::string& text :
       {std::string(200'000, '['), std::string(200'000, '{'), repeat("{\"a\":", 200'000), "\"" + std::string(200'000, 'a'),
        std::string(200'000, '\0'), std::string(200'000, '\xFF'), repeat("[\"\\", 200'000), repeat("{\n", 200'000),
        repeat("1 ", 200'000), repeat("/*", 200'000), repeat("//\n", 200'000), repeat("{}\r", 200'000), repeat(",", 200'000),
        "[" + repeat(",", 200'000), "[" + repeat("a,", 200'000), repeat("{{", 200'000), "[" + repeat("{{,", 200'000),
        repeat("\\", 200'000), repeat("'", 200'000), "{" + repeat("a:1,", 200'000), repeat("\xEF\xBB\xBF", 200'000),
        repeat("{a\n{", 200'000)}) {
    const auto start = std::chrono::steady_clock::now();
    const Parsed parsed(text);
    const auto taken = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - start);
    INFO(text.substr(0, 20));
    CHECK(taken.count() < 500);  // some 10 without sanitizers
    CHECK(parsed.file.problems.size() <= 102);
    CHECK(fault_of(parsed.file) == "");
  }
}
