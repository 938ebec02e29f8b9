// SPDX-License-Identifier: Apache-2.0
#include "git/work_tree.h"

#include <sys/resource.h>
#include <sys/stat.h>

#include <fstream>

#include "tests/support/catch.h"
#include "tests/support/repo_builder.h"

namespace sealwarden {
namespace {

std::vector<std::string> paths_of(const std::string& start, Ledger& ledger, const WalkOptions& options = {}) {
  const auto files = list_work_tree(start, options, ledger);
  REQUIRE(files);
  std::vector<std::string> paths;
  for (const FileRef& file : *files) paths.push_back(file.path);
  return paths;
}

std::vector<std::string> paths_of(const std::string& start) {
  Ledger ledger;
  return paths_of(start, ledger);
}

uint64_t count_of(const Ledger& ledger, Skip reason) {
  for (const Ledger::Row& row : ledger.rows())
    if (row.reason == reason) return row.count;
  return 0;
}

using Paths = std::vector<std::string>;

TEST_CASE("a plain folder is listed whole, in the order of whole paths") {
  const TempFolder folder;
  for (const char* name : {"a/x", "a.txt", "a0", "a/b/c", "z", ".hidden", ".gitignore", "a-b"})
    write_test_file(folder.path() + "/" + name, "");
  write_test_file(folder.path() + "/.gitignore", "*\n");
  CHECK(paths_of(folder.path()) == Paths{".gitignore", ".hidden", "a-b", "a.txt", "a/b/c", "a/x", "a0", "z"});
}

TEST_CASE("symlinks are listed and not followed; what is no file is told") {
  const TempFolder folder;
  write_test_file(folder.path() + "/out/file", "");
  write_test_file(folder.path() + "/in/file", "");
  std::filesystem::create_symlink("../out", folder.path() + "/in/link");
  REQUIRE(mkfifo((folder.path() + "/in/pipe").c_str(), 0600) == 0);
  Ledger ledger;
  const auto files = list_work_tree(folder.path() + "/in", {}, ledger);
  REQUIRE(files);
  REQUIRE(files->size() == 2);
  CHECK((*files)[1].path == "link");
  CHECK((*files)[1].symlink);
  CHECK(count_of(ledger, Skip::special_file) == 1);
  CHECK(count_of(ledger, Skip::symlink_not_followed) == 1);
  CHECK(ledger.complete());
}

TEST_CASE("the start may be a file, a symlink, or missing") {
  const TempFolder folder;
  write_test_file(folder.path() + "/sub/file", "text");
  std::filesystem::create_symlink("sub/file", folder.path() + "/link");
  std::filesystem::create_symlink("nowhere", folder.path() + "/broken");
  std::filesystem::create_directory_symlink("sub", folder.path() + "/folder");
  CHECK(paths_of(folder.path() + "/sub/file") == Paths{"file"});
  CHECK(paths_of(folder.path() + "/folder") == Paths{"file"});
  Ledger ledger;
  const auto through_link = list_work_tree(folder.path() + "/link", {}, ledger);
  REQUIRE(through_link);
  CHECK(FileLoader().load(through_link->front()).value() == "text");
  const auto broken = list_work_tree(folder.path() + "/broken", {}, ledger);
  REQUIRE(broken);
  CHECK(broken->front().symlink);
  const auto missing = list_work_tree(folder.path() + "/missing", {}, ledger);
  REQUIRE(!missing);
  CHECK(missing.error().kind == Error::Kind::usage);
}

TEST_CASE("inside a repository ignore rules count for what is not tracked") {
  RepoBuilder repo;
  repo.write(".gitignore", "*.log\n/build/\n!keep.log\n");
  for (const char* name : {"a.log", "keep.log", "src/b.log", "src/c", "build/out", "build/tracked", "excluded", "src/build/x"})
    repo.write(name, "x");
  repo.sh("echo excluded >> .git/info/exclude; git add -f src/b.log build/tracked");
  Ledger ledger;
  CHECK(paths_of(repo.path(), ledger) ==
        Paths{".gitignore", "build/tracked", "keep.log", "src/b.log", "src/build/x", "src/c"});
  CHECK(count_of(ledger, Skip::ignored_file) == 3);
  CHECK(paths_of(repo.path(), ledger, {.no_ignore = true}).size() == 9);
  CHECK(paths_of(repo.path() + "/src") == Paths{"src/b.log", "src/build/x", "src/c"});
  CHECK(paths_of(repo.path() + "/excluded") == Paths{"excluded"});
  // A tracked file keeps the rest of its ignored folder ignored.
  CHECK(paths_of(repo.path() + "/build") == Paths{"build/tracked"});
  // Who names an ignored folder wants it listed.
  repo.sh("git rm -q --cached build/tracked");
  CHECK(paths_of(repo.path() + "/build") == Paths{"build/out", "build/tracked"});
}

TEST_CASE("the user's excludes do not count") {
  RepoBuilder repo;
  repo.write("secret.env", "x");
  repo.sh("echo '*.env' > ../excludes; git config core.excludesFile \"$PWD/../excludes\"");
  CHECK(paths_of(repo.path()) == Paths{"secret.env"});
}

TEST_CASE("repositories inside a repository are folders without their .git") {
  RepoBuilder repo;
  repo.write(".gitignore", "*.log\n");
  repo.sh("git init -q inner; mkdir linked; echo 'gitdir: ../inner/.git' > linked/.git");
  repo.write("inner/file.log", "x");
  repo.write("linked/file", "x");
  CHECK(paths_of(repo.path()) == Paths{".gitignore", "inner/file.log", "linked/file"});
}

TEST_CASE("a submodule's files are listed") {
  RepoBuilder other, repo;
  other.write("sub/file", "x");
  other.commit();
  repo.sh("git submodule add -q '" + other.path() + "' module");
  CHECK(paths_of(repo.path()) == Paths{".gitmodules", "module/sub/file"});
}

TEST_CASE("a sparse checkout lists what is there") {
  RepoBuilder repo;
  for (const char* name : {"in/a", "out/b", "out/deep/c"}) repo.write(name, "x");
  repo.commit();
  repo.sh("git sparse-checkout set --cone --sparse-index in");
  repo.write("out/deep/new", "x");
  CHECK(paths_of(repo.path()) == Paths{"in/a", "out/deep/new"});
}

TEST_CASE("a file is read whole") {
  const TempFolder folder;
  FileLoader loader;
  for (const size_t size : {0, 1, 4096, 1'000'000}) {
    const std::string content(size, 'x');
    write_test_file(folder.path() + "/file", content);
    CHECK(loader.load({folder.path() + "/file", "file", false}).value() == content);
  }
}

TEST_CASE("a file that is gone, or no file any more, is an error") {
  const TempFolder folder;
  FileLoader loader;
  const std::string file = folder.path() + "/file";
  CHECK(loader.load({file, "file", false}).error().kind == Error::Kind::not_found);
  std::filesystem::create_symlink("target", file);
  CHECK(loader.load({file, "file", true}).value() == "target");
  CHECK(loader.load({file, "file", false}).error().kind == Error::Kind::corrupt);
  std::filesystem::remove(file);
  REQUIRE(mkfifo(file.c_str(), 0600) == 0);
  CHECK(loader.load({file, "file", false}).error().kind == Error::Kind::corrupt);
  CHECK(loader.load({file, "file", true}).error().kind == Error::Kind::corrupt);
}

// Files below /proc say they are empty and are not: the sizes before and after the reading differ.
TEST_CASE("a file that changes its size while it is read is an error") {
  const auto changed = FileLoader().load({"/proc/self/maps", "maps", false});
  REQUIRE(!changed);
  CHECK(changed.error().kind == Error::Kind::corrupt);
  CHECK(changed.error().message == "maps: changed during the scan");
}

// The sanitizers' own allocators end the program instead of throwing.
#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define SEALWARDEN_SANITIZED
#endif
#elif defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SEALWARDEN_SANITIZED
#endif
#ifndef SEALWARDEN_SANITIZED
TEST_CASE("a file larger than memory is an error, and the next one is read") {
  const TempFolder folder;
  const std::string file = folder.path() + "/huge";
  write_test_file(file, "");
  std::filesystem::resize_file(file, uint64_t{64} << 30);
  rlimit before{};
  REQUIRE(getrlimit(RLIMIT_AS, &before) == 0);
  const rlimit narrow{rlim_t{32} << 30, before.rlim_max};
  FileLoader loader;
  REQUIRE(setrlimit(RLIMIT_AS, &narrow) == 0);
  const auto loaded = loader.load({file, "huge", false});
  REQUIRE(setrlimit(RLIMIT_AS, &before) == 0);
  REQUIRE(!loaded);
  CHECK(loaded.error().kind == Error::Kind::limit);
  CHECK(loaded.error().message == "huge: 68719476736 bytes are more than memory holds");
  write_test_file(file, "text");
  CHECK(loader.load({file, "huge", false}).value() == "text");
}
#endif

}  // namespace
}  // namespace sealwarden
