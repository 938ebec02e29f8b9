// SPDX-License-Identifier: Apache-2.0
// nginx configuration that is made of a tree, written in random style, gives the tree back.
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

  void make() { block(tree, 0); }

 private:
  size_t pick(size_t below) { return random_() % below; }
  std::string some(std::string_view letters, size_t most) {
    std::string made(pick(most + 1), ' ');
    for (char& c : made) c = letters[pick(letters.size())];
    return made;
  }
  std::string blank() {
    static constexpr std::string_view kBlanks[] = {" ", "  ", "\n", "\t", "\r\n    ", " # c ; } \"\n"};
    return std::string(kBlanks[pick(2) == 0 ? 0 : pick(std::size(kBlanks))]);
  }

  // One argument: what it says, and how it is written.
  std::pair<std::string, std::string> argument() {
    if (pick(3) != 0) {
      const std::string word = "v" + some("ab/.:$~^*|()+-=#\"'", 6) + (pick(5) == 0 ? "${x}" : pick(5) == 0 ? "{2,3}" : "");
      return {word, word};
    }
    const std::string plain = some("ab ;}#'\"\n\\", 6);
    const char quote = pick(2) == 0 ? '"' : '\'';
    std::string written(1, quote);
    for (const char c : plain) {
      if (c == quote || c == '\\') written += '\\';
      written += c;
    }
    return {plain, written + quote};
  }

  // The text of the arguments; writes them.
  std::string arguments(size_t count) {
    std::string joined;
    for (size_t i = 0; i < count; ++i) {
      const auto [plain, written] = argument();
      text += blank() + written;
      joined += (i > 0 ? " " : "") + (count == 1 ? plain : written);
    }
    if (pick(4) == 0) text += blank();
    return joined;
  }

  void block(Tree& into, size_t depth) {
    for (size_t i = 0, items = pick(5) + (depth == 0 ? 1 : 0); i < items; ++i) {
      const std::string name = "n" + std::to_string(i);
      const size_t count = pick(4) == 0 ? 2 + pick(2) : 1;
      const bool is_block = depth < 4 && pick(3) == 0;
      Tree* place = count > 1 ? &into.add(name, made(NodeType::sequence)) : &into;
      for (size_t k = 0; k < count; ++k) {
        text += blank() + name;
        const std::string key = count > 1 ? "" : name;
        const size_t words = pick(4);
        if (!is_block) {
          place->add(key, made(NodeType::text, arguments(words)));
          text += ";";
          continue;
        }
        Tree& child = place->add(key, {});
        const std::string said = arguments(words);
        if (words > 0) child.add("#args", made(NodeType::text, said));
        text += " {";
        block(child, depth + 1);
        text += blank() + "}";
      }
    }
  }

  std::mt19937 random_;
};

}  // namespace

TEST_CASE("nginx: what is written is read", "[nginx][property]") {
  for (uint32_t seed = 0; seed < 3000; ++seed) {
    Maker maker(seed);
    maker.make();
    CAPTURE(seed, maker.text);
    ParsedFile file;
    file.bytes = maker.text;
    parse_nginx(file, {});
    REQUIRE(testing::dump_problems(file) == "");
    REQUIRE(testing::find_flaw(file) == "");
    REQUIRE(testing::dump(file, {.types = true}) == testing::dump_tree(maker.tree));
  }
}

TEST_CASE("nginx: the start of a file and random bytes have a sound tree", "[nginx][property]") {
  for (uint32_t seed = 0; seed < 800; ++seed) {
    Maker maker(seed);
    maker.make();
    std::mt19937 random(seed);
    std::string text = maker.text.substr(0, random() % (maker.text.size() + 1));
    for (size_t i = 0; i < 3 && !text.empty(); ++i) text[random() % text.size()] = "\"'{};\\\n$#\0\xFF"[random() % 11];
    CAPTURE(seed, text);
    ParsedFile file;
    file.bytes = text;
    parse_nginx(file, {});
    REQUIRE(testing::find_flaw(file) == "");
  }
}
