// SPDX-License-Identifier: Apache-2.0
// Ranges against `git rev-list` and `git diff-tree`, on random histories with merges, several roots and lying dates.
#include <algorithm>
#include <chrono>
#include <map>
#include <random>
#include <set>
#include <thread>

#include "git/changes.h"
#include "git/commit_walk.h"
#include "scanner/base/parallel.h"
#include "scanner/base/stop.h"
#include "tests/support/catch.h"
#include "tests/support/repo_builder.h"

namespace sealwarden {
namespace {

using Random = std::mt19937;
using Ids = std::set<std::string>;

// Commits c0, c1, ... as tags; each has up to three of the earlier ones as parents.
std::string random_history(Random& random, unsigned count) {
  std::string stream;
  for (unsigned i = 0; i < count; ++i) {
    const unsigned date = 1'600'000'000 + (random() % 4 == 0 ? random() % 200'000'000 : i * 100);
    const std::string who = " Some One <one@example.org> " + std::to_string(date) + " +0000\n";
    stream += "commit refs/tags/c" + std::to_string(i) + "\nmark :" + std::to_string(i + 1) + "\nauthor" + who +
              "committer" + who + "data 2\nm\n";
    std::set<unsigned> parents;
    for (unsigned k = i == 0 || random() % 12 == 0 ? 0 : 1 + (random() % 3 == 0 ? random() % 3 : 0); k > 0; --k)
      parents.insert(random() % 3 == 0 ? random() % i : i - 1 - random() % std::min(i, 3U));
    bool is_first = true;
    for (const unsigned parent : parents) {
      stream += std::string(is_first ? "from :" : "merge :") + std::to_string(parent + 1) + "\n";
      is_first = false;
    }
    for (unsigned k = random() % 4; k > 0; --k) {
      const std::string path = std::string(1, static_cast<char>('a' + random() % 3)) +
                               (random() % 2 == 0 ? "" : "/" + std::string(1, static_cast<char>('x' + random() % 3)));
      if (random() % 4 == 0) stream += "D " + path + "\n";
      else stream += "M 100644 inline " + path + "\ndata 1\n" + std::string(1, static_cast<char>('0' + random() % 5)) + "\n";
    }
    stream += "\n";
  }
  return stream;
}

Ids ids_of(const std::vector<std::string>& lines) { return {lines.begin(), lines.end()}; }

Ids without(const Ids& all, const Ids& others) {
  Ids rest;
  std::set_difference(all.begin(), all.end(), others.begin(), others.end(), std::inserter(rest, rest.end()));
  return rest;
}

void check_order(const std::vector<RangeCommit>& commits) {
  std::set<ObjectId> all, seen;
  for (const RangeCommit& commit : commits) all.insert(commit.id);
  for (const RangeCommit& commit : commits) {
    for (const ObjectId& parent : commit.parents) CHECK((!all.contains(parent) || seen.contains(parent)));
    seen.insert(commit.id);
  }
}

// "path id" for each path at which the commit differs from all its parents, as git tells it.
std::set<std::string> told_by_git(RepoBuilder& repo, const RangeCommit& commit) {
  std::set<std::string> told;
  for (const std::string& line :
       repo.lines("git diff-tree --root -r -c --no-renames --no-commit-id --abbrev=40 " + commit.id.hex())) {
    const size_t tab = line.find('\t');
    const std::vector<std::string> words = split_test_text(line.substr(0, tab), ' ');
    told.insert(line.substr(tab + 1) + " " + words.at(words.size() - 2));
  }
  return told;
}

void check_changes(RepoBuilder& repo, const RangeCommit& commit) {
  std::set<std::string> told;
  for (const PathChange& change : commit.changes) told.insert(change.path + " " + change.id.hex());
  CAPTURE(commit.id.hex());
  CHECK(told == told_by_git(repo, commit));
}

std::string name_of(unsigned commit) { return "c" + std::to_string(commit); }

TEST_CASE("a range is what git says it is", "[property]") {
  const unsigned seed = GENERATE(range(1U, 26U));
  CAPTURE(seed);
  Random random(seed);
  RepoBuilder repo;
  constexpr unsigned kCommits = 25;
  repo.write("../stream", random_history(random, kCommits));
  repo.sh("git fast-import --quiet --date-format=raw < ../stream");
  const auto repository = Repository::open(repo.path(), false);
  REQUIRE(repository);
  for (int round = 0; round < 4; ++round) {
    const std::string base = name_of(random() % kCommits), head = name_of(random() % kCommits);
    CAPTURE(base, head);
    Ledger ledger;
    set_thread_count(1 + round % 3);
    const auto changes = list_range(*repository, base + ".." + head, ledger);
    REQUIRE(changes);
    Ids ids;
    for (const RangeCommit& commit : changes->commits) ids.insert(commit.id.hex());
    CHECK(ids == without(ids_of(repo.lines("git rev-list " + head)), ids_of(repo.lines("git rev-list " + base))));
    check_order(changes->commits);
    if (round == 0)
      for (const RangeCommit& commit : changes->commits) check_changes(repo, commit);
    const Ids bases = ids_of(repo.lines("git merge-base --all " + base + " " + head + " || true"));
    const auto from_merge_base = list_range(*repository, base + "..." + head, ledger);
    CHECK(from_merge_base.has_value() == !bases.empty());
    if (from_merge_base) CHECK(bases.contains(from_merge_base->base->hex()));
  }
}

// However far it came: what it tells is the beginning of the whole answer.
TEST_CASE("a range that is stopped midway is a beginning of the whole", "[property]") {
  Random random(1);
  RepoBuilder repo;
  constexpr unsigned kCommits = 150;
  repo.write("../stream", random_history(random, kCommits));
  repo.sh("git fast-import --quiet --date-format=raw < ../stream");
  const auto repository = Repository::open(repo.path(), false);
  REQUIRE(repository);
  const std::string range = name_of(3) + ".." + name_of(kCommits - 1);
  Ledger ledger;
  set_thread_count(2);
  const auto whole = list_range(*repository, range, ledger);
  REQUIRE(whole);
  for (unsigned round = 0; round < 60; ++round) {
    std::thread stopper([&] {
      std::this_thread::sleep_for(std::chrono::microseconds(100 * round));
      stop_requested = true;
    });
    const auto part = list_range(*repository, range, ledger);
    stopper.join();
    stop_requested = false;
    REQUIRE(part);
    REQUIRE(part->commits.size() <= whole->commits.size());
    for (size_t i = 0; i < part->commits.size(); ++i) {
      CHECK(part->commits[i].id == whole->commits[i].id);
      CHECK(part->commits[i].changes.size() == whole->commits[i].changes.size());
    }
  }
}

}  // namespace
}  // namespace sealwarden
