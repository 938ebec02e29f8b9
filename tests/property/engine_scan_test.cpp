// SPDX-License-Identifier: Apache-2.0
// The engine against its slow twin: clusters found by Hyperscan and verified by RE2 must give what RE2 over the whole
// text gives, for the shipped rules, on texts made of their own examples, cut, joined and damaged at random.
#include <random>

#include "rules/builtin.h"
#include "rules/token_maker.h"
#include "scanner/engine/blob_scanner.h"
#include "tests/support/catch.h"
#include "tests/support/edit_chain.h"

namespace {

using namespace sealwarden;
using edit_chain::require_same;

struct Shipped {
  std::unique_ptr<CompiledRules> rules;
  std::vector<std::string> examples;
};

const Shipped& shipped() {
  static const Shipped all = [] {
    auto builtin = builtin_rules();
    REQUIRE(builtin);
    REQUIRE(add_builtin_tests(*builtin));
    Shipped made;
    for (const Rule& rule : *builtin)
      for (const RuleTest& test : rule.tests)
        if (auto bytes = expand_test(rule, test); bytes && bytes->bytes.size() < 8192) made.examples.push_back(bytes->bytes);
    auto merged = shipped_rule_set();
    REQUIRE(merged);
    auto compiled = CompiledRules::make(std::move(*merged), "");
    REQUIRE(compiled);
    made.rules = std::move(*compiled);
    return made;
  }();
  return all;
}

std::string random_text(std::mt19937& random) {
  const auto pick = [&](size_t below) { return random() % below; };
  static constexpr std::string_view kGlue[] = {"\n", " ", "", "\"", "=", "_", "\r\n", "#sealwarden:allow\n", "-", "/", "\0"};
  std::string text;
  for (size_t parts = 1 + pick(6); parts > 0; --parts) {
    const std::string& example = shipped().examples[pick(shipped().examples.size())];
    const size_t begin = pick(4) == 0 ? pick(example.size() + 1) : 0;
    const size_t length = pick(4) == 0 ? pick(example.size() + 1) : example.size();
    text.append(example, begin, length).append(kGlue[pick(std::size(kGlue))]);
  }
  for (size_t damage = pick(4); damage > 0 && !text.empty(); --damage) text[pick(text.size())] = static_cast<char>(random());
  return text;
}

}  // namespace

TEST_CASE("the engine finds what its slow twin finds", "[property]") {
  const uint32_t seed = Catch::rngSeed() != 0 ? static_cast<uint32_t>(Catch::rngSeed()) : 20261121;
  INFO("seed " << seed);
  std::mt19937 random(seed);
  BlobScanner::Worker worker(*shipped().rules);
  size_t hits = 0;
  for (int round = 0; round < 1200; ++round) {
    const std::string text = random_text(random);
    CAPTURE(round);
    const std::vector<Hit> slow = scan_slowly(*shipped().rules, text);
    require_same(worker.scan(text), slow);
    hits += slow.size();
  }
  CHECK(hits > 400);
}

TEST_CASE("pieces of a huge blob give what the whole gives", "[property]") {
  std::mt19937 random(7);
  BlobScanner::Worker whole(*shipped().rules), pieces(*shipped().rules);
  for (int round = 0; round < 150; ++round) {
    std::string text;
    while (text.size() < 2000) text += random_text(random);
    pieces.set_piece_for_test(300 + random() % 700);
    const std::vector<Hit> expected = whole.scan(text);
    require_same(pieces.scan(text), expected);
  }
}
