// SPDX-License-Identifier: Apache-2.0
// INI and its dialects, properties, dotenv, line mode: formats that are read line by line.
#include <string>

#include "scanner/doc/parse.h"
#include "tests/support/catch.h"
#include "tests/support/document_dump.h"

using namespace sealwarden;
using sealwarden::testing::dump;
using sealwarden::testing::dump_problems;

namespace {

// Unescaped scalars are in the file where their span says, with their quotes.
void check_spans(const ParsedFile& file) {
  for (const DocumentNode& node : file.nodes) {
    REQUIRE(node.span.begin <= node.span.end);
    REQUIRE(node.span.end <= file.bytes.size());
    if (node.type == NodeType::map || node.type == NodeType::sequence || node.type == NodeType::boolean) continue;
    const char* const text = node.text.data();
    if (text == nullptr || text < file.bytes.data() || text > file.bytes.data() + file.bytes.size()) continue;
    const std::string_view raw = file.bytes.substr(node.span.begin, node.span.end - node.span.begin);
    CHECK(((node.flags & kQuoted) != 0 && raw.size() >= 2 ? raw.substr(1, raw.size() - 2) : raw) == node.text);
  }
}

std::string read(DocumentFormat format, std::string_view path, std::string_view text, bool types = false) {
  const ParsedFile file = parse_document(format, path, text);
  check_spans(file);
  return dump(file, {.types = types}) + dump_problems(file);
}

std::string ini(std::string_view text) { return read(DocumentFormat::ini, "x.ini", text); }
std::string git(std::string_view text) { return read(DocumentFormat::ini, ".gitconfig", text, true); }
std::string properties(std::string_view text) { return read(DocumentFormat::properties, "x.properties", text); }
std::string dotenv(std::string_view text) { return read(DocumentFormat::dotenv, ".env", text, true); }

}  // namespace

TEST_CASE("ini: sections, separators, comments", "[doc][ini]") {
  CHECK(ini("a = 1\n; note\n[one]\nb: two words ; aside\n#c\n[two three]\n\tx=y=z\nlone\n[one]\nc =\n") ==
        "a = 1\none.b = two words\none.c = \ntwo three.x = y=z\ntwo three.lone = null\n");
  CHECK(ini("\xEF\xBB\xBF[s]\r\nk = v\r\n") == "s.k = v\n");
  CHECK(ini("k = 'a # b' # c\nl = \"x\"\nm = \"x\" y\nn = a#b;c\n") == "k = a # b\nl = x\nm = \"x\" y\nn = a#b;c\n");
  CHECK(ini("[empty]\n") == "empty = {}\n");
  CHECK(ini("[broken\na=1\n") == "a = 1\nsyntax 0-7 a section's name has no ']' behind it\n");
  CHECK(ini("[*.{js,[ab].py}]\nk=1\n") == "*.{js,[ab].py}.k = 1\n");
  CHECK(ini("ext[] = a\next[] = b\n") == "ext[0] = a\next[1] = b\n");
}

TEST_CASE("ini: values that go on", "[doc][ini]") {
  CHECK(ini("[g]\nhosts = a\n    b\n\n  c d\nnext = 1\n") == "g.hosts = a\\nb\\n\\nc d\ng.next = 1\n");
  CHECK(ini("env =\n  A = 1\n  B == 2\nx=1\n") == "env = \\nA = 1\\nB == 2\nx = 1\n");
  CHECK(ini("a = 1\n  b = 2\n") == "a = 1\nb = 2\n");
  CHECK(ini("  a = 1\n  b = 2\n") == "a = 1\nb = 2\n");
}

TEST_CASE("ini: templates", "[doc][ini]") {
  const ParsedFile file = parse_document(DocumentFormat::ini, "x.ini.j2", "[db]\n{% if x %}\npw = {{ pw }}\n{% endif %}\n");
  CHECK(dump(file, {.types = true, .flags = true}) == "db (masked)\ndb.pw = expression {{ pw }} (masked)\n");
}

TEST_CASE("ini: dialects", "[doc][ini]") {
  CHECK(read(DocumentFormat::ini, "a/.npmrc", "//host.example/:_authToken=c0rrect-h0rse\n@x:registry = https://r.example/\n") ==
        "//host.example/:_authToken = c0rrect-h0rse\n@x:registry = https://r.example/\n");
  CHECK(read(DocumentFormat::ini, "a.service", "[Service]\nExecStart=/bin/a \\\n  --b \\\n# no\n --c\nEnvironment=A=1 ;\nEnvironment=\"B=2\"\n") ==
        "Service.ExecStart = /bin/a --b --c\nService.Environment[0] = A=1 ;\nService.Environment[1] = B=2\n");
  CHECK(read(DocumentFormat::ini, "hosts", "alone\n[web]\nh1 user=x pass='a b'  # c\nh2\n[web:vars]\nk = v\n[all:children]\nweb\n") ==
        "alone = null\nweb.h1.user = x\nweb.h1.pass = a b\nweb.h2 = null\nweb:vars.k = v\nall:children.web = null\n");
}

TEST_CASE("ini: git-config", "[doc][ini]") {
  CHECK(git("[core]\n\tbare\n\tname = \"a \\\"b\\\"\" c ; d\n[remote \"o\\\\r\"] url = x#y\n\tfetch = a\n\tfetch = b\\\n  c\n") ==
        "core.bare = boolean true\ncore.name = text a \"b\" c\nremote.o\\\\r.url = text x\nremote.o\\\\r.fetch[0] = text a\n"
        "remote.o\\\\r.fetch[1] = text b  c\n");
  CHECK(read(DocumentFormat::ini, "odd.cfg", "[a \"b\"]\nc\n") == "a.b.c = true\n");
  CHECK(git("[a]\nb = \"open\nc = 1\n") == "a.b = text open\na.c = text 1\nsyntax 8-13 a quote is not closed on its line\n");
}

TEST_CASE("properties: what java.util.Properties reads", "[doc][properties]") {
  CHECK(properties("# c\n! d\na=1\nb : 2\nc  3\nd\ne=\n  f = g = h\ni=a\\\n   b\nj=\\u00e9\\t\\:\\\\\n") ==
        "a = 1\nb = 2\nc = 3\nd = \ne = \nf = g = h\ni = ab\nj = \xC3\xA9\\t:\\\\\n");
  CHECK(properties("k\\=l\\ m=n\\ud83d\\ude00\n") == "k=l m = n\xF0\x9F\x98\x80\n");
  CHECK(properties("a=\xE9\n") == "a = \xC3\xA9\n");
  CHECK(properties("a=\xC3\xA9\r\nb=2\r\n") == "a = \xC3\xA9\nb = 2\n");
  CHECK(properties("a=\\u00g1\\") == "a = u00g1\n");
}

TEST_CASE("properties: keys are paths", "[doc][properties]") {
  CHECK(properties("a.b=1\na.c.d=2\ne[1].f=x\ne[0].f=y\ne[0].g=z\nh[0]=1\nh[1]=2\n") ==
        "a.b = 1\na.c.d = 2\ne[0].f = y\ne[0].g = z\ne[1].f = x\nh[0] = 1\nh[1] = 2\n");
  // A value and a prefix: the longer key is flat, in whatever order.
  CHECK(properties("x.a=1\nx.a.b=2\n") == "x.a = 1\nx.a.b = 2\n");
  const ParsedFile file = parse_document(DocumentFormat::properties, "", "x.a.b.c=2\nx.a=1\n");
  const uint32_t x = file.child(0, "x");
  CHECK(file.node(file.child(x, "a")).text == "1");
  CHECK(file.node(file.child(x, "a.b.c")).text == "2");
  const ParsedFile mixed = parse_document(DocumentFormat::properties, "", "l[0].a=1\nl.b=2\nl[1]=3\nl[1].c=4\n");
  CHECK(mixed.node(mixed.child(0, "l.b")).text == "2");
  CHECK(mixed.node(mixed.child(0, "l[1].c")).text == "4");
  CHECK(properties(".a=1\nb.=2\nc..d=3\n=4\ne[x.y].z=5\nf[=6\n") == ".a = 1\nb. = 2\nc..d = 3\n = 4\ne.x.y.z = 5\nf[ = 6\n");
}

TEST_CASE("properties: spans", "[doc][properties]") {
  const ParsedFile file = parse_document(DocumentFormat::properties, "", "one.two = three\n");
  const DocumentNode& two = file.node(file.child(file.child(0, "one"), "two"));
  CHECK(two.key_span == Span{4, 7});
  CHECK(two.span == Span{10, 15});
}

TEST_CASE("dotenv: lines", "[doc][dotenv]") {
  CHECK(dotenv("A=1\nexport B = two # c\n# d\nC='raw $x \\n' # e\nD=\"l1\nl2\\n\\\"q\\\" \\$x\"\nE=`a\"'b`\nF: g\nG =h\nI=\n") ==
        "A = text 1\nB = text two\nC = text raw $x \\\\n\nD = text l1\\nl2\\n\"q\" $x\nE = text a\"'b\nF = text g\nG = text h\nI = text \n");
  CHECK(dotenv("A=${B}\nC=\"x-$(id)\"\nD=$E\nF=pa$word\nG='${H}'\nI=\"\\${J}\"\nK={{ k }}\n") ==
        "A = expression ${B}\nC = expression x-$(id)\nD = expression $E\nF = text pa$word\nG = text ${H}\nI = text ${J}\nK = expression {{ k }}\n");
  CHECK(dotenv("set -x\nsource_up\nlayout python\nPATH_add bin\nif [ -f x ]; then\n  export Q=1\nfi\nPASS_ON\n") == "Q = text 1\nPASS_ON = null \n");
  CHECK(dotenv("A=\"open\nB='x' y\nC=\"a\"b\"\nD='z\n") == "A = text \"open\nB = text 'x' y\nC = text \"a\"b\"\nD = text 'z\n");
  CHECK(dotenv("DOTENV_PUBLIC_KEY=\"03\"\nA=\"encrypted:BE9Y\"\n") == "DOTENV_PUBLIC_KEY = text 03\nA = text encrypted:BE9Y\n");
  CHECK(dotenv("A=a#b\nB= #c\nC=\"a#b\"#d\n") == "A = text a#b\nB = text \nC = text a#b\n");
}

TEST_CASE("lines: what is left of a broken text", "[doc][lines]") {
  const ParsedFile file = parse_document(DocumentFormat::lines, "", "a:\n  - name: x # c\n    \"pass\": \"c0rrect\",\nKEY=v\nurl: http://x\n"
                                                                    "b: |\n  t\nc: {{ .V }}\nname: y\nnot a line\n");
  CHECK(dump(file, {.types = true, .flags = true}) ==
        "name = text x\npass = text c0rrect (quoted)\nKEY = text v\nurl = text http://x\nc = expression {{ .V }} (masked)\nname = text y\n");
  CHECK(file.documents[0].state == DocumentState::lines);
  check_spans(file);
  CHECK(parse_document(DocumentFormat::lines, "", "nothing").documents[0].state == DocumentState::failed);
  CHECK(parse_document(DocumentFormat::lines, "", std::string("a: b\n\0", 6)).documents[0].state == DocumentState::failed);
}

TEST_CASE("flat formats: hostile texts", "[doc][hostile]") {
  std::vector<std::string> texts = {"", "\r", "\n", std::string(1, '\0'), std::string(200'000, '['), std::string(200'000, '='), "\xFF\xFE",
                                    std::string(65'536, '"'), std::string(65'536, '\\'), std::string(65'536, 'a')};
  const auto many = [&](std::string_view piece, size_t size = 65'536) {
    std::string text;
    while (text.size() < size) text += piece;
    texts.push_back(text);
  };
  for (const char* piece : {"A=\"\n", "A='\n", "a.", "a[0]", "[a]\n", "[a \"b\"]\nc=d\n", "a.b=1\n", "a\n", "a=\\\n",
                            "a =\n\n\n", "a = b\n  # c\n", "h x=1\n",
                            "A=\"\\\"", "a=`x'\"\n", "x[1][2].y=\n", "[s]\n\n\n\n", "\xC3", "a[]=1\n", "k: v\r",
                            "- [ ] a\n", "| a |\n|-|\n", "```\n", "> ", "<!--\n"})
    many(piece);
  for (const std::string& text : texts)
    for (const auto& [format, path] : {std::pair{DocumentFormat::ini, "x.ini"}, {DocumentFormat::ini, ".gitconfig"}, {DocumentFormat::ini, "x.service"},
                                       {DocumentFormat::ini, "hosts"}, {DocumentFormat::properties, ""}, {DocumentFormat::dotenv, ""},
                                       {DocumentFormat::lines, ""},
                                       {DocumentFormat::markdown, ""}}) {
      const ParsedFile file = parse_document(format, path, text);
      check_spans(file);
      REQUIRE(file.documents.size() >= 1);
    }
}
