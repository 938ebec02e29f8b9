// SPDX-License-Identifier: Apache-2.0
// The work tree's list against git's own, on random trees and ignore files.
#include <random>
#include <set>

#include "git/work_tree.h"
#include "scanner/base/parallel.h"
#include "tests/support/catch.h"
#include "tests/support/repo_builder.h"

namespace sealwarden {
namespace {

using Random = std::mt19937;

const char* one_of(Random& random, std::initializer_list<const char*> choices) {
  return choices.begin()[random() % choices.size()];
}

std::string random_path(Random& random) {
  std::string path;
  for (unsigned depth = random() % 4; depth > 0; --depth)
    path += std::string(one_of(random, {"a", "b", "out", "a.d", "docs"})) + "/";
  return path + one_of(random, {"x", "y.log", "z.txt", "A", "out", "#n", "b c", "x.o"});
}

std::string random_pattern(Random& random) {
  std::string pattern = one_of(random, {"", "", "", "!", "!", "!a/", "/", "**/", "a/", "a/**/", "/docs/"});
  pattern += one_of(random, {"*.log", "out", "x", "*", "z.*", "[xy]*", "b c", "\\#n", "a", "*.o", "docs", "?", "a.d"});
  return pattern + one_of(random, {"", "", "/", "/*", "/**", " ", "/x"});
}

void plant(RepoBuilder& repo, Random& random) {
  for (unsigned i = 0; i < 25; ++i) {
    const std::string file = repo.path() + "/" + random_path(random);
    std::error_code ignored;
    std::filesystem::create_directories(std::filesystem::path(file).parent_path(), ignored);
    std::ofstream(file) << i;
  }
  for (const char* folder : {"", "a/", "a/b/", "docs/", "out/"}) {
    if (random() % 2 == 0 || !std::filesystem::is_directory(repo.path() + "/" + folder)) continue;
    std::string rules = random() % 3 == 0 ? "# comment\n\n" : "";
    for (unsigned i = random() % 4; i > 0; --i) rules += random_pattern(random) + "\n";
    repo.write(std::string(folder) + ".gitignore", rules);
  }
  repo.write(".git/info/exclude", random_pattern(random) + "\n");
}

TEST_CASE("the work tree is listed as git lists it", "[property]") {
  const unsigned seed = GENERATE(range(1U, 81U));
  CAPTURE(seed);
  Random random(seed);
  RepoBuilder repo;
  plant(repo, random);
  repo.sh("git ls-files -o -z | awk -v seed=" + std::to_string(seed) +
          " 'BEGIN {RS = ORS = \"\\0\"; srand(seed)} rand() < 0.3' | xargs -0 -r git add -f --");
  const std::string text =
      repo.sh("{ git ls-files -c -z; git ls-files -o -z --exclude-per-directory=.gitignore"
              " --exclude-from=.git/info/exclude; } | sort -zu");
  const std::vector<std::string> expected = split_test_text(text, '\0');
  for (const size_t threads : {1, 4}) {
    set_thread_count(threads);
    Ledger ledger;
    const auto files = list_work_tree(repo.path(), {}, ledger);
    REQUIRE(files);
    std::vector<std::string> paths;
    for (const FileRef& file : *files) paths.push_back(file.path);
    CHECK(paths == expected);
  }
  if (Catch::getResultCapture().lastAssertionPassed()) return;
  UNSCOPED_INFO(repo.sh("find . -name .gitignore -o -name exclude | xargs head -50"));
  CHECK(false);
}

}  // namespace
}  // namespace sealwarden
