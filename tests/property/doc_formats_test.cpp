// SPDX-License-Identifier: Apache-2.0
// The same configuration in several formats gives the same keys and texts.
#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "scanner/base/ascii.h"
#include "scanner/doc/embed.h"
#include "scanner/doc/parse.h"
#include "scanner/doc/scalar_origin.h"
#include "tests/support/catch.h"
#include "tests/support/configuration_writer.h"
#include "tests/support/document_check.h"
#include "tests/support/document_dump.h"

using namespace sealwarden;
using namespace sealwarden::testing;

namespace {

std::string make_key(Random& random, size_t place) {
  static const std::vector<std::string> kWords = {"name", "port", "db", "Pass-word", "url_x", "a1", "spring", "LEVEL"};
  return kWords[below(random, 8)] + std::to_string(place);
}

std::string make_text(Random& random, bool is_plain) {
  static const std::vector<std::string> kParts = {"a", "Z9", "-", "_", "/", ".", "b c", "@", "x=y", "#", "\"", "'", "\\", "\n", "\t", "\xC3\xA9",
                                                  "\xF0\x9F\x98\x80", ":", "<", "&", "|", ";", "!", "%"};
  std::string text;
  const uint32_t parts = below(random, 6);
  for (uint32_t i = 0; i < parts; ++i) text += kParts[below(random, is_plain ? 6 : static_cast<uint32_t>(kParts.size()))];
  return text;
}

Value make_scalar(Random& random) {
  switch (below(random, 6)) {
    case 0: return {Value::Kind::bare, std::to_string(below(random, 100000)), {}};
    case 1: return {Value::Kind::bare, below(random, 2) == 0 ? "true" : "false", {}};
    default: return {Value::Kind::text, make_text(random, below(random, 2) == 0), {}};
  }
}

Value make_map(Random& random, uint32_t depth, bool with_lists) {
  Value map{Value::Kind::map, {}, {}};
  const uint32_t count = 1 + below(random, 4);
  for (uint32_t i = 0; i < count; ++i) {
    const uint32_t choice = below(random, 4);
    Value value = choice == 0 && depth > 0 ? make_map(random, depth - 1, with_lists) : make_scalar(random);
    if (choice == 1 && with_lists) {
      value = {Value::Kind::list, {}, {}};
      const uint32_t items = 2 + below(random, 3);  // one item is no list in XML
      for (uint32_t item = 0; item < items; ++item) value.entries.emplace_back("", make_scalar(random));
    }
    map.entries.emplace_back(make_key(random, i), std::move(value));
  }
  return map;
}

// --- what the trees must be ---

void expect(const Value& value, const std::string& path, std::string& out) {
  if (value.kind == Value::Kind::text || value.kind == Value::Kind::bare) out += path + " = " + escaped_text(value.text) + "\n";
  for (size_t i = 0; i < value.entries.size(); ++i)
    expect(value.entries[i].second,
           value.kind == Value::Kind::list ? path + "[" + std::to_string(i) + "]" : path + (path.empty() ? "" : ".") + value.entries[i].first, out);
}

// --- what was read ---

std::string read(DocumentFormat format, const std::string& text) {
  const ParsedFile file = parse_document(format, "", text);
  std::string fault = fault_of(file, {}, false);
  if (!fault.empty()) return fault;
  for (uint32_t i = 0; i < file.nodes.size(); ++i) {  // each text can be followed to its bytes, in as many of them as it has
    const DocumentNode& node = file.node(i);
    if (node.type != NodeType::text) continue;
    const TextOrigin origin = text_origin(file, i);
    if (origin.back().text != node.text.size()) return "an origin that does not reach the end of: " + std::string(node.text);
    for (size_t piece = 0; piece + 1 < origin.size(); ++piece) {
      const Span from = origin[piece].from;
      if (from.begin < node.span.begin || from.end > node.span.end) return "an origin outside of the span of: " + std::string(node.text);
      if (origin[piece].kind == OriginPiece::Kind::same &&
          file.bytes.substr(from.begin, from.end - from.begin) != node.text.substr(origin[piece].text, origin[piece + 1].text - origin[piece].text))
        return "wrong bytes for: " + std::string(node.text);
      if (origin[piece].kind == OriginPiece::Kind::whole && from.end - from.begin > 12) return "nothing was followed of: " + std::string(node.text);
    }
  }
  return dump(file) + dump_problems(file);
}

std::string sorted(const std::string& text) {
  std::vector<std::string> lines;
  for (size_t at = 0; at < text.size();) {
    const size_t end = text.find('\n', at);
    lines.push_back(text.substr(at, end - at + 1));
    at = end + 1;
  }
  std::sort(lines.begin(), lines.end());
  std::string out;
  for (const std::string& line : lines) out += line;
  return out;
}

}  // namespace

TEST_CASE("a configuration has the same tree in all formats", "[doc][property]") {
  const uint32_t seed = GENERATE(range(0U, 400U));
  Random random(seed);
  Value tree = make_map(random, 3, seed % 2 == 0);
  trim_texts(tree);
  std::string expected;
  expect(tree, "", expected);
  INFO("seed " << seed);
  const auto check = [&](DocumentFormat format, const std::string& text) {
    INFO(name_of(format) << ":\n" << text);
    CHECK(sorted(read(format, text)) == sorted(expected));
  };
  std::string text;
  yaml(random, tree, 0, text);
  check(DocumentFormat::yaml, text);
  check(DocumentFormat::json, json(random, tree));
  check(DocumentFormat::yaml, json(random, tree));
  text.clear();
  toml(random, tree, "", text);
  check(DocumentFormat::toml, text);
  text.clear();
  properties(random, tree, "", text);
  check(DocumentFormat::properties, text);
  text = "<?xml version=\"1.0\"?>\n";
  xml(random, tree, "root", text);
  check(DocumentFormat::xml, text);
  text.clear();
  hcl(random, tree, 0, text);
  check(DocumentFormat::hcl, text);
}

TEST_CASE("one level of a configuration in dotenv", "[doc][property]") {
  const uint32_t seed = GENERATE(range(0U, 200U));
  Random random(seed);
  const Value tree = make_map(random, 0, false);
  std::string expected;
  expect(tree, "", expected);
  const std::string text = dotenv(random, tree);
  INFO(seed << ":\n" << text);
  CHECK(read(DocumentFormat::dotenv, text) == expected);
}

// A configuration within a text of another one, in three layers: each value is found again in the bytes of the file.
TEST_CASE("configurations within configurations", "[doc][embed][property]") {
  const uint32_t seed = GENERATE(range(0U, 200U));
  Random random(seed);
  const std::string leaf = "c0rrect-" + std::to_string(seed);
  std::string text = "first: 1\nleaf: " + leaf + "\n";
  std::vector<std::string_view> names = {"x.yaml"};
  for (int layer = 0; layer < 3; ++layer) {
    const Value inner{Value::Kind::text, text, {}};
    const bool is_json = below(random, 2) == 0;
    std::string outer;
    if (is_json) outer = json(random, {Value::Kind::map, {}, {{"inner", inner}}});
    else yaml(random, {Value::Kind::map, {}, {{"before", {Value::Kind::bare, "1", {}}}, {"inner", inner}}}, 0, outer);
    names.push_back(is_json ? "x.json" : "x.yaml");
    text = outer;
  }
  ParsedFile file = parse_document(*document_format(names.back()), "", text);
  uint32_t node = file.documents.at(0).root;
  for (uint32_t depth = 0; depth < 3; ++depth) {
    node = file.child(node, "inner");
    REQUIRE(node != kNoDocumentNode);
    INFO(seed << ":\n" << text);
    REQUIRE(embed_document(file, node, names[2 - depth], EmbeddedCoding::none, depth));
    node = file.node(node).first;
  }
  const DocumentNode& found = file.node(file.child(node, "leaf"));
  INFO(seed << ":\n" << text);
  CHECK(found.text == leaf);
  const std::string_view bytes = file.bytes.substr(found.span.begin, found.span.end - found.span.begin);
  if (bytes.find('\\') == std::string_view::npos) CHECK(bytes == leaf);
  CHECK(bytes.size() <= leaf.size() * 48);
}
