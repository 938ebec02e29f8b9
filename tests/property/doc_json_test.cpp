// SPDX-License-Identifier: Apache-2.0
// JSON: what was written is read, by both readers, with spans that give each value again; broken texts break nothing.
#include "scanner/doc/json_text.h"
#include "scanner/doc/parse.h"
#include "tests/support/catch.h"
#include "tests/support/document_check.h"
#include "tests/support/document_dump.h"
#include "tests/support/document_maker.h"

namespace {

using namespace sealwarden;
using namespace sealwarden::testing;
using namespace std::string_view_literals;

// Writes a tree, strictly or as JSON5 lets it be written.
struct Writer {
  DocumentMaker& maker;
  bool is_loose;
  std::string out = {};

  size_t pick(size_t below) { return maker.pick(below); }

  void blank() {
    static constexpr std::string_view kBlanks[] = {"", "", " ", "\n", "\t", "\r\n  "};
    static constexpr std::string_view kComments[] = {"// \"x\n", "/* ] } */", "#,\n"};
    out += kBlanks[pick(std::size(kBlanks))];
    if (is_loose && pick(8) == 0) out += kComments[pick(std::size(kComments))];
  }

  void text(std::string_view letters) {
    const char quote = is_loose && pick(3) == 0 ? '\'' : '"';
    out += quote;
    for (const char c : letters) {
      if (c == quote || c == '\\') out.append("\\").push_back(c);
      else if (c == '\n') out += pick(2) == 0 ? "\\n" : "\\u000A";
      else if (c == '\t') out += "\\t";
      else if (c == 'z') out += is_loose ? "\\x7a" : "\\u007a";
      else out += c;
    }
    out += quote;
  }

  void value(const MadeValue& made) {
    if (made.type == NodeType::text) return text(made.text);
    if (made.type != NodeType::map && made.type != NodeType::sequence) {
      out += made.text;
      return;
    }
    out += made.type == NodeType::map ? '{' : '[';
    for (size_t i = 0; i < made.children.size(); ++i) {
      if (i > 0) out += ',';
      blank();
      if (made.type == NodeType::map) {
        if (is_loose && pick(2) == 0) out += made.children[i].first;
        else text(made.children[i].first);
        blank();
        out += ':';
        blank();
      }
      value(made.children[i].second);
      blank();
    }
    if (is_loose && !made.children.empty() && pick(3) == 0) out += ',';
    blank();
    out += made.type == NodeType::map ? '}' : ']';
  }
};

ParsedFile parse(const std::string& bytes, bool tolerantly = false) {
  ParsedFile file{.format = DocumentFormat::json, .bytes = bytes};
  tolerantly ? parse_json_tolerantly(file, {}) : parse_json(file, {});
  return file;
}

// Each value alone is the value, each key the key.
std::string span_fault(const ParsedFile& file) {
  for (const DocumentNode& node : file.nodes) {
    const std::string value(file.bytes.substr(node.span.begin, node.span.end - node.span.begin));
    const std::string key(file.bytes.substr(node.key_span.begin, node.key_span.end - node.key_span.begin));
    const ParsedFile alone = parse(value);
    if (alone.nodes.empty() || alone.node(0).type != node.type || alone.node(0).text != node.text) return value;
    if (alone.documents.size() != 1 || alone.documents[0].span != Span{0, static_cast<uint32_t>(value.size())}) return value;
    if (!key.empty() && key != node.key && parse(key).node(0).text != node.key) return key;
  }
  return "";
}

}  // namespace

TEST_CASE("JSON that was written is read", "[json]") {
  std::mt19937 random(20261121);
  DocumentMaker maker{random};
  for (int i = 0; i < 600; ++i) {
    const bool is_loose = i % 2 == 1;
    Writer writer{maker, is_loose};
    std::vector<MadeValue> made;
    for (size_t documents = 1 + maker.pick(3); documents > 0; --documents) {
      made.push_back(maker.value(4));
      writer.value(made.back());
      writer.out += "\n";
    }
    INFO(i << " " << writer.out);
    const ParsedFile file = parse(writer.out);
    REQUIRE(fault_of(file) == "");
    REQUIRE(dump_problems(file) == "");
    REQUIRE(file.documents.size() == made.size());
    for (size_t j = 0; j < made.size(); ++j) REQUIRE(difference(file, file.documents[j].root, made[j]) == "");
    REQUIRE(span_fault(file) == "");
    const DumpOptions all{.types = true, .flags = true, .spans = true};
    REQUIRE(dump(file, all) == dump(parse(writer.out, true), all));
  }
}

TEST_CASE("broken JSON breaks nothing", "[json]") {
  std::mt19937 random(20261122);
  DocumentMaker maker{random};
  static constexpr std::string_view kMarks = "{}[]:,\"'\\/*#\n\r \xFF\0u1-."sv;
  for (int i = 0; i < 3000; ++i) {
    Writer writer{maker, i % 2 == 1};
    writer.value(maker.value(4));
    std::string& text = writer.out;
    for (size_t changes = 1 + maker.pick(3); changes > 0 && !text.empty(); --changes) {
      const size_t at = maker.pick(text.size());
      if (maker.pick(3) == 0) text.erase(at, 1 + maker.pick(3));
      else text[at] = kMarks[maker.pick(kMarks.size())];
    }
    INFO(i << " " << text);
    const ParsedFile file = parse(text);
    REQUIRE(fault_of(file) == "");
    // What the strict reader takes is the same to the other one.
    const ParsedFile slow = parse(text, true);
    REQUIRE(dump(file) == dump(slow));
    REQUIRE(dump_problems(file) == dump_problems(slow));
  }
}
