// SPDX-License-Identifier: Apache-2.0
// The engine alone, on texts made from a seed: how many bytes a second go through the shipped rules, without secrets and
// with the rules' own examples strewn in. Each text is first scanned by the slow twin too; a wrong answer is not timed.
//
//   cmake --preset release -DBUILD_BENCH=ON && cmake --build --preset release --target scan_bench && build/release/bench/scan_bench
#include <benchmark/benchmark.h>

#include <memory>
#include <random>
#include <string>

#include "rules/builtin.h"
#include "rules/token_maker.h"
#include "scanner/engine/blob_scanner.h"

namespace {

using namespace sealwarden;

struct Corpus {
  std::unique_ptr<CompiledRules> rules;
  std::vector<std::string> examples;
};

const Corpus& corpus() {
  static const Corpus made = [] {
    Corpus one;
    std::vector<Rule> builtin = *builtin_rules();
    (void)add_builtin_tests(builtin);
    for (const Rule& rule : builtin)
      for (const RuleTest& test : rule.tests)
        if (auto bytes = expand_test(rule, test)) one.examples.push_back(std::move(bytes->bytes));
    one.rules = *CompiledRules::make(*shipped_rule_set(), "");
    return one;
  }();
  return made;
}

// Lines like those of source code; an example of a rule every `every` lines (0: none).
std::string make_text(size_t size, unsigned every) {
  static constexpr std::string_view kWords[] = {"const", "return", "value", "user_name", "config", "i", "=", "(", ")", "{",
                                                "};", "\"text\"", "0x1f", "index", "std::string", "->", "if", "token", "//"};
  std::mt19937 random(20261121);
  std::string text;
  for (unsigned line = 1; text.size() < size; ++line) {
    for (unsigned words = static_cast<unsigned>(random() % 12); words > 0; --words) text.append(kWords[random() % std::size(kWords)]).push_back(' ');
    if (every != 0 && line % every == 0) text += corpus().examples[random() % corpus().examples.size()];
    text.push_back('\n');
  }
  return text;
}

void scan(benchmark::State& state) {
  const std::string text = make_text(1 << 20, static_cast<unsigned>(state.range(0)));
  BlobScanner::Worker worker(*corpus().rules);
  const std::vector<Hit> slow = scan_slowly(*corpus().rules, text);
  const std::vector<Hit> fast = worker.scan(text);
  bool same = fast.size() == slow.size();
  for (size_t i = 0; same && i < fast.size(); ++i) same = fast[i].rule == slow[i].rule && fast[i].region == slow[i].region;
  if (!same) {
    state.SkipWithError("the engine and its slow twin differ");
    return;
  }
  for (auto step : state) benchmark::DoNotOptimize(worker.scan(text).size());
  state.SetBytesProcessed(static_cast<int64_t>(state.iterations() * text.size()));
  state.counters["hits"] = static_cast<double>(fast.size());
}
BENCHMARK(scan)->ArgName("lines_per_example")->Arg(0)->Arg(1000)->Arg(50);

}  // namespace

BENCHMARK_MAIN();
