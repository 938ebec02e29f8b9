// SPDX-License-Identifier: Apache-2.0
#include "git/repository.h"

#include <cstdlib>
#include <map>

#include "git/ref_files.h"
#include "tests/support/catch.h"
#include "tests/support/repo_builder.h"

using namespace sealwarden;

namespace {

// Sets variables of the environment until it goes.
class Environment {
 public:
  explicit Environment(const std::map<std::string, std::string>& values) : values_(values) {
    for (const auto& [name, value] : values_)
      setenv(name.c_str(), value.c_str(), 1);
  }
  Environment(const Environment&) = delete;
  Environment& operator=(const Environment&) = delete;
  ~Environment() {
    for (const auto& [name, value] : values_)
      unsetenv(name.c_str());
  }

 private:
  std::map<std::string, std::string> values_;
};

Repository open(const std::string& path) {
  Result<Repository> repository = Repository::open(path, false);
  if (!repository) throw std::runtime_error(repository.error().message);
  return std::move(*repository);
}

}  // namespace

TEST_CASE("a repository is found from any of its places") {
  RepoBuilder repo;
  repo.write("folder/deep/file", "x");
  repo.commit();
  for (const std::string& place : {"", "/folder/deep", "/.git", "/.git/refs"}) {
    const Repository repository = open(repo.path() + place);
    CHECK(repository.git_dir() == repo.path() + "/.git");
    CHECK(repository.common_dir() == repo.path() + "/.git");
    CHECK(repository.work_tree() == repo.path());
    CHECK(repository.index_file() == repo.path() + "/.git/index");
    CHECK(repository.object_dirs() == std::vector{repo.path() + "/.git/objects"});
    CHECK(repository.native() != nullptr);
  }
  CHECK(Repository::is_inside(repo.path() + "/folder"));
  CHECK_FALSE(Repository::is_inside(repo.beside("nowhere")));
}

TEST_CASE("bare repositories, linked worktrees, submodules") {
  RepoBuilder repo;
  repo.write("a", "x");
  repo.commit();
  repo.sh("git clone -q --bare . ../bare.git; git worktree add -q ../linked -b side");
  repo.sh(
      "git submodule --quiet add ../bare.git sub; git config extensions.worktreeConfig true; git config "
      "core.repositoryformatversion 1");
  const Repository bare = open(repo.beside("bare.git"));
  CHECK_FALSE(bare.work_tree());
  CHECK(bare.native() != nullptr);
  CHECK(bare.origin_url() == repo.path() + "/.");

  const Repository linked = open(repo.beside("linked"));
  CHECK(linked.git_dir() == repo.path() + "/.git/worktrees/linked");
  CHECK(linked.common_dir() == repo.path() + "/.git");
  CHECK(linked.work_tree() == repo.beside("linked"));
  CHECK(linked.native() != nullptr);
  const Repository by_git_dir = open(repo.path() + "/.git/worktrees/linked");
  CHECK(by_git_dir.work_tree() == repo.beside("linked"));

  const Repository sub = open(repo.path() + "/sub");
  CHECK(sub.git_dir() == repo.path() + "/.git/modules/sub");
  CHECK(sub.work_tree() == repo.path() + "/sub");
  CHECK(open(repo.path() + "/.git/modules/sub").work_tree() == repo.path() + "/sub");
  CHECK(open(repo.path() + "/sub/.git").git_dir() == sub.git_dir());
  CHECK(sub.native() != nullptr);
}

TEST_CASE("what is no repository, or one that is not read yet, is said so") {
  RepoBuilder repo;
  const auto refusal = [](const std::string& path) {
    const Result<Repository> repository = Repository::open(path, false);
    REQUIRE_FALSE(repository);
    CHECK(repository.error().kind == Error::Kind::usage);
    return repository.error().message;
  };
  std::filesystem::create_directories(repo.beside("plain"));
  CHECK(refusal(repo.beside("plain")).find("not a git repository") != std::string::npos);
  CHECK(refusal(repo.beside("absent")).find("does not exist") != std::string::npos);
  repo.sh(
      "git init -q --object-format=sha256 ../new; git init -q ../table; git -C ../table config "
      "core.repositoryformatversion 1;"
      "git -C ../table config extensions.refStorage reftable");
  CHECK(refusal(repo.beside("new")).find("object format sha256") != std::string::npos);
  CHECK(refusal(repo.beside("table")).find("ref storage reftable") != std::string::npos);
}

TEST_CASE("alternates are followed, relative ones and circles too") {
  RepoBuilder repo;
  repo.write("a", "x");
  repo.commit();
  repo.sh(
      "git clone -q -s . ../second; git clone -q -s ../second ../third;"
      "echo ../../../third/.git/objects > .git/objects/info/alternates; echo '# comment' >> "
      "../third/.git/objects/info/alternates;"
      "echo /not/there >> ../third/.git/objects/info/alternates");
  const std::string third = repo.beside("third") + "/.git/objects",
                    second = repo.beside("second") + "/.git/objects";
  const std::string first = repo.path() + "/.git/objects";
  CHECK(open(repo.beside("third")).object_dirs() ==
        std::vector<std::string>{third, second, first, "/not/there"});
}

TEST_CASE("the environment is honoured when asked for") {
  RepoBuilder repo;
  repo.write("a", "x");
  repo.commit();
  repo.sh("git clone -q --bare . ../other.git; mkdir ../quarantine ../extra ../'with:colon'");
  const Environment environment({{"GIT_DIR", repo.path() + "/.git"},
                                 {"GIT_WORK_TREE", repo.beside("extra")},
                                 {"GIT_INDEX_FILE", repo.beside("index.lock")},
                                 {"GIT_OBJECT_DIRECTORY", repo.beside("quarantine")},
                                 {"GIT_ALTERNATE_OBJECT_DIRECTORIES",
                                  repo.path() + "/.git/objects:\"" + repo.beside("with:colon") + "\""}});
  const Result<Repository> repository = Repository::open(repo.beside("other.git"), true);
  REQUIRE(repository);
  CHECK(repository->git_dir() == repo.path() + "/.git");
  CHECK(repository->work_tree() == repo.beside("extra"));
  CHECK(repository->index_file() == repo.beside("index.lock"));
  CHECK(repository->object_dirs() == std::vector<std::string>{repo.beside("quarantine"),
                                                              repo.path() + "/.git/objects",
                                                              repo.beside("with:colon")});
  CHECK(repository->native() != nullptr);
  CHECK(open(repo.beside("other.git")).git_dir() == repo.beside("other.git"));
}

TEST_CASE("shallow and partial clones are known") {
  RepoBuilder repo;
  repo.write("a", "x");
  repo.commit();
  repo.write("a", "y");
  repo.commit();
  repo.sh(
      "git config uploadpack.allowFilter true; git clone -q --depth 1 \"file://$PWD\" ../shallow;"
      "git clone -q --no-checkout --filter=blob:none \"file://$PWD\" ../partial");
  CHECK_FALSE(open(repo.path()).is_shallow());
  CHECK_FALSE(open(repo.path()).is_partial());
  CHECK(open(repo.beside("shallow")).is_shallow());
  CHECK(open(repo.beside("partial")).is_partial());
  CHECK(open(repo.beside("partial")).native() != nullptr);
}
