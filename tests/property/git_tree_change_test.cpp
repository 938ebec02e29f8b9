// SPDX-License-Identifier: Apache-2.0
// What a tree adds to and drops from its base, against reading both whole: on random changes, with copies cut anywhere.
#include "git/tree_change.h"

#include <algorithm>
#include <map>
#include <random>
#include <string>
#include <tuple>

#include "tests/support/catch.h"

using namespace sealwarden;

namespace {

using Key = std::tuple<uint32_t, std::string, ObjectId>;
using Counts = std::map<Key, int>;

Key key_of(const TreeEntry& entry) { return {entry.mode, std::string(entry.name), entry.id}; }

struct Made {
  std::string bytes;
  std::vector<std::string> entries;
};

std::string random_entry(std::mt19937& random) {
  std::string entry = random() % 3 == 0 ? "40000 " : "100644 ";
  entry += "name" + std::to_string(random() % 300);
  entry.push_back('\0');
  for (int i = 0; i < 20; ++i) entry.push_back(static_cast<char>(random() % 4));  // ids that look like anything
  return entry;
}

// Copies of `size` bytes from `from` to `to`, in pieces that are cut anywhere, some bytes being left out.
void copy(std::mt19937& random, uint64_t from, uint64_t to, uint64_t size, std::vector<CopiedRegion>& copied) {
  for (uint64_t at = 0; at < size;) {
    const uint64_t skipped = std::min<uint64_t>(size - at, random() % 3 == 0 ? random() % 12 : 0);
    at += skipped;
    const uint64_t length = std::min<uint64_t>(size - at, random() % 2 == 0 ? size : 1 + random() % 90);
    if (length == 0) break;
    const CopiedRegion region{to + at, from + at, length};
    if (!copied.empty() && copied.back().end() == region.begin && copied.back().base_end() == region.base_begin) copied.back().size += length;
    else copied.push_back(region);
    at += length;
  }
}

}  // namespace

TEST_CASE("a tree is its base less what it dropped and more what it added", "[property]") {
  uint64_t looked_at = 0, all = 0;
  for (uint32_t seed = 0; seed < 3000; ++seed) {
    CAPTURE(seed);
    std::mt19937 random(seed);
    std::vector<std::string> entries;
    for (size_t i = random() % 60; i > 0; --i) entries.push_back(random_entry(random));
    std::string base, tree;
    std::vector<CopiedRegion> copied;
    for (const std::string& entry : entries) base += entry;
    uint64_t offset = 0;
    std::vector<std::pair<uint64_t, uint64_t>> kept;  // of the base: from, size
    for (const std::string& entry : entries) {
      if (random() % 12 == 0) {
        const std::string other = random_entry(random);
        tree += other;
        if (random() % 2 == 0) {  // in its place
          offset += entry.size();
          continue;
        }
      }
      copy(random, offset, tree.size(), entry.size(), copied);
      tree += entry;
      offset += entry.size();
    }
    if (random() % 6 == 0 && !base.empty()) {  // a copy from the wrong side of the base
      const uint64_t from = random() % base.size(), size = random() % (base.size() - from);
      if (size > 0) copied.push_back({tree.size(), from, size});
      tree += base.substr(from, size);
    }
    TreeChange of_base, whole, change;
    REQUIRE(compare_with_base(base, nullptr, true, of_base));
    const bool is_sound = compare_with_base(tree, nullptr, true, whole);
    const TreeBase known{base, of_base.bounds, copied};
    REQUIRE(compare_with_base(tree, &known, true, change) == is_sound);
    if (!is_sound) continue;
    REQUIRE(change.bounds == whole.bounds);
    TreeChange leaf;
    REQUIRE(compare_with_base(tree, &known, false, leaf));
    REQUIRE(leaf.added.size() == change.added.size());
    REQUIRE(leaf.dropped.size() == change.dropped.size());
    Counts counts;
    for (const TreeEntry& entry : of_base.added) ++counts[key_of(entry)];
    // Taken over twice, an entry counts twice: what is not told as added must be in the base.
    for (const TreeEntry& entry : change.dropped) --counts[key_of(entry)];
    for (const TreeEntry& entry : change.added) ++counts[key_of(entry)];
    Counts expected;
    for (const TreeEntry& entry : whole.added) ++expected[key_of(entry)];
    for (const auto& [key, count] : expected) REQUIRE(counts[key] >= 1);
    for (const auto& [key, count] : counts) REQUIRE((count <= 0 || expected.contains(key)));
    looked_at += change.added.size();
    all += whole.added.size();
  }
  CHECK(looked_at * 2 < all);
}
