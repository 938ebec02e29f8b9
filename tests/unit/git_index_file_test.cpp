// SPDX-License-Identifier: Apache-2.0
#include "git/index_file.h"

#include <algorithm>
#include <random>
#include <set>

#include "scanner/base/atomic_file.h"
#include "tests/support/catch.h"
#include "tests/support/repo_builder.h"

using namespace sealwarden;

namespace {

Result<IndexFile> read(const std::string& path) {
  Result<Repository> repository = Repository::open(path, false);
  if (!repository) throw std::runtime_error(repository.error().message);
  return read_index_file(*repository, repository->index_file());
}

// As `git ls-files -s -z` prints them.
std::string as_git_lists(const std::vector<IndexEntry>& entries) {
  std::string text;
  char mode[16];
  for (const IndexEntry& entry : entries) {
    std::snprintf(mode, sizeof mode, "%06o", entry.mode);
    text += std::string(mode) + " " + entry.id.hex() + " " + std::to_string(entry.stage) + "\t" + entry.path +
            '\0';
  }
  return text;
}

void check_same_as_git(RepoBuilder& repo, const std::string& folder = ".", const std::string& options = "") {
  const Result<IndexFile> index = read(repo.path() + "/" + folder);
  if (!index) FAIL(index.error().message);
  CHECK(as_git_lists(index->entries) == repo.sh("cd " + folder + "; git ls-files -s -z " + options));
}

void fill(RepoBuilder& repo) {
  for (const char* name :
       {"a", "a.txt", "a-b/c", "a/b", "z/very/deep/folder/file", "z/very/deep/folder/fold", "z/very/other"})
    if (std::string(name) != "a") repo.write(name, name);
  for (int i = 0; i < 200; ++i)
    repo.write("many/" + std::string(static_cast<size_t>(i), 'n') + std::to_string(i), "x");
  repo.sh("ln -s target link; chmod +x a.txt");
  repo.commit();
}

}  // namespace

TEST_CASE("an index reads as git lists it, in every version") {
  RepoBuilder repo;
  CHECK(read(repo.path())->entries.empty());
  fill(repo);
  for (const char* version : {"2", "3", "4"}) {
    repo.sh(std::string("git update-index --index-version ") + version);
    check_same_as_git(repo);
    repo.write("new" + std::string(version), "content");
    repo.sh("git add --intent-to-add new" + std::string(version));
    check_same_as_git(repo);
    const Result<IndexFile> index = read(repo.path());
    for (const IndexEntry& entry : index->entries)
      CHECK(entry.intent_to_add == (entry.path == "new" + std::string(version)));
    repo.sh("git add -A");
  }
}

TEST_CASE("an index in a conflict has its stages") {
  RepoBuilder repo;
  fill(repo);
  repo.sh(
      "git checkout -q -b side; echo side > a.txt; git commit -q -a -m s; git checkout -q main; echo main > "
      "a.txt;"
      "git commit -q -a -m m; ! git merge -q side");
  check_same_as_git(repo);
  const Result<IndexFile> index = read(repo.path());
  CHECK(std::count_if(index->entries.begin(), index->entries.end(),
                      [](const auto& entry) { return entry.stage > 0; }) == 3);
}

TEST_CASE("a split index is joined with its shared file") {
  RepoBuilder repo;
  fill(repo);
  repo.sh("git config splitIndex.maxPercentChange 100; git update-index --split-index");
  check_same_as_git(repo);
  repo.sh(
      "echo changed > a.txt; git rm -q --cached -r many/n1 z/very/other; echo new > 0new; git add a.txt "
      "0new");
  REQUIRE(repo.sh("ls .git").find("sharedindex.") != std::string::npos);
  check_same_as_git(repo);
  repo.sh(
      "for i in 1 2 3 4 5; do echo $i > many/nn2; echo $i > file$i; git rm -q --cached many/nnn3 || true; "
      "git add many/nn2 file$i; done");
  check_same_as_git(repo);
  repo.sh(
      "git worktree add -q ../linked; cd ../linked; git update-index --split-index; echo x > a.txt; git add "
      "a.txt");
  check_same_as_git(repo, "../linked");
  repo.sh("rm .git/sharedindex.*");
  CHECK_FALSE(read(repo.path()));
}

TEST_CASE("a sparse index keeps folders as entries") {
  RepoBuilder repo;
  fill(repo);
  repo.sh("git sparse-checkout set --cone --sparse-index a-b");
  check_same_as_git(repo, ".", "--sparse");
  const Result<IndexFile> index = read(repo.path());
  CHECK(std::any_of(index->entries.begin(), index->entries.end(),
                    [](const auto& e) { return e.mode == 040000 && e.path == "z/"; }));
}

TEST_CASE("the cache of trees names git's own trees") {
  RepoBuilder repo;
  fill(repo);
  const Result<IndexFile> index = read(repo.path());
  REQUIRE(index);
  std::set<std::string> folders{""};
  for (const std::string& folder : repo.lines("git ls-tree -r -d --name-only HEAD"))
    folders.insert(folder);
  CHECK(index->cache_tree.folders().size() == folders.size());
  for (const std::string& folder : folders) {
    const CacheTree::Folder* found = index->cache_tree.find(folder);
    REQUIRE(found != nullptr);
    CHECK(found->tree.hex() == repo.line("git rev-parse 'HEAD:" + folder + "'"));
  }
  CHECK(index->cache_tree.find("")->entries == index->entries.size());
  repo.sh("echo changed > z/very/other; git add z/very/other");
  const Result<IndexFile> changed = read(repo.path());
  for (const char* folder : {"", "z", "z/very"})
    CHECK(changed->cache_tree.find(folder) == nullptr);
  for (const char* folder : {"a", "z/very/deep", "many"})
    CHECK(changed->cache_tree.find(folder) != nullptr);
}

TEST_CASE("an index that breaks the format is an error, never a fall") {
  RepoBuilder repo;
  fill(repo);
  std::vector<std::string> wholes;
  for (const char* step : {"git update-index --index-version 4",
                           "git update-index --split-index; echo x > a.txt; git add a.txt"}) {
    repo.sh(step);
    wholes.push_back(*read_file(repo.path() + "/.git/index"));
  }
  std::mt19937 random(99);
  for (const std::string& whole : wholes) {
    for (int round = 0; round < 4000; ++round) {
      std::string bytes = round % 2 == 0 ? whole : whole.substr(0, random() % whole.size());
      for (unsigned i = 1 + random() % 6; i > 0 && !bytes.empty(); --i)
        bytes[random() % bytes.size()] = static_cast<char>(random());
      Result<ParsedIndex> parsed = parse_index(bytes);
      if (!parsed)
        CHECK(parsed.error().kind == Error::Kind::corrupt);
      else
        (void)join_split_index(std::move(*parsed), parse_index(wholes[0])->index);
    }
  }
}
