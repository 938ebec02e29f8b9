// SPDX-License-Identifier: Apache-2.0
#include <sqlite3.h>

#include "scanner/decode/pdf_lexer.h"
#include "scanner/decode/sqlite_columns.h"
#include "tests/support/archive_maker.h"
#include "tests/support/catch.h"

namespace {

using namespace sealwarden;

// The bytes of a database that SQLite makes of the statements.
std::string make_database(const std::string& statements) {
  sqlite3* database = nullptr;
  REQUIRE(sqlite3_open(":memory:", &database) == SQLITE_OK);
  REQUIRE(sqlite3_exec(database, statements.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK);
  sqlite3_int64 size = 0;
  unsigned char* bytes = sqlite3_serialize(database, "main", &size, 0);
  std::string result(reinterpret_cast<const char*>(bytes), static_cast<size_t>(size));
  sqlite3_free(bytes);
  sqlite3_close(database);
  return result;
}

std::string object(int number, const std::string& dictionary, const std::string& stream) {
  return std::to_string(number) + " 0 obj\n<< " + dictionary + " >>\nstream\n" + stream + "\nendstream\nendobj\n";
}

std::string zlib_of(const std::string& text) {
  const std::string gzip = compress("gzip", text);
  return "\x78\x9C" + gzip.substr(10, gzip.size() - 18);  // without the checksum
}

std::string text_of(const Unpacked& unpacked, const std::string& path) {
  std::string text;
  for (const NamedText& member : unpacked.members) text += member.first == path ? member.second : "";
  return text;
}

}  // namespace

TEST_CASE("rows of an SQLite database, short and over many pages, in each encoding") {
  for (const char* encoding : {"UTF-8", "UTF-16le", "UTF-16be"}) {
    std::string expected;
    std::string statements = "pragma page_size=512; pragma encoding='" + std::string(encoding) +
                             "'; create table t(id integer primary key, name text, \"pass word\" varchar(10), n int);";
    for (int i = 1; i <= 200; ++i) {
      const std::string name = "user \xC3\xA4 " + std::to_string(i), word(static_cast<size_t>(i % 50 * 40 + 1), static_cast<char>('a' + i % 26));
      statements += "insert into t values(" + std::to_string(i) + ",'" + name + "','" + word + "',7);";
      expected += "name=" + name + "\npass word=" + word + "\n\n";
    }
    const std::string database = make_database(statements);
    REQUIRE(container_of(database) == Container::sqlite);
    const Unpacked unpacked = unpack_everything(database);
    CHECK(unpacked.gaps.empty());
    CHECK(unpacked.members == std::vector<NamedText>{{"table t", expected}});
  }
}

TEST_CASE("tables without row ids, blobs that are containers, and tables that are none") {
  const std::string packed = compress("gzip", "in a blob");
  std::string hex;
  for (const char c : packed) {
    char digits[3];
    std::snprintf(digits, sizeof(digits), "%02x", static_cast<unsigned char>(c));
    hex += digits;
  }
  const Unpacked unpacked = unpack_everything(make_database(
      "create table w(v text, k text primary key) without rowid; insert into w values('value','key');"
      "create table b(data blob); insert into b values(x'" + hex + "'),('a text'),(null),(5);"
      "create view v as select * from b; create index i on b(data);"));
  CHECK(unpacked.gaps.empty());
  CHECK(text_of(unpacked, "table w") == "key\nvalue\n\n");
  CHECK(text_of(unpacked, "table b") == "data=a text\n\n");
  CHECK(text_of(unpacked, "table b data") == packed + "in a blob");
}

TEST_CASE("pages of a database that go in circles are read once") {
  std::string statements = "pragma page_size=512; create table t(a text);";
  for (int i = 0; i < 100; ++i) statements += "insert into t values('" + std::string(100, 'a') + "');";
  std::string database = make_database(statements);
  // The root of the table is page 2, which has other pages below: all of them become page 2 itself.
  REQUIRE(database[512] == 5);
  for (size_t at = 512 + 12; at < 512 + 12 + 40; at += 2) {
    const size_t cell = static_cast<uint8_t>(database[at]) << 8 | static_cast<uint8_t>(database[at + 1]);
    if (cell > 0 && cell < 508) database.replace(512 + cell, 4, std::string("\0\0\0\2", 4));
  }
  const Unpacked unpacked = unpack_everything(database);
  REQUIRE(unpacked.gaps.size() == 1);
  CHECK(unpacked.gaps[0].kind == UnpackGap::Kind::corrupt);
  CHECK(unpacked.gaps[0].path == "table t");
}

TEST_CASE("columns of CREATE TABLE statements") {
  using Names = std::vector<std::string>;
  CHECK(sqlite_columns("CREATE TABLE t(a, b TEXT NOT NULL, c DECIMAL(10,2) DEFAULT (1+2))") == Names{"a", "b", "c"});
  CHECK(sqlite_columns("create table \"t(x\" ( -- note, with a comma\n \"a \"\"b\" int, [c d] text /* , */, `e`)") == Names{"a \"\"b", "c d", "e"});
  CHECK(sqlite_columns("CREATE TABLE t(a int, PRIMARY KEY(a), \"unique\" int)") == Names{"a"});
  CHECK(sqlite_columns("CREATE TABLE t(a, b").size() == 2);
  CHECK(sqlite_columns("CREATE TABLE t").empty());
  CHECK(sqlite_columns("").empty());
}

TEST_CASE("the text that a PDF document shows") {
  const std::string content =
      "BT /F1 12 Tf 72 700 Td (Hello) Tj 0 -14 Td [(pass) -20 (word=) 30 (a\\051\\x\\\nb) -300 <41 4243>] TJ T* (next) ' "
      "1 0 0 1 72 650 Tm (one) Tj 1 0 0 1 99 650 Tm (line) Tj 1 0 0 1 72 600 Tm (other) Tj ET";
  const std::string shown = "Hello\npassword=a)xb ABC\nnext\none line\nother";
  std::string pdf = "%PDF-1.4\n" + object(4, "/Filter /FlateDecode", zlib_of(content)) + object(5, "/Length 3", content);
  pdf += object(6, "/Type /XObject /Subtype /Image /Filter /DCTDecode", "jpeg") + object(7, "/Filter [/ASCIIHexDecode /FlateDecode] /Length 1 0 R", "78 9C>");
  const Unpacked unpacked = unpack_everything(pdf);
  CHECK(text_of(unpacked, "object 4") == shown);
  CHECK(text_of(unpacked, "object 5") == shown);
  CHECK(text_of(unpacked, "object 6").empty());
  REQUIRE(unpacked.gaps.size() == 1);
  CHECK(unpacked.gaps[0].path == "object 7");
  CHECK(unpacked.gaps[0].kind == UnpackGap::Kind::corrupt);
}

TEST_CASE("text of fonts whose codes are numbers of glyphs") {
  // Two pages that call different fonts by one name; the second font says nothing.
  std::string pdf = "%PDF-1.4\n";
  pdf += "1 0 obj << /Type /Page /Contents [10 0 R] /Resources << /Font << /F1 20 0 R >> >> >> endobj\n";
  pdf += "2 0 obj << /Type /Page /Contents 11 0 R /Resources 3 0 R >> endobj 3 0 obj << /Font 4 0 R >> endobj\n";
  pdf += "4 0 obj << /F1 21 0 R /F2 20 0 R >> endobj\n";
  pdf += object(10, "", "BT /F1 9 Tf <0001 0002> Tj 5 0 Td <0003> Tj 5 0 Td <0010> Tj 5 0 Td <00110009> Tj ET");
  pdf += object(11, "", "BT /F1 9 Tf <0001> Tj /F2 9 Tf <0003> Tj /F3 9 Tf (plain) Tj ET");
  pdf += "20 0 obj << /BaseFont /A /Encoding /Identity-H /ToUnicode 22 0 R >> endobj\n";
  pdf += "21 0 obj << /BaseFont /B /Encoding /Identity-H >> endobj\n";
  pdf += object(22, "", "begincmap 1 begincodespacerange <0000> <FFFF> endcodespacerange 2 beginbfchar <0001> <0061> <0002> <00E4> endbfchar "
                        "2 beginbfrange <0003> <0004> <0063> <0010> <0011> [<0078> <00790079>] endbfrange endcmap");
  const Unpacked unpacked = unpack_everything(pdf);
  CHECK(text_of(unpacked, "object 10") == "a\xC3\xA4 cxyy");
  CHECK(text_of(unpacked, "object 11") == "cplain");
  REQUIRE(unpacked.gaps.size() == 1);
  CHECK(unpacked.gaps[0].kind == UnpackGap::Kind::unsupported);
}

TEST_CASE("strings and other streams of a PDF document") {
  std::string pdf = "%PDF-1.5\n1 0 obj << /Title (An \\(odd\\) (title)) /Author <FEFF 0041 00E4> >> endobj\n";
  pdf += object(2, "/Type /ObjStm /N 1 /Filter /FlateDecode", zlib_of("3 0 << /Note (inside) >>"));
  pdf += object(3, "/Type /EmbeddedFile /Filter /FlateDecode", zlib_of(make_archive("zip", "", "", {{"a.txt", "attached"}})));
  pdf += object(4, "/Filter /ASCII85Decode", "87cURDZ~>") + object(5, "/Type /XRef /Length 4", "\0\0\0\0") + object(6, "/Filter /OtherDecode", "x");
  const Unpacked unpacked = unpack_everything(pdf);
  CHECK(text_of(unpacked, "strings") == "An (odd) (title)\nA\xC3\xA4\ninside\n");
  CHECK(text_of(unpacked, "object 3!a.txt") == "attached");
  CHECK(text_of(unpacked, "object 4") == "Hello");
  REQUIRE(unpacked.gaps.size() == 1);
  CHECK(unpacked.gaps[0].kind == UnpackGap::Kind::unsupported);
  const Unpacked locked = unpack_everything(pdf + "trailer << /Root 1 0 R /Encrypt 9 0 R >>");
  REQUIRE(locked.gaps.size() == 1);
  CHECK(locked.gaps[0].kind == UnpackGap::Kind::encrypted);
  CHECK(text_of(locked, "object 3!a.txt") == "attached");  // inflates: it is not encrypted, whatever the trailer says
}

TEST_CASE("a PDF document is encrypted where its trailer says so, or its table of objects") {
  const std::string pdf = "%PDF-1.5\n" + object(1, "/Filter /FlateDecode", zlib_of("open")), broken = object(2, "/Filter /FlateDecode", "\xFF\xFE locked");
  for (const char* other : {"% /Encrypt 5 0 R\n", "3 0 obj (a /Encrypt 5 0 R) endobj\n", "3 0 obj << /Encrypt 5 0 R >> endobj\n",
                            "trailer << /A << /Encrypt 5 0 R >> >>"}) {
    const Unpacked unpacked = unpack_everything(pdf + other);
    CHECK(unpacked.gaps.empty());
    CHECK(text_of(unpacked, "object 1") == "open");
  }
  for (const std::string& key : {std::string("trailer << /Root 1 0 R /Old true /Encrypt 5 0 R >>"), std::string("trailer << /Encrypt << /V 4 >> >>"),
                                object(9, "/Type /XRef /Root 1 0 R /Encrypt 5 0 R", "")}) {
    const Unpacked unpacked = unpack_everything(pdf + broken + key);
    REQUIRE(unpacked.gaps.size() == 1);  // and not one for each stream
    CHECK(unpacked.gaps[0].kind == UnpackGap::Kind::encrypted);
    CHECK(text_of(unpacked, "object 1") == "open");
    CHECK(text_of(unpacked, "object 2").empty());
  }
}

TEST_CASE("filters of a PDF document's streams, and rows that were prepared for them") {
  const std::string early("\x80\x0B\x60\x50\x22\x0C\x0C\x85\x01", 9);  // the example of the standard
  std::string pdf = "%PDF-1.5\n" + object(1, "/Filter /LZWDecode", early) + object(2, "/Filter [/AHx /LZW]", "800B6050220C0C8501>");
  pdf += object(3, "/Filter /RunLengthDecode", "\4abcde\xFE!\x80 more") + object(4, "/Filter /Fl", zlib_of("short names"));
  const std::string rows = std::string("\0one-", 5) + std::string("\2\0\0\0\1", 5) + std::string("\1a\1\1\1", 5) + std::string("\3\0\0\0\0", 5);
  pdf += object(5, "/Filter /FlateDecode /DecodeParms << /Predictor 15 /Columns 4 >>", zlib_of(rows));
  pdf += object(6, "/Type /ObjStm /Filter [/AHx /FlateDecode] /DecodeParms [null << /Columns 40 /Predictor 12 >>]", "no stream");
  pdf += object(7, "/Filter /FlateDecode /DecodeParms << /Predictor 99 >>", zlib_of("x")) + object(8, "/Filter /LZWDecode", early.substr(0, 5));
  const Unpacked unpacked = unpack_everything(pdf);
  CHECK(text_of(unpacked, "object 1") == "-----A---B");
  CHECK(text_of(unpacked, "object 2") == "-----A---B");
  CHECK(text_of(unpacked, "object 3") == "abcde!!!");
  CHECK(text_of(unpacked, "object 4") == "short names");
  CHECK(text_of(unpacked, "object 5") == std::string("one-one.abcd0IV]"));
  CHECK(text_of(unpacked, "object 8") == "-----A");
  REQUIRE(unpacked.gaps.size() == 3);
  CHECK(unpacked.gaps[0].kind == UnpackGap::Kind::corrupt);
  CHECK(unpacked.gaps[1].kind == UnpackGap::Kind::unsupported);
  CHECK(unpacked.gaps[2].kind == UnpackGap::Kind::corrupt);
}

TEST_CASE("words of office documents that tags part") {
  const std::string head = "<?xml version=\"1.0\"?>\n<w:document xmlns:w=\"x\"><w:body>";
  const auto run = [](const std::string& text) { return "<w:r w:rsidR=\"00A1\">\n <w:t xml:space=\"preserve\">" + text + "</w:t>\n</w:r>"; };
  const std::string parted = head + "<w:p>" + run("a &lt;key ") + run("Tr0u") + "<w:proofErr w:type=\"x\"/>" + run("b4&amp;") + run("dor") +
                             "<w:br/>" + run("end") + "</w:p><w:p>" + run("whole ") + run("words") + "</w:p>";
  REQUIRE(container_of(parted) == Container::office_text);
  const Unpacked unpacked = unpack_everything(make_archive("zip", "", "", {{"word/document.xml", parted}}));
  CHECK(unpacked.gaps.empty());
  CHECK(text_of(unpacked, "word/document.xml!text") == "a <key Tr0ub4&dor end\n");
  CHECK(unpack_everything(head + "<w:p>" + run("whole") + "</w:p>").members.empty());
  CHECK(container_of("<?xml version=\"1.0\"?>\n<project>" + std::string(600, ' ')) == Container::none);
  UnpackBudget spent;
  spent.depth = 0;
  CHECK(unpack_everything(parted, spent).gaps.empty());
}

TEST_CASE("strings of Java classes and of Windows programs") {
  const std::string constants("\1\0\5Hello\7\0\1\5\0\0\0\0\0\0\0\0\1\0\4text\0\0", 29);
  const Unpacked java = unpack_everything(std::string("\xCA\xFE\xBA\xBE\0\0\0\x34\0\6", 10) + constants);
  CHECK(java.members == std::vector<NamedText>{{"constants", "Hello\ntext\n"}});
  CHECK(java.gaps.empty());
  const Unpacked cut = unpack_everything(std::string("\xCA\xFE\xBA\xBE\0\0\0\x34\0\6", 10) + constants.substr(0, 12));
  CHECK(cut.members == std::vector<NamedText>{{"constants", "Hello\n"}});
  CHECK(cut.gaps.size() == 1);

  std::string program = "MZ" + std::string(58, '\0') + std::string("\x40\0\0\0PE\0\0\1", 9);
  for (const char c : std::string("a long string\1short\1at another offset")) {
    program += c;
    if (c != '\1') program += '\0';
  }
  CHECK(unpack_everything(program).members == std::vector<NamedText>{{"UTF-16 strings", "a long string\nat another offset\n"}});
}
