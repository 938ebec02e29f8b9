// SPDX-License-Identifier: Apache-2.0
// Reading all blobs (and commits and tags) of a repository in the order of their deltas, without scanning, against inflating
// the same entries and nothing else. Built like scan_bench. SEALWARDEN_BENCH_REPOSITORY names the repository; its packs alone are read.
#include <benchmark/benchmark.h>

#include <atomic>
#include <cstdlib>
#include <map>

#include "git/inflate.h"
#include "git/object_pass.h"
#include "git/pack_entry.h"
#include "scanner/base/parallel.h"

namespace {

using namespace sealwarden;

struct Opened {
  Ledger ledger;
  std::unique_ptr<ObjectStore> store;
};

const Opened* opened() {
  static const std::unique_ptr<Opened> all = [] {
    const char* path = std::getenv("SEALWARDEN_BENCH_REPOSITORY");
    if (path == nullptr) return std::unique_ptr<Opened>();
    auto made = std::make_unique<Opened>();
    const auto repository = Repository::open(path, false);
    if (!repository) return std::unique_ptr<Opened>();
    auto store = ObjectStore::list(*repository, made->ledger);
    if (!store) return std::unique_ptr<Opened>();
    made->store = std::make_unique<ObjectStore>(std::move(*store));
    return made;
  }();
  return all.get();
}

class Counter : public ObjectVisitor {
 public:
  std::shared_ptr<const VisitedObject::Memory> visit(const VisitedObject& object) override {
    bytes += object.is_repeat ? 0 : object.bytes.size();
    return nullptr;
  }
  void note_unreadable(const ObjectId&, const Error&) override { ++unreadable; }
  uint64_t bytes = 0, unreadable = 0;
};

void read_objects(benchmark::State& state) {
  if (opened() == nullptr) return state.SkipWithError("SEALWARDEN_BENCH_REPOSITORY names no repository");
  set_thread_count(static_cast<size_t>(state.range(0)));
  uint64_t bytes = 0;
  for (auto _ : state) {
    std::vector<Counter> counters(thread_count());
    ObjectPass(*opened()->store).show_all_but_trees([&](size_t worker) -> ObjectVisitor& { return counters[worker]; });
    for (const Counter& counter : counters) {
      bytes += counter.bytes;
      if (counter.unreadable > 0) state.SkipWithError("an object cannot be read: not timed, because it is wrong");
    }
  }
  state.SetBytesProcessed(static_cast<int64_t>(bytes));
}
BENCHMARK(read_objects)->Arg(1)->Arg(2)->Unit(benchmark::kMillisecond)->UseRealTime();

// Whether the entry, or what it is a delta of at last, is no tree.
bool is_wanted(Bytes pack, uint64_t offset, std::map<uint64_t, bool>& known) {
  if (const auto found = known.find(offset); found != known.end()) return found->second;
  const Result<PackEntry> entry = parse_pack_entry(pack, offset);
  const bool wanted = entry && (entry->kind == PackEntry::Kind::near_delta ? is_wanted(pack, entry->base_offset, known)
                                                                            : entry->kind != PackEntry::Kind::tree);
  return known[offset] = wanted;
}

void inflate_entries(benchmark::State& state) {
  if (opened() == nullptr) return state.SkipWithError("SEALWARDEN_BENCH_REPOSITORY names no repository");
  set_thread_count(static_cast<size_t>(state.range(0)));
  for (const ObjectStore::Pack& pack : opened()->store->packs()) {
    const Bytes bytes = pack.files->pack_file.bytes();
    std::map<uint64_t, bool> known;
    for (uint32_t i = 0; i < pack.files->index.size(); ++i) is_wanted(bytes, pack.files->index.offset(i).value_or(0), known);
    std::vector<uint64_t> offsets;
    for (const auto& [offset, wanted] : known)
      if (wanted) offsets.push_back(offset);
    for (auto _ : state) {
      std::atomic<uint64_t> made{0}, broken{0};
      parallel_ranges(offsets.size(), 256, [&](size_t first, size_t last, size_t) {
        const Inflater inflater;
        ByteBuffer buffer;
        for (size_t i = first; i < last; ++i)
          if (const auto entry = parse_pack_entry(bytes, offsets[i])) {
            const auto stream = inflater.inflate_into(buffer, entry->packed, entry->size);
            if (stream) made += stream->bytes.size();
            else ++broken;
          }
      });
      if (broken > 0) state.SkipWithError("an entry cannot be inflated: not timed, because it is wrong");
      benchmark::DoNotOptimize(made.load());
    }
  }
}
BENCHMARK(inflate_entries)->Arg(1)->Arg(2)->Unit(benchmark::kMillisecond)->UseRealTime();

}  // namespace

BENCHMARK_MAIN();
