// SPDX-License-Identifier: Apache-2.0
// Texts within documents: where their bytes stand, and documents made of them.
#include "scanner/doc/embed.h"

#include <algorithm>
#include <chrono>
#include <string>

#include "scanner/doc/parse.h"
#include "scanner/doc/scalar_origin.h"
#include "tests/support/catch.h"
#include "tests/support/document_dump.h"

using namespace sealwarden;
using sealwarden::testing::dump;
using sealwarden::testing::dump_problems;

namespace {

uint32_t find_key(const ParsedFile& file, std::string_view key) {
  for (uint32_t i = 0; i < file.nodes.size(); ++i)
    if (file.nodes[i].key == key) return i;
  return kNoDocumentNode;
}

std::string bytes_of(const ParsedFile& file, Span span) { return std::string(file.bytes.substr(span.begin, span.end - span.begin)); }

// The source of each byte of the text of `key`, parted by '|'; stretches that are the text itself as one.
std::string sources(DocumentFormat format, std::string_view text, std::string_view key = "k", bool shows_same = true) {
  const ParsedFile file = parse_document(format, "", text);
  const uint32_t node = find_key(file, key);
  if (node == kNoDocumentNode) return "no " + std::string(key);
  const TextOrigin origin = text_origin(file, node);
  std::string out;
  for (size_t i = 0; i + 1 < origin.size(); ++i) {
    const std::string made = bytes_of(file, origin[i].from);
    if (origin[i].kind == OriginPiece::Kind::same) {
      if (made != file.nodes[node].text.substr(origin[i].text, origin[i + 1].text - origin[i].text)) return "wrong bytes: " + made;
      if (shows_same) out += (out.empty() ? "" : "|") + made;
    } else {
      out += (out.empty() ? "<" : "|<") + made + ">";
    }
  }
  return out;
}

std::string encode(std::string_view text) {
  static constexpr std::string_view kLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  for (size_t i = 0; i < text.size(); i += 3) {
    uint32_t bits = 0;
    for (size_t j = 0; j < 3; ++j) bits = bits << 8 | (i + j < text.size() ? static_cast<unsigned char>(text[i + j]) : 0);
    for (size_t j = 0; j < 4; ++j) out += i + j > text.size() ? '=' : kLetters[bits >> (18 - 6 * j) & 63];
  }
  return out;
}

// The value of a leaf by its key, as it stands in the file.
std::string source_of(const ParsedFile& file, std::string_view key) { return bytes_of(file, file.node(find_key(file, key)).span); }

}  // namespace

TEST_CASE("origin of texts: escapes", "[doc][origin]") {
  using enum DocumentFormat;
  CHECK(sources(json, R"({"k": "a\n\u00e9b"})") == "a|<\\n>|<\\u00e9>|b");
  CHECK(sources(json, R"({"k": "\ud83d\ude00"})") == "<\\ud83d\\ude00>");
  CHECK(sources(yaml, "k: \"a\\tb\\x41 \\\"\"\n") == "a|<\\t>|b|<\\x41>| |<\\\">");
  CHECK(sources(yaml, "k: 'it''s'\n") == "it|<''>|s");
  CHECK(sources(yaml, "k: one\n  two\n\n  three\n") == "one|<\n>|two\n|three");
  CHECK(sources(yaml, "k: \"one\\\n  two\"\n") == "one|two");
  CHECK(sources(properties, "k=a\\\n   b\\u0041\\:\n") == "a|b|<\\u0041>|<\\:>");
  CHECK(sources(properties, "k=\xE9x\n") == "<\xE9>|x");
  CHECK(sources(ini, "k = a\n  b\n") == "a\n|b");
  CHECK(sources(ini, "[x \"y\"]\nk = \"a\\\\b\" c\n") != "");
  CHECK(sources(dotenv, "k=\"a\\nb\"\n") == "a|<\\n>|b");
  CHECK(sources(toml, "k = \"a\\tb\"\n") == "a|<\\t>|b");
  CHECK(sources(toml, "k = \"\"\"\na\\\n   b\"\"\"\n") == "a|b");
  CHECK(sources(hcl, "k = \"a\\n$${b}\"\n") == "a|<\\n>|<$$>|{b}");
}

TEST_CASE("origin of texts: blocks", "[doc][origin]") {
  using enum DocumentFormat;
  CHECK(sources(yaml, "k: |\n  one\n    two\n\n  three\nx: 1\n") == "one\n|  two\n\n|three|<>");
  CHECK(sources(yaml, "k: |-\n  one\n  two") == "one\n|two");
  CHECK(sources(yaml, "k: >\n  one\n  two\n\n  three\n") == "one|<\n>|two\n|three|<>");
  CHECK(sources(yaml, "k: |2\n    one\n") == "  one|<>");
  CHECK(sources(yaml, "k: |+\n  one\n\nx: 1\n") == "one|<>");
  CHECK(sources(yaml, "k: |\r\n  one\r\n  two\r\n") == "one|<\r\n>|two|<>");
  CHECK(sources(hcl, "k = <<-EOT\n    a\n      b\n    EOT\n") == "a\n|  b\n");
}

TEST_CASE("a ConfigMap's file", "[doc][embed]") {
  const std::string text = "data:\n  app.yml: |\n    db:\n      pass: c0rrect # x\n      url: \"a\\nb\"\n  n: 1\n";
  ParsedFile file = parse_document(DocumentFormat::yaml, "c.yaml", text);
  const uint32_t node = find_key(file, "app.yml");
  REQUIRE(embed_document(file, node, "app.yml", EmbeddedCoding::none, 0));
  CHECK((file.node(node).flags & kEmbedded) != 0);
  const uint32_t root = file.node(node).first;
  CHECK(file.node(root).parent == node);
  CHECK(source_of(file, "pass") == "c0rrect");
  CHECK(source_of(file, "url") == "\"a\\nb\"");
  CHECK(bytes_of(file, file.node(find_key(file, "url")).key_span) == "url");
  CHECK(bytes_of(file, file.comments.back().span) == "# x");
  CHECK(file.child(0, "data") == find_key(file, "data"));
  CHECK_FALSE(embed_document(file, node, "app.yml", EmbeddedCoding::none, 0));
  CHECK(file.embedded.at(0).format == DocumentFormat::yaml);
}

TEST_CASE("escaped JSON within JSON within JSON", "[doc][embed]") {
  const std::string text = R"({"a": "{\"b\": \"{\\\"c\\\": \\\"s3\\\\\\\\cret\\\"}\"}"})";
  ParsedFile file = parse_document(DocumentFormat::json, "a.json", text);
  REQUIRE(embed_document(file, find_key(file, "a"), "", EmbeddedCoding::none, 0));
  REQUIRE(embed_document(file, find_key(file, "b"), "", EmbeddedCoding::none, 1));
  const DocumentNode& inner = file.node(find_key(file, "c"));
  CHECK(inner.text == "s3\\cret");
  CHECK(bytes_of(file, inner.span) == R"(\\\"s3\\\\\\\\cret\\\")");
  CHECK(bytes_of(file, inner.key_span) == R"(\\\"c\\\")");
  CHECK_FALSE(embed_document(file, find_key(file, "c"), "x.json", EmbeddedCoding::none, 2));
}

TEST_CASE("base64 within YAML", "[doc][embed]") {
  const std::string inner = "{\"auths\": {\"r.example\": {\"auth\": \"" + encode("me:c0rrect-h0rse") + "\"}}}";
  const std::string letters = encode(inner);
  for (const bool is_wrapped : {false, true}) {
    std::string value = letters;
    if (is_wrapped) {
      value = "|\n";
      for (size_t i = 0; i < letters.size(); i += 30) value += "    " + letters.substr(i, 30) + "\n";
    }
    const std::string text = "data:\n  .dockerconfigjson: " + value + "\n";
    ParsedFile file = parse_document(DocumentFormat::yaml, "s.yaml", text);
    const uint32_t node = find_key(file, ".dockerconfigjson");
    REQUIRE(embed_document(file, node, ".dockerconfigjson", EmbeddedCoding::base64, 0));
    const DocumentNode& auth = file.node(find_key(file, "auth"));
    CHECK(auth.text == encode("me:c0rrect-h0rse"));
    // The letters that hold the value: its first byte lies in two of them, its last too.
    const std::string quoted = "\"" + std::string(auth.text) + "\"";
    const size_t at = inner.find(quoted);
    const size_t first = at / 3 * 4 + at % 3, last = (at + quoted.size() - 1) / 3 * 4 + (at + quoted.size() - 1) % 3 + 2;
    std::string found = bytes_of(file, auth.span);
    found.erase(std::remove_if(found.begin(), found.end(), [](char c) { return c == '\n' || c == ' '; }), found.end());
    if (!is_wrapped) CHECK(found == letters.substr(first, last - first));
    else CHECK(found.find(letters.substr(first, last - first)) != std::string::npos);
    CHECK(auth.span.end - auth.span.begin < quoted.size() * 3 / 2 + 24);
  }
}

TEST_CASE("base64: alphabets, padding, what is none", "[doc][embed]") {
  const auto embeds = [](std::string_view value, std::string_view name) {
    const std::string text = "k: \"" + std::string(value) + "\"\n";
    ParsedFile file = parse_document(DocumentFormat::yaml, "", text);
    const size_t strings = file.strings.size(), nodes = file.nodes.size();
    const bool is_done = embed_document(file, find_key(file, "k"), name, EmbeddedCoding::base64, 0);
    if (!is_done) CHECK((file.strings.size() == strings && file.nodes.size() == nodes && file.embedded.empty()));
    return is_done ? std::string(file.nodes.back().text) : "-";
  };
  CHECK(embeds("YT0/Pj4=", "x.env") == "?>>");
  CHECK(embeds("YT0_Pj4", "x.env") == "?>>");
  CHECK(embeds("YT0/Pj4==", "x.env") == "-");
  CHECK(embeds("YT0/P", "x.env") == "-");
  CHECK(embeds("YT0/Pj4!", "x.env") == "-");
  CHECK(embeds("", "x.env") == "-");
  CHECK(embeds(encode(std::string("a=b\0", 4)), "x.env") == "-");
}

TEST_CASE("documents by their looks", "[doc][embed]") {
  const auto format_of = [](std::string_view value) {
    std::string quoted = "{\"k\": \"";
    for (const char c : value) quoted += c == '\n' ? "\\n" : c == '"' ? "\\\"" : std::string(1, c);
    quoted += "\"}";
    ParsedFile file = parse_document(DocumentFormat::json, "", quoted);
    if (!embed_document(file, find_key(file, "k"), "script.sh", EmbeddedCoding::none, 0)) return std::string("-");
    return std::string(name_of(file.embedded.at(0).format));
  };
  CHECK(format_of("{\"a\": 1}") == "json");
  CHECK(format_of(" [1, 2]") == "json");
  CHECK(format_of("a: 1\nb: 2\n") == "yaml");
  CHECK(format_of("[s]\na = 1\n") == "toml");
  CHECK(format_of("[s]\na = x y\n") == "ini");
  CHECK(format_of("a: 1\n") == "-");
  CHECK(format_of("echo a\nexport B=c\n") == "-");
  CHECK(format_of("{broken") == "-");
  CHECK(format_of("[]") == "-");
  CHECK(format_of("text") == "-");
}

TEST_CASE("several documents in one text", "[doc][embed]") {
  ParsedFile file = parse_document(DocumentFormat::yaml, "", "k: |\n  a: 1\n  ---\n  b: 2\n");
  const uint32_t node = find_key(file, "k");
  REQUIRE(embed_document(file, node, "x.yaml", EmbeddedCoding::none, 0));
  const DocumentNode& all = file.node(file.node(node).first);
  CHECK(all.type == NodeType::sequence);
  CHECK((all.flags & kRepeated) != 0);
  CHECK(source_of(file, "b") == "2");
  CHECK(dump(file) == "k = a: 1\\n---\\nb: 2\\n\nk|[0].a = 1\nk|[1].b = 2\n");
}

TEST_CASE("embedding within wide text", "[doc][embed][wide]") {
  std::string text = "\xFF\xFE";
  for (const char c : std::string_view("{\"k\": \"{\\\"p\\\": \\\"c0rrect\\\"}\"}")) text += {c, '\0'};
  ParsedFile file = parse_document(DocumentFormat::json, "", text);
  REQUIRE(embed_document(file, find_key(file, "k"), "", EmbeddedCoding::none, 0));
  const DocumentNode& p = file.node(find_key(file, "p"));
  std::string expected;
  for (const char c : std::string_view("\\\"c0rrect\\\"")) expected += {c, '\0'};
  CHECK(bytes_of(file, p.span) == expected);
}

TEST_CASE("limits of embedding", "[doc][embed]") {
  const std::string text = "k: |\n  a: 1\n  b: 2\n";
  for (uint32_t nodes = 2; nodes < 5; ++nodes) {
    ParsedFile file = parse_document(DocumentFormat::yaml, "", text);
    CHECK_FALSE(embed_document(file, find_key(file, "k"), "a.yaml", EmbeddedCoding::none, 0, {.nodes = nodes}));
    CHECK(file.nodes.size() == 2);
  }
  ParsedFile file = parse_document(DocumentFormat::yaml, "", text);
  CHECK_FALSE(embed_document(file, find_key(file, "k"), "a.yaml", EmbeddedCoding::none, kMaxEmbeddedDepth));
  CHECK_FALSE(embed_document(file, 0, "a.yaml", EmbeddedCoding::none, 0));
  CHECK_FALSE(embed_document(file, 99, "a.yaml", EmbeddedCoding::none, 0));
}

TEST_CASE("a template's block is read with its actions", "[doc][embed]") {
  const std::string text = "data:\n  app.yml: |\n    host: {{ .Values.host }}\n    pass: {{ .Values.x | default \"c0rrect\" }}\n    port: 80\n";
  ParsedFile file = parse_document(DocumentFormat::yaml, "c/templates/c.yaml", text);
  const uint32_t node = find_key(file, "app.yml");
  REQUIRE(embed_document(file, node, "app.yml", EmbeddedCoding::none, 0));
  const DocumentNode& pass = file.node(find_key(file, "pass"));
  CHECK(pass.type == NodeType::expression);
  CHECK(bytes_of(file, pass.span) == "{{ .Values.x | default \"c0rrect\" }}");
  CHECK(source_of(file, "port") == "80");
}

TEST_CASE("hostile embedding costs little", "[doc][embed][hostile]") {
  const auto repeated = [](std::string_view piece, size_t size) {
    std::string text;
    while (text.size() < size) text += piece;
    return text;
  };
  std::string deep = "{\\\"a\\\":";
  const std::vector<std::pair<DocumentFormat, std::string>> texts = {
      {DocumentFormat::yaml, repeated("- '{\"a\":[\"{}\"]}'\n", 65'536)},
      {DocumentFormat::yaml, repeated("- \"a: 1\\nb: 2\"\n", 65'536)},
      {DocumentFormat::yaml, "a: |\n" + repeated("  - \"a: '1'\\nb: '2'\"\n", 65'536)},
      {DocumentFormat::yaml, "a: \"" + repeated("k: 'x''y'\\n", 65'536) + "\"\n"},
      {DocumentFormat::yaml, "a: |\n" + repeated("  b:\n", 65'536)},
      {DocumentFormat::json, "{\"a\":\"" + repeated(deep, 65'536) + "\"}"},
      {DocumentFormat::json, "{\"a\":\"" + repeated("\\u005b", 65'536) + "\"}"},
      {DocumentFormat::yaml, "a: " + encode(repeated("k: 'a''b'\n", 49'000)) + "\n"},
      {DocumentFormat::yaml, "a: " + encode(encode(repeated("{\"k\":\"\\n\"},", 30'000))) + "\n"},
      {DocumentFormat::properties, repeated("a=\\\n", 65'536)},
      {DocumentFormat::xml, "<a>" + repeated("&#65;", 65'536) + "</a>"},
  };
  for (const auto& [format, text] : texts)
    for (const EmbeddedCoding coding : {EmbeddedCoding::none, EmbeddedCoding::base64}) {
      const auto begin = std::chrono::steady_clock::now();
      ParsedFile file = parse_document(format, "", text);
      uint32_t from = 0, done = 0;
      for (uint32_t depth = 0; depth < kMaxEmbeddedDepth; ++depth) {
        const auto to = static_cast<uint32_t>(file.nodes.size());
        for (uint32_t i = from; i < to; ++i)
          if (embed_document(file, i, coding == EmbeddedCoding::none ? "" : "x.yaml", coding, depth)) ++done;
        from = to;
      }
      const std::chrono::duration<double, std::milli> spent = std::chrono::steady_clock::now() - begin;
      INFO(text.substr(0, 40) << " " << done << " documents");
      CHECK(spent.count() < 1000);  // in practice some 20; other programs may be at work
      if (spent.count() > 60) WARN(text.substr(0, 40) << ": " << spent.count() << " ms, " << done << " documents");
    }
}
