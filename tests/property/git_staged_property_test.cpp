// SPDX-License-Identifier: Apache-2.0
// What is staged against `git diff --cached`, on random indexes.
#include <algorithm>
#include <map>
#include <random>

#include "git/changes.h"
#include "tests/support/catch.h"
#include "tests/support/repo_builder.h"

namespace sealwarden {
namespace {

using Random = std::mt19937;

std::string random_file(Random& random) {
  constexpr const char* kFolders[] = {"", "a/", "a/b/", "a.d/", "c/", "a-b/"};
  constexpr const char* kNames[] = {"x", "y", "a", "z.txt", "b"};
  return std::string(kFolders[random() % 6]) + kNames[random() % 5];
}

std::string random_text(Random& random) {
  std::string text;
  for (unsigned stem = random() % 6, i = 0; i < 12; ++i)
    text += "line " + std::to_string(random() % 4 == 0 ? random() % 100 : stem * 100 + i) + "\n";
  return text;
}

void write_random_files(RepoBuilder& repo, Random& random, unsigned count) {
  for (unsigned i = 0; i < count; ++i) {
    const std::string file = repo.path() + "/" + random_file(random);
    std::error_code failed;
    std::filesystem::create_directories(std::filesystem::path(file).parent_path(), failed);
    if (std::filesystem::is_directory(file)) continue;
    std::ofstream(file) << random_text(random);
    if (random() % 5 == 0) std::filesystem::permissions(file, std::filesystem::perms::owner_all, failed);
  }
}

// path -> new id (zero: deleted), of all but changes of the mode alone.
std::map<std::string, std::string> told_by_git(RepoBuilder& repo) {
  std::map<std::string, std::string> told;
  for (const std::string& line : repo.lines("git diff-index --cached --no-renames --abbrev=40 $(git rev-parse -q --verify HEAD"
                                            " || git hash-object -t tree /dev/null)")) {
    const std::string before = line.substr(15, 40), now = line.substr(56, 40);
    if (before != now) told[line.substr(99)] = now;
  }
  return told;
}

void check_renames(RepoBuilder& repo, const std::map<std::string, PathChange>& changes) {
  if (repo.sh("git rev-parse -q --verify HEAD || true").empty()) return;
  for (const std::string& line : repo.lines("git diff-index --cached -M --diff-filter=R --abbrev=40 HEAD")) {
    CAPTURE(line);
    const std::vector<std::string> paths = split_test_text(line, '\t');
    const std::vector<ObjectId>& before = changes.at(paths.at(2)).before;
    CHECK(std::find(before.begin(), before.end(), *ObjectId::from_hex(line.substr(15, 40))) != before.end());
  }
}

TEST_CASE("what is staged is what git says is staged", "[property]") {
  const unsigned seed = GENERATE(range(1U, 41U));
  CAPTURE(seed);
  Random random(seed);
  RepoBuilder repo;
  if (seed % 5 != 0) {
    write_random_files(repo, random, 20);
    repo.commit();
  }
  write_random_files(repo, random, random() % 6);
  for (unsigned i = random() % 5; i > 0; --i) {
    std::error_code ignored;
    const std::string from = repo.path() + "/" + random_file(random), to = repo.path() + "/" + random_file(random);
    if (random() % 2 == 0) std::filesystem::remove_all(from, ignored);
    else if (std::filesystem::is_regular_file(from)) std::filesystem::rename(from, to, ignored);
  }
  repo.sh("git add -A");
  if (random() % 3 == 0) repo.sh("git write-tree");
  const auto repository = Repository::open(repo.path(), false);
  REQUIRE(repository);
  Ledger ledger;
  const auto staged = list_staged(*repository, ledger);
  REQUIRE(staged);
  CHECK(ledger.rows().empty());
  std::map<std::string, std::string> told;
  std::map<std::string, PathChange> by_path;
  std::string last;
  for (const PathChange& change : staged->changes) {
    CHECK(last < change.path);
    last = change.path;
    told[change.path] = change.id.hex();
    by_path[change.path] = change;
  }
  CHECK(told == told_by_git(repo));
  check_renames(repo, by_path);
}

}  // namespace
}  // namespace sealwarden
