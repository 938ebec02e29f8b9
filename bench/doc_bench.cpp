// SPDX-License-Identifier: Apache-2.0
// Documents: how many bytes a second become trees. The text is that of a file, or, without one, made of Kubernetes manifests. A
// document with a problem is not timed.
//
//   cmake --preset release -DBUILD_BENCH=ON && cmake --build --preset release --target doc_bench
//   SEALWARDEN_BENCH_TEXT=FILE build/release/bench/doc_bench
#include <benchmark/benchmark.h>

#include <cstdlib>
#include <string>

#include "scanner/base/atomic_file.h"
#include "scanner/doc/parse.h"
#include "scanner/doc/template_mask.h"

namespace {

using namespace sealwarden;

std::string manifests(bool with_actions) {
  std::string made;
  for (int i = 0; made.size() < 4 << 20; ++i) {
    const std::string name = "service-" + std::to_string(i);
    const std::string image = with_actions ? "{{ .Values.registry }}/" + name : "registry.example.com/" + name;
    made += "---\napiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: " + name + "\n  labels:\n";
    made += with_actions ? "    {{- include \"labels\" . | nindent 4 }}\n" : "    app.kubernetes.io/name: " + name + "\n";
    made += "spec:\n  replicas: 3\n  selector:\n    matchLabels: {app: " + name + "}\n  template:\n    spec:\n      containers:\n";
    made += "        - name: main  # the only one\n          image: \"" + image + ":1.2.3\"\n          ports:\n            - containerPort: 8080\n";
    made += "          env:\n            - name: LOG_LEVEL\n              value: 'info'\n            - name: TEXT\n              value: |\n";
    made += "                first line of a text\n                second line of a text\n          resources:\n            limits:\n";
    made += "              cpu: 500m\n              memory: 128Mi\n          securityContext:\n            runAsNonRoot: true\n";
  }
  return made;
}

const std::string& corpus() {
  static const std::string text = [] {
    const char* path = std::getenv("SEALWARDEN_BENCH_TEXT");
    return path != nullptr ? read_file(path).value_or("") : manifests(false);
  }();
  return text;
}

void yaml(benchmark::State& state, const std::string& text, std::string_view path) {
  for (auto step : state) {
    ParsedFile file;
    file.bytes = text;
    parse_yaml(path, file, {});
    if (!file.problems.empty()) return state.SkipWithError(file.problems.front().what.c_str());
    benchmark::DoNotOptimize(file.nodes.data());
  }
  state.SetBytesProcessed(static_cast<int64_t>(state.iterations() * text.size()));
}

void plain_yaml(benchmark::State& state) { yaml(state, corpus(), "a.yaml"); }
void template_yaml(benchmark::State& state) {
  static const std::string text = manifests(true);
  yaml(state, text, "templates/a.yaml");
}
void masking(benchmark::State& state) {
  static const std::string text = manifests(true);
  for (auto step : state) benchmark::DoNotOptimize(mask_template(text).actions.size());
  state.SetBytesProcessed(static_cast<int64_t>(state.iterations() * text.size()));
}

BENCHMARK(plain_yaml)->Unit(benchmark::kMillisecond);
BENCHMARK(template_yaml)->Unit(benchmark::kMillisecond);
BENCHMARK(masking)->Unit(benchmark::kMillisecond);

}  // namespace

BENCHMARK_MAIN();
