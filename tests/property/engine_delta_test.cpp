// SPDX-License-Identifier: Apache-2.0
// Texts made of other texts: scanning what is new at the seams and taking the rest from the base must give what scanning the
// whole gives, along chains of edits, for the shipped rules and for rules made to overlap, chain and look around.
#include <random>

#include "rules/builtin.h"
#include "rules/rule_set.h"
#include "rules/token_maker.h"
#include "scanner/engine/blob_scanner.h"
#include "tests/support/catch.h"
#include "tests/support/edit_chain.h"

namespace {

using namespace sealwarden;
using edit_chain::Chain;

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
  std::erase_if(*builtin, [](const Rule& rule) { return rule.policy.has_value(); });  // those look at documents
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
