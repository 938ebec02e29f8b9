// SPDX-License-Identifier: Apache-2.0
// Texts made of other texts: scanning what is new at the seams and taking the rest from the base must give what scanning the
// whole gives, along chains of edits, for the shipped rules and for rules made to overlap, chain and look around.
#include <algorithm>
#include <random>

#include "rules/builtin.h"
#include "rules/rule_set.h"
#include "rules/token_maker.h"
#include "scanner/engine/blob_scanner.h"
#include "tests/support/catch.h"

namespace {

using namespace sealwarden;

// No anchor is wider than six bytes, so that what happens at a seam happens often; and all of them hang on their neighbours.
constexpr const char* kNarrowRules = R"(
[[rule]]
id = "noisy-hex"
title = "Looks around"
severity = "low"
regex = '\b([0-9a]{3,6})\b'
group = 1
stopwords = ["aaa"]

[[rule]]
id = "noisy-run"
title = "Chains"
severity = "low"
regex = '\b([a-z]{2,5}=)'
group = 1

[[rule]]
id = "noisy-line"
title = "Whole lines"
severity = "low"
regex = '(?m)^(k[^\n]{0,5})$'
group = 1
)";

constexpr const char* kWideRules = R"(
[[rule]]
id = "noisy-key"
title = "Overlaps with the others"
severity = "low"
regex = '(?:ke|pas)\w{0,3}\s{0,3}=\s{0,3}(\w{2,8})'
group = 1

[[rule]]
id = "noisy-long"
title = "Long, with lines in it"
severity = "low"
regex = 's\n(=[a-z0-9\n]{0,300}#)'
group = 1
anchors = [{regex = 's\n=', before = 0, after = 301}]
)";

std::unique_ptr<CompiledRules> compile(std::vector<Rule> rules) {
  auto merged = merge_rules(std::move(rules), {});
  REQUIRE(merged);
  auto compiled = CompiledRules::make(std::move(*merged), "");
  if (!compiled) FAIL(compiled.error().message);
  return std::move(*compiled);
}

// One text after the other, each made of the one before.
class Chain {
 public:
  Chain(const CompiledRules& rules, std::mt19937& random) : worker_(rules), oracle_(rules), random_(random) {}

  void start(std::string text) {
    text_ = std::move(text);
    copied_.clear();
    check(worker_.scan(text_));
    memory_ = worker_.memory();
  }

  // `insert`: makes what is put in.
  template <class Insert>
  void edit(const Insert& insert) {
    const std::string base = std::move(text_);
    text_.clear();
    copied_.clear();
    size_t at = 0;
    for (size_t edits = 1 + pick(4); edits > 0; --edits) {
      const size_t kind = pick(10);
      if (kind < 3 || base.empty()) {
        text_ += insert();
      } else if (kind < 8) {  // what follows, after a gap or none
        const size_t begin = pick(2) == 0 ? at : at + pick(base.size() - at + 1);
        const size_t end = begin + pick(base.size() - begin + 1);
        copy(base, begin, end - begin);
        at = end;
      } else {  // from anywhere: moved, or a second time
        const size_t begin = pick(base.size() + 1);
        copy(base, begin, pick(base.size() - begin + 1));
      }
    }
    if (pick(10) < 7 && at < base.size()) copy(base, at, base.size() - at);
    if (pick(8) == 0) text_ += insert();
    check(worker_.scan(text_, {base.size(), memory_.get(), copied_}));
    memory_ = worker_.memory();
  }

  size_t hits = 0;
  [[nodiscard]] const ScanStats& stats() const { return worker_.stats(); }
  [[nodiscard]] size_t size() const { return text_.size(); }

 private:
  size_t pick(size_t below) { return random_() % below; }

  void copy(const std::string& base, size_t begin, size_t size) {
    if (size == 0) return;
    const CopiedRegion region{text_.size(), begin, size};
    if (!copied_.empty() && copied_.back().end() == region.begin && copied_.back().base_end() == region.base_begin)
      copied_.back().size += size;
    else
      copied_.push_back(region);
    text_.append(base, begin, size);
  }

  void check(const std::vector<Hit>& found) {
    const std::vector<Hit>& expected = oracle_.scan(text_);
    REQUIRE(found.size() == expected.size());
    for (size_t i = 0; i < found.size(); ++i) {
      REQUIRE(found[i].rule == expected[i].rule);
      REQUIRE((found[i].secret == expected[i].secret));
      REQUIRE((found[i].region == expected[i].region));
      REQUIRE(found[i].match_start == expected[i].match_start);
      REQUIRE(found[i].match_end == expected[i].match_end);
      REQUIRE(found[i].allowed == expected[i].allowed);
      REQUIRE(found[i].allow_why == expected[i].allow_why);
      REQUIRE(found[i].refused == expected[i].refused);
      REQUIRE((found[i].check == expected[i].check));
      REQUIRE(found[i].decoded == expected[i].decoded);
    }
    hits += found.size();
    REQUIRE((candidates_of(worker_) == candidates_of(oracle_)));
  }

  static std::vector<std::pair<uint64_t, uint32_t>> candidates_of(const BlobScanner::Worker& worker) {
    std::vector<std::pair<uint64_t, uint32_t>> all;
    if (const auto memory = worker.memory())
      for (const auto& list : memory->candidates)
        for (const Candidate& one : list) all.emplace_back(one.end, one.anchor);
    std::sort(all.begin(), all.end());
    return all;
  }

  BlobScanner::Worker worker_, oracle_;
  std::mt19937& random_;
  std::string text_;
  std::vector<CopiedRegion> copied_;
  std::shared_ptr<const ScanMemory> memory_;
};

}  // namespace

TEST_CASE("edits of texts full of matches scan as the whole", "[property]") {
  const bool wide = GENERATE(false, true);
  auto file = load_rule_file({"noisy.toml", std::string(kNarrowRules) + (wide ? kWideRules : "")});
  if (!file) FAIL(file.error().message);
  const auto rules = compile(std::move(file->rules));
  size_t hits = 0;
  uint64_t inherited = 0;
  for (uint32_t seed = 0; seed < 400; ++seed) {
    CAPTURE(wide, seed);
    std::mt19937 random(seed);
    const auto text = [&](size_t size) {
      static constexpr std::string_view kLetters = "kepas=a09 \n#s=k1";
      std::string made(size, ' ');
      for (char& c : made) c = kLetters[random() % kLetters.size()];
      return made;
    };
    const auto insert = [&] {
      switch (random() % 12) {
        case 0: return std::string("#sealwarden:allow\n");
        case 1: return std::string("\r\n");
        case 2: return text(300 + random() % 300);
        default: return text(1 + random() % 14);
      }
    };
    Chain chain(*rules, random);
    // Long enough that there is something to spare between the seams.
    chain.start(seed % 4 == 0 ? text(random() % 80) : text(2000 + random() % 6000));
    for (int depth = 0; depth < 12 && chain.size() < 40'000; ++depth) chain.edit(insert);
    hits += chain.hits;
    inherited += chain.stats().inherited;
  }
  CHECK(hits > 100'000);
  CHECK(inherited > 10'000);
}

TEST_CASE("edits of texts with tokens scan as the whole", "[property]") {
  auto builtin = builtin_rules();
  REQUIRE(builtin);
  REQUIRE(add_builtin_tests(*builtin));
  std::vector<std::string> examples;
  for (const Rule& rule : *builtin)
    for (const RuleTest& test : rule.tests)
      if (auto bytes = expand_test(rule, test); bytes && bytes->bytes.size() < 8192) examples.push_back(bytes->bytes);
  const auto rules = compile(std::move(*builtin));
  size_t hits = 0;
  uint64_t inherited = 0, scanned = 0, bytes = 0;
  for (uint32_t seed = 0; seed < 150; ++seed) {
    CAPTURE(seed);
    std::mt19937 random(seed);
    const auto example = [&] {
      const std::string& whole = examples[random() % examples.size()];
      if (random() % 3 != 0) return whole + "\n";
      const size_t begin = random() % (whole.size() + 1);
      return whole.substr(begin, random() % (whole.size() + 1));
    };
    const auto filler = [&] {
      std::string made;
      for (size_t lines = 20 + random() % 60; lines > 0; --lines) made += "plain words on line " + std::to_string(random() % 100) + "\n";
      return made;
    };
    std::string start = seed % 10 == 3 ? std::string("\xFF\xFE") : "";
    for (int part = 0; part < 8; ++part) start += filler() + example();
    if (seed % 10 == 3)
      for (size_t i = start.size(); i > 2; --i) start.insert(start.begin() + static_cast<ptrdiff_t>(i), '\0');
    Chain chain(*rules, random);
    chain.start(start);
    for (int depth = 0; depth < 15 && chain.size() < 200'000; ++depth)
      chain.edit([&] { return random() % 5 == 0 ? filler() : random() % 8 == 0 ? std::string("# gitleaks:allow\n") : example(); });
    hits += chain.hits;
    inherited += chain.stats().inherited;
    scanned += chain.stats().scanned;
    bytes += chain.stats().bytes;
  }
  CHECK(hits > 1'500);
  CHECK(inherited > 1'000);
  CHECK(scanned < bytes);
}
