// SPDX-License-Identifier: Apache-2.0
#include "git/changes.h"
#include "git/objects.h"
#include "tests/support/catch.h"
#include "tests/support/repo_builder.h"

namespace sealwarden {
namespace {

StagedChanges staged_in(const std::string& path, Ledger& ledger) {
  const auto repository = Repository::open(path, false);
  REQUIRE(repository);
  auto staged = list_staged(*repository, ledger);
  REQUIRE(staged);
  return std::move(*staged);
}

std::vector<PathChange> changes_in(const RepoBuilder& repo) {
  Ledger ledger;
  auto staged = staged_in(repo.path(), ledger);
  CHECK(ledger.rows().empty());
  return std::move(staged.changes);
}

std::string id_in(RepoBuilder& repo, const std::string& revision) { return repo.line("git rev-parse " + revision); }

std::string text_of_lines(const std::string& stem, int count) {
  std::string text;
  for (int i = 0; i < count; ++i) text += stem + " " + std::to_string(i) + "\n";
  return text;
}

TEST_CASE("a first commit is compared with nothing") {
  RepoBuilder repo;
  CHECK(changes_in(repo).empty());
  repo.write("folder/file", "one");
  repo.sh("git add -A");
  const auto changes = changes_in(repo);
  REQUIRE(changes.size() == 1);
  CHECK(changes[0].path == "folder/file");
  CHECK(changes[0].new_path);
  CHECK(changes[0].before.empty());
  CHECK(changes[0].id.hex() == id_in(repo, ":folder/file"));
}

TEST_CASE("changes, additions and deletions") {
  RepoBuilder repo;
  repo.write("a/changed", "1");
  repo.write("a/gone", text_of_lines("gone", 9));
  repo.write("b/same", "3");
  const std::string head = repo.commit();
  repo.write("a/changed", "2");
  repo.write("new", "4");
  repo.sh("git rm -q a/gone; git add -A");
  Ledger ledger;
  const StagedChanges staged = staged_in(repo.path(), ledger);
  CHECK(staged.head->hex() == head);
  REQUIRE(staged.changes.size() == 3);
  CHECK(staged.changes[0].path == "a/changed");
  CHECK(staged.changes[0].before.at(0).hex() == id_in(repo, "HEAD:a/changed"));
  CHECK(!staged.changes[0].new_path);
  CHECK(staged.changes[1].path == "a/gone");
  CHECK(staged.changes[1].id.is_zero());
  CHECK(staged.changes[1].before.size() == 1);
  CHECK(staged.changes[2].path == "new");
  CHECK(staged.changes[2].new_path);
  CHECK(staged.changes[2].before.empty());
}

TEST_CASE("a changed mode brings nothing, a file that becomes a symlink does") {
  RepoBuilder repo;
  repo.write("tool", "target");
  repo.write("other", "target");
  repo.commit();
  repo.sh("chmod +x tool; rm other; ln -s target other; git add -A");
  const auto changes = changes_in(repo);
  REQUIRE(changes.size() == 1);
  CHECK(changes[0].path == "other");
  CHECK(changes[0].mode == kModeSymlink);
  CHECK(changes[0].before.at(0) == changes[0].id);
}

TEST_CASE("a renamed file has its source before it") {
  RepoBuilder repo;
  repo.write("exact", text_of_lines("exact", 20));
  repo.write("alike", text_of_lines("alike", 20));
  repo.write("other", text_of_lines("other", 20));
  repo.commit();
  repo.sh("git mv exact exact2; git mv alike alike2; git mv other other2; echo more >> alike2");
  repo.write("other2", text_of_lines("quite another", 20));
  repo.sh("git add -A");
  for (const PathChange& change : changes_in(repo)) {
    CAPTURE(change.path);
    if (change.path == "exact2") CHECK(change.before == std::vector{change.id});
    if (change.path == "alike2") CHECK(change.before.at(0).hex() == id_in(repo, "HEAD:alike"));
    if (change.path == "other2") CHECK(change.before.empty());
    CHECK(change.new_path == !change.id.is_zero());
  }
}

TEST_CASE("an entry that is only intended brings its name") {
  RepoBuilder repo;
  repo.write("start", "1");
  repo.commit();
  repo.write("sub/later", "secret");
  repo.sh("git add -N sub/later");
  auto changes = changes_in(repo);
  REQUIRE(changes.size() == 1);
  CHECK(changes[0].path == "sub/later");
  CHECK(changes[0].new_path);
  CHECK(changes[0].id.is_zero());
  repo.sh("git rm -q --cached start; git add -N start");
  changes = changes_in(repo);
  REQUIRE(changes.size() == 2);
  CHECK(changes[0].path == "start");
  CHECK(!changes[0].new_path);
  CHECK(changes[0].id.is_zero());
}

TEST_CASE("of a conflict the stages that HEAD does not hold") {
  RepoBuilder repo;
  repo.write("file", "base\n");
  repo.commit();
  repo.sh("git checkout -q -b side");
  repo.write("file", "side\n");
  repo.write("added", "by side\n");
  repo.commit();
  repo.sh("git checkout -q main");
  repo.write("file", "ours\n");
  repo.commit();
  repo.sh("git merge -q side > /dev/null 2>&1 || true");
  const auto changes = changes_in(repo);
  REQUIRE(changes.size() == 2);  // "added" is what the merged side holds
  for (const size_t i : {0, 1}) {
    CHECK(changes[i].path == "file");
    CHECK(changes[i].id.hex() != id_in(repo, "HEAD:file"));
    CHECK(changes[i].before.at(0).hex() == id_in(repo, "HEAD:file"));
  }
}

TEST_CASE("of a submodule only the name is new") {
  RepoBuilder repo;
  repo.write("file", "1");
  repo.commit();
  repo.sh("git update-index --add --cacheinfo 160000,$(git rev-parse HEAD),module");
  Ledger ledger;
  const StagedChanges staged = staged_in(repo.path(), ledger);
  REQUIRE(staged.changes.size() == 1);
  CHECK(staged.changes[0].path == "module");
  CHECK(staged.changes[0].new_path);
  CHECK(staged.changes[0].id.is_zero());
  REQUIRE(ledger.rows().size() == 1);
  CHECK(ledger.rows()[0].reason == Skip::submodule);
}

TEST_CASE("the temporary index of a hook is honoured") {
  RepoBuilder repo;
  repo.write("file", "1");
  repo.commit();
  repo.write("file", "2");
  repo.sh("cp .git/index .git/other; GIT_INDEX_FILE=.git/other git add -A");
  CHECK(changes_in(repo).empty());
  setenv("GIT_INDEX_FILE", (repo.path() + "/.git/other").c_str(), 1);
  const auto repository = Repository::open(repo.path(), true);
  unsetenv("GIT_INDEX_FILE");
  REQUIRE(repository);
  Ledger ledger;
  CHECK(list_staged(*repository, ledger).value().changes.size() == 1);
  CHECK(read_at_index(*repository, "file").value() == "2");
  CHECK(read_at_index(*repository, "missing").value() == std::nullopt);
}

TEST_CASE("files are read from indexes of every kind") {
  RepoBuilder repo;
  repo.write("sub/first", "1");
  repo.write("sub/second", "2");
  repo.sh("ln -s first sub/symlink; git add -A; touch intended; git add -N intended");
  for (const char* kind : {"--index-version 2", "--index-version 4", "--split-index"}) {
    CAPTURE(kind);
    repo.sh(std::string("git update-index ") + kind);
    const auto repository = Repository::open(repo.path(), false);
    REQUIRE(repository);
    CHECK(read_at_index(*repository, "sub/second").value() == "2");
    for (const char* path : {"sub", "sub/none", "sub/symlink", "intended", ""})
      CHECK(read_at_index(*repository, path).value() == std::nullopt);
  }
}

TEST_CASE("a missing tree of HEAD is a loss and its files count as new") {
  RepoBuilder repo;
  repo.write("sub/file", "1");
  repo.commit();
  repo.write("sub/file", "2");
  repo.sh("git add -A; id=$(git rev-parse HEAD:sub); rm -f .git/objects/${id:0:2}/${id:2}");
  Ledger ledger;
  const auto staged = staged_in(repo.path(), ledger);
  REQUIRE(staged.changes.size() == 1);
  CHECK(staged.changes[0].new_path);
  CHECK(!ledger.complete());
  CHECK(ledger.rows()[0].reason == Skip::missing_object);
}

TEST_CASE("HEAD may be detached, packed or of a linked worktree") {
  RepoBuilder repo;
  repo.write("file", "1");
  const std::string head = repo.commit();
  repo.sh("git pack-refs --all");
  Ledger ledger;
  CHECK(staged_in(repo.path(), ledger).head->hex() == head);
  repo.sh("git worktree add -q ../linked -b other; echo 2 > ../linked/file; git -C ../linked add -A");
  const auto linked = staged_in(repo.beside("linked"), ledger);
  CHECK(linked.head->hex() == head);
  CHECK(linked.changes.size() == 1);
  repo.sh("git checkout -q --detach");
  CHECK(staged_in(repo.path(), ledger).head->hex() == head);
}

TEST_CASE("split and sparse indexes are compared whole") {
  RepoBuilder repo;
  for (const char* name : {"in/a", "out/b", "out/deep/c"}) repo.write(name, "x");
  repo.commit();
  repo.sh("git sparse-checkout set --cone --sparse-index in");
  CHECK(changes_in(repo).empty());
  repo.sh("git reset -q --soft $(git commit-tree -m empty $(git mktree < /dev/null))");
  const auto changes = changes_in(repo);
  REQUIRE(changes.size() == 3);
  CHECK(changes[2].path == "out/deep/c");
  repo.sh("git reset -q --hard; git sparse-checkout disable; git update-index --split-index; echo y > new; git add new");
  CHECK(changes_in(repo).size() == 1);
}

}  // namespace
}  // namespace sealwarden
