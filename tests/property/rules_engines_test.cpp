// SPDX-License-Identifier: Apache-2.0
// The two engines must mean the same bytes: for random expressions that the lint lets pass, Hyperscan's ends
// are exactly the ends of RE2's matches, and no match is wider than the width that is told.
#include <hs/hs_compile.h>
#include <hs/hs_runtime.h>
#include <re2/re2.h>

#include <algorithm>
#include <random>
#include <set>

#include "rules/pattern.h"
#include "tests/support/catch.h"

using namespace sealwarden;

namespace {

constexpr unsigned kSeed = 20261121;

class Generator {
 public:
  explicit Generator(unsigned seed) : random_(seed) {}

  std::string regex(int depth) {
    std::string out;
    if (chance(6)) out += one_of({"(?i)", "(?s)", "(?m)", "(?im)"});
    if (chance(4)) out += "\\b";
    const size_t parts = 1 + random_() % 3;
    for (size_t i = 0; i < parts; ++i)
      out += part(depth);
    if (chance(4)) out += "\\b";
    return out;
  }
  std::string text() {
    static const std::string kBytes = std::string("aAbB01_ \n\t\v\f\r-.\xe9\xc9\xff\x85\xa0", 20) + '\0';
    std::string out;
    for (size_t size = random_() % 12; out.size() < size;)
      out += kBytes[random_() % kBytes.size()];
    return out;
  }

 private:
  bool chance(unsigned n) { return random_() % n == 0; }
  std::string one_of(std::initializer_list<const char*> choices) {
    return *(choices.begin() + random_() % choices.size());
  }
  std::string part(int depth) {
    std::string atom;
    if (depth > 0 && chance(4))
      atom = "(" + regex(depth - 1) + (chance(2) ? "|" + regex(depth - 1) : "") + ")";
    else
      atom = one_of({"a",      "B",     "0",        "_",        "\\s",         "\\S",
                     "\\w",    "\\W",   "\\d",      "\\D",      "\\v",         ".",
                     "[ab]",   "[^a]",  "[^\\s0]",  "[\\s\\v]", "[[:space:]]", "[[:^alpha:]b]",
                     "[^\\w]", "\\x0b", "\\Qa.\\E", "(?m:^)a",  "a(?m:$)",     "[[:upper:]]",
                     "\\Ba",   "\xe9"});
    if (chance(4)) atom = "(?:" + atom + ")" + one_of({"?", "*", "+", "{2}", "{1,3}", "+?", "??"});
    return atom;
  }
  std::mt19937 random_;
};

int collect(unsigned, unsigned long long, unsigned long long to, unsigned, void* context) {
  static_cast<std::set<size_t>*>(context)->insert(static_cast<size_t>(to));
  return 0;
}

// Compiled by Hyperscan; nullptr where it refuses.
class Searcher {
 public:
  explicit Searcher(const std::string& regex) {
    hs_compile_error_t* error = nullptr;
    if (hs_compile(hyperscan_form(regex).c_str(), 0, HS_MODE_BLOCK, nullptr, &database_, &error) ==
        HS_SUCCESS)
      hs_alloc_scratch(database_, &scratch_);
    hs_free_compile_error(error);
  }
  Searcher(const Searcher&) = delete;
  Searcher& operator=(const Searcher&) = delete;
  ~Searcher() {
    hs_free_scratch(scratch_);
    hs_free_database(database_);
  }
  [[nodiscard]] bool ok() const { return scratch_ != nullptr; }
  [[nodiscard]] std::set<size_t> ends(const std::string& text) const {
    std::set<size_t> found;
    hs_scan(database_, text.data(), static_cast<unsigned>(text.size()), 0, scratch_, collect, &found);
    return found;
  }

 private:
  hs_database_t* database_ = nullptr;
  hs_scratch_t* scratch_ = nullptr;
};

// The slow twin: every range of the text is tried. A range is a match if the expression, wrapped so that it
// must cover just these bytes, matches the whole text.
std::set<size_t> ends_slowly(const std::string& regex, const std::string& text, size_t& widest) {
  std::set<size_t> found;
  for (size_t start = 0; start <= text.size(); ++start)
    for (size_t end = start + 1; end <= text.size(); ++end) {
      const auto whole = make_re2("(?s:.{" + std::to_string(start) + "})(?:" + regex + ")(?s:.{" +
                                  std::to_string(text.size() - end) + "})");
      if (!re2::RE2::FullMatch(re2::StringPiece(text.data(), text.size()), *whole)) continue;
      found.insert(end);
      widest = std::max(widest, end - start);
    }
  return found;
}

}  // namespace

TEST_CASE("Hyperscan's ends are RE2's ends") {
  INFO("seed " << kSeed);
  Generator generator(kSeed);
  size_t compared = 0, matched = 0;
  while (compared < 400) {
    const std::string regex = generator.regex(2);
    if (!forbidden_constructs(regex, true).empty() || !count_groups(regex)) continue;
    const auto width = pattern_width(regex);
    if (!width || width->least == 0) continue;
    const Searcher search(regex);
    if (!search.ok()) continue;
    const Searcher wider(without_outer_boundaries(regex));
    ++compared;
    for (int i = 0; i < 4; ++i) {
      const std::string text = generator.text();
      size_t widest = 0;
      const std::set<size_t> slow = ends_slowly(regex, text, widest), fast = search.ends(text);
      INFO(regex << " on " << Catch::Detail::stringify(text));
      CHECK(fast == slow);
      CHECK(widest <= width->most);
      matched += slow.empty() ? 0 : 1;
      if (!wider.ok()) continue;
      const std::set<size_t> more = wider.ends(text);
      CHECK(std::includes(more.begin(), more.end(), fast.begin(), fast.end()));
    }
  }
  CHECK(matched > 200);
}
