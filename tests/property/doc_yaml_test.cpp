// SPDX-License-Identifier: Apache-2.0
// One logical tree written in many ways is read as one tree; positions are those of the bytes; masking changes neither.
#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "scanner/doc/parse.h"
#include "scanner/doc/template_mask.h"
#include "tests/support/catch.h"
#include "tests/support/document_dump.h"

namespace {

using namespace sealwarden;
using sealwarden::testing::dump;

struct Tree {
  NodeType type = NodeType::text;
  std::string key, text;
  std::vector<Tree> children;
};

class Random {
 public:
  explicit Random(unsigned seed) : engine_(seed) {}
  size_t below(size_t end) { return engine_() % end; }
  bool one_in(size_t times) { return below(times) == 0; }

 private:
  std::mt19937 engine_;
};

std::string random_text(Random& random) {
  static constexpr std::string_view kTexts[] = {"abc", "two words", "c0rrect-h0rse-9battery", "it's", "say \"hi\"", "a: b", "x # y", "#z",
                                                "- item", "{{ not }}", "[1, 2]", "{a}", "5", "true", "~", "*star", "&and", "!bang", "%percent",
                                                "@at", "a,b", "key:", "?", ":", "-", "\xc3\xa4\xe2\x82\xac\xf0\x9f\x94\x91", "back\\slash", " led",
                                                "trailed ", "QuQ", "a\nb", "one\n\ntwo", "tab\tbed", "", "http://host:80/a#b", "k=v;"};
  return std::string(kTexts[random.below(std::size(kTexts))]);
}

Tree random_tree(Random& random, size_t depth) {
  Tree tree;
  const size_t kind = depth == 0 ? 2 : random.below(4);
  if (kind >= 2) {
    tree.text = random_text(random);
    return tree;
  }
  tree.type = kind == 0 ? NodeType::map : NodeType::sequence;
  const size_t children = random.below(5);
  for (size_t i = 0; i < children; ++i) {
    tree.children.push_back(random_tree(random, depth - 1));
    if (kind == 0) {
      std::string key = random_text(random);
      for (char& c : key)
        if (c == '\n') c = '_';
      tree.children.back().key = std::to_string(i) + key;
    }
  }
  return tree;
}

void expect(const Tree& tree, const std::string& path, std::string& out) {
  if (tree.children.empty()) {
    const std::string text = tree.type == NodeType::map ? "{}" : tree.type == NodeType::sequence ? "[]" : tree.text;
    out.append(path).append(" = ").append(sealwarden::testing::escaped_text(text)).append("\n");
  }
  for (size_t i = 0; i < tree.children.size(); ++i) {
    const Tree& child = tree.children[i];
    const std::string step = tree.type == NodeType::sequence ? "[" + std::to_string(i) + "]"
                                                             : (path.empty() ? "" : ".") + sealwarden::testing::escaped_text(child.key);
    expect(child, path + step, out);
  }
}

// Writes a tree, each node in a style of its own.
class Writer {
 public:
  Writer(Random& random, bool block_texts) : random_(random), block_texts_(block_texts), step_(1 + random.below(4)) {}

  std::string write(const Tree& tree) {
    after_block_text_ = false;
    out_ = random_.one_in(3) ? "# head: [\n" : "";
    if (tree.type == NodeType::text || tree.children.empty() || random_.one_in(6)) {
      flow(tree, false);
      out_ += "\n";
    } else {
      block(tree, 0);
    }
    return out_;
  }

 private:
  static bool can_be_plain(std::string_view text, bool in_flow) {
    static constexpr std::string_view kNeverFirst = "-?:,[]{}#&*!|>'\"%@` \t";
    if (text.empty() || kNeverFirst.find(text.front()) != text.npos || text.back() == ' ' || text.back() == ':') return false;
    if (text.find(": ") != text.npos || text.find(" #") != text.npos || text.find_first_of("\n\t") != text.npos) return false;
    return text != "~" && (!in_flow || text.find_first_of(",[]{}") == text.npos);
  }

  void scalar(std::string_view text, bool in_flow) {
    const bool single = text.find_first_of("\n\t") == text.npos;
    const size_t style = random_.below(3);
    if (style == 0 && can_be_plain(text, in_flow)) {
      out_ += text;
    } else if (style == 1 && single) {
      out_ += '\'';
      for (const char c : text) out_.append(c == '\'' ? 2 : 1, c);
      out_ += '\'';
    } else {
      out_ += '"';
      for (const char c : text) {
        if (c == '\n') out_ += "\\n";
        else if (c == '\t') out_ += random_.one_in(2) ? "\\t" : "\\x09";
        else if (c == '"' || c == '\\') (out_ += '\\') += c;
        else if (c == 'Q' && random_.one_in(2)) out_ += "\\u0051";
        else out_ += c;
      }
      out_ += '"';
    }
  }

  void flow(const Tree& tree, bool in_flow) {
    if (tree.type == NodeType::text) return scalar(tree.text, in_flow);
    const bool map = tree.type == NodeType::map;
    out_ += map ? "{" : "[";
    for (size_t i = 0; i < tree.children.size(); ++i) {
      if (i > 0) out_ += random_.one_in(2) ? ", " : ",\n         ";
      if (map) {
        scalar(tree.children[i].key, true);
        out_ += ": ";
      }
      flow(tree.children[i], true);
    }
    out_ += map ? "}" : "]";
  }

  // A text as lines below `|`, where they say it exactly.
  bool block_text(const Tree& tree, size_t indent) {
    if (!block_texts_ || tree.text.empty() || tree.text.front() == ' ' || tree.text.find_first_not_of("\n\t ") == std::string::npos) return false;
    out_ += " |-\n";
    const std::string blanks(indent + step_, ' ');
    for (size_t at = 0; at <= tree.text.size();) {
      const size_t end = std::min(tree.text.find('\n', at), tree.text.size());
      if (end > at) out_.append(blanks).append(tree.text, at, end - at);
      out_ += "\n";
      at = end + 1;
    }
    after_block_text_ = true;
    return true;
  }

  void end_line() {
    after_block_text_ = false;
    out_ += random_.one_in(8) ? " # a: 'comment\n" : "\n";
  }

  void block(const Tree& tree, size_t indent) {
    for (const Tree& child : tree.children) {
      if (random_.one_in(12)) out_ += random_.one_in(2) ? "\n" : after_block_text_ ? "# - comment: {\n" : "      # - comment: {\n";
      out_.append(indent, ' ');
      if (tree.type == NodeType::map) {
        scalar(child.key, false);
        out_ += ":";
      } else {
        out_ += "-";
      }
      value(child, indent, tree.type == NodeType::map);
    }
  }

  void value(const Tree& tree, size_t indent, bool of_map) {
    if (tree.type == NodeType::text && random_.one_in(3) && block_text(tree, indent)) return;
    if (tree.type == NodeType::text || tree.children.empty() || random_.one_in(4)) {
      out_ += " ";
      flow(tree, false);
      return end_line();
    }
    end_line();
    const bool flush = of_map && tree.type == NodeType::sequence && random_.one_in(2);
    block(tree, flush ? indent : indent + step_);
  }

  Random& random_;
  bool block_texts_;
  bool after_block_text_ = false;
  size_t step_;
  std::string out_;
};

ParsedFile parse(std::string_view text, std::string_view path) {
  ParsedFile file;
  file.bytes = text;
  parse_yaml(path, file, {});
  return file;
}

// Spans lie in those of their parents, in order, and are the texts where nothing had to be decoded.
void check_positions(const ParsedFile& file) {
  for (const DocumentNode& node : file.nodes) {
    REQUIRE(node.span.begin <= node.span.end);
    REQUIRE(node.span.end <= file.bytes.size());
    if (node.parent != kNoDocumentNode) {
      const DocumentNode& parent = file.node(node.parent);
      REQUIRE(parent.span.begin <= (parent.type == NodeType::map ? node.key_span.begin : node.span.begin));
      REQUIRE(parent.span.end >= node.span.end);
    }
    if (node.type == NodeType::map || node.type == NodeType::sequence || (node.flags & kBlock) != 0) continue;
    const std::string_view source = file.bytes.substr(node.span.begin, node.span.end - node.span.begin);
    if ((node.flags & kQuoted) == 0) REQUIRE(source == node.text);
    else if (source.find_first_of("\\\n") == source.npos && source.find("''") == source.npos) REQUIRE(source.substr(1, source.size() - 2) == node.text);
  }
}

TEST_CASE("a tree written as YAML in any style is that tree", "[yaml][property]") {
  for (unsigned seed = 0; seed < 3000; ++seed) {
    Random random(seed);
    const Tree tree = random_tree(random, 4);
    std::string expected;
    expect(tree, "", expected);
    std::string text = Writer(random, true).write(tree);
    if (random.one_in(4)) text = "\xef\xbb\xbf" + text;
    if (random.one_in(4)) {
      std::string windows;
      for (const char c : text) windows.append(c == '\n' ? "\r\n" : std::string(1, c));
      text = windows;
    }
    INFO("seed " << seed << "\n" << text);
    const ParsedFile file = parse(text, "a.yaml");
    REQUIRE(sealwarden::testing::dump_problems(file).empty());
    REQUIRE(dump(file) == expected);
    check_positions(file);
  }
}

TEST_CASE("lines of actions between the lines of YAML change no text and no position", "[yaml][template][property]") {
  for (unsigned seed = 0; seed < 1000; ++seed) {
    Random random(seed);
    Tree tree = random_tree(random, 4);
    std::string expected;
    expect(tree, "", expected);
    std::string plain = Writer(random, false).write(tree), text = "{{- if .a }}\n";
    if (plain.find("{{") != plain.npos) continue;  // its texts would be actions
    static constexpr std::string_view kLines[] = {"{{- if .b }}\n", "   {{ end }}\n", "{{/* a: [ */}}\n", "{{ $c :=\n 1 }}\n"};
    for (size_t at = 0; at < plain.size();) {
      const size_t end = plain.find('\n', at) + 1;
      if (random.one_in(3)) text += kLines[random.below(std::size(kLines))];
      text.append(plain, at, end - at);
      at = end;
    }
    INFO("seed " << seed << "\n" << text);
    const ParsedFile file = parse(text, "templates/a.yaml");
    REQUIRE(sealwarden::testing::dump_problems(file).empty());
    REQUIRE(dump(file) == expected);
    REQUIRE(file.documents[0].state == DocumentState::masked);
    check_positions(file);
  }
}

TEST_CASE("masking keeps the length and the line breaks of any text", "[template][property]") {
  static constexpr std::string_view kParts[] = {"{{", "}}", "{{-", "-}}", "\"", "'", "`", "\\", "\n", "\r\n", " ", "a: ", "|", "/*", "*/", "{%",
                                                "%}", "{#", "#}", "<%", "%>", "$", "if ", "end", "nindent 4", "toYaml", "x", "# "};
  for (unsigned seed = 0; seed < 20000; ++seed) {
    Random random(seed);
    std::string text;
    for (size_t parts = random.below(40); parts > 0; --parts) text += kParts[random.below(std::size(kParts))];
    const MaskedTemplate masked = mask_template(text);
    if (masked.actions.empty()) continue;
    INFO("seed " << seed << "\n" << text);
    REQUIRE(masked.text.size() == text.size());
    uint32_t before = 0;
    for (const TemplateAction& action : masked.actions) {
      REQUIRE(action.span.begin >= before);
      REQUIRE(action.span.end >= action.span.begin + 4);
      before = action.span.end;
    }
    for (size_t i = 0; i < text.size(); ++i) REQUIRE((text[i] == '\n') == (masked.text[i] == '\n'));
  }
}

}  // namespace
