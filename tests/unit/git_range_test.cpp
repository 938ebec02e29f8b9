// SPDX-License-Identifier: Apache-2.0
#include "git/changes.h"
#include "git/revision.h"
#include "scanner/base/stop.h"
#include "tests/support/catch.h"
#include "tests/support/repo_builder.h"

namespace sealwarden {
namespace {

Repository open(const std::string& path) {
  auto repository = Repository::open(path, false);
  REQUIRE(repository);
  return std::move(*repository);
}

RangeChanges range_in(const std::string& path, const std::string& range, Ledger& ledger) {
  auto changes = list_range(open(path), range, ledger);
  if (!changes) FAIL(changes.error().message);
  return std::move(*changes);
}

RangeChanges range_in(const RepoBuilder& repo, const std::string& range) {
  Ledger ledger;
  RangeChanges changes = range_in(repo.path(), range, ledger);
  CHECK(ledger.rows().empty());
  return changes;
}

std::string refusal_in(const std::string& path, const std::string& range) {
  Ledger ledger;
  const auto changes = list_range(open(path), range, ledger);
  REQUIRE(!changes);
  CHECK(changes.error().kind == Error::Kind::usage);
  return changes.error().message;
}

std::vector<std::string> ids_of(const RangeChanges& changes) {
  std::vector<std::string> ids;
  for (const RangeCommit& commit : changes.commits) ids.push_back(commit.id.hex());
  return ids;
}

std::vector<std::string> paths_of(const std::vector<PathChange>& changes) {
  std::vector<std::string> paths;
  for (const PathChange& change : changes) paths.push_back(change.path);
  return paths;
}

using Texts = std::vector<std::string>;

TEST_CASE("each commit of a range is told with what it brings") {
  RepoBuilder repo;
  repo.write("file", "1");
  const std::string base = repo.commit();
  repo.write("came", "secret");
  const std::string first = repo.commit("first\n\nwith a body");
  repo.sh("git rm -q came");
  repo.write("file", "2");
  const std::string second = repo.commit("second");
  const RangeChanges changes = range_in(repo, base + "..HEAD");
  CHECK(changes.base->hex() == base);
  CHECK(changes.head.hex() == second);
  CHECK(ids_of(changes) == Texts{first, second});
  CHECK(changes.commits[0].message == "first\n\nwith a body\n");
  CHECK(changes.commits[0].author.starts_with("Author <author@example.org> 17"));
  CHECK(changes.commits[0].parents.at(0).hex() == base);
  REQUIRE(paths_of(changes.commits[0].changes) == Texts{"came"});
  CHECK(changes.commits[0].changes[0].new_path);
  CHECK(paths_of(changes.commits[1].changes) == Texts{"came", "file"});
  CHECK(changes.commits[1].changes[0].id.is_zero());
  CHECK(ids_of(range_in(repo, "HEAD~1..")) == Texts{second});
  CHECK(range_in(repo, "HEAD..HEAD~1").commits.empty());
}

TEST_CASE("a merge brings what no parent has") {
  RepoBuilder repo;
  repo.write("both", "base\n");
  const std::string base = repo.commit();
  repo.sh("git checkout -q -b side");
  repo.write("side", "s");
  const std::string side = repo.commit();
  repo.sh("git checkout -q main");
  repo.write("main", "m");
  repo.commit();
  repo.sh("git merge -q --no-commit side");
  repo.write("evil", "e");
  repo.sh("git rm -q both");
  const std::string merge = repo.commit();
  const RangeChanges changes = range_in(repo, side + "..main");
  CHECK(changes.commits.back().id.hex() == merge);
  CHECK(paths_of(changes.commits.back().changes) == Texts{"both", "evil"});
  CHECK(paths_of(changes.commits.back().deletions_and_reverts) == Texts{"main", "side"});
}

TEST_CASE("three dots start at the merge base") {
  RepoBuilder repo;
  repo.write("file", "1");
  const std::string fork = repo.commit();
  repo.sh("git checkout -q -b topic");
  repo.write("topic", "t");
  const std::string topic = repo.commit();
  repo.sh("git checkout -q main");
  repo.write("later", "l");
  repo.commit();
  const RangeChanges changes = range_in(repo, "main...topic");
  CHECK(changes.base->hex() == fork);
  CHECK(ids_of(changes) == Texts{topic});
  CHECK(range_in(repo, "topic...topic").base->hex() == topic);
  repo.sh("git checkout -q --orphan alone && git commit -q -m alone");
  CHECK(refusal_in(repo.path(), "main...alone").find("no common ancestor") != std::string::npos);
}

TEST_CASE("annotated tags on the way are told") {
  RepoBuilder repo;
  repo.write("file", "1");
  const std::string head = repo.commit();
  repo.sh("git tag -a -m 'about one' v1; git tag -a -m 'about two' v2 v1");
  const RangeChanges changes = range_in(repo, "HEAD..v2");
  CHECK(changes.head.hex() == head);
  REQUIRE(changes.tags.size() == 2);
  CHECK(changes.tags[0].name == "v2");
  CHECK(changes.tags[1].message == "about one\n");
  CHECK(changes.tags[1].target.hex() == head);
}

TEST_CASE("a head alone means what no ref reaches") {
  RepoBuilder repo;
  repo.write("file", "1");
  repo.commit();
  repo.sh("git checkout -q --detach");
  repo.write("file", "2");
  const std::string loose = repo.commit();
  CHECK(ids_of(range_in(repo, "HEAD")) == Texts{loose});
  CHECK(range_in(repo, "main").commits.empty());
}

TEST_CASE("lines of a pre-receive hook") {
  RepoBuilder repo;
  repo.write("file", "1");
  const std::string first = repo.commit();
  repo.write("file", "2");
  const std::string second = repo.commit();
  repo.sh("git branch kept HEAD~1");
  const std::string zero(40, '0');
  Ledger ledger;
  const Repository repository = open(repo.path());
  const auto created = list_push(repository, zero + " " + second + " refs/heads/main\n", ledger);
  REQUIRE(created);
  CHECK(ids_of(*created) == Texts{second});
  CHECK(created->ref == "refs/heads/main");
  CHECK(!created->base);
  const auto updated = list_push(repository, first + " " + second + " refs/heads/new", ledger);
  REQUIRE(updated);
  CHECK(ids_of(*updated) == Texts{second});
  const auto removed = list_push(repository, second + " " + zero + " refs/heads/main", ledger);
  REQUIRE(removed);
  CHECK(removed->commits.empty());
  CHECK(!list_push(repository, first + " " + second, ledger));
  CHECK(!list_push(repository, "", ledger));
  const std::string tree = repo.line("git rev-parse HEAD^{tree}");
  CHECK(list_push(repository, zero + " " + tree + " refs/heads/tree", ledger).error().kind == Error::Kind::usage);
}

TEST_CASE("objects of a push in quarantine are found") {
  RepoBuilder repo;
  repo.write("file", "1");
  const std::string first = repo.commit();
  repo.sh("mkdir ../quarantine");
  repo.write("file", "2");
  const std::string second = repo.line(
      "export GIT_OBJECT_DIRECTORY=$PWD/../quarantine GIT_ALTERNATE_OBJECT_DIRECTORIES=$PWD/.git/objects;"
      "git add -A; git commit-tree -p HEAD -m pushed $(git write-tree)");
  setenv("GIT_OBJECT_DIRECTORY", repo.beside("quarantine").c_str(), 1);
  setenv("GIT_ALTERNATE_OBJECT_DIRECTORIES", (repo.path() + "/.git/objects").c_str(), 1);
  const auto repository = Repository::open(repo.path(), true);
  unsetenv("GIT_OBJECT_DIRECTORY");
  unsetenv("GIT_ALTERNATE_OBJECT_DIRECTORIES");
  REQUIRE(repository);
  Ledger ledger;
  const auto changes = list_push(*repository, first + " " + second + " refs/heads/main", ledger);
  REQUIRE(changes);
  REQUIRE(ids_of(*changes) == Texts{second});
  CHECK(paths_of(changes->commits[0].changes) == Texts{"file"});
}

TEST_CASE("replace refs and grafts change nothing") {
  RepoBuilder repo;
  Texts ids;
  for (const char* content : {"1", "2", "3"}) {
    repo.write("file", content);
    ids.push_back(repo.commit(content));
  }
  repo.sh("git replace " + ids[1] + " " + ids[0] + "; echo " + ids[2] + " > .git/info/grafts");
  CHECK(ids_of(range_in(repo, ids[0] + "..main")) == Texts{ids[1], ids[2]});
}

TEST_CASE("a base that is not in the clone is refused with the command that brings it") {
  RepoBuilder repo;
  repo.sh("git config uploadpack.allowAnySHA1InWant true");
  repo.write("file", "1");
  const std::string base = repo.commit();
  repo.sh("git checkout -q -b topic");
  for (const char* content : {"2", "3"}) {
    repo.write("file", content);
    repo.commit(content);
  }
  repo.sh("git clone -q --depth 1 --single-branch 'file://" + repo.path() + "' ../shallow");
  const std::string shallow = repo.beside("shallow");
  for (const std::string& name : {base, std::string("origin/main"), std::string("HEAD~2")}) {
    CAPTURE(name);
    const std::string refusal = refusal_in(shallow, name + "..HEAD");
    CHECK(refusal.find(name) != std::string::npos);
    const std::string command = refusal.substr(refusal.find("git fetch"));
    repo.sh("rm -rf ../again; cp -r ../shallow ../again; cd ../again; " + command);
    Ledger ledger;
    CHECK(range_in(repo.beside("again"), name + "..HEAD", ledger).commits.size() == 2);
    CHECK(ledger.complete());
  }
  CHECK(refusal_in(repo.path(), "no-such..HEAD").find("no-such") != std::string::npos);
  CHECK(refusal_in(repo.path(), "..").find("BASE..HEAD") != std::string::npos);
  CHECK(refusal_in(repo.path(), "no-such..HEAD").find("git fetch") == std::string::npos);  // from where?
  CHECK(refusal_in(shallow, "x;y z..HEAD").find("git fetch --no-tags --unshallow origin") != std::string::npos);
  // What is fetched has another name then.
  CHECK(refusal_in(shallow, "main..HEAD").find("it is called origin/main") != std::string::npos);
  repo.sh("git -C ../shallow fetch -q --unshallow origin +refs/heads/main:refs/remotes/origin/main; git -C ../shallow branch -q -D main || true");
  CHECK(refusal_in(shallow, "main..HEAD").find("\"origin/main\" is: use that name") != std::string::npos);
}

TEST_CASE("a shallow boundary inside the range is a loss") {
  RepoBuilder repo;
  repo.sh("git config uploadpack.allowAnySHA1InWant true");
  Texts ids;
  for (const char* content : {"1", "2", "3", "4"}) {
    repo.write("file", content);
    repo.write(content, content);
    ids.push_back(repo.commit(content));
  }
  repo.sh("git clone -q --depth 2 'file://" + repo.path() + "' ../shallow; git -C ../shallow fetch -q --depth 1 origin " + ids[0]);
  Ledger ledger;
  const RangeChanges changes = range_in(repo.beside("shallow"), ids[0] + "..HEAD", ledger);
  CHECK(ids_of(changes) == Texts{ids[2], ids[3]});
  // What lies between base and boundary is told by the boundary commit.
  CHECK(paths_of(changes.commits[0].changes) == Texts{"2", "3", "file"});
  REQUIRE(ledger.rows().size() == 1);
  CHECK(ledger.rows()[0].reason == Skip::shallow_boundary);
  // With the base at the boundary itself nothing is missing.
  Ledger inside;
  CHECK(ids_of(range_in(repo.beside("shallow"), ids[2] + "..HEAD", inside)) == Texts{ids[3]});
  CHECK(inside.complete());
}

TEST_CASE("a missing object inside the range is a loss") {
  RepoBuilder repo;
  repo.write("file", "1");
  const std::string base = repo.commit();
  repo.write("sub/file", "2");
  repo.commit();
  repo.write("file", "3");
  repo.commit();
  repo.sh("id=$(git rev-parse HEAD:sub); rm -f .git/objects/${id:0:2}/${id:2}");
  Ledger ledger;
  const RangeChanges changes = range_in(repo.path(), base + "..HEAD", ledger);
  CHECK(changes.commits.size() == 2);
  CHECK(!ledger.complete());
  CHECK(ledger.rows()[0].reason == Skip::missing_object);
}

TEST_CASE("files are read from the tree of a commit") {
  RepoBuilder repo;
  repo.write("sub/file", "one");
  repo.sh("ln -s file sub/link");
  const ObjectId commit = *ObjectId::from_hex(repo.commit());
  const Repository repository = open(repo.path());
  CHECK(read_at_commit(repository, commit, "sub/file").value() == "one");
  for (const char* path : {"sub", "sub/none", "none", "sub/file/x", "sub/link", ""})
    CHECK(read_at_commit(repository, commit, path).value() == std::nullopt);
  CHECK(!read_at_commit(repository, ObjectId{}, "sub/file"));
}

TEST_CASE("a range that is stopped is shorter and no error") {
  RepoBuilder repo;
  repo.write("file", "1");
  const std::string base = repo.commit();
  repo.sh("git checkout -q -b side");
  repo.write("side", "s");
  const std::string side = repo.commit();
  repo.sh("git checkout -q main");
  repo.write("file", "2");
  const std::string head = repo.commit();
  repo.sh("git checkout -q --detach");
  const Repository repository = open(repo.path());
  Ledger ledger;
  std::vector<Result<RangeChanges>> stopped;
  stop_requested = true;
  for (const std::string& range : {base + "..HEAD", side + "...HEAD", std::string("HEAD")})
    stopped.push_back(list_range(repository, range, ledger));
  stopped.push_back(list_push(repository, base + " " + head + " refs/heads/main", ledger));
  stop_requested = false;
  for (const Result<RangeChanges>& changes : stopped) {
    REQUIRE(changes);
    CHECK(changes->commits.empty());
    CHECK(changes->head.hex() == head);
  }
  CHECK(stopped[1]->base->hex() == side);
  CHECK(ledger.rows().empty());
}

TEST_CASE("HEAD is read through loose and packed refs, detached, unborn, and as a symlink") {
  RepoBuilder repo;
  const auto head_of = [](const std::string& path) {
    const auto head = read_head(open(path)).value();
    return head ? head->hex() : "none";
  };
  CHECK(head_of(repo.path()) == "none");
  repo.write("file", "1");
  const std::string first = repo.commit();
  CHECK(head_of(repo.path()) == first);
  repo.sh("git pack-refs --all");
  CHECK(head_of(repo.path()) == first);
  repo.sh("git worktree add -q -b other ../linked && rm .git/HEAD && ln -s refs/heads/main .git/HEAD");
  CHECK(head_of(repo.path()) == first);
  repo.write("file", "2");
  const std::string second = repo.commit();
  CHECK(head_of(repo.path()) == second);
  CHECK(head_of(repo.path() + "/../linked") == first);
  repo.sh("git checkout -q --detach HEAD~1");
  CHECK(head_of(repo.path()) == first);
  repo.write(".git/HEAD", "no ref\n");
  CHECK(read_head(open(repo.path())).error().kind == Error::Kind::corrupt);
}

}  // namespace
}  // namespace sealwarden
