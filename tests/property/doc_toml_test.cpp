// SPDX-License-Identifier: Apache-2.0
// TOML: what was written is read, with spans that give each value again; what toml++ takes, we take for the same; broken texts
// break nothing.
#include "rules/toml_value.h"
#include "scanner/doc/parse.h"
#include "tests/support/catch.h"
#include "tests/support/document_check.h"
#include "tests/support/document_dump.h"
#include "tests/support/document_maker.h"
#include "tests/support/toml_oracle.h"

namespace {

using namespace sealwarden;
using namespace sealwarden::testing;
using namespace std::string_view_literals;

struct Writer {
  DocumentMaker& maker;
  std::string out = {};

  size_t pick(size_t below) { return maker.pick(below); }
  void blank() { out += std::string(pick(3), pick(4) == 0 ? '\t' : ' '); }
  void line_end() {
    blank();
    if (pick(6) == 0) out += "# \"note' [x]";
    out += pick(4) == 0 ? "\r\n" : "\n";
    if (pick(6) == 0) out += "\n";
  }

  void text(const std::string& letters) {
    if (letters.find('\'') == std::string::npos && letters.find('\n') == std::string::npos && pick(2) == 0) {
      out += "'" + letters + "'";
      return;
    }
    const bool is_block = pick(3) == 0;
    out += is_block ? "\"\"\"\n" : "\"";
    const bool has_blank = letters.empty() || letters[0] == ' ' || letters[0] == '\t' || letters[0] == '\n';
    if (is_block && !has_blank && pick(2) == 0) out += "\\ \n\t";
    for (const char c : letters) {
      if (c == '"' || c == '\\') out.append("\\").push_back(c);
      else if (c == '\n') out += is_block && pick(2) == 0 && !out.ends_with('\\') ? "\n" : "\\n";
      else if (c == 'z') out += "\\u007A";
      else out += c;
    }
    out += is_block ? "\"\"\"" : "\"";
  }

  void key(const std::string& name) {
    if (pick(3) == 0) text_key(name);
    else out += name;
  }
  void text_key(const std::string& name) { out += pick(2) == 0 ? "'" + name + "'" : "\"" + name + "\""; }

  void inline_value(const MadeValue& made) {
    if (made.type == NodeType::text) return text(made.text);
    if (made.type != NodeType::map && made.type != NodeType::sequence) {
      out += made.text;
      return;
    }
    const bool is_map = made.type == NodeType::map;
    out += is_map ? "{" : "[";
    for (size_t i = 0; i < made.children.size(); ++i) {
      if (i > 0) out += ",";
      blank();
      if (is_map) {
        key(made.children[i].first);
        out += " = ";
      } else if (pick(5) == 0) {
        line_end();
      }
      inline_value(made.children[i].second);
      blank();
    }
    if (!is_map && !made.children.empty() && pick(4) == 0) out += ",";
    out += is_map ? "}" : "]";
  }

  static bool is_array_of_tables(const MadeValue& made) {
    if (made.type != NodeType::sequence || made.children.empty()) return false;
    for (const auto& [key, value] : made.children)
      if (value.type != NodeType::map) return false;
    return true;
  }

  // Entries first, then tables under their headers.
  void table(const MadeValue& made, const std::string& path) {
    std::vector<const std::pair<std::string, MadeValue>*> later;
    for (const auto& entry : made.children) {
      const MadeValue& value = entry.second;
      if ((value.type == NodeType::map || is_array_of_tables(value)) && pick(4) != 0) {
        later.push_back(&entry);
        continue;
      }
      blank();
      key(entry.first);
      if (value.type == NodeType::map && value.children.size() == 1 && pick(2) == 0) {
        out += " . ";
        key(value.children[0].first);
        out += "=";
        inline_value(value.children[0].second);
      } else {
        out += " = ";
        inline_value(value);
      }
      line_end();
    }
    for (const auto* entry : later) {
      const std::string below = path.empty() ? entry->first : path + "." + entry->first;
      if (entry->second.type == NodeType::map) {
        out += "[" + below + "]";
        line_end();
        table(entry->second, below);
      } else {
        for (const auto& [none, item] : entry->second.children) {
          out += "[[" + below + "]]";
          line_end();
          table(item, below);
        }
      }
    }
  }
};

ParsedFile parse(const std::string& bytes) {
  ParsedFile file{.format = DocumentFormat::toml, .bytes = bytes};
  parse_toml_document(file, {});
  return file;
}

// Each scalar alone is the scalar.
std::string span_fault(const ParsedFile& file) {
  for (const DocumentNode& node : file.nodes) {
    if (node.type == NodeType::map || node.type == NodeType::sequence) continue;
    const std::string value = "x=" + std::string(file.bytes.substr(node.span.begin, node.span.end - node.span.begin));
    const ParsedFile alone = parse(value);
    if (alone.nodes.size() != 2 || alone.node(1).type != node.type || alone.node(1).text != node.text) return value;
    if (alone.node(1).span != Span{2, static_cast<uint32_t>(value.size())}) return value;
    const std::string key(file.bytes.substr(node.key_span.begin, node.key_span.end - node.key_span.begin));
    if (!key.empty() && parse(key + "=1").node(1).key != node.key) return key;
  }
  return "";
}

}  // namespace

TEST_CASE("TOML that was written is read", "[toml]") {
  std::mt19937 random(20261121);
  DocumentMaker maker{random};
  maker.with_null = false;
  for (int i = 0; i < 600; ++i) {
    const MadeValue made = maker.map(4);
    Writer writer{maker};
    writer.table(made, "");
    INFO(i << " " << writer.out);
    const ParsedFile file = parse(writer.out);
    REQUIRE(fault_of(file) == "");
    REQUIRE(dump_problems(file) == "");
    REQUIRE(difference(file, 0, made) == "");
    REQUIRE(span_fault(file) == "");
    REQUIRE(toml_difference(file) == "");
  }
}

TEST_CASE("broken TOML breaks nothing, and what toml++ takes is the same to us", "[toml]") {
  std::mt19937 random(20261122);
  DocumentMaker maker{random};
  maker.with_null = false;
  static constexpr std::string_view kMarks = "{}[]:,\"'\\=.#\n\r \xFF\0u1-_"sv;
  unsigned taken = 0;
  for (int i = 0; i < 4000; ++i) {
    Writer writer{maker};
    writer.table(maker.map(3), "");
    std::string& text = writer.out;
    for (size_t changes = 1 + maker.pick(3); changes > 0 && !text.empty(); --changes) {
      const size_t at = maker.pick(text.size());
      if (maker.pick(3) == 0) text.erase(at, 1 + maker.pick(3));
      else text[at] = kMarks[maker.pick(kMarks.size())];
    }
    INFO(i << " " << text);
    const ParsedFile file = parse(text);
    REQUIRE(fault_of(file) == "");
    const std::string difference = toml_difference(file);
    taken += difference.empty() ? 1 : 0;
    REQUIRE((difference.empty() || difference == "(no TOML)"));
  }
  CHECK(taken > 400);
}
