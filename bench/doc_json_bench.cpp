// SPDX-License-Identifier: Apache-2.0
// JSON to documents: how many bytes a second become nodes, by the strict reader and by the tolerant one. The text is that of a
// file, or, without one, made from a seed. Both readers must give the same nodes first; a wrong answer is not timed.
//
//   cmake --preset release -DBUILD_BENCH=ON && cmake --build --preset release --target doc_json_bench
//   SEALWARDEN_BENCH_JSON=FILE build/release/bench/doc_json_bench --benchmark_repetitions=5
#include <benchmark/benchmark.h>

#include <array>
#include <cstdlib>
#include <random>
#include <string>

#include "scanner/base/atomic_file.h"
#include "scanner/doc/json_text.h"
#include "scanner/doc/parse.h"

namespace {

using namespace sealwarden;

// Objects of a few entries, as configurations and lock files have them, indented by two.
std::string made_text(size_t size) {
  static constexpr std::string_view kKeys[] = {"name", "version", "resolved", "description", "enabled", "port", "labels", "image"};
  std::mt19937 random(20261121);
  std::string text = "[";
  while (text.size() < size) {
    text += text.size() == 1 ? "\n  {" : ",\n  {";
    for (size_t i = 0; i < std::size(kKeys); ++i) {
      text.append(i == 0 ? "\n    \"" : ",\n    \"").append(kKeys[i]).append("\": ");
      switch (random() % 6) {
        case 0: text += std::to_string(random() % 100000); break;
        case 1: text += random() % 2 == 0 ? "true" : "null"; break;
        case 2: text += "{\"app\": \"web\", \"tier\": \"back\\n end\"}"; break;
        case 3: text += "[\"a\", \"bc\", 3]"; break;
        default: text.append("\"").append(random() % 60, 'x').append("\"");
      }
    }
    text += "\n  }";
  }
  return text + "\n]\n";
}

const std::string& text_of(int64_t kind) {
  static const std::array<std::string, 3> texts = [] {
    std::array<std::string, 3> made = {made_text(8 << 20), made_text(16 << 10), ""};
    if (const char* path = std::getenv("SEALWARDEN_BENCH_JSON")) made[2] = read_file(path).value_or("");
    return made;
  }();
  return texts[static_cast<size_t>(kind)];
}

template <class Parse>
void read(benchmark::State& state, const Parse& parse) {
  const std::string& text = text_of(state.range(0));
  if (text.empty()) {
    state.SkipWithError("no file is named");
    return;
  }
  size_t nodes = 0;
  for (auto step : state) {
    ParsedFile file{.format = DocumentFormat::json, .bytes = text};
    parse(file, DocumentLimits{});
    nodes = file.nodes.size();
    benchmark::DoNotOptimize(file.nodes.data());
  }
  state.SetBytesProcessed(static_cast<int64_t>(state.iterations() * text.size()));
  state.counters["nodes"] = static_cast<double>(nodes);
  state.counters["bytes/node"] = static_cast<double>(text.size()) / static_cast<double>(nodes);
}

void strict(benchmark::State& state) { read(state, parse_json); }
void tolerant(benchmark::State& state) { read(state, parse_json_tolerantly); }
// 0: a large text, 1: a small one, 2: the file.
BENCHMARK(strict)->DenseRange(0, 2);
BENCHMARK(tolerant)->DenseRange(0, 2);

bool is_same(const DocumentNode& a, const DocumentNode& b) {
  return a.type == b.type && a.flags == b.flags && a.parent == b.parent && a.first == b.first && a.next == b.next && a.key == b.key &&
         a.text == b.text && a.key_span == b.key_span && a.span == b.span;
}

bool do_readers_agree(const std::string& text) {
  ParsedFile a{.bytes = text}, b{.bytes = text};
  parse_json(a, {});
  parse_json_tolerantly(b, {});
  return std::equal(a.nodes.begin(), a.nodes.end(), b.nodes.begin(), b.nodes.end(), is_same);
}

}  // namespace

int main(int argc, char** argv) {
  for (int64_t kind = 0; kind < 3; ++kind) {
    if (!do_readers_agree(text_of(kind))) {
      std::fprintf(stderr, "the readers differ\n");
      return 1;
    }
  }
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks();
}
