// SPDX-License-Identifier: Apache-2.0
#include "git/stored_objects.h"

#include <git2.h>

#include <cstdlib>
#include <iterator>
#include <map>
#include <optional>
#include <random>

#include "git/delta.h"
#include "git/libgit2.h"
#include "git/object_reader.h"
#include "git/object_store.h"
#include "tests/support/catch.h"
#include "tests/support/git_objects.h"
#include "tests/support/object_pass.h"
#include "tests/support/repo_builder.h"

using namespace sealwarden;

namespace {

Repository open(const std::string& path) {
  Result<Repository> repository = Repository::open(path, false);
  if (!repository) throw std::runtime_error(repository.error().message);
  return std::move(*repository);
}

// Our own reader gives what git gives, for each object, in git's order and in another.
size_t check_against_git(const std::string& path) {
  const Repository repository = open(path);
  StoredObjects stored(repository.object_dirs());
  std::map<ObjectId, std::string> objects;
  for (GitObjects git(path); git.next();) {
    INFO(git.id.hex());
    CHECK(stored.contains(git.id));
    const Result<StoredObject> object = stored.load(git.id);
    REQUIRE(object);
    REQUIRE(type_name(object->type) == git.type);
    REQUIRE((object->bytes == git.bytes));
    objects.emplace(git.id, git.bytes);
  }
  const Result<ObjectReader> reader = ObjectReader::open(repository);
  REQUIRE(reader);
  for (auto object = objects.rbegin(); object != objects.rend(); ++object) {
    const Result<ReadObject> read = reader->load(object->first);
    REQUIRE(read);
    REQUIRE((read->bytes() == object->second));
  }
  CHECK_FALSE(stored.contains(ObjectId{}));
  return objects.size();
}

// A history whose files and folders pack as chains of deltas.
void grow(RepoBuilder& repo, int commits, uint32_t seed) {
  std::mt19937 random(seed);
  std::string text;
  while (text.size() < 100'000) text += std::to_string(random()) + "\n";  // copies beyond 64 KB
  for (int i = 0; i < commits; ++i) {
    text.insert(random() % text.size(), "a line of commit " + std::to_string(i) + "\n");
    text.erase(random() % (text.size() - 100), random() % 100);
    repo.write("large", text);
    for (int file = 0; file < 40; ++file)
      if (i == 0 || random() % 8 == 0)
        repo.write("folder/f" + std::to_string(file), text.substr(random() % 50'000, random() % 3'000));
    repo.commit();
  }
}

// The instructions that `pieces` random copies and inserts are, with what they make.
std::pair<std::string, std::string> random_delta(std::mt19937& random, const std::string& base, int pieces) {
  const auto as_size = [](size_t value) {
    std::string bytes;
    for (; value >= 128; value >>= 7) bytes += static_cast<char>(value | 128);
    return bytes + static_cast<char>(value);
  };
  std::string code, made;
  for (int i = 0; i < pieces; ++i) {
    if (base.empty() || random() % 2 == 0) {
      const size_t size = 1 + random() % 127;
      std::string text(size, '\0');
      for (char& c : text) c = static_cast<char>(random());
      code += static_cast<char>(size) + text;
      made += text;
      continue;
    }
    size_t offset = random() % base.size(), size = 1 + random() % (base.size() - offset);
    if (base.size() > 0x10000 && random() % 8 == 0) offset = random() % (base.size() - 0xffff), size = 0x10000;
    made += base.substr(offset, size);
    std::string arguments;
    unsigned flags = 128;
    for (unsigned byte = 0; byte < 4; ++byte)
      if ((offset >> 8 * byte & 255) != 0) flags |= 1U << byte, arguments += static_cast<char>(offset >> 8 * byte);
    for (unsigned byte = 0; byte < 3 && size != 0x10000; ++byte)
      if ((size >> 8 * byte & 255) != 0) flags |= 16U << byte, arguments += static_cast<char>(size >> 8 * byte);
    code += static_cast<char>(flags) + arguments;
  }
  return {as_size(base.size()) + as_size(made.size()) + code, made};
}

}  // namespace

TEST_CASE("our own reader gives what git gives, however the objects are stored") {
  RepoBuilder repo;
  repo.sh(": > empty; printf x > one");
  grow(repo, 25, 1);
  repo.sh("git tag -a -m text v1; git tag -a -m nested v2 v1");
  CHECK(check_against_git(repo.path()) > 150);  // loose
  repo.sh("git repack -q -a -d -f --depth=200 --window=50");
  check_against_git(repo.path());
  grow(repo, 5, 2);
  repo.sh("git repack -q -d");
  grow(repo, 3, 3);
  check_against_git(repo.path());  // two packs and loose ones
  repo.sh("git clone -q -s . ../borrower; cd ../borrower; echo more > more; git add .; git commit -q -m more");
  check_against_git(repo.beside("borrower"));
  repo.sh("git -c repack.useDeltaBaseOffset=false repack -q -a -d -f");
  check_against_git(repo.path());
  repo.sh("git -c pack.indexVersion=1 repack -q -a -d");
  check_against_git(repo.path());
  repo.sh("git repack -q -a -d; cd .git/objects/pack; pack=$(ls *.pack); chmod u+w *; rm -f *.idx *.rev; "
          "git index-pack --index-version=2,0x40 $pack > /dev/null");  // 64-bit offsets
  check_against_git(repo.path());
}

// libgit2's reader, as it stands.
class Libgit2 {
 public:
  explicit Libgit2(const std::vector<std::string>& folders) {
    use_libgit2();
    git_odb* raw = nullptr;
    REQUIRE(git_odb_new(&raw) == 0);
    odb_.reset(raw);
    for (const std::string& folder : folders) REQUIRE(git_odb_add_disk_alternate(raw, folder.c_str()) == 0);
  }
  std::optional<SeenObject> load(const ObjectId& id) {
    git_oid oid;
    git_oid_fromraw(&oid, id.raw.data());
    git_odb_object* raw = nullptr;
    if (git_odb_read(&raw, odb_.get(), &oid) != 0) return std::nullopt;
    const std::unique_ptr<git_odb_object, decltype(&git_odb_object_free)> object(raw, &git_odb_object_free);
    return seen_as(static_cast<ObjectType>(git_odb_object_type(raw)),
                   {static_cast<const char*>(git_odb_object_data(raw)), git_odb_object_size(raw)});
  }

 private:
  OdbHandle odb_;
};

TEST_CASE("our own readers give what libgit2 gives, for a given repository") {
  const char* path = std::getenv("SEALWARDEN_TEST_REPOSITORY");
  if (path == nullptr) return;
  const Repository repository = open(path);
  Ledger ledger;
  const Result<ObjectStore> store = ObjectStore::list(repository, ledger);
  REQUIRE(store);
  const SeenPass seen = see_all_objects(*store);
  CHECK(seen.problem == "");
  Libgit2 libgit2(repository.object_dirs());
  StoredObjects stored(repository.object_dirs());
  size_t one_by_one = 0;
  for (const ObjectRef& ref : store->objects()) {
    const std::optional<SeenObject> expected = libgit2.load(ref.id);
    const auto found = seen.objects.find(ref.id);
    REQUIRE((found != seen.objects.end()) == expected.has_value());
    if (expected) REQUIRE((found->second == *expected));
    if (++one_by_one % 7 != 0) continue;
    const Result<StoredObject> object = stored.load(ref.id);
    REQUIRE(object.has_value() == expected.has_value());
    if (object) REQUIRE((seen_as(object->type, object->bytes) == *expected));
  }
  WARN(seen.objects.size() << " objects, " << seen.derived << " of them made of their bases: equal");
}

TEST_CASE("a delta makes what its pieces say, and no part of one makes anything") {
  const uint32_t seed = GENERATE(range(0U, 60U));
  CAPTURE(seed);
  std::mt19937 random(seed);
  std::string base(seed == 0 ? 0 : random() % 200'000, '\0');
  for (char& c : base) c = static_cast<char>(random());
  const auto [delta, made] = random_delta(random, base, static_cast<int>(random() % 40));
  const Result<OwnedBytes> result = apply_delta(base, delta, 1 << 26);
  REQUIRE(result);
  CHECK((result->view() == made));
  CHECK(stated_size(delta) == made.size());
  std::vector<CopiedRegion> copied;
  ByteBuffer exact, small;
  exact.reserve(made.size());
  CHECK((apply_delta_into(exact, base, delta, copied)->value() == made));
  if (!made.empty()) {
    small.reserve(made.size() - 1);
    CHECK_FALSE(apply_delta_into(small, base, delta, copied)->has_value());
  }
  for (int i = 0; i < 20; ++i)
    CHECK_FALSE(apply_delta(base, Bytes(delta).substr(0, random() % delta.size()), 1 << 26));
  CHECK_FALSE(apply_delta(base + "x", delta, 1 << 26));
  if (!made.empty()) CHECK(apply_delta(base, delta, made.size() - 1).error().kind == Error::Kind::limit);
  for (int i = 0; i < 50; ++i) {  // whatever else stands there must only not be read beyond its end
    std::string damaged = delta;
    damaged[random() % damaged.size()] = static_cast<char>(random());
    (void)apply_delta(base, damaged, 1 << 22);
  }
}

// A damaged byte may make another object of one, as for git without its checksums; then libgit2 says the same.
TEST_CASE("a damaged pack or index is an error, or gives what libgit2 gives") {
  RepoBuilder repo;
  grow(repo, 6, 4);
  const char* settings = GENERATE("", "-c repack.useDeltaBaseOffset=false", "-c pack.indexVersion=1");
  repo.sh(std::string("git ") + settings + " repack -q -a -d -f; chmod u+w .git/objects/pack/*");
  std::vector<ObjectId> ids;
  std::map<ObjectId, SeenObject> originals;
  StoredObjects whole_reader({repo.path() + "/.git/objects"});
  for (GitObjects git(repo.path()); git.next();) {
    ids.push_back(git.id);
    originals.emplace(git.id, seen_as(whole_reader.load(git.id)->type, git.bytes));
  }
  const std::string pack = repo.path() + "/" + repo.line("ls .git/objects/pack/*.pack");
  std::mt19937 random(5);
  size_t failures = 0;
  for (int round = 0; round < 40; ++round) {
    CAPTURE(settings, round);
    const std::string file = round % 2 == 0 ? pack : pack.substr(0, pack.size() - 4) + "idx";
    std::ifstream in(file, std::ios::binary);
    const std::string whole((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
    std::string damaged = whole;
    if (round % 10 < 2) damaged.resize(random() % damaged.size());
    for (int i = 0; i < 20 && !damaged.empty(); ++i) damaged[random() % damaged.size()] = static_cast<char>(random());
    write_test_file(file, damaged);
    const Repository repository = open(repo.path());
    StoredObjects stored(repository.object_dirs());
    Ledger ledger;
    const Result<ObjectStore> store = ObjectStore::list(repository, ledger);
    REQUIRE(store);
    Libgit2 libgit2(repository.object_dirs());
    const SeenPass seen = see_all_objects(*store);
    CHECK(seen.problem == "");
    for (const ObjectId& id : ids) {
      const Result<StoredObject> object = stored.load(id);
      failures += object ? 0 : 1;
      if (object)
        if (const auto expected = libgit2.load(id)) CHECK((seen_as(object->type, object->bytes) == *expected));
      // The pass looks at checksums too: what it shows is right, whatever was damaged, or else git had none to give.
      const auto shown = seen.objects.find(id);
      if (shown != seen.objects.end() && Bytes(settings).find("indexVersion") == Bytes::npos) CHECK((shown->second == originals.at(id)));
      if (store->contains(id)) CHECK((shown != seen.objects.end()) != seen.unreadable.contains(id));
    }
    write_test_file(file, whole);
  }
  CHECK(failures > 0);
}
