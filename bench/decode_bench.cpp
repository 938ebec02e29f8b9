// SPDX-License-Identifier: Apache-2.0
// Encoded text: how many bytes a second are looked through for it, what is found in a megabyte, and how fast that is decoded.
// The text is that of a file, or, without one, made from a seed. Ranges are first held against the whole; a wrong answer is
// not timed. For real text: git -C REPOSITORY archive HEAD > FILE.
//
//   cmake --preset release -DBUILD_BENCH=ON && cmake --build --preset release --target decode_bench
//   SEALWARDEN_BENCH_TEXT=FILE build/release/bench/decode_bench
#include <benchmark/benchmark.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <random>
#include <string>

#include "scanner/base/atomic_file.h"
#include "scanner/decode/byte_masks.h"
#include "scanner/decode/decoded_run.h"
#include "scanner/decode/encoded_runs.h"

namespace {

using namespace sealwarden;

constexpr uint64_t kBlob = 32 << 10;  // the text is looked through in blobs, as a scan does

const std::string& corpus() {
  static const std::string text = [] {
    if (const char* path = std::getenv("SEALWARDEN_BENCH_TEXT")) return read_file(path).value_or("");
    static constexpr std::string_view kWords[] = {"const", "return", "value", "user_name", "config", "i", "=", "(", ")", "{",
                                                  "};", "\"text\"", "0x1f", "index", "std::string", "->", "if", "token", "\"%d\\n\""};
    std::mt19937 random(20261121);
    std::string made;
    while (made.size() < 4 << 20)
      for (unsigned words = static_cast<unsigned>(random() % 12); words > 0; --words)
        made.append(kWords[random() % std::size(kWords)]).push_back(words == 1 ? '\n' : ' ');
    return made;
  }();
  return text;
}

std::vector<EncodedRun> runs_of(Bytes blob) {
  std::vector<EncodedRun> runs;
  find_encoded_runs(blob, 0, blob.size(), runs);
  return runs;
}

template <class Body>
void for_each_blob(const Body& body) {
  for (uint64_t at = 0; at < corpus().size(); at += kBlob) body(Bytes(corpus()).substr(at, kBlob));
}

void finish(benchmark::State& state) { state.SetBytesProcessed(static_cast<int64_t>(state.iterations() * corpus().size())); }

void masks(benchmark::State& state) {
  std::vector<ByteMasks> out(kBlob / kMaskedBytes);
  for (auto step : state)
    for_each_blob([&](Bytes blob) {
      find_byte_masks(blob.data(), blob.size() / kMaskedBytes, out.data());
      benchmark::DoNotOptimize(out.data());
    });
  finish(state);
}
BENCHMARK(masks);

void find(benchmark::State& state) {
  std::vector<EncodedRun> runs;
  for (auto step : state)
    for_each_blob([&](Bytes blob) {
      runs.clear();
      find_encoded_runs(blob, 0, blob.size(), runs);
      benchmark::DoNotOptimize(runs.data());
    });
  finish(state);
  std::array<double, kEncodings> counts{}, bytes{};
  for_each_blob([&](Bytes blob) {
    for (const EncodedRun& run : runs_of(blob)) {
      counts[static_cast<size_t>(run.encoding)] += 1;
      bytes[static_cast<size_t>(run.encoding)] += static_cast<double>(run.end - run.begin);
    }
  });
  const double megabytes = static_cast<double>(corpus().size()) / 1e6;
  for (unsigned i = 0; i < kEncodings; ++i) {
    const std::string name(name_of(static_cast<Encoding>(i)));
    state.counters[name + "/MB"] = counts[i] / megabytes;
    state.counters[name + "_bytes/MB"] = bytes[i] / megabytes;
  }
}
BENCHMARK(find);

// A seam here and there, as in a text that is made of another one.
void find_at_seams(benchmark::State& state) {
  std::vector<EncodedRun> runs;
  uint64_t seams = 0;
  for (auto step : state)
    for_each_blob([&](Bytes blob) {
      for (uint64_t at = 1000; at < blob.size(); at += 4000, ++seams) {
        runs.clear();
        find_encoded_runs(blob, at - kRunContext, at + kRunContext, runs);
        benchmark::DoNotOptimize(runs.data());
      }
    });
  state.SetItemsProcessed(static_cast<int64_t>(seams));
}
BENCHMARK(find_at_seams);

void decode_runs(benchmark::State& state) {
  const auto encoding = static_cast<Encoding>(state.range(0));
  std::vector<std::pair<Bytes, EncodedRun>> all;
  for_each_blob([&](Bytes blob) {
    for (const EncodedRun& run : runs_of(blob))
      if (run.encoding == encoding) all.emplace_back(blob, run);
  });
  uint64_t bytes = 0, kept = 0;
  for (auto step : state)
    for (const auto& [blob, run] : all) {
      const auto decoded = decode(blob, run);
      bytes += run.end - run.begin;
      kept += decoded.has_value();
    }
  state.SetLabel(std::string(name_of(encoding)));
  state.SetBytesProcessed(static_cast<int64_t>(bytes));
  state.counters["kept/MB"] = static_cast<double>(kept) / static_cast<double>(state.iterations()) / (static_cast<double>(corpus().size()) / 1e6);
}
BENCHMARK(decode_runs)->DenseRange(0, kEncodings - 1);

}  // namespace

int main(int argc, char** argv) {
  const std::string& text = corpus();
  std::vector<EncodedRun> whole = runs_of(text), parts;
  for (uint64_t at = 0; at < text.size(); at += 100'003) {
    std::vector<EncodedRun> some;
    find_encoded_runs(text, at, std::min<uint64_t>(at + 100'003, text.size()), some);
    for (const EncodedRun& run : some)
      if (run.begin >= at && run.begin < at + 100'003) parts.push_back(run);
  }
  if (parts != whole) {
    std::fprintf(stderr, "ranges and the whole differ\n");
    return 1;
  }
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks();
}
