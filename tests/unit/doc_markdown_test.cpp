// SPDX-License-Identifier: Apache-2.0
#include <string>

#include "scanner/doc/parse.h"
#include "tests/support/catch.h"
#include "tests/support/document_check.h"
#include "tests/support/document_dump.h"

using namespace sealwarden;

namespace {

// The blocks of the last document, one a line: "heading 1 Title", "item 2 [x] text", rows as "table a=1 b=2; a=3".
std::string blocks(const ParsedFile& file) {
  std::string out;
  const uint32_t root = file.documents.back().root;
  const auto text = [&](uint32_t map, std::string_view key) {
    const uint32_t found = file.child(map, key);
    return found == kNoDocumentNode ? std::string() : " " + sealwarden::testing::escaped_text(file.node(found).text);
  };
  for (uint32_t block = file.node(file.child(root, "blocks")).first; block != kNoDocumentNode; block = file.node(block).next) {
    out += text(block, "kind").substr(1) + text(block, "level");
    if (const std::string checked = text(block, "checked"); !checked.empty()) out += checked == " true" ? " [x]" : " [ ]";
    out += text(block, "text");
    if (const uint32_t rows = file.child(block, "rows"); rows != kNoDocumentNode)
      for (uint32_t row = file.node(rows).first; row != kNoDocumentNode; row = file.node(row).next) {
        for (uint32_t cell = file.node(row).first; cell != kNoDocumentNode; cell = file.node(cell).next)
          out += " " + std::string(file.node(cell).key) + "=" + std::string(file.node(cell).text);
        out += ";";
      }
    out += "\n";
  }
  return out;
}

std::string read(std::string_view text) {
  const ParsedFile file = parse_document(DocumentFormat::markdown, "x.md", text);
  CHECK(sealwarden::testing::fault_of(file) == "");
  return blocks(file) + sealwarden::testing::dump_problems(file);
}

}  // namespace

TEST_CASE("markdown: headings", "[doc][markdown]") {
  CHECK(read("# One #\n## Two\n####### no\n#no\nUnder\n===\nBelow\n---\n\n---\n* * *\n#\n") ==
        "heading 1 One\nheading 2 Two\ntext ####### no\ntext #no\nheading 1 Under\nheading 2 Below\nheading 1 \n");
}

TEST_CASE("markdown: items", "[doc][markdown]") {
  CHECK(read("- [ ] a\n  - [x] b <!-- gate: X -->\n    1. c\n  * [X] d\n+ e\n10) f\n\n- g\n-h\n- [y] i\n- \n") ==
        "item 1 [ ] a\nitem 2 [x] b <!-- gate: X -->\nitem 3 c\nitem 2 [x] d\nitem 1 e\nitem 1 f\nitem 1 g\ntext -h\nitem 1 [y] i\nitem 1 \n");
  CHECK(read("- \xE2\x98\x90 a\n\xE2\x98\x91 b\n* \xE2\x9C\x85 c\n> - [ ] d\n\t- [x] e\n") ==
        "item 1 [ ] a\nitem 1 [x] b\nitem 1 [x] c\nitem 1 [ ] d\nitem 2 [x] e\n");
  CHECK(read("**Key**: value\nRole: ____ Date: ____\n[x] no item\n") == "text **Key**: value\ntext Role: ____ Date: ____\ntext [x] no item\n");
  const ParsedFile file = parse_document(DocumentFormat::markdown, "", "a\n  - [x] done\r\n");
  const DocumentNode& checked = file.node(file.child(5, "checked"));
  CHECK(checked.span == Span{6, 9});
  CHECK(file.node(file.child(5, "text")).span == Span{10, 14});
}

TEST_CASE("markdown: tables", "[doc][markdown]") {
  CHECK(read("| Item | Done |\n|:---|:-:|\n| a \\| b | \xE2\x98\x90 |\n| c\n\nx | y\n--|--\n1 | 2 | 3\n| | 4 |\nend\n") ==
        "table Item=a | b Done=\xE2\x98\x90; Item=c;\ntable x=1 y=2; x= y=4;\ntext end\n");
  CHECK(read("| a | |\n|--|--|\n|1|2|\n") == "table a=1 #2=2;\n");
  CHECK(read("| a | b |\n|--|\n") == "text | a | b |\ntext |--|\n");
}

TEST_CASE("markdown: code and comments", "[doc][markdown]") {
  CHECK(read("```yaml\n- [ ] a\n````\nb\n~~~\nc\n```\n~~~\n<!-- - [ ] d\n# e\n-->\nf\n<!-- open\ng\n") ==
        "code - [ ] a\\n\ntext b\ncode c\\n```\\n\ntext f\ntext <!-- open\ntext g\n");
  CHECK(read("```\nopen\n") == "code open\\n\n");
}

TEST_CASE("markdown: comments within lines", "[doc][markdown]") {
  const std::string text =
      "# H <!-- a -->\n- [ ] do <!-- b --> it <!-- c -->\n`<!-- no -->` ``<!-- ` no -->`` <!-- d --> e\n`<!-- no\nz <!-- open\n"
      "x | y <!-- f -->\n--|--\n1 | 2 <!-- g -->\n";
  const ParsedFile file = parse_document(DocumentFormat::markdown, "", text);
  CHECK(sealwarden::testing::fault_of(file) == "");
  std::string found;
  for (const DocumentComment& one : file.comments) found += text.substr(one.span.begin + 5, 1);
  CHECK(found == "abcdfg");
  CHECK(blocks(file) ==
        "heading 1 H <!-- a -->\nitem 1 [ ] do <!-- b --> it <!-- c -->\ntext `<!-- no -->` ``<!-- ` no -->`` <!-- d --> e\ntext `<!-- no\n"
        "text z <!-- open\ntable x=1 y <!-- f -->=2 <!-- g -->;\n");
}

TEST_CASE("markdown: front matter", "[doc][markdown]") {
  const ParsedFile yaml = parse_document(DocumentFormat::markdown, "", "---\ntitle: x # c\nlist: [a, \"b\\n\"]\n---\n# H\n");
  REQUIRE(yaml.documents.size() == 2);
  CHECK(sealwarden::testing::fault_of(yaml) == "");
  const DocumentNode& title = yaml.node(yaml.child(yaml.documents[0].root, "title"));
  CHECK(title.text == "x");
  CHECK(title.span == Span{11, 12});
  CHECK(yaml.comments.at(0).span == Span{13, 16});
  CHECK(blocks(yaml) == "heading 1 H\n");
  const ParsedFile toml = parse_document(DocumentFormat::markdown, "", "+++\ntitle = \"x\"\n+++\ntext\n");
  REQUIRE(toml.documents.size() == 2);
  CHECK(toml.node(toml.child(toml.documents[0].root, "title")).text == "x");
  CHECK(blocks(toml) == "text text\n");
  CHECK(parse_document(DocumentFormat::markdown, "", "---\nnot closed\n").documents.size() == 1);
  CHECK(parse_document(DocumentFormat::markdown, "", "").documents.size() == 1);
}
