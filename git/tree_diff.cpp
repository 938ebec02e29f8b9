// SPDX-License-Identifier: Apache-2.0
#include "git/tree_diff.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "git/tree_listing.h"
#include "scanner/base/stop.h"

namespace sealwarden {
namespace {

constexpr uint32_t kKindBits = 0170000, kModeFile = 0100644;
constexpr size_t kMostFolders = 2'000'000;  // in one comparison: trees that name each other may stand for 10^30 folders
constexpr size_t kLongestPath = 1 << 16;  // git itself stops far below; nesting is bounded by it too

// A mode of 0 must not make an entry look absent.
TreeSide side_of(const TreeEntry& entry) { return {entry.mode != 0 ? entry.mode : kModeFile, entry.id}; }

class Comparison {
 public:
  Comparison(const ObjectReader& reader, MissingObjects& missing, const std::function<void(TreeDifference)>& visit)
      : reader_(reader), missing_(missing), visit_(visit) {}

  void add(std::string path, std::vector<std::optional<ObjectId>> trees) {
    pending_.push_back({std::move(path), std::move(trees)});
  }
  void run() {
    for (size_t count = 0; !pending_.empty() && !stop_requested; ++count) {
      if (count == kMostFolders) {
        missing_.report({Error::Kind::limit, "more than 2000000 changed folders"}, pending_.back().path.substr(0, 200));
        return;
      }
      const Pending next = std::move(pending_.back());
      pending_.pop_back();
      compare(next);
    }
  }

 private:
  struct Pending {
    std::string path;  // with a trailing '/', but for the root
    std::vector<std::optional<ObjectId>> trees;
  };

  void compare(const Pending& pending) {
    std::vector<TreeListing> folders;
    for (size_t i = 0; i < pending.trees.size(); ++i) {
      folders.emplace_back();
      if (!pending.trees[i]) continue;
      auto folder = TreeListing::read(reader_, *pending.trees[i]);
      if (folder) {
        folders.back() = std::move(*folder);
        continue;
      }
      missing_.report(folder.error(), "tree at \"" + pending.path + "\"");
      if (i == 0) return;
    }
    while (const TreeEntry* first = first_name(folders)) take(pending.path, *first, folders);
  }

  static const TreeEntry* first_name(const std::vector<TreeListing>& folders) {
    const TreeEntry* first = nullptr;
    for (const TreeListing& folder : folders)
      if (folder.front() != nullptr && (first == nullptr || compare_names(*folder.front(), *first) < 0))
        first = folder.front();
    return first;
  }

  // Compares what all folders have under one name, and goes on in each behind it.
  void take(const std::string& folder_path, TreeEntry name, std::vector<TreeListing>& folders) {
    TreeDifference difference;
    for (TreeListing& folder : folders) {
      const TreeEntry* entry = folder.front();
      const bool here = entry != nullptr && compare_names(*entry, name) == 0;
      difference.sides.push_back(here ? side_of(*entry) : TreeSide{});
      if (here) folder.pop();
    }
    if (!all_same(difference.sides)) {
      difference.path.append(folder_path).append(name.name);
      if (is_tree(name)) descend(difference);
      else visit_(std::move(difference));
    }
  }

  static bool all_same(const std::vector<TreeSide>& sides) {
    return sides.size() > 1 && std::all_of(sides.begin() + 1, sides.end(),
                                           [&](const TreeSide& side) { return side.same_as(sides.front()); });
  }

  void descend(const TreeDifference& difference) {
    if (difference.path.size() > kLongestPath) {
      missing_.report({Error::Kind::limit, "folders nested too deep"}, difference.path.substr(0, 200));
      return;
    }
    std::vector<std::optional<ObjectId>> trees;
    for (const TreeSide& side : difference.sides)
      trees.push_back(side.exists() ? std::optional(side.id) : std::nullopt);
    add(difference.path + "/", std::move(trees));
  }

  const ObjectReader& reader_;
  MissingObjects& missing_;
  const std::function<void(TreeDifference)>& visit_;
  std::vector<Pending> pending_;
};

}  // namespace

bool is_submodule(uint32_t mode) { return (mode & kKindBits) == kModeSubmodule; }

bool TreeSide::same_as(const TreeSide& other) const {
  return (mode & kKindBits) == (other.mode & kKindBits) && id == other.id;
}

bool TreeDifference::differs_from_all() const {
  return std::none_of(sides.begin() + 1, sides.end(), [&](const TreeSide& side) { return side.same_as(now()); });
}

void compare_trees(const ObjectReader& reader, MissingObjects& missing, std::vector<std::optional<ObjectId>> trees,
                   std::string prefix, const std::function<void(TreeDifference)>& visit) {
  Comparison comparison(reader, missing, visit);
  comparison.add(std::move(prefix), std::move(trees));
  comparison.run();
}

}  // namespace sealwarden
