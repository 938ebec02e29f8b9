// SPDX-License-Identifier: Apache-2.0
#include "git/object_store.h"

#include <map>
#include <random>
#include <set>

#include "tests/support/catch.h"
#include "scanner/base/parallel.h"
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

ObjectStore list(const std::string& path, Ledger& ledger) {
  Result<ObjectStore> store = ObjectStore::list(open(path), ledger);
  if (!store) throw std::runtime_error(store.error().message);
  return std::move(*store);
}

// Every object is listed once, and both ways of reading give git's bytes: one by one, and all in a pass, by one worker or
// several, with room for bases or without.
size_t check_all_objects(const std::string& path) {
  Ledger ledger;
  const ObjectStore store = list(path, ledger);
  CHECK(ledger.complete());
  std::map<ObjectId, SeenObject> expected;
  ObjectStore::Loader loader = store.make_loader();
  for (GitObjects git(path); git.next();) {
    const Result<Object> object = loader.load(git.id);
    REQUIRE(object);
    REQUIRE(type_name(object->type) == git.type);
    REQUIRE((object->bytes == git.bytes));
    expected.emplace(git.id, seen_as(object->type, git.bytes));
  }
  CHECK(store.objects().size() == expected.size());
  for (const ObjectRef& ref : store.objects()) REQUIRE(store.find(ref.id) == &ref);
  for (const size_t threads : {1U, 4U})
    for (const PassOptions& options : {PassOptions{}, PassOptions{.kept_limit = 1}, PassOptions{.large = 100},
                                       PassOptions{.kept_limit = 300, .large = 200}, PassOptions{.whole = true, .verify_ids = true}}) {
      set_thread_count(threads);
      const SeenPass seen = see_all_objects(store, options);
      CHECK(seen.problem == "");
      CHECK(seen.unreadable.empty());
      CHECK((seen.objects == expected));
      CHECK((!options.whole || seen.derived == 0));
    }
  return expected.size();
}

// A history with text that packs as deltas.
void grow(RepoBuilder& repo, int commits) {
  static std::mt19937 random(7);
  std::string text(4000, 'a');
  for (int i = 0; i < commits; ++i) {
    for (int change = 0; change < 20; ++change)
      text[random() % text.size()] = static_cast<char>('a' + random() % 26);
    repo.write("folder/file" + std::to_string(i % 3), text);
    repo.write("other" + std::to_string(random() % 5), std::to_string(random()));
    repo.commit();
  }
}

std::string the_pack(RepoBuilder& repo) {
  return repo.path() + "/" + repo.line("ls .git/objects/pack/*.pack");
}

uint64_t count_of(const Ledger& ledger, Skip reason) {
  for (const Ledger::Row& row : ledger.rows())
    if (row.reason == reason) return row.count;
  return 0;
}

}  // namespace

TEST_CASE("every object reads as git reads it: loose, packed, twice, in an alternate") {
  RepoBuilder repo;
  grow(repo, 12);
  repo.sh("git tag -a -m text v1");
  CHECK(check_all_objects(repo.path()) > 30);  // all loose
  repo.sh("git repack -q -d");
  check_all_objects(repo.path());
  grow(repo, 6);
  repo.sh("git repack -q -d");
  grow(repo, 3);
  check_all_objects(repo.path());  // two packs and loose ones
  repo.sh("git clone -q -s . ../borrower");
  repo.sh("cd ../borrower; echo more > more; git add .; git commit -q -m more");
  check_all_objects(repo.beside("borrower"));
  repo.sh("git repack -q -a");  // all is there twice now, in several packs
  check_all_objects(repo.path());
  repo.sh(
      "cp -r .git ../copy.git; cp -r .git/objects/. ../borrower/.git/objects; cd ../borrower; git repack -q "
      "-a -d");
  check_all_objects(repo.beside("borrower"));
  repo.sh("git repack -q -a -d --no-write-bitmap-index; git multi-pack-index write; git prune-packed");
  check_all_objects(repo.path());
  CHECK(check_all_objects(repo.beside("copy.git")) > 60);
}

TEST_CASE("every object of a given repository reads as git reads it") {
  const char* path = std::getenv("SEALWARDEN_TEST_REPOSITORY");
  if (path != nullptr) CHECK(check_all_objects(path) > 0);
}

TEST_CASE("an empty repository has no objects") {
  RepoBuilder repo;
  Ledger ledger;
  const ObjectStore store = list(repo.path(), ledger);
  CHECK(store.objects().empty());
  CHECK_FALSE(store.contains(ObjectId{}));
  CHECK(store.make_loader().load(ObjectId{}).error().kind == Error::Kind::not_found);
}

TEST_CASE("a broken pack is told and the others are read") {
  RepoBuilder repo;
  grow(repo, 5);
  repo.sh("git repack -q -a -d");
  const std::string pack = the_pack(repo), index = pack.substr(0, pack.size() - 5) + ".idx";
  grow(repo, 2);
  repo.sh("chmod -R u+w .git/objects");
  struct Damage {
    const char* name;
    std::string script;
  };
  for (const Damage& damage :
       {Damage{"pack cut off", "truncate -s -30 '" + pack + "'"},
        {"pack empty", ": > '" + pack + "'"},
        {"pack gone", "rm '" + pack + "'"},
        {"index gone", "rm '" + index + "'"},
        {"index cut off", "truncate -s 1100 '" + index + "'"},
        {"index empty", ": > '" + index + "'"},
        {"index garbage", "head -c 5000 /dev/zero > '" + index + "'"},
        {"fan-out", "printf '\\377\\377' | dd of='" + index + "' bs=1 seek=12 conv=notrunc status=none"}}) {
    INFO(damage.name);
    repo.sh("rm -rf ../saved; cp -a .git ../saved");
    repo.sh(damage.script);
    Ledger ledger;
    const ObjectStore store = list(repo.path(), ledger);
    CHECK(count_of(ledger, Skip::corrupt_pack) == 1);
    CHECK(store.objects().size() > 5);
    CHECK(store.objects().size() < 15);
    const SeenPass seen = see_all_objects(store);
    CHECK(seen.problem == "");
    CHECK(seen.objects.size() == store.objects().size());
    repo.sh("rm -rf .git; cp -a ../saved .git");
  }
}

TEST_CASE("a corrupt copy is read from another store, a single one is an error") {
  RepoBuilder repo;
  repo.write("a", "the content");
  repo.commit();
  const std::string id = repo.line("git rev-parse HEAD:a");
  const std::string file = repo.path() + "/.git/objects/" + id.substr(0, 2) + "/" + id.substr(2);
  repo.sh("git repack -q -a; git clone -q --bare . ../alone.git; chmod u+w '" + file + "'; echo garbage > '" +
          file + "'");
  Ledger ledger;
  const ObjectStore both = list(repo.path(), ledger);
  ObjectStore::Loader loader = both.make_loader();
  CHECK(loader.load(*ObjectId::from_hex(id))->bytes == "the content");
  CHECK((see_all_objects(both).objects.at(*ObjectId::from_hex(id)) == seen_as(ObjectType::blob, "the content")));
  repo.sh("rm .git/objects/pack/*");
  const ObjectStore alone = list(repo.path(), ledger);
  const Result<Object> object = alone.make_loader().load(*ObjectId::from_hex(id));
  REQUIRE_FALSE(object);
  CHECK(object.error().kind == Error::Kind::corrupt);
  CHECK(object.error().message.find(id) != std::string::npos);
  const SeenPass seen = see_all_objects(alone);
  CHECK(seen.objects.size() == 2);
  REQUIRE(seen.unreadable.size() == 1);
  CHECK(seen.unreadable.begin()->second.message.find(id) != std::string::npos);
}

TEST_CASE("objects that git packs anew during the scan are found again") {
  RepoBuilder repo;
  grow(repo, 4);
  Ledger ledger;
  const ObjectStore store = list(repo.path(), ledger);
  repo.sh("git repack -q -a -d; git prune-packed");
  ObjectStore::Loader loader = store.make_loader();
  for (const ObjectRef& ref : store.objects())
    CHECK(loader.load(ref.id));
  CHECK(see_all_objects(store).objects.size() == store.objects().size());
  const ObjectStore packed = list(repo.path(), ledger);
  repo.sh("rm -rf .git/objects/pack");
  CHECK(see_all_objects(packed).objects.size() == packed.objects().size());  // still mapped
  ObjectStore::Loader later = store.make_loader();
  CHECK(later.load(store.objects().front().id).error().kind == Error::Kind::not_found);
}

TEST_CASE("an alternate that is gone is a loss") {
  RepoBuilder repo;
  repo.write("a", "x");
  repo.commit();
  repo.sh("echo /not/there > .git/objects/info/alternates");
  Ledger ledger;
  CHECK(list(repo.path(), ledger).objects().size() == 3);
  CHECK(count_of(ledger, Skip::corrupt_repository) == 1);
}
