// SPDX-License-Identifier: Apache-2.0
// XML: trees, positions, encodings, what is told of broken texts, and what hostile ones cost.
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
    file.format = DocumentFormat::xml;
    file.bytes = bytes;
    parse_xml(file, limits);
  }
  std::string source(Span span) const { return bytes.substr(span.begin, span.end - span.begin); }
};

std::string all_of(std::string text, const DumpOptions& options = {}) {
  const Parsed parsed(std::move(text));
  CHECK(fault_of(parsed.file) == "");
  if (parsed.file.documents.size() != 1) return "(" + std::to_string(parsed.file.documents.size()) + " documents)";
  return dump(parsed.file, options) + std::string(name_of(parsed.file.documents[0].state)) + "\n" + dump_problems(parsed.file);
}

std::string repeat(std::string_view part, size_t size) {
  std::string text;
  while (text.size() < size) text += part;
  return text;
}

}  // namespace

TEST_CASE("elements and attributes are entries with exact spans", "[xml]") {
  CHECK(all_of("<a x='1'>\n <b> hi </b><c y = \"2\" >t</c><d/><e></e></a>\n", {.spans = true}) ==
        " @0-54\nx = 1 @5-8\nb = hi @15-17\nc @22-39\nc.y = 2 @29-32\nc.#text = t @34-35\nd =  @43-43\ne =  @46-46\nparsed\n");
  const Parsed parsed("<n:root xmlns:n='u'><n:b z:q=\"c0rrect-h0rse-9battery\"/></n:root>");
  CHECK(parsed.file.node(0).key == "root");
  CHECK(parsed.source(parsed.file.node(0).key_span) == "root");
  const DocumentNode& attribute = parsed.file.node(2);
  CHECK(attribute.key == "q");
  CHECK(parsed.source(attribute.key_span) == "q");
  CHECK(parsed.source(attribute.span) == "\"c0rrect-h0rse-9battery\"");
  CHECK(attribute.flags == kQuoted);
  CHECK(attribute.text.data() == parsed.bytes.data() + attribute.span.begin + 1);
  CHECK(parsed.file.strings.empty());
  CHECK(all_of("<v>1.2</v>") == "#text = 1.2\nparsed\n");
}

TEST_CASE("repeated elements are sequences", "[xml]") {
  CHECK(all_of("<a><b>1</b><c/><b>2</b><b x='3'/></a>", {.flags = true}) ==
        "b (repeated)\nb[0] = 1\nb[1] = 2\nb[2].x = 3 (quoted)\nc = \nparsed\n");
  CHECK(all_of("<a><b><c>1</c></b><b><c>2</c></b></a>", {.spans = true}) ==
        " @0-37\nb @3-33\nb[0] @3-18\nb[0].c = 1 @9-10\nb[1] @18-33\nb[1].c = 2 @24-25\nparsed\n");
  CHECK(all_of("<a b='1'><b>2</b></a>") == "b[0] = 1\nb[1] = 2\nparsed\n");
}

TEST_CASE("text is decoded and trimmed; mixed text is kept", "[xml]") {
  CHECK(all_of("<a>\n  x &amp; y&#33;\n</a>") == "#text = x & y!\nparsed\n");
  CHECK(all_of("<a>one<b/>two<!-- c -->three<b/> </a>") == "#text[0] = one\n#text[1] = twothree\nb[0] = \nb[1] = \nparsed\n");
  const Parsed parsed("<a><b><![CDATA[ x < y ]]></b><c k='a&lt;&#10;'>l1\r\nl2</c></a>");
  const DocumentNode& cdata = parsed.file.node(1);
  CHECK(cdata.text == "x < y");
  CHECK(parsed.source(cdata.span) == "x < y");
  CHECK(dump(parsed.file) == "b = x < y\nc.k = a<\\n\nc.#text = l1\\nl2\n");
  const Parsed comments("<!-- a --><r><!--b--></r>");
  REQUIRE(comments.file.comments.size() == 2);
  CHECK(comments.source(comments.file.comments[0].span) == "<!-- a -->");
  CHECK(comments.source(comments.file.comments[1].span) == "<!--b-->");
}

TEST_CASE("encodings are as declared, or as the bytes say", "[xml]") {
  CHECK(all_of("<?xml version='1.0' encoding='ISO-8859-1'?><r\xE9 k='\xFC'>caf\xE9</r\xE9>", {.spans = true}) ==
        " @43-62\nk = \xC3\xBC @49-52\n#text = caf\xC3\xA9 @53-57\nparsed\n");
  CHECK(all_of("<?xml version='1.0' encoding='utf-16'?><a>\xC3\xBC</a>") == "#text = \xC3\xBC\nparsed\n");
  CHECK(all_of("\xEF\xBB\xBF\n<?xml version='1.0' encoding=\"windows-1251\"?><a>x</a>") == "#text = x\nparsed\n");
  CHECK(all_of("<a>caf\xE9</a>") == "#text = caf\xC3\xA9\nparsed\nencoding 6-7 a byte that is no UTF-8\n");
}

TEST_CASE("a syntax error keeps what was built", "[xml]") {
  CHECK(all_of("<a><b>1</b><c>2</d></a>") == "b = 1\nc = 2\npartial\nsyntax 17-18 mismatched tag\n");
  CHECK(all_of("<a><b>1</b><c x='1'>") == "b = 1\nc.x = 1\npartial\nsyntax 20-20 no element found\n");
  CHECK(all_of("<a/><b/>") == " = {}\npartial\nsyntax 4-5 junk after document element\n");
  CHECK(all_of("<a>&nope;</a>").find("partial\nsyntax 3-4 undefined entity") != std::string::npos);
  CHECK(all_of("hello").find("failed\nsyntax 0-1") != std::string::npos);
  CHECK(all_of("") == "(0 documents)");
  CHECK(all_of(" \n") == "(0 documents)");
}

TEST_CASE("entities are not loaded, and expand within limits", "[xml]") {
  CHECK(all_of("<!DOCTYPE a [<!ENTITY e 'v<b>w</b>'> <!ATTLIST a d CDATA 'default'>]><a k='x&e2;y'/>") == "failed\nsyntax 69-70 undefined entity\n");
  CHECK(all_of("<!DOCTYPE a [<!ENTITY e 'v<b t=\"u\">w</b>'>]><a>&e;</a>", {.spans = true}) ==
        " @44-54\n#text = v @47-50\nb @47-50\nb.t = u @47-50\nb.#text = w @47-50\nparsed\n");
  CHECK(all_of("<!DOCTYPE a SYSTEM 'file:///etc/hostname' [<!ENTITY e SYSTEM 'file:///etc/hostname'>]><a><b>&e;</b><c>&f;</c></a>").find("b = \n") !=
        std::string::npos);
  std::string laughs = "<!DOCTYPE a [<!ENTITY e0 'lolololololololol'>";
  for (int i = 1; i < 12; ++i) laughs += "<!ENTITY e" + std::to_string(i) + " '" + repeat("&e" + std::to_string(i - 1) + ";", 40) + "'>";
  const Parsed parsed(laughs + "]><a><b>1</b><c>&e11;</c></a>");
  REQUIRE(parsed.file.problems.size() == 1);
  CHECK(parsed.file.problems[0].kind == DocumentProblem::Kind::budget);
  CHECK(parsed.file.node(parsed.file.child(0, "b")).text == "1");
  CHECK(parsed.file.node(parsed.file.child(0, "c")).text.size() < 1 << 20);
}

TEST_CASE("configuration files in XML", "[xml]") {
  CHECK(all_of(R"(<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup><TargetFramework>net8.0</TargetFramework></PropertyGroup>
  <ItemGroup>
    <PackageReference Include="A" Version="1.0" />
    <PackageReference Include="B" Version="2.0" />
  </ItemGroup>
</Project>)") == "Sdk = Microsoft.NET.Sdk\nPropertyGroup.TargetFramework = net8.0\nItemGroup.PackageReference[0].Include = A\n"
                 "ItemGroup.PackageReference[0].Version = 1.0\nItemGroup.PackageReference[1].Include = B\n"
                 "ItemGroup.PackageReference[1].Version = 2.0\nparsed\n");
  CHECK(all_of(R"(<?xml version="1.0" encoding="UTF-8"?>
<project xmlns="http://maven.apache.org/POM/4.0.0" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="x y">
  <modelVersion>4.0.0</modelVersion>
  <dependencies>
    <dependency><groupId>g</groupId><version>${v}</version></dependency>
  </dependencies>
</project>)") == "schemaLocation = x y\nmodelVersion = 4.0.0\ndependencies.dependency.groupId = g\ndependencies.dependency.version = ${v}\nparsed\n");
  CHECK(all_of(R"(<configuration>
  <connectionStrings>
    <add name="db" connectionString="Server=s;Password=c0rrect-h0rse-9battery;" />
  </connectionStrings>
  <system.web><compilation debug="true" /><customErrors mode="Off"/></system.web>
</configuration>)") == "connectionStrings.add.name = db\nconnectionStrings.add.connectionString = Server=s;Password=c0rrect-h0rse-9battery;\n"
                       "system.web.compilation.debug = true\nsystem.web.customErrors.mode = Off\nparsed\n");
}

TEST_CASE("limits of XML end a document", "[xml]") {
  const auto nested = [](size_t depth) { return repeat("<a>", depth * 3) + "x" + repeat("</a>", depth * 4); };
  CHECK(all_of(nested(128)).ends_with("parsed\n"));
  CHECK(all_of(nested(300)).find("partial\nbudget") != std::string::npos);
  CHECK(Parsed("<a><b/><c/><d/></a>", {.nodes = 3}).file.documents[0].state == DocumentState::partial);
  CHECK(Parsed("<a><b/><c/><d/></a>", {.nodes = 3}).file.nodes.size() == 3);
}

TEST_CASE("hostile XML costs little", "[xml]") {
  std::string chain = "<!DOCTYPE a [<!ENTITY e0 'x'>", attributes = "<a", elements = "<a>", defaults = "<!DOCTYPE a [<!ATTLIST a ";
  for (int i = 1; chain.size() < 200'000; ++i) chain += "<!ENTITY e" + std::to_string(i) + " '&e" + std::to_string(i - 1) + ";'>";
  for (int i = 1; attributes.size() < 200'000; ++i) attributes += " a" + std::to_string(i) + "='&#65;'";
  for (int i = 1; elements.size() < 200'000; ++i) elements += "<e" + std::to_string(i % 3000) + "/>";
  const std::string large = "<!DOCTYPE a [<!ENTITY e '" + std::string(50'000, 'x') + "'>]><a>" + repeat("&e;", 50'000) + "</a>";
  for (int i = 1; defaults.size() < 100'000; ++i) defaults += "b" + std::to_string(i) + " CDATA #IMPLIED ";
  defaults += ">]><a>";
  const std::string name(50'000, 'n');
  const std::string long_name = "<!DOCTYPE a [<!ENTITY " + name + " '" + repeat("x\n", 50'000) + "'>]><a>&" + name + ";</a>";
  for (const std::string& text :
       {chain + "]><a>&e400;</a>", attributes + "/>", elements + "</a>", defaults + repeat("<a/>", 100'000) + "</a>", large,
        long_name, repeat("<a>", 200'000), repeat("<", 200'000), "<a>" + repeat("&amp;", 200'000) + "</a>",
        "<a>" + repeat("<b/>", 200'000) + "</a>", "<a>" + repeat("x<b/>", 200'000) + "</a>", "<a " + repeat("a='", 200'000),
        "<!--" + repeat("-", 200'000), std::string(200'000, '\0'), std::string(200'000, '\xFF'),
        "<a>" + repeat("\r", 200'000) + "</a>", "<a>" + repeat("]]", 200'000), "<![CDATA[" + repeat("]]", 200'000),
        "<!DOCTYPE a [<!ELEMENT a " + repeat("(", 200'000), "<a>" + repeat("<![CDATA[x]]>", 200'000) + "</a>",
        repeat("<a x='1'>", 200'000)}) {
    const auto start = std::chrono::steady_clock::now();
    const Parsed parsed(text);
    const auto taken = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - start);
    INFO(text.substr(0, 30) << " " << taken.count());
    CHECK(taken.count() < 500);  // some 50 without sanitizers
    CHECK(fault_of(parsed.file) == "");
  }
}
