// SPDX-License-Identifier: Apache-2.0
#include "scanner/base/atomic_file.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <string>

#include "tests/support/catch.h"

using namespace sealwarden;
namespace fs = std::filesystem;

namespace {

class Folder {
 public:
  Folder() {
    std::string name = (fs::temp_directory_path() / "sealwarden.XXXXXX").string();
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    path_ = name;
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() { fs::remove_all(path_); }
  [[nodiscard]] std::string file(const char* name) const { return (path_ / name).string(); }
  [[nodiscard]] size_t count() const {
    return static_cast<size_t>(std::distance(fs::directory_iterator(path_), fs::directory_iterator()));
  }

 private:
  fs::path path_;
};

// A file size limit stands for a full disk: writing fails half way.
class SmallDisk {
 public:
  explicit SmallDisk(rlim_t bytes) {
    ::getrlimit(RLIMIT_FSIZE, &before_);
    rlimit limit{bytes, before_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &limit);
    handler_ = std::signal(SIGXFSZ, SIG_IGN);
  }
  SmallDisk(const SmallDisk&) = delete;
  SmallDisk& operator=(const SmallDisk&) = delete;
  ~SmallDisk() {
    ::setrlimit(RLIMIT_FSIZE, &before_);
    std::signal(SIGXFSZ, handler_);
  }

 private:
  rlimit before_{};
  void (*handler_)(int) = nullptr;
};

class Umask {
 public:
  explicit Umask(mode_t mask) : before_(::umask(mask)) {}
  Umask(const Umask&) = delete;
  Umask& operator=(const Umask&) = delete;
  ~Umask() { ::umask(before_); }

 private:
  mode_t before_;
};

unsigned mode_of(const std::string& path) {
  struct stat info {};
  REQUIRE(::stat(path.c_str(), &info) == 0);
  return info.st_mode & 0777;
}

}  // namespace

TEST_CASE("a file is written whole, with its mode, and nothing stays beside it") {
  const Folder folder;
  const Umask mask(0022);
  REQUIRE(write_file_atomically(folder.file("a"), "one", 0644));
  REQUIRE(write_file_atomically(folder.file("a"), std::string(300'000, 'x'), 0640));
  CHECK(read_file(folder.file("a")).value() == std::string(300'000, 'x'));
  CHECK(mode_of(folder.file("a")) == 0640);
  CHECK(folder.count() == 1);
}

TEST_CASE("the umask narrows a new file, and a replaced one stays as narrow as it was") {
  const Folder folder;
  {
    const Umask mask(0027);
    REQUIRE(write_file_atomically(folder.file("new"), "x"));
    CHECK(mode_of(folder.file("new")) == 0640);
    REQUIRE(write_file_atomically(folder.file("private"), "x", 0600));
    CHECK(mode_of(folder.file("private")) == 0600);
  }
  const Umask mask(0);
  REQUIRE(write_file_atomically(folder.file("private"), "y", 0644));
  CHECK(mode_of(folder.file("private")) == 0600);
  REQUIRE(write_file_atomically(folder.file("wide"), "x", 0666));
  const Umask narrow(0077);
  REQUIRE(write_file_atomically(folder.file("wide"), "y", 0644));
  CHECK(mode_of(folder.file("wide")) == 0644);
  REQUIRE(write_file_atomically(folder.file("wide"), "z", 0600));
  CHECK(mode_of(folder.file("wide")) == 0600);
  CHECK(folder.count() == 3);
}

TEST_CASE("when writing fails the old file stays and the temporary one goes") {
  const Folder folder;
  REQUIRE(write_file_atomically(folder.file("a"), "old"));
  {
    const SmallDisk disk(4096);
    const auto done = write_file_atomically(folder.file("a"), std::string(100'000, 'x'));
    REQUIRE_FALSE(done);
    CHECK(done.error().kind == Error::Kind::io);
    CHECK(done.error().message.find(folder.file("a")) != std::string::npos);
  }
  CHECK(read_file(folder.file("a")).value() == "old");
  CHECK(folder.count() == 1);
}

TEST_CASE("a full device, a folder and a missing folder are errors") {
  const Folder folder;
  const auto full = write_file_atomically("/dev/full", "x");
  REQUIRE_FALSE(full);
  CHECK(full.error().message.find("/dev/full") != std::string::npos);
  CHECK_FALSE(write_file_atomically(folder.file("."), "x"));
  const auto missing = write_file_atomically(folder.file("no/such"), "x");
  REQUIRE_FALSE(missing);
  CHECK(missing.error().kind == Error::Kind::not_found);
  CHECK(write_file_atomically("/dev/null", "x"));
}

TEST_CASE("a symbolic link stays and its target is replaced") {
  const Folder folder;
  REQUIRE(write_file_atomically(folder.file("target"), "old"));
  fs::create_symlink("target", folder.file("link"));
  REQUIRE(write_file_atomically(folder.file("link"), "new"));
  CHECK(fs::is_symlink(folder.file("link")));
  CHECK(read_file(folder.file("target")).value() == "new");
}

TEST_CASE("a descriptor's path below /dev is written to, never replaced") {
  const Folder folder;
  REQUIRE(write_file_atomically(folder.file("a"), "first "));
  const int descriptor = ::open(folder.file("a").c_str(), O_WRONLY | O_CLOEXEC);
  REQUIRE(descriptor >= 0);
  const std::string path = "/dev/fd/" + std::to_string(descriptor);
  CHECK(write_file_atomically(path, "second"));
  ::close(descriptor);
  CHECK(read_file(folder.file("a")).value() == "first second");
}

TEST_CASE("reading names what is wrong and keeps to its limit") {
  const Folder folder;
  REQUIRE(write_file_atomically(folder.file("a"), std::string(70'000, 'x')));
  CHECK(read_file(folder.file("a"), 70'000).value().size() == 70'000);
  CHECK(read_file(folder.file("a"), 69'999).error().kind == Error::Kind::limit);
  CHECK(read_file(folder.file("none")).error().kind == Error::Kind::not_found);
  CHECK(read_file(folder.file(".")).error().kind == Error::Kind::io);
  REQUIRE(write_file_atomically(folder.file("empty"), ""));
  CHECK(read_file(folder.file("empty"))->empty());
}
