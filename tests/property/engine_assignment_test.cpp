// SPDX-License-Identifier: Apache-2.0
// Assignments: what is read hangs on no more bytes than the rules' anchors allow for; the engine finds in them what its slow
// twin finds, also in texts made of other texts; what the judge remembers is what it would say.
#include <algorithm>

#include "rules/builtin.h"
#include "scanner/engine/assignment.h"
#include "scanner/engine/blob_scanner.h"
#include "scanner/engine/hidden_texts.h"
#include "scanner/engine/judgement.h"
#include "tests/support/assignment_text.h"
#include "tests/support/catch.h"
#include "tests/support/edit_chain.h"

namespace {

using namespace sealwarden;
using assignment_text::Maker;

struct Readers {
  std::unique_ptr<CompiledRules> rules;
  std::vector<std::string> keywords;
};

const Readers& readers() {
  static const Readers made = [] {
    auto builtin = builtin_rules();
    REQUIRE(builtin);
    auto some = assignment_text::only(std::move(*builtin), {"generic-password", "generic-secret", "jwt-generic", "github-pat-classic"});
    Readers all;
    all.keywords = assignment_text::keywords_of(some);
    REQUIRE(all.keywords.size() > 20);
    auto merged = merge_rules(std::move(some), {});
    REQUIRE(merged);
    auto compiled = CompiledRules::make(std::move(*merged), "");
    REQUIRE(compiled);
    all.rules = std::move(*compiled);
    return all;
  }();
  return made;
}

std::string texts(Maker& maker, size_t size) {
  std::string made;
  while (made.size() < size) made += maker.pick(6) == 0 ? maker.gap() : maker.text();
  return made;
}

// Calls take(begin, end) for each keyword in the text.
template <class Take>
void each_keyword(Bytes text, const Take& take) {
  for (const std::string& word : readers().keywords)
    for (size_t at = text.find(word); at != Bytes::npos; at = text.find(word, at + 1)) take(at, at + word.size());
}

// As many seeds as a usual run affords; with a seed given (--rng-seed), others.
uint32_t first_seed() { return Catch::rngSeed() * 1'000'000; }

}  // namespace

TEST_CASE("an assignment is read from what the anchors of its rule show", "[property]") {
  uint32_t before = ~0U, after = ~0U;
  for (const Rule& one : readers().rules->rule_set().rules)
    for (const Anchor& anchor : one.anchors)
      if (one.reader != Rule::Reader::regex) {
        before = std::min(before, anchor.before);
        after = std::min(after, anchor.after);
      }
  size_t found = 0;
  for (uint32_t seed = 0; seed < 1200; ++seed) {
    std::mt19937 random(first_seed() + seed);
    Maker maker(random, readers().keywords);
    const std::string text = texts(maker, 3000);
    CAPTURE(seed);
    each_keyword(text, [&](size_t word_begin, size_t word_end) {
      const auto whole = read_assignment(text, word_begin, word_end);
      // The cluster of this word alone, and what verification sees of it: one byte before.
      const size_t cluster_begin = word_end - std::min<size_t>(word_end, before), cluster_end = std::min(text.size(), word_end + after);
      const size_t shown_begin = cluster_begin - (cluster_begin > 0 ? 1 : 0);
      const std::string shown = text.substr(shown_begin, std::min<size_t>(text.size(), cluster_end + kLongestAssignment + 1) - shown_begin);
      auto part = read_assignment(shown, word_begin - shown_begin, word_end - shown_begin);
      CAPTURE(word_begin, word_end, shown);
      REQUIRE(part.has_value() == whole.has_value());
      for (auto one = whole; one; one = next_in_list(text, *one)) {
        ++found;
        REQUIRE(part.has_value());
        REQUIRE(part->key_begin + shown_begin == one->key_begin);
        REQUIRE(part->key_end + shown_begin == one->key_end);
        REQUIRE(part->value_begin + shown_begin == one->value_begin);
        REQUIRE(part->value_end + shown_begin == one->value_end);
        REQUIRE(part->end + shown_begin == one->end);
        const auto facts = [](const Assignment& a) {
          return std::tuple(a.form, a.quote, a.option, a.query, a.tight, a.called, a.listed, a.continued, a.sentence);
        };
        REQUIRE(facts(*part) == facts(*one));
        REQUIRE(one->key_begin <= word_begin);
        REQUIRE(word_end <= one->key_end);
        REQUIRE(one->key_end <= one->value_begin);
        REQUIRE(one->value_begin < one->value_end);
        REQUIRE(one->value_end <= one->end);
        REQUIRE(one->end <= text.size());
        REQUIRE(one->key_begin >= cluster_begin);
        REQUIRE(one->end <= cluster_end);
        REQUIRE(one->end - one->key_begin <= kLongestAssignment);
        part = next_in_list(shown, *part);
      }
      REQUIRE_FALSE(part.has_value());
    });
  }
  CHECK(found > 5'000);
}

TEST_CASE("assignments are found as the slow twin finds them", "[property]") {
  BlobScanner::Worker worker(*readers().rules);
  size_t hits = 0, decoded = 0;
  for (uint32_t seed = 0; seed < 2500; ++seed) {
    std::mt19937 random(first_seed() + seed);
    Maker maker(random, readers().keywords);
    const std::string text = texts(maker, 200 + maker.pick(3000));
    CAPTURE(seed, text);
    const std::vector<Hit> slow = scan_slowly(*readers().rules, text);
    edit_chain::require_same(worker.scan(text), slow);
    hits += slow.size();
    decoded += static_cast<size_t>(std::ranges::count_if(slow, [](const Hit& hit) { return !hit.decoded.empty(); }));
  }
  CHECK(hits > 2'000);
  CHECK(decoded > 200);
}

TEST_CASE("pieces of a text full of assignments give what the whole gives", "[property]") {
  BlobScanner::Worker whole(*readers().rules), pieces(*readers().rules);
  for (uint32_t seed = 0; seed < 600; ++seed) {
    std::mt19937 random(first_seed() + seed);
    Maker maker(random, readers().keywords);
    const std::string text = texts(maker, 2500);
    pieces.set_piece_for_test(70 + maker.pick(700));
    CAPTURE(seed);
    const std::vector<Hit> expected = whole.scan(text);
    edit_chain::require_same(pieces.scan(text), expected);
  }
}

TEST_CASE("edits of texts full of assignments scan as the whole", "[property]") {
  size_t hits = 0;
  uint64_t inherited = 0;
  for (uint32_t seed = 0; seed < 300; ++seed) {
    CAPTURE(seed);
    std::mt19937 random(first_seed() + seed);
    Maker maker(random, readers().keywords);
    edit_chain::Chain chain(*readers().rules, random);
    chain.start(texts(maker, 2000 + maker.pick(6000)));
    for (int depth = 0; depth < 12 && chain.size() < 40'000; ++depth)
      chain.edit([&] { return maker.pick(4) == 0 ? maker.text().substr(0, maker.pick(30)) : maker.pick(3) == 0 ? maker.gap() : maker.text(); });
    hits += chain.hits;
    inherited += chain.stats().inherited;
  }
  CHECK(hits > 5'000);
  CHECK(inherited > 1'000);
}

TEST_CASE("runs of a text that was made of another one are those of the whole", "[property]") {
  size_t carried = 0;
  for (uint32_t seed = 0; seed < 1000; ++seed) {
    CAPTURE(seed);
    std::mt19937 random(first_seed() + seed);
    Maker maker(random, readers().keywords);
    const std::string base = texts(maker, 3000 + maker.pick(4000));
    ScanMemory memory;
    std::vector<EncodedRun> base_runs;
    find_encoded_runs(base, 0, base.size(), base_runs);
    for (const EncodedRun& run : base_runs) memory.runs.push_back({run, {}, {}});  // as if all of them held something
    std::string text;
    std::vector<CopiedRegion> copied;
    for (size_t parts = 1 + maker.pick(5); parts > 0; --parts) {
      if (maker.pick(3) == 0) text += maker.text();
      // Seams at runs, and at the distance that a run depends on, as often as elsewhere.
      size_t begin = maker.pick(base.size());
      if (!base_runs.empty() && maker.pick(2) == 0) {
        const EncodedRun& run = base_runs[maker.pick(base_runs.size())];
        const uint64_t distance = maker.pick(3) == 0 ? 0 : kRunContext;
        begin = run.begin > distance + 1 ? run.begin - distance - 1 + maker.pick(3) : 0;
      }
      const size_t size = maker.pick(3) == 0 ? base.size() - begin : maker.pick(base.size() - begin + 1);
      if (size == 0) continue;
      copied.push_back({text.size(), begin, size});
      text.append(base, begin, size);
    }
    const DerivedRuns derived = derive_runs(text, {base.size(), &memory, copied});
    std::vector<EncodedRun> together = derived.fresh, expected;
    for (const RunVerdict& one : derived.inherited) together.push_back(one.run);
    const auto order = [](const EncodedRun& a, const EncodedRun& b) { return std::tie(a.begin, a.end, a.encoding) < std::tie(b.begin, b.end, b.encoding); };
    std::sort(together.begin(), together.end(), order);
    find_encoded_runs(text, 0, text.size(), expected);
    std::sort(expected.begin(), expected.end(), order);
    for (size_t i = 0; i < std::min(together.size(), expected.size()); ++i) {
      CAPTURE(i, together[i].begin, together[i].end, name_of(together[i].encoding), expected[i].begin, expected[i].end, name_of(expected[i].encoding));
      REQUIRE(together[i] == expected[i]);
    }
    REQUIRE(together.size() == expected.size());
    carried += derived.inherited.size();
  }
  CHECK(carried > 200);
}

TEST_CASE("the judge remembers what it said", "[property]") {
  const Lexicon& lexicon = Lexicon::builtin();
  Judge remembering(lexicon);
  size_t asked = 0;
  for (uint32_t seed = 0; seed < 200; ++seed) {
    std::mt19937 random(first_seed() + seed);
    Maker maker(random, readers().keywords);
    const std::string once = texts(maker, 3000), text = once + once;
    CAPTURE(seed);
    each_keyword(text, [&](size_t begin, size_t end) {
      for (auto found = read_assignment(text, begin, end); found; found = next_in_list(text, *found))
        for (const auto reader : {Rule::Reader::assigned_password, Rule::Reader::assigned_secret}) {
          ++asked;
          // The answer hangs on the two names alone: elsewhere it is the same.
          const auto expected = judge(lexicon, reader, text, *found), said = remembering(reader, text, *found);
          REQUIRE((said == expected));
        }
    });
  }
  CHECK(asked > 5'000);
}
