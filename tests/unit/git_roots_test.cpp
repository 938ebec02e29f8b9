// SPDX-License-Identifier: Apache-2.0
#include "git/roots.h"

#include <algorithm>
#include <map>
#include <random>
#include <set>

#include "git/ref_files.h"
#include "git/reflog.h"
#include "tests/support/catch.h"
#include "tests/support/repo_builder.h"

using namespace sealwarden;

namespace {

Roots read(const std::string& path, Ledger& ledger) {
  const Result<Repository> repository = Repository::open(path, false);
  if (!repository) throw std::runtime_error(repository.error().message);
  return *read_roots(*repository, ledger);
}

Roots read(const std::string& path) {
  Ledger ledger;
  Roots roots = read(path, ledger);
  CHECK(ledger.complete());
  return roots;
}

std::vector<std::string> as_git_lists(const std::vector<Ref>& refs) {
  std::vector<std::string> lines;
  for (const Ref& ref : refs)
    lines.push_back(ref.target.hex() + " " + ref.name);
  return lines;
}

std::set<std::string> names_of(const std::vector<Ref>& refs) {
  std::set<std::string> names;
  for (const Ref& ref : refs)
    names.insert(ref.name);
  return names;
}

void check_refs(RepoBuilder& repo) {
  CHECK(as_git_lists(read(repo.path()).refs) ==
        repo.lines("git for-each-ref --format='%(objectname) %(refname)'"));
}

}  // namespace

TEST_CASE("refs of all namespaces, loose and packed") {
  RepoBuilder repo;
  repo.write("a", "x");
  repo.commit();
  repo.sh(
      "git branch deep/er/one; git tag -a -m t v1; git tag light; git update-ref refs/notes/x HEAD;"
      "git update-ref refs/odd HEAD; git update-ref refs/pull/1/head HEAD:; echo more > a; git stash -q");
  check_refs(repo);
  repo.sh("git pack-refs --all");
  check_refs(repo);
  repo.commit("again");
  repo.sh(
      "git symbolic-ref refs/heads/alias refs/heads/main; git symbolic-ref refs/remotes/origin/HEAD "
      "refs/remotes/origin/gone;"
      "git tag -d light; : > .git/refs/heads/main.lock");
  check_refs(repo);
  const Roots roots = read(repo.path());
  CHECK(roots.head->target.hex() == repo.line("git rev-parse HEAD"));
  CHECK(roots.head_branch == "main");
  CHECK(roots.head->symbolic);
  CHECK(std::count_if(roots.refs.begin(), roots.refs.end(), [](const Ref& ref) { return ref.symbolic; }) ==
        1);
  repo.sh("ln -s refs/heads/main .git/refs/heads/link; ln -sf refs/heads/main .git/HEAD");  // as git once
                                                                                            // wrote them
  CHECK(names_of(read(repo.path()).refs).count("refs/heads/link") == 1);
  CHECK(read(repo.path()).head_branch == "main");
}

TEST_CASE("an unborn and a detached HEAD") {
  RepoBuilder repo;
  CHECK_FALSE(read(repo.path()).head);
  CHECK(read(repo.path()).head_branch == "main");
  repo.commit();
  repo.sh("git checkout -q --detach");
  CHECK(read(repo.path()).head->target.hex() == repo.line("git rev-parse HEAD"));
  CHECK_FALSE(read(repo.path()).head_branch);
}

TEST_CASE("heads, refs, logs, indexes and settings of linked worktrees") {
  RepoBuilder repo;
  repo.write("a", "x");
  repo.commit();
  repo.sh(
      "git config extensions.worktreeConfig true; git worktree add -q -b side ../w1; cd ../w1; git config "
      "--worktree user.name W;"
      "echo only-here > b; git add b; git commit -q -m side; git update-ref refs/worktree/kept HEAD; echo c "
      "> c; git add c;"
      "git reset -q --soft HEAD~1");
  const Roots main = read(repo.path());
  CHECK(names_of(main.other_heads) == std::set<std::string>{"worktrees/w1/HEAD", "worktrees/w1/ORIG_HEAD",
                                                            "worktrees/w1/refs/worktree/kept"});
  std::map<std::string, size_t> entries;
  for (const IndexEntry& entry : main.index)
    ++entries[entry.worktree];
  CHECK(entries == std::map<std::string, size_t>{{"", 1}, {"w1", 3}});
  std::set<std::string> logs;
  for (const ReflogEntry& entry : main.reflog)
    logs.insert(entry.log);
  CHECK(logs == std::set<std::string>{"HEAD", "refs/heads/main", "refs/heads/side", "worktrees/w1/HEAD"});
  REQUIRE(main.config.size() == 2);
  CHECK(main.config[1].name == "worktrees/w1/config.worktree");
  const Roots linked = read(repo.beside("w1"));
  CHECK(linked.head_branch == "side");
  CHECK(names_of(linked.other_heads).count("main-worktree/HEAD") == 1);
  CHECK(linked.index.size() == 4);
}

TEST_CASE("what an interrupted merge, rebase, bisection or fetch leaves") {
  RepoBuilder repo;
  repo.write("a", "x");
  repo.commit();
  repo.sh(
      "git checkout -q -b side; echo side > a; git commit -q -a -m s; git checkout -q main; echo main > a; "
      "git commit -q -a -m m;"
      "git fetch -q . side main; ! git merge -q side");
  std::set<std::string> names = names_of(read(repo.path()).other_heads);
  for (const char* name : {"MERGE_HEAD", "ORIG_HEAD", "FETCH_HEAD", "AUTO_MERGE"})
    CHECK(names.count(name) == 1);
  repo.sh("git merge --abort; ! git rebase -q side");
  names = names_of(read(repo.path()).other_heads);
  for (const char* name : {"REBASE_HEAD", "rebase-merge/onto", "rebase-merge/orig-head"})
    CHECK(names.count(name) == 1);
  repo.sh("git rebase --abort; git bisect start HEAD HEAD~1 >/dev/null");
  CHECK(names_of(read(repo.path()).refs).count("refs/bisect/bad") == 1);
}

TEST_CASE("reflogs are read in file order") {
  RepoBuilder repo;
  repo.commit("one");
  repo.commit("two");
  repo.sh(
      "git checkout -q -b side; git commit -q --allow-empty -m three; git checkout -q main; git branch -q -D "
      "side");
  const Roots roots = read(repo.path());
  std::vector<std::string> messages;
  for (const ReflogEntry& entry : roots.reflog)
    if (entry.log == "HEAD") messages.push_back(entry.to.hex() + " " + entry.message);
  std::reverse(messages.begin(), messages.end());
  CHECK(messages == repo.lines("git log -g --format='%H %gs' HEAD"));
  CHECK(roots.reflog.front().who == "Committer <committer@example.org>");
  CHECK(roots.reflog.front().date > 1'700'000'000);
  CHECK(roots.reflog.front().from.is_zero());
}

TEST_CASE("a shallow boundary and the settings of submodules") {
  RepoBuilder repo;
  repo.write("a", "x");
  repo.commit();
  repo.commit("two");
  repo.sh(
      "git clone -q --depth 1 \"file://$PWD\" ../shallow; cd ../shallow; git submodule --quiet add ../repo "
      "deep/sub");
  const Roots roots = read(repo.beside("shallow"));
  REQUIRE(roots.shallow.size() == 1);
  CHECK(roots.shallow[0].hex() == repo.line("git rev-parse HEAD"));
  REQUIRE(roots.config.size() == 2);
  CHECK(roots.config[1].name == "modules/deep/sub/config");
}

TEST_CASE("broken files are told and the rest is read") {
  RepoBuilder repo;
  repo.write("a", "x");
  repo.commit();
  repo.sh(
      "git branch good; cd .git; echo nonsense > refs/heads/bad; : > refs/heads/empty; ln -s "
      "../../../../outside refs/heads/out;"
      "ln -s /etc refs/heads/etc; echo 'not a line' >> logs/HEAD; echo 'not a line' >> packed-refs; echo xyz "
      "> FETCH_HEAD;"
      "head -c 100 index > index.new; mv index.new index; mkfifo refs/heads/pipe; echo xyz > shallow");
  Ledger ledger;
  const Roots roots = read(repo.path(), ledger);
  CHECK(names_of(roots.refs) == std::set<std::string>{"refs/heads/good", "refs/heads/main"});
  CHECK(roots.reflog.size() == 3);
  REQUIRE(ledger.rows().size() == 1);
  CHECK(ledger.rows()[0].reason == Skip::corrupt_repository);
  CHECK(ledger.rows()[0].count == 9);
}

TEST_CASE("no bytes whatsoever bring the readers of refs and logs down") {
  const std::string id(40, 'a');
  const std::string whole =
      id + " " + id + " A <a@b> 17 +0000\tmessage\nref: refs/heads/x\n" + id + "\t\tbranch\n";
  std::mt19937 random(5);
  std::vector<ReflogEntry> entries;
  for (int round = 0; round < 5000; ++round) {
    std::string bytes = whole.substr(random() % whole.size());
    bytes.resize(random() % (bytes.size() + 1));
    for (unsigned i = random() % 3; i > 0 && !bytes.empty(); --i)
      bytes[random() % bytes.size()] = static_cast<char>(random());
    (void)parse_ref(bytes);
    (void)parse_heads(bytes);
    (void)parse_reflog(bytes, "HEAD", entries);
  }
}
