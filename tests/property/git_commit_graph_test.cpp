// SPDX-License-Identifier: Apache-2.0
// The graph of commits against walks that are obviously right, on random histories.
#include "git/commit_graph.h"

#include <algorithm>
#include <map>
#include <random>
#include <set>

#include "tests/support/catch.h"

using namespace sealwarden;

namespace {

struct Record {
  ObjectId id, tree;
  std::vector<ObjectId> parents;
  int64_t committer_date = 0;
};

// As two workers would gather them.
CommitGraph build(const std::vector<Record>& records) {
  CommitRecords shares[2];
  for (size_t i = 0; i < records.size(); ++i)
    shares[i % 3 == 0].add(records[i].id, records[i].tree, records[i].parents, records[i].committer_date);
  shares[0].append(std::move(shares[1]));
  return CommitGraph::build(std::move(shares[0]));
}

ObjectId random_id(std::mt19937& random) {
  ObjectId id;
  for (uint8_t& byte : id.raw)
    byte = static_cast<uint8_t>(random());
  return id;
}

// Commits with parents among those before them, some absent; then shuffled, with copies.
std::vector<Record> random_records(std::mt19937& random, size_t size) {
  std::vector<Record> records;
  for (size_t i = 0; i < size; ++i) {
    Record record{random_id(random), random_id(random), {}, static_cast<int64_t>(random() % 20)};
    for (unsigned parents = i == 0 ? 0 : random() % 4; parents > 0; --parents)
      record.parents.push_back(random() % 30 == 0 ? random_id(random) : records[random() % i].id);
    records.push_back(record);
  }
  for (size_t i = 0; i < size / 5; ++i)
    records.push_back(records[random() % size]);
  std::shuffle(records.begin(), records.end(), random);
  return records;
}

// All that lie above `start`, itself too.
std::set<ObjectId> ancestors(const std::map<ObjectId, Record>& records, const ObjectId& start) {
  std::set<ObjectId> found;
  std::vector<ObjectId> open{start};
  while (!open.empty()) {
    const ObjectId id = open.back();
    open.pop_back();
    const auto record = records.find(id);
    if (record == records.end() || !found.insert(id).second) continue;
    open.insert(open.end(), record->second.parents.begin(), record->second.parents.end());
  }
  return found;
}

void check_order(const CommitGraph& graph) {
  REQUIRE(graph.topological_order().size() == graph.size());
  for (uint32_t commit = 0; commit < graph.size(); ++commit) {
    CHECK(graph.topological_order()[graph.position(commit)] == commit);
    for (const uint32_t parent : graph.parents(commit))
      CHECK(graph.position(parent) < graph.position(commit));
  }
}

}  // namespace

TEST_CASE("the commit graph agrees with a naive walk") {
  for (unsigned seed = 0; seed < 60; ++seed) {
    INFO("seed " << seed);
    std::mt19937 random(seed);
    const std::vector<Record> records = random_records(random, 1 + seed * 2);
    std::map<ObjectId, Record> by_id;
    for (const Record& record : records)
      by_id.emplace(record.id, record);
    const CommitGraph graph = build(records);
    REQUIRE(graph.size() == by_id.size());
    check_order(graph);
    size_t missing = 0;
    for (const auto& [id, record] : by_id) {
      const uint32_t commit = graph.find(id);
      REQUIRE(commit != kNoCommit);
      CHECK(graph.tree(commit) == record.tree);
      std::vector<ObjectId> present;
      for (const ObjectId& parent : record.parents)
        if (by_id.count(parent) > 0) present.push_back(parent);
      missing += record.parents.size() - present.size();
      REQUIRE(graph.parents(commit).size() == present.size());
      for (size_t i = 0; i < present.size(); ++i)
        CHECK(graph.id(graph.parents(commit)[i]) == present[i]);
      const std::set<ObjectId> above = ancestors(by_id, id);
      std::vector<uint8_t> flags(graph.size(), 4);
      const uint32_t starts[] = {kNoCommit, commit};
      CommitGraph::mark_reachable(graph, starts, 2, flags);
      size_t wrong = 0;
      CommitGraph::Ancestors known(graph, commit);
      for (uint32_t other = 0; other < graph.size(); ++other) {
        const bool is_above = above.count(graph.id(other)) > 0;
        wrong += flags[other] != (is_above ? 6 : 4) || known.contain_position(graph.position(other)) != is_above ? 1 : 0;
      }
      CHECK(wrong == 0);
    }
    CHECK(graph.missing().size() == missing);
    CHECK(graph.find(random_id(random)) == kNoCommit);
  }
}

TEST_CASE("among commits that are free to come the oldest comes first, then the smallest id") {
  std::mt19937 random(3);
  for (int round = 0; round < 20; ++round) {
    const CommitGraph graph = build(random_records(random, 40));
    std::vector<Record> rebuilt;
    for (uint32_t commit = 0; commit < graph.size(); ++commit)
      rebuilt.push_back({graph.id(commit), graph.tree(commit), {}, 7});
    const CommitGraph flat = build(rebuilt);
    for (uint32_t i = 0; i < flat.size(); ++i)
      CHECK(flat.topological_order()[i] == i);
  }
  ObjectId a, b, c;
  a.raw[0] = 1, b.raw[0] = 2, c.raw[0] = 3;
  const CommitGraph graph = build({{c, {}, {}, 10}, {a, {}, {}, 30}, {b, {}, {}, 20}});
  CHECK(graph.topological_order() == std::vector<uint32_t>{2, 1, 0});
}

TEST_CASE("a forged cycle is cut") {
  std::mt19937 random(11);
  for (int round = 0; round < 50; ++round) {
    std::vector<Record> records;
    for (int i = 0; i < 12; ++i)
      records.push_back({random_id(random), {}, {}, static_cast<int64_t>(random() % 5)});
    for (Record& record : records)
      record.parents = {records[random() % 12].id, records[random() % 12].id};
    const CommitGraph graph = build(records);
    check_order(graph);
    size_t parents = graph.missing().size();
    for (uint32_t commit = 0; commit < graph.size(); ++commit)
      parents += graph.parents(commit).size();
    CHECK(parents == 24);
  }
}
