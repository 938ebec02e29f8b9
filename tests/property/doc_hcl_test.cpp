// SPDX-License-Identifier: Apache-2.0
// HCL that is made of a tree, written in random style, gives the tree back.
#include <random>

#include "scanner/doc/parse.h"
#include "tests/support/catch.h"
#include "tests/support/document_flaw.h"
#include "tests/support/made_tree.h"

namespace {

using namespace sealwarden;
using testing::made;
using testing::Tree;

class Maker {
 public:
  explicit Maker(uint32_t seed) : random_(seed) {}

  std::string text;
  Tree tree;

  void make() { body(tree, 0); }

 private:
  size_t pick(size_t below) { return random_() % below; }
  std::string some(std::string_view letters, size_t most) {
    std::string made(pick(most + 1), ' ');
    for (char& c : made) c = letters[pick(letters.size())];
    return made;
  }
  std::string line_end() {
    static constexpr std::string_view kEnds[] = {"\n", "\r\n", "\n\n", " # c \" {\n", " // ${ \n", " /* } */\n", "\n  /*\n a = {\n*/\n"};
    if (text.ends_with("EOT")) return "\n";  // nothing else may stand behind it
    return std::string(kEnds[pick(2) == 0 ? 0 : pick(std::size(kEnds))]);
  }
  std::string blank() { return pick(8) == 0 ? " /* [ \" */ " : pick(4) == 0 ? "\t" : " "; }
  // Where lines are blanks too.
  std::string wide_blank() { return pick(6) == 0 ? "\n" : pick(10) == 0 ? " # c\n" : pick(2) == 0 ? " " : ""; }

  void body(Tree& into, size_t depth) {
    for (size_t i = 0, items = depth == 0 ? 1 + pick(5) : pick(4); i < items; ++i) {
      const std::string name = "n" + std::to_string(i) + some("ab_-9", 3);
      if (depth < 3 && pick(3) == 0) {
        blocks(into, name, depth);
      } else {
        text += name + blank() + "=" + blank();
        into.add(name, value(0));
        text += line_end();
      }
    }
  }

  void blocks(Tree& into, const std::string& name, size_t depth) {
    const size_t count = pick(3) == 0 ? 2 + pick(2) : 1;
    std::string header = name;
    Tree* place = &into;
    std::string key = name;
    for (size_t label = pick(3); label > 0; --label) {
      place = &place->add(key, {});
      key = some("abc. ", 3);
      header += blank() + "\"" + key + "\"";
    }
    place = &place->add(key, count > 1 ? made(NodeType::sequence) : Tree{});
    for (size_t i = 0; i < count; ++i) {
      text += header + " {" + line_end();
      body(count > 1 ? place->add({}, {}) : *place, depth + 1);
      text += "}" + line_end();
    }
  }

  Tree value(size_t depth) {
    switch (pick(depth < 3 ? 8 : 6)) {
      case 0: return literal();
      case 1: case 2: return string();
      case 3: return heredoc();
      case 4: case 5: return expression();
      case 6: return tuple(depth);
      default: return object(depth);
    }
  }

  Tree literal() {
    static constexpr std::pair<NodeType, std::string_view> kLiterals[] = {
        {NodeType::integer, "0"}, {NodeType::integer, "-17"}, {NodeType::real, "1.5"}, {NodeType::real, "2e10"},
        {NodeType::boolean, "true"}, {NodeType::boolean, "false"}, {NodeType::null, "null"}};
    const auto& [type, source] = kLiterals[pick(std::size(kLiterals))];
    text += source;
    return made(type, std::string(source));
  }

  Tree string() {
    const std::string plain = some("ab \"\\\n$%{}#/", 8) + (pick(4) == 0 ? "\xC3\xA9" : "");
    std::string written;
    for (size_t i = 0; i < plain.size(); ++i) {
      const char c = plain[i];
      if (c == '"' || c == '\\') written += '\\';
      if (c == '\n') written += pick(2) == 0 ? "\\n" : "\\u000a";
      else if (c == '{' && i > 0 && (plain[i - 1] == '$' || plain[i - 1] == '%')) written += "\\u007B";
      else written += c;
    }
    if (pick(6) != 0) {
      text += "\"" + written + "\"";
      return made(NodeType::text, plain);
    }
    written += " " + interpolation(0);  // lest a '$' before it makes it a text
    text += "\"" + written + "\"";
    return made(NodeType::expression, written);
  }

  std::string interpolation(size_t depth) {
    if (depth == 3 || pick(2) == 0) return "${x}";
    const bool calls = pick(2) == 0;
    return (calls ? "${f({a = \"" : "%{ if \"") + some("}{", 1) + interpolation(depth + 1) + (calls ? "\"})}" : "\" }");
  }

  Tree heredoc() {
    std::string content;
    for (size_t i = 0; i < pick(4); ++i) content += some("ab \"{}#'", 6) + "x\n";
    const bool strips = pick(2) == 0;
    std::string written;
    for (size_t at = 0, end = 0; at < content.size(); at = end + 1) {
      end = content.find('\n', at);
      written += (strips ? "   " : "") + content.substr(at, end - at + 1);
    }
    // A line at least must not be indented by itself, lest more is taken off than was put on.
    if (strips) {
      content += "q\n";
      written += "   q\n";
    }
    text += (strips ? "<<-EOT\n" : "<<EOT\n") + written + (pick(2) == 0 ? "  EOT" : "EOT");
    return made(NodeType::text, content);
  }

  Tree expression() {
    static constexpr std::string_view kSources[] = {
        "var.a", "a ? b : \"c\"", "f(1, [2]).g", "[for x in y : x]", "{ for k, v in x : k => v }", "a[*].b", "a.*.b[0]", "(1)",
            "-a", "!b && c == \"}\"",
        "\"a\" == \"b\"", "[1] == [\n2 # ]\n]", "1 + 2", "{ a = 1 }[\"a\"]", "\"${a}\" != b"};
    const std::string source(kSources[pick(std::size(kSources))]);
    text += source;
    return made(NodeType::expression, source);
  }

  Tree tuple(size_t depth) {
    Tree into = made(NodeType::sequence);
    text += "[" + wide_blank();
    const size_t items = pick(4);
    for (size_t i = 0; i < items; ++i) {
      into.add({}, value(depth + 1));
      text += '\n' + wide_blank();
      if (i + 1 < items || pick(2) == 0) text += "," + wide_blank();
    }
    text += "]";
    return into;
  }

  Tree object(size_t depth) {
    Tree into;
    text += "{" + wide_blank();
    for (size_t i = 0, items = pick(4); i < items; ++i) {
      const std::string name = "k" + std::to_string(i);
      text += pick(3) == 0 ? "\"" + name + "\"" : name;
      text += blank() + (pick(3) == 0 ? ":" : "=") + blank();
      into.add(name, value(depth + 1));
      text += pick(3) == 0 ? "\n," : line_end();
    }
    text += "}";
    return into;
  }

  std::mt19937 random_;
};

}  // namespace

TEST_CASE("HCL: what is written is read", "[hcl][property]") {
  size_t nodes = 0;
  for (uint32_t seed = 0; seed < 4000; ++seed) {
    Maker maker(seed);
    maker.make();
    CAPTURE(seed, maker.text);
    ParsedFile file;
    file.bytes = maker.text;
    parse_hcl(file, {});
    REQUIRE(testing::dump_problems(file) == "");
    REQUIRE(testing::find_flaw(file) == "");
    REQUIRE(testing::dump(file, {.types = true}) == testing::dump_tree(maker.tree));
    for (const DocumentNode& node : file.nodes)
      if (node.type == NodeType::expression && (node.flags & kQuoted) == 0) REQUIRE(maker.text.substr(node.span.begin,
          node.span.end - node.span.begin) == node.text);
    nodes += file.nodes.size();
  }
  CHECK(nodes > 40'000);
}

TEST_CASE("HCL: the start of a file and random bytes have a sound tree", "[hcl][property]") {
  for (uint32_t seed = 0; seed < 1500; ++seed) {
    Maker maker(seed);
    maker.make();
    std::mt19937 random(seed);
    std::string text = maker.text.substr(0, random() % (maker.text.size() + 1));
    for (size_t i = 0; i < 3 && !text.empty(); ++i) text[random() % text.size()] = "\"{}[]\n$%<#=\0\xFF"[random() % 13];
    CAPTURE(seed, text);
    ParsedFile file;
    file.bytes = text;
    parse_hcl(file, {});
    REQUIRE(testing::find_flaw(file) == "");
  }
}
