// SPDX-License-Identifier: Apache-2.0
// Attribution against git's own listings of every commit's tree, on random histories.
#include "git/attribution.h"

#include <algorithm>
#include <map>
#include <random>
#include <set>

#include "git/objects.h"
#include "scanner/base/parallel.h"
#include "tests/support/catch.h"
#include "tests/support/repo_builder.h"

using namespace sealwarden;

namespace {

using Transition = Attribution::Transition;

// A history as git fast-import reads it: few contents and few names, so that blobs come, go, come back, move
// and meet.
class RandomHistory {
 public:
  RandomHistory(std::mt19937& random, int commits) : random_(random) {
    for (int blob = 1; blob <= kBlobs; ++blob)
      data("blob\nmark :" + std::to_string(blob) + "\n", "content " + std::to_string(blob));
    for (int commit = 0; commit < commits; ++commit)
      add_commit(kBlobs + 1 + commit, commit);
  }
  [[nodiscard]] const std::string& script() const { return script_; }

 private:
  static constexpr int kBlobs = 12;

  void data(const std::string& head, const std::string& text) {
    script_ += head + "data " + std::to_string(text.size()) + "\n" + text + "\n";
  }

  std::string random_path() {
    static const std::vector<std::string> kNames = {"a", "b", "a.c", "d", "a-b"};
    std::string path = kNames[random_() % kNames.size()];
    for (unsigned depth = random_() % 4; depth > 0; --depth)
      path += "/" + kNames[random_() % kNames.size()];
    return path;
  }

  void add_commit(int mark, int number) {
    const std::string branch = "refs/heads/b" + std::to_string(mark);
    data("commit " + branch + "\nmark :" + std::to_string(mark) + "\ncommitter C <c@example.org> " +
             std::to_string(1'700'000'000 + number / 3) + " +0000\n",
         std::to_string(number));
    std::set<int> parents;
    if (number > 0 && random_() % 12 != 0) {
      for (unsigned count = random_() % 5 == 0 ? 2 + random_() % 3 : 1; count > 0; --count)
        parents.insert(mark - 1 - static_cast<int>(random_() % static_cast<unsigned>(std::min(number, 6))));
    }
    bool first = true;
    for (const int parent : parents) {
      script_ += (first ? "from :" : "merge :") + std::to_string(parent) + "\n";
      first = false;
    }
    for (unsigned changes = random_() % 5; changes > 0; --changes)
      add_change(parents.empty());
    script_ += "\n";
  }

  void add_change(bool root) {
    static const std::vector<std::string> kModes = {"100644", "100755", "120000"};
    const unsigned kind = random_() % 10;
    if (root || kind < 6) {
      script_ += "M " + kModes[random_() % 3] + " :" + std::to_string(1 + random_() % kBlobs) + " " +
                 random_path() + "\n";
    } else {
      script_ += "D " + random_path() + "\n";
    }
  }

  std::mt19937& random_;
  std::string script_;
};

struct Repo {
  explicit Repo(RepoBuilder& builder) {
    Result<Repository> repository = Repository::open(builder.path(), false);
    if (!repository) throw std::runtime_error(repository.error().message);
    store = std::make_unique<ObjectStore>(std::move(*ObjectStore::list(*repository, ledger)));
    CommitRecords records;
    ObjectStore::Loader loader = store->make_loader();
    for (const ObjectRef& ref : store->objects()) {
      const Result<Object> object = loader.load(ref.id);
      if (!object || object->type != ObjectType::commit) continue;
      const Result<CommitView> commit = parse_commit(object->bytes);
      records.add(ref.id, commit->tree, commit->parents, parse_signature(commit->committer).date);
    }
    graph = CommitGraph::build(std::move(records));
  }
  Ledger ledger;
  std::unique_ptr<ObjectStore> store;
  CommitGraph graph;
};

class NoWatch : public TreeRecorder::Watch {
 public:
  uint32_t judge_name(std::string_view) override { return 0; }
  void see_entry(const TreeEntry&, uint32_t, uint32_t) override {}
};

class RecordingVisitor : public ObjectVisitor {
 public:
  RecordingVisitor(const ObjectStore& store, SoughtObjects& sought) : recorder(std::make_unique<TreeRecorder>(store, sought, watch_)) {}
  std::shared_ptr<const VisitedObject::Memory> visit(const VisitedObject& object) override {
    std::shared_ptr<const VisitedObject::Memory> memory;
    recorder->record(object, memory);
    return memory;
  }
  void note_unreadable(const ObjectId&, const Error&) override {}

 private:
  NoWatch watch_;

 public:
  std::unique_ptr<TreeRecorder> recorder;
};

TreeIndex index_of(const ObjectStore& store, const std::unordered_map<ObjectId, uint32_t>& targets) {
  std::unordered_set<ObjectId> ids;
  for (const auto& [id, number] : targets) ids.insert(id);
  SoughtObjects sought(std::move(ids));
  std::vector<std::unique_ptr<RecordingVisitor>> visitors(thread_count());
  class Others : public ObjectVisitor {
    std::shared_ptr<const VisitedObject::Memory> visit(const VisitedObject&) override { return nullptr; }
    void note_unreadable(const ObjectId&, const Error&) override {}
  } others;
  ObjectPass pass(store);
  pass.show_all_but_trees([&](size_t) -> ObjectVisitor& { return others; });
  pass.show_trees([&](size_t worker) -> ObjectVisitor& {
    visitors[worker] = std::make_unique<RecordingVisitor>(store, sought);
    return *visitors[worker];
  });
  std::vector<std::unique_ptr<TreeRecorder>> recorders;
  for (const auto& visitor : visitors)
    if (visitor) recorders.push_back(std::move(visitor->recorder));
  return TreeIndex(store, std::move(recorders), targets);
}

// What a delta could copy: what two texts have in common at their start and at their end.
std::vector<CopiedRegion> common_ends(Bytes base, Bytes text) {
  const size_t most = std::min(base.size(), text.size());
  size_t start = 0, end = 0;
  while (start < most && base[start] == text[start]) ++start;
  while (end < most - start && base[base.size() - 1 - end] == text[text.size() - 1 - end]) ++end;
  std::vector<CopiedRegion> copied;
  if (start > 0) copied.push_back({0, 0, start});
  if (end > 0) copied.push_back({text.size() - end, base.size() - end, end});
  return copied;
}

// The same if the trees were stored as deltas of any others, also of those that they lie in, and read by two workers.
TreeIndex index_of_any_deltas(const ObjectStore& store, const std::unordered_map<ObjectId, uint32_t>& targets, std::mt19937& random) {
  std::unordered_set<ObjectId> ids;
  for (const auto& [id, number] : targets) ids.insert(id);
  SoughtObjects sought(std::move(ids));
  RecordingVisitor workers[] = {{store, sought}, {store, sought}};
  struct Seen {
    uint32_t position;
    std::string bytes;
    std::shared_ptr<const VisitedObject::Memory> memory;
  };
  std::vector<Seen> trees;
  ObjectStore::Loader loader = store.make_loader();
  for (uint32_t position = 0; position < store.objects().size(); ++position) {
    const Result<Object> object = loader.load(store.objects()[position].id);
    if (object->type == ObjectType::tree) trees.push_back({position, std::string(object->bytes), nullptr});
  }
  std::shuffle(trees.begin(), trees.end(), random);
  for (size_t i = 0; i < trees.size(); ++i) {
    VisitedObject tree{.id = store.objects()[trees[i].position].id, .position = trees[i].position, .type = ObjectType::tree};
    tree.bytes = trees[i].bytes;
    tree.has_deltas = true;
    RecordingVisitor& worker = workers[random() % 2];
    if (i == 0 || random() % 8 == 0) {
      trees[i].memory = worker.visit(tree);
      continue;
    }
    const Seen& seen = trees[i - 1 - random() % std::min<size_t>(i, 6)];
    const std::vector<CopiedRegion> copied = common_ends(seen.bytes, trees[i].bytes);
    const VisitedObject::Base base{seen.position, seen.bytes, seen.memory.get(), copied};
    tree.base = &base;
    trees[i].memory = worker.visit(tree);
  }
  std::vector<std::unique_ptr<TreeRecorder>> recorders;
  for (RecordingVisitor& worker : workers) recorders.push_back(std::move(worker.recorder));
  return TreeIndex(store, std::move(recorders), targets);
}

struct Held {
  uint32_t target, mode;
};
using Listing = std::map<std::string, Held>;

// What git lists of a tree, as far as it is a target.
Listing list_with_git(RepoBuilder& builder, const ObjectId& tree,
                      const std::unordered_map<ObjectId, uint32_t>& targets) {
  Listing listing;
  if (const auto found = targets.find(tree); found != targets.end()) listing[""] = {found->second, kModeTree};
  const std::string text = builder.sh("git ls-tree -r -t -z " + tree.hex());
  for (const std::string& line : split_test_text(text, '\0')) {
    const size_t tab = line.find('\t');
    const auto found = targets.find(*ObjectId::from_hex(line.substr(tab - 40, 40)));
    if (found != targets.end())
      listing[line.substr(tab + 1)] = {found->second,
                                       static_cast<uint32_t>(std::stoul(line.substr(0, 6), nullptr, 8))};
  }
  return listing;
}

uint32_t target_at(const Listing& listing, const std::string& path) {
  const auto found = listing.find(path);
  return found == listing.end() ? kNoTarget : found->second.target;
}

std::string as_text(const CommitGraph& graph, const Transition& transition) {
  std::string text = graph.id(transition.commit).hex() + " " + transition.path + " " +
                     std::to_string(transition.now) + " " + std::to_string(transition.mode) + " <-";
  for (const uint32_t before : transition.before)
    text += " " + std::to_string(before);
  return text + "\n";
}

// Each commit's listing against each parent's.
std::string walk_naively(const CommitGraph& graph, const std::map<ObjectId, Listing>& listings) {
  std::string text;
  for (const uint32_t commit : graph.topological_order()) {
    const Listing& now = listings.at(graph.tree(commit));
    std::set<std::string> paths;
    for (const auto& [path, held] : now)
      paths.insert(path);
    for (const uint32_t parent : graph.parents(commit))
      for (const auto& [path, held] : listings.at(graph.tree(parent)))
        paths.insert(path);
    for (const std::string& path : paths) {
      Transition transition{commit, path, target_at(now, path), 0, {}};
      bool differs = graph.parents(commit).empty();
      if (transition.now != kNoTarget) transition.mode = now.at(path).mode;
      for (const uint32_t parent : graph.parents(commit)) {
        const Listing& before = listings.at(graph.tree(parent));
        transition.before.push_back(target_at(before, path));
        if (transition.before.back() != transition.now) differs = true;
        if (transition.mode == 0 && transition.before.back() != kNoTarget)
          transition.mode = before.at(path).mode;
      }
      if (differs) text += as_text(graph, transition);
    }
  }
  return text;
}

std::string walk(const Attribution& attribution, const CommitGraph& graph) {
  std::string text;
  attribution.walk([&](const Transition& transition) { text += as_text(graph, transition); });
  return text;
}

// The commits that git says have touched a blob, at any side of any of their differences, against those of our transitions.
// Git also tells where the mode alone changed, which is none of ours.
void check_with_find_object(RepoBuilder& builder, const CommitGraph& graph, const Attribution& attribution,
                            const std::unordered_map<ObjectId, uint32_t>& targets, const std::set<ObjectId>& blobs) {
  std::map<uint32_t, std::set<std::string>> touched;
  attribution.walk([&](const Transition& one) {
    const std::string commit = graph.id(one.commit).hex();
    if (one.before.empty()) touched[one.now].insert(commit);
    for (const uint32_t before : one.before)
      if (before != one.now) {
        touched[before].insert(commit);
        touched[one.now].insert(commit);
      }
  });
  for (const ObjectId& blob : blobs) {
    INFO(blob.hex());
    const std::string log = "git log --all --full-history -m --no-renames --format=%H --find-object=" + blob.hex();
    const auto lines_of = [&](const std::string& command) {
      const std::vector<std::string> lines = split_test_text(builder.sh(command), '\n');
      return std::set<std::string>(lines.begin(), lines.end());
    };
    const std::set<std::string> told = lines_of(log), ours = touched[targets.at(blob)];
    for (const std::string& commit : ours) CHECK(told.count(commit) == 1);
    for (const std::string& commit : told) {
      if (commit.empty() || ours.count(commit) > 0) continue;
      for (const std::string& change : lines_of("git diff-tree -r -m --root --no-renames --no-commit-id " + commit)) {
        const bool names_it = change.find(blob.hex()) != std::string::npos;
        CHECK((!names_it || (change.substr(15, 40) == blob.hex() && change.substr(56, 40) == blob.hex())));
      }
    }
  }
}

void check_list(const Attribution& attribution, const ObjectId& tree, const Listing& listing) {
  Attribution::Listed listed;
  const std::vector<Attribution::Entry> entries = attribution.list_new(tree, listed);
  // A second time nothing is new but the tree itself, if it is a target.
  CHECK(attribution.list_new(tree, listed).size() <= 1);
  REQUIRE(entries.size() == listing.size());
  auto expected = listing.begin();
  for (const Attribution::Entry& entry : entries) {
    CHECK(entry.path == expected->first);
    CHECK(entry.target == expected->second.target);
    CHECK(entry.mode == expected->second.mode);
    ++expected;
  }
}

void check_reached(const Attribution& attribution, const CommitGraph& graph,
                   const std::map<ObjectId, Listing>& listings, size_t targets, std::mt19937& random) {
  std::vector<uint8_t> flags(graph.size());
  std::vector<bool> expected(targets);
  for (uint32_t commit = 0; commit < graph.size(); ++commit) {
    flags[commit] = static_cast<uint8_t>(random() % 8 == 0 ? 5 : 1);
    if (flags[commit] != 5) continue;
    for (const auto& [path, held] : listings.at(graph.tree(commit)))
      expected[held.target] = true;
  }
  CHECK(attribution.reached(flags, 4, targets) == expected);
}

}  // namespace

TEST_CASE("attribution agrees with git's listings on random histories") {
  for (unsigned seed = 0; seed < 24; ++seed) {
    INFO("seed " << seed);
    std::mt19937 random(seed);
    RepoBuilder builder;
    write_test_file(builder.beside("script"), RandomHistory(random, 40).script());
    builder.sh("git fast-import --quiet < ../script");
    // Loose; packed; with long chains; and twice, with other deltas in the second pack.
    static const std::vector<std::string> kStorage = {
        ":", "git repack -q -a -d", "git repack -q -a -d -f --depth=200 --window=200",
        "git repack -q -a -d -f --window=3; git repack -q -a -f --depth=100 --window=100; git repack -q -d"};
    builder.sh(kStorage[seed % kStorage.size()]);
    const Repo repo(builder);
    REQUIRE(repo.graph.size() == 40);
    std::unordered_map<ObjectId, uint32_t> targets;
    ObjectStore::Loader loader = repo.store->make_loader();
    for (const ObjectRef& ref : repo.store->objects()) {
      const ObjectType type = loader.load(ref.id)->type;
      const bool wanted =
          type == ObjectType::blob ? random() % 2 == 0 : type == ObjectType::tree && random() % 12 == 0;
      if (wanted) targets.emplace(ref.id, static_cast<uint32_t>(targets.size()));
    }
    std::set<ObjectId> blobs;  // of the targets, a few
    for (const auto& [id, number] : targets)
      if (blobs.size() < 3 && loader.load(id)->type == ObjectType::blob) blobs.insert(id);
    std::map<ObjectId, Listing> listings;
    for (uint32_t commit = 0; commit < repo.graph.size(); ++commit)
      if (listings.count(repo.graph.tree(commit)) == 0)
        listings.emplace(repo.graph.tree(commit), list_with_git(builder, repo.graph.tree(commit), targets));
    const std::string expected = walk_naively(repo.graph, listings);
    CHECK_FALSE(expected.empty());
    for (const size_t threads : {0U, 1U, 4U}) {
      if (threads > 0) set_thread_count(threads);
      const TreeIndex trees = threads > 0 ? index_of(*repo.store, targets) : index_of_any_deltas(*repo.store, targets, random);
      const Attribution attribution(trees, repo.graph);
      CHECK(walk(attribution, repo.graph) == expected);
      if (threads == 1) check_with_find_object(builder, repo.graph, attribution, targets, blobs);
      for (const auto& [tree, listing] : listings)
        check_list(attribution, tree, listing);
      check_reached(attribution, repo.graph, listings, targets.size(), random);
      CHECK(trees.not_entered().empty());
    }
  }
}

TEST_CASE("a file and a folder of one name, and folders that hold nothing, are told apart however trees are stored") {
  RepoBuilder builder;
  const std::string secret_id = builder.line("echo secret | git hash-object -w --stdin");
  const std::string file = "100644 blob " + secret_id + "\\ta\\n";
  const std::string other = "100644 blob " + builder.line("echo other | git hash-object -w --stdin") + "\\ta\\n";
  const std::string folder = "040000 tree " + builder.line("printf '" + file + "' | git mktree") + "\\ta\\n";
  const std::string empty = "040000 tree " + builder.line("git mktree < /dev/null") + "\\ta\\n";
  std::string parent;
  for (const std::string& tree : {file + folder, file, file + empty, file, folder, file + empty, other + folder, file + folder})
    parent = builder.line("git commit-tree -m x " + (parent.empty() ? "" : "-p " + parent) + " $(printf '" + tree + "' | git mktree)");
  builder.sh("git update-ref HEAD " + parent);
  const Repo repo(builder);
  const ObjectId secret = *ObjectId::from_hex(secret_id);
  const TreeIndex whole = index_of(*repo.store, {{secret, 0}});
  const std::string expected = walk(Attribution(whole, repo.graph), repo.graph);
  for (unsigned seed = 0; seed < 60; ++seed) {
    CAPTURE(seed);
    std::mt19937 random(seed);
    const TreeIndex trees = index_of_any_deltas(*repo.store, {{secret, 0}}, random);
    CHECK(walk(Attribution(trees, repo.graph), repo.graph) == expected);
  }
}

TEST_CASE("trees that unfold without end are closed, and said so") {
  RepoBuilder builder;
  builder.sh(
      "id=$(echo secret | git hash-object -w --stdin); tree=$(printf '100644 blob %s\\tf\\n' $id | git "
      "mktree);"
      "for level in 1 2 3 4 5 6 7 8 9 10; do"
      "  tree=$(for i in 0 1 2 3 4 5 6 7 8 9; do printf '040000 tree %s\\td%s\\n' $tree $i; done | git "
      "mktree); done;"
      "tree=$(printf '100644 blob %s\\tabove\\n040000 tree %s\\tbomb\\n' $id $tree | git mktree);"
      "git update-ref HEAD $(git commit-tree -m bomb $tree)");
  const Repo repo(builder);
  const ObjectId secret = *ObjectId::from_hex(builder.line("echo secret | git hash-object --stdin"));
  const TreeIndex trees = index_of(*repo.store, {{secret, 0}});
  const Attribution attribution(trees, repo.graph);
  CHECK(trees.not_entered().size() == 1);
  CHECK(walk(attribution, repo.graph).find(" above 0 ") != std::string::npos);
}

TEST_CASE("a missing tree is passed over") {
  RepoBuilder builder;
  builder.write("gone/a", "secret");
  builder.write("here/a", "secret");
  builder.commit();
  const ObjectId secret = *ObjectId::from_hex(builder.line("git rev-parse HEAD:here/a"));
  builder.write("gone/b", "x");
  builder.commit();
  const std::string gone = builder.line("git rev-parse HEAD:gone");
  builder.sh("rm -f .git/objects/" + gone.substr(0, 2) + "/" + gone.substr(2));
  const Repo repo(builder);
  const TreeIndex trees = index_of(*repo.store, {{secret, 0}});
  const Attribution attribution(trees, repo.graph);
  const std::string text = walk(attribution, repo.graph);
  CHECK(text.find(" here/a 0 ") != std::string::npos);
  CHECK(text.find(" gone/a 0 ") != std::string::npos);
}

TEST_CASE("very deep trees are entered as far as the bound allows") {
  RepoBuilder builder;
  builder.sh(
      "tree=$(printf '100644 blob %s\\tf\\n' $(echo secret | git hash-object -w --stdin) | git mktree);"
      "for level in $(seq 300); do tree=$(printf '040000 tree %s\\td\\n' $tree | git mktree); done;"
      "git update-ref HEAD $(git commit-tree -m deep $tree)");
  const Repo repo(builder);
  const ObjectId secret = *ObjectId::from_hex(builder.line("echo secret | git hash-object --stdin"));
  const TreeIndex trees = index_of(*repo.store, {{secret, 0}});
  const Attribution attribution(trees, repo.graph);
  Attribution::Listed listed;
  const std::vector<Attribution::Entry> entries = attribution.list_new(repo.graph.tree(0), listed);
  REQUIRE(entries.size() == 1);
  CHECK(entries[0].path.size() == 601);
}
