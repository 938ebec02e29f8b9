// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <set>

#include "rules/builtin.h"
#include "rules/lexicon.h"
#include "tests/support/catch.h"

namespace {

using namespace sealwarden;

std::string error_of(const std::string& words, std::string_view pairs) {
  const auto read = Lexicon::read(words, pairs);
  REQUIRE_FALSE(read);
  CHECK(read.error().kind == Error::Kind::usage);
  return read.error().message;
}

}  // namespace

TEST_CASE("the shipped lexicon can be read, and no word stands twice in a list") {
  const auto lexicon = Lexicon::read(builtin_words(), builtin_char_pairs());
  REQUIRE(lexicon);
  for (size_t list = 0; list < kWordLists; ++list) {
    std::set<std::string> seen;
    CHECK_FALSE(lexicon->words(static_cast<WordList>(list)).empty());
    for (const std::string& word : lexicon->words(static_cast<WordList>(list))) {
      CAPTURE(list, word);
      CHECK(seen.insert(word).second);
      CHECK(lexicon->has(static_cast<WordList>(list), word));
    }
  }
}

TEST_CASE("words that are compared in lower case stand in lower case") {
  for (const WordList list : {WordList::password, WordList::secret, WordList::token, WordList::pair_secret, WordList::pair_token, WordList::not_secret,
                              WordList::descriptor, WordList::not_first, WordList::setter, WordList::constant, WordList::placeholder,
                              WordList::placeholder_part, WordList::name_word, WordList::code_ending, WordList::prose_ending})
    for (const std::string& word : Lexicon::builtin().words(list)) {
      CAPTURE(word);
      CHECK(word.find_first_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ") == std::string::npos);
    }
}

TEST_CASE("what a name is cut into can be found again") {
  // A name's tokens hold no separators: an entry with one is never met there, but in the lists of pairs.
  for (const WordList list : {WordList::password, WordList::secret, WordList::token, WordList::setter, WordList::descriptor, WordList::not_first})
    for (const std::string& word : Lexicon::builtin().words(list)) {
      CAPTURE(word);
      CHECK(word.find_first_of("_-. ") == std::string::npos);
    }
}

TEST_CASE("an ending of files is of one kind") {
  for (const std::string& ending : Lexicon::builtin().words(WordList::prose_ending)) {
    CAPTURE(ending);
    CHECK_FALSE(Lexicon::builtin().has(WordList::code_ending, ending));
  }
}

TEST_CASE("errors name their file and line") {
  const std::string_view pairs = builtin_char_pairs();
  CHECK(error_of("# a remark\n\n[nothing]\n", pairs) == "lexicon.txt:3: there is no list 'nothing'");
  CHECK(error_of("# a remark\nword\n", pairs) == "lexicon.txt:2: words before the first list");
  CHECK(error_of("[password\n[pass", pairs) == "lexicon.txt:2: there is no list 'pass'");
  const std::string text(pairs);
  const size_t row = text.find("\na ") + 1;
  const auto line = std::to_string(1 + std::count(text.begin(), text.begin() + static_cast<ptrdiff_t>(row), '\n'));
  std::string damaged = text;
  damaged[row] = 'b';
  CHECK(error_of("", damaged) == "char_pairs.txt:" + line + ": a row needs its symbol and a number for each other one");
  damaged = text;
  damaged.replace(text.find_first_of("0123456789", row), 1, "x");
  CHECK_THAT(error_of("", damaged), Catch::Matchers::StartsWith("char_pairs.txt:" + line + ": '"));
  CHECK_THAT(error_of("", text.substr(0, row)), Catch::Matchers::EndsWith("rows are missing"));
  CHECK_THAT(error_of("", text + text.substr(row)), Catch::Matchers::StartsWith("char_pairs.txt:"));
}

TEST_CASE("common pairs of letters surprise less than rare ones") {
  const Lexicon& lexicon = Lexicon::builtin();
  CHECK(lexicon.surprise('e', 'r') < lexicon.surprise('q', 'x'));
  CHECK(lexicon.surprise('\0', 's') < lexicon.surprise('\0', 'Q'));
  CHECK(lexicon.surprise('a', '7') == lexicon.surprise('a', '3'));
  CHECK(lexicon.surprise('a', '\xE5') == lexicon.surprise('a', '~'));
}
