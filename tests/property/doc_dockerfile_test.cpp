// SPDX-License-Identifier: Apache-2.0
// Dockerfiles that are made of a tree, written in random style, give the tree back.
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

  void make() {
    if (pick(4) == 0) text += "# syntax=docker/dockerfile:1\n";
    if (pick(3) == 0) text += "\n# a comment\n";
    Tree stages = made(NodeType::sequence);
    if (pick(2) == 0) {
      Tree& args = tree.add("args", {});
      for (size_t i = 0; i <= pick(3); ++i) {
        begin("ARG");
        pairs(args, "G" + std::to_string(i));
        end();
      }
    }
    for (size_t i = 0; i <= pick(3); ++i) stage(stages.add({}, {}));
    tree.add("stages", std::move(stages));
  }

 private:
  size_t pick(size_t below) { return random_() % below; }
  std::string word(std::string_view letters = "abcxyz019._/:=-") {
    std::string made(1 + pick(6), 'a');
    for (size_t i = 1; i < made.size(); ++i) made[i] = letters[pick(letters.size())];
    return made;
  }
  std::string any_case(std::string name) {
    for (char& c : name)
      if (pick(3) == 0) c = static_cast<char>(c - 'A' + 'a');
    return name;
  }
  void begin(const std::string& op) { text += (pick(4) == 0 ? "  " : "") + any_case(op); blank(); }
  void blank() {
    text += ' ';
    if (pick(6) == 0) text += pick(2) == 0 ? "\\\n" : "\\  \r\n  # a comment with \"\n\n";
  }
  void end() {
    text += pick(5) == 0 ? "\r\n" : "\n";
    if (pick(6) == 0) text += pick(2) == 0 ? "\n" : "  # comment \\\n";
  }

  // A value of a pair, quoted or not.
  Tree value() {
    std::string plain = word("abc 019.'\"\\=#"), written;
    const size_t style = pick(4);
    if (style == 0) {
      const std::string source = pick(2) == 0 ? "$NAME-" + word("abc") : "x${NAME:-b}";
      text += pick(2) == 0 ? "\"" + source + "\"" : source;
      return made(NodeType::expression, source);
    }
    if (style == 1 && plain.find('\'') == std::string::npos && plain.find('\\') == std::string::npos) {
      text += "'" + plain + "'";
      return made(NodeType::text, plain);
    }
    const bool quotes = style == 2 || plain.back() == ' ';  // an escape and blanks at the end would take the next line
    for (size_t i = 0; i < plain.size(); ++i) {
      const char c = plain[i];
      const bool escapes = c == '\\' || c == '"' || (!quotes && (c == ' ' || c == '\''));
      if (escapes) written += '\\';
      written += c;
      if (pick(20) == 0 && !escapes && i + 1 < plain.size() && plain[i + 1] != '#' && plain[i + 1] != ' ') written += "\\\n";
    }
    text += quotes ? "\"" + written + "\"" : written;
    return made(NodeType::text, plain);
  }

  void pairs(Tree& into, const std::string& prefix) {
    for (size_t i = 0; i <= pick(3); ++i) {
      if (i > 0) blank();
      const std::string name = prefix + "_" + std::to_string(i);
      text += name + "=";
      into.add(name, value());
    }
  }

  void stage(Tree& into) {
    const std::string base = word();
    begin("FROM");
    const bool has_platform = pick(3) == 0;
    if (has_platform) text += "--platform=linux/a ";
    text += base;
    if (pick(2) == 0) {
      blank();
      text += any_case("AS") + " name";
      into.add("name", made(NodeType::text, "name"));
    }
    into.add("base", made(NodeType::text, base));
    if (has_platform) into.add("platform", made(NodeType::text, "linux/a"));
    end();
    Tree& instructions = into.add("instructions", made(NodeType::sequence));
    for (size_t i = 0; i < pick(5); ++i) instruction(instructions.add({}, {}));
  }

  void instruction(Tree& into) {
    switch (pick(4)) {
      case 0: {
        const std::string op = pick(2) == 0 ? "ENV" : "LABEL";
        begin(op);
        into.add("op", made(NodeType::text, op));
        pairs(into.add("pairs", {}), "P");
        break;
      }
      case 1: {
        begin("RUN");
        into.add("op", made(NodeType::text, "RUN"));
        into.add("form", made(NodeType::text, "heredoc"));
        const std::string body = "echo " + word() + "\n# no comment \\\n\tb\n";
        text += "<<EOF\n" + body + "EOF";
        into.add("heredocs", made(NodeType::sequence)).add({}, made(NodeType::text, body));
        break;
      }
      case 2: {
        begin("CMD");
        into.add("op", made(NodeType::text, "CMD"));
        into.add("form", made(NodeType::text, "exec"));
        Tree& arguments = into.add("arguments", made(NodeType::sequence));
        text += "[";
        for (size_t i = 0; i <= pick(4); ++i) {
          const std::string item = word("abc$ '");
          text += (i > 0 ? (pick(2) == 0 ? "," : " , ") : "") + std::string("\"") + item + "\\n\"";
          arguments.add({}, made(NodeType::text, item + "\n"));
        }
        text += "]";
        break;
      }
      default: {
        begin("COPY");
        into.add("op", made(NodeType::text, "COPY"));
        into.add("form", made(NodeType::text, "shell"));
        if (pick(2) == 0) {
          text += "--from=a";
          blank();
          into.add("flags", {}).add("from", made(NodeType::text, "a"));
        }
        Tree& arguments = into.add("arguments", made(NodeType::sequence));
        for (size_t i = 0; i <= 1 + pick(3); ++i) {
          if (i > 0) blank();
          const std::string path = word("abc/.");
          text += path;
          arguments.add({}, made(NodeType::text, path));
        }
      }
    }
    end();
  }

  std::mt19937 random_;
};

// Without the lines of "value", which hold the text of all.
std::string without_values(const std::string& lines) {
  std::string kept;
  for (size_t at = 0, end = 0; at < lines.size(); at = end + 1) {
    end = lines.find('\n', at);
    const std::string line = lines.substr(at, end - at + 1);
    if (line.find("].value = ") == std::string::npos) kept += line;
  }
  return kept;
}

}  // namespace

TEST_CASE("Dockerfile: what is written is read", "[dockerfile][property]") {
  for (uint32_t seed = 0; seed < 3000; ++seed) {
    Maker maker(seed);
    maker.make();
    CAPTURE(seed, maker.text);
    ParsedFile file;
    file.bytes = maker.text;
    parse_dockerfile(file, {});
    REQUIRE(testing::dump_problems(file) == "");
    REQUIRE(testing::find_flaw(file) == "");
    REQUIRE(without_values(testing::dump(file, {.types = true})) == testing::dump_tree(maker.tree));
  }
}

TEST_CASE("Dockerfile: the start of one and random bytes have a sound tree", "[dockerfile][property]") {
  for (uint32_t seed = 0; seed < 600; ++seed) {
    Maker maker(seed);
    maker.make();
    std::mt19937 random(seed);
    std::string text = maker.text.substr(0, random() % (maker.text.size() + 1));
    for (size_t i = 0; i < 4 && !text.empty(); ++i) text[random() % text.size()] = "\"'\\\n$[{<#=\0\xFF"[random() % 12];
    CAPTURE(seed, text);
    ParsedFile file;
    file.bytes = text;
    parse_dockerfile(file, {});
    REQUIRE(testing::find_flaw(file) == "");
  }
}
