// SPDX-License-Identifier: Apache-2.0
// XML: what was written is read, with spans that give each value again; broken texts break nothing.
#include <algorithm>

#include "scanner/doc/parse.h"
#include "tests/support/catch.h"
#include "tests/support/document_check.h"
#include "tests/support/document_dump.h"
#include "tests/support/document_maker.h"

namespace {

using namespace sealwarden;
using namespace sealwarden::testing;
using namespace std::string_view_literals;

// Trees that XML can say: texts without blanks around them, maps that are not empty, sequences of at least two.
struct XmlMaker {
  DocumentMaker& maker;

  MadeValue text() {
    std::string made = maker.text(10);
    const size_t first = std::min(made.find_first_not_of(" \t\n"), made.size());
    return {NodeType::text, made.substr(first, made.find_last_not_of(" \t\n") + 1 - first), {}};
  }
  MadeValue map(unsigned depth) {
    MadeValue made;
    for (size_t i = 1 + maker.pick(4); i > 0; --i) {
      std::string key = maker.key(made);
      MadeValue value{NodeType::sequence, "", {}};
      if (maker.pick(3) == 0) {
        for (size_t items = 2 + maker.pick(3); items > 0; --items) value.children.emplace_back("", element(depth));
      } else {
        value = element(depth);
      }
      made.children.emplace_back(std::move(key), std::move(value));
    }
    if (maker.pick(4) == 0) made.children.emplace_back("#text", MadeValue{NodeType::text, "x" + text().text, {}});
    return made;
  }
  MadeValue element(unsigned depth) { return depth == 0 || maker.pick(2) == 0 ? text() : map(depth - 1); }
};

struct Writer {
  DocumentMaker& maker;
  std::string out = {};

  size_t pick(size_t below) { return maker.pick(below); }
  void blank() { out += std::string(pick(3), pick(2) == 0 ? '\n' : ' '); }

  void text(const std::string& letters, bool is_attribute, char quote) {
    const bool has_section = letters.find("]]") == std::string::npos && !letters.ends_with(']');
    if (!is_attribute && has_section && pick(4) == 0) {
      out += "<![CDATA[" + letters + "]]>";
      return;
    }
    for (const char c : letters) {
      if (c == '<') out += "&lt;";
      else if (c == '&') out += pick(2) == 0 ? "&amp;" : "&#x26;";
      else if (c == ']') out += "&#93;";
      else if (c == quote) out += "&#" + std::to_string(c) + ";";
      else if (is_attribute && (c == '\n' || c == '\t')) out += c == '\n' ? "&#10;" : "&#9;";
      else out += c;
    }
  }

  void element(const std::string& name, const MadeValue& made) {
    const std::string tag = (pick(4) == 0 ? "ns:" : "") + name;
    out += "<" + tag;
    if (made.type == NodeType::text) {
      if (made.text.empty() && pick(2) == 0) {
        out += "/>";
        return;
      }
      out += ">";
      blank();
      text(made.text, false, 0);
    } else {
      const bool has_elements = write_attributes(made);
      if (!has_elements) {
        out += "/>";
        return;
      }
      out += ">";
      for (const auto& [key, value] : made.children)
        if (written_.find("|" + key + "|") == std::string::npos) below(key, value);
    }
    blank();
    out += "</" + tag + " >";
  }

  void below(const std::string& key, const MadeValue& value) {
    const std::string kept = written_;
    blank();
    if (pick(6) == 0) out += "<!-- <x> -->";
    if (key == "#text") text(value.text, false, 0);
    else if (value.type == NodeType::sequence)
      for (const auto& [none, item] : value.children) element(key, item);
    else element(key, value);
    written_ = kept;
  }

  // Some texts become attributes, noted in `written_`. False: all became one.
  bool write_attributes(const MadeValue& made) {
    written_.clear();
    std::string names;
    size_t count = 0;
    for (const auto& [key, value] : made.children) {
      if (value.type != NodeType::text || key == "#text" || pick(2) == 0) continue;
      const char quote = pick(2) == 0 ? '"' : '\'';
      out += (pick(2) == 0 ? " " : "\n\t") + key + (pick(3) == 0 ? " = " : "=");
      out += quote;
      text(value.text, true, quote);
      out += quote;
      names += "|" + key + "|";
      ++count;
    }
    written_ = names;
    return count < made.children.size();
  }

  std::string written_ = {};
};

ParsedFile parse(const std::string& bytes) {
  ParsedFile file{.format = DocumentFormat::xml, .bytes = bytes};
  parse_xml(file, {});
  return file;
}

// Each text within an element, or as an attribute, alone is the text; each key is where its span says.
std::string span_fault(const ParsedFile& file) {
  for (const DocumentNode& node : file.nodes) {
    const Bytes source = file.bytes.substr(node.span.begin, node.span.end - node.span.begin);
    const Bytes key = file.bytes.substr(node.key_span.begin, node.key_span.end - node.key_span.begin);
    if (!node.key.empty() && node.key != "#text" && key != node.key) return std::string(key);
    if (node.type != NodeType::text) continue;
    const bool is_attribute = (node.flags & kQuoted) != 0;
    std::string value = is_attribute ? "<r x=" + std::string(source) + "/>" : "<r>" + std::string(source) + "</r>";
    // Of a CDATA section, the span may begin or end within it.
    if (source.find("]]>") != Bytes::npos || source.find("<!") != Bytes::npos) continue;
    if (!is_attribute && source == node.text) continue;
    const ParsedFile alone = parse(value);
    if (alone.nodes.size() != 2 || alone.node(1).text != node.text) return value;
  }
  return "";
}

}  // namespace

TEST_CASE("XML that was written is read", "[xml]") {
  std::mt19937 random(20261121);
  DocumentMaker maker{random};
  for (int i = 0; i < 600; ++i) {
    const MadeValue made = XmlMaker{maker}.map(4);
    Writer writer{maker};
    if (i % 3 == 0) writer.out = "\xEF\xBB\xBF<?xml version=\"1.0\"?>\n<!DOCTYPE r [<!ENTITY e 'x'>]>\n";
    writer.element("r", made);
    INFO(i << " " << writer.out);
    const ParsedFile file = parse(writer.out);
    REQUIRE(fault_of(file) == "");
    REQUIRE(dump_problems(file) == "");
    REQUIRE(difference(file, 0, made) == "");
    REQUIRE(span_fault(file) == "");
  }
}

TEST_CASE("broken XML breaks nothing", "[xml]") {
  std::mt19937 random(20261122);
  DocumentMaker maker{random};
  static constexpr std::string_view kMarks = "<>/&;!-[]=\"'?#\n\r \xFF\0x"sv;
  for (int i = 0; i < 3000; ++i) {
    Writer writer{maker};
    if (i % 3 == 0) writer.out = "<!DOCTYPE r [<!ENTITY e '<b>&#38;x</b>'>]>\n";
    writer.element("r", XmlMaker{maker}.map(3));
    std::string& text = writer.out;
    for (size_t changes = 1 + maker.pick(3); changes > 0 && !text.empty(); --changes) {
      const size_t at = maker.pick(text.size());
      if (maker.pick(3) == 0) text.erase(at, 1 + maker.pick(3));
      else if (maker.pick(4) == 0) text.insert(at, "&e;");
      else text[at] = kMarks[maker.pick(kMarks.size())];
    }
    INFO(i << " " << text);
    REQUIRE(fault_of(parse(text)) == "");
  }
}
