// SPDX-License-Identifier: Apache-2.0
// Skipping what the tree before had must lose no entry: over a chain of edited trees the new entries together are all
// entries that occur, as parsing each tree whole tells them.
#include <algorithm>
#include <random>
#include <set>

#include "scanner/app/tree_differ.h"
#include "tests/support/catch.h"

namespace {

using namespace sealwarden;
using Entries = std::vector<std::pair<std::string, ObjectId>>;

std::string encode(const Entries& entries) {
  std::string tree;
  for (const auto& [name, id] : entries) {
    tree += "100644 " + name + '\0';
    tree.append(reinterpret_cast<const char*>(id.raw.data()), id.raw.size());
  }
  return tree;
}

void edit(Entries& entries, std::mt19937& random) {
  const auto id = [&] {
    ObjectId made;
    // Few values, so that trees look alike in the wrong places too.
    made.raw.fill(static_cast<uint8_t>(random() % 3));
    return made;
  };
  for (unsigned edits = random() % 4; edits > 0; --edits) {
    const size_t at = entries.empty() ? 0 : random() % entries.size();
    const auto place = entries.begin() + static_cast<std::ptrdiff_t>(at);
    const unsigned kind = random() % 3;
    if (kind == 0 || entries.empty()) entries.insert(place, {std::string(1 + random() % 3, 'a'), id()});
    else if (kind == 1) entries.erase(place);
    else place->second = id();
  }
}

}  // namespace

TEST_CASE("no entry of any tree is passed over", "[property]") {
  std::mt19937 random(20261121);
  for (int chain = 0; chain < 300; ++chain) {
    TreeDiffer differ;
    Entries entries;
    std::set<std::pair<std::string, ObjectId>> told, all;
    for (int version = 0; version < 20; ++version) {
      edit(entries, random);
      const std::string tree = encode(entries);
      std::vector<TreeEntry> fresh;
      REQUIRE(differ.new_entries(tree, fresh));
      for (const TreeEntry& entry : fresh) {
        told.emplace(entry.name, entry.id);
        REQUIRE(std::count(entries.begin(), entries.end(), std::pair(std::string(entry.name), entry.id)) > 0);
      }
      all.insert(entries.begin(), entries.end());
      CAPTURE(chain, version);
      REQUIRE(told == all);
    }
  }
}

TEST_CASE("a broken tree is told and forgotten") {
  TreeDiffer differ;
  std::vector<TreeEntry> fresh;
  CHECK_FALSE(differ.new_entries("100644 name-without-id", fresh));
  fresh.clear();
  CHECK(differ.new_entries(encode({{"a", {}}}), fresh));
  CHECK(fresh.size() == 1);
}
