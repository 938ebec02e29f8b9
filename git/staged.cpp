// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <set>
#include <string_view>
#include <utility>

#include "git/change_set.h"
#include "git/changes.h"
#include "git/files.h"
#include "git/index_file.h"
#include "git/object_reader.h"
#include "git/revision.h"
#include "git/tree_diff.h"
#include "git/tree_listing.h"
#include "scanner/base/atomic_file.h"

// The index is compared with HEAD's tree folder by folder. The index remembers which folders are exactly a tree that was
// written (its cache tree), so that of ten thousand files only the folders above the changed ones are looked at.
namespace sealwarden {
namespace {

constexpr size_t kHexId = 40;

class StagedComparison {
 public:
  StagedComparison(const ObjectReader& reader, const IndexFile& index, MissingObjects& missing, ChangeSet& changes,
                   Ledger& ledger)
      : reader_(reader), index_(index), missing_(missing), changes_(changes), ledger_(ledger) {}

  void run(std::optional<ObjectId> head_tree) {
    pending_.push_back({"", 0, index_.entries.size(), head_tree});
    while (!pending_.empty()) {
      const Folder next = std::move(pending_.back());
      pending_.pop_back();
      if (!is_known_equal(next)) compare(next);
    }
  }

 private:
  struct Folder {
    std::string path;              // with a trailing '/', but for the root
    size_t first = 0, last = 0;    // its index entries
    std::optional<ObjectId> tree;  // of HEAD
  };

  [[nodiscard]] bool is_known_equal(const Folder& folder) const {
    if (!folder.tree) return false;
    std::string_view path = folder.path;
    if (!path.empty()) path.remove_suffix(1);
    const CacheTree::Folder* known = index_.cache_tree.find(path);
    return known != nullptr && known->tree == *folder.tree && known->entries == folder.last - folder.first;
  }

  void compare(const Folder& folder);
  size_t take_index_name(const Folder& folder, size_t first, TreeListing& head);
  void take_file(const std::string& path, size_t first, size_t last, const TreeSide& head);
  void take_folder(const std::string& path, size_t first, size_t last, const TreeSide& head);
  void take_removed(const std::string& folder, const TreeEntry& entry);
  void take_conflict(const IndexEntry& entry, const TreeSide& head);
  void add_difference(const std::string& path, const TreeSide& now, const TreeSide& head);

  const ObjectReader& reader_;
  const IndexFile& index_;
  MissingObjects& missing_;
  ChangeSet& changes_;
  Ledger& ledger_;
  std::vector<Folder> pending_;
};

void StagedComparison::compare(const Folder& folder) {
  TreeListing head;
  if (folder.tree) {
    auto listing = TreeListing::read(reader_, *folder.tree);
    if (listing) head = std::move(*listing);
    else missing_.report(listing.error(), "HEAD's tree at \"" + folder.path + "\"");
  }
  for (size_t next = folder.first; next < folder.last;) next = take_index_name(folder, next, head);
  for (; head.front() != nullptr; head.pop()) take_removed(folder.path, *head.front());
}

// Takes the entries of one file (several in a conflict) or of one folder, and what HEAD has up to that name; returns
// the index of the first entry behind them.
size_t StagedComparison::take_index_name(const Folder& folder, size_t first, TreeListing& head) {
  const std::string& path = index_.entries[first].path;
  const size_t slash = path.find('/', folder.path.size());
  const bool is_folder = slash != std::string::npos;
  const std::string whole = is_folder ? path.substr(0, slash + 1) : path;
  const auto begin = index_.entries.begin();
  const auto end = std::partition_point(begin + static_cast<ptrdiff_t>(first), begin + static_cast<ptrdiff_t>(folder.last),
                                        [&](const IndexEntry& entry) {
                                          return is_folder ? entry.path.starts_with(whole) : entry.path == whole;
                                        });
  const auto last = static_cast<size_t>(end - begin);
  const Bytes name = Bytes(whole).substr(folder.path.size(), whole.size() - folder.path.size() - (is_folder ? 1 : 0));
  const TreeEntry wanted{is_folder ? kModeTree : 0100644U, name, {}};
  for (; head.front() != nullptr && compare_names(*head.front(), wanted) < 0; head.pop())
    take_removed(folder.path, *head.front());
  TreeSide side;
  if (head.front() != nullptr && compare_names(*head.front(), wanted) == 0) {
    side = {head.front()->mode, head.front()->id};
    head.pop();
  }
  if (is_folder) take_folder(whole, first, last, side);
  else take_file(whole, first, last, side);
  return last;
}

void StagedComparison::take_folder(const std::string& path, size_t first, size_t last, const TreeSide& head) {
  const std::optional<ObjectId> tree = head.exists() ? std::optional(head.id) : std::nullopt;
  const IndexEntry& entry = index_.entries[first];
  if (entry.path.size() > path.size() || entry.mode != kModeTree) {
    pending_.push_back({path, first, last, tree});
    return;
  }
  // A sparse index: the whole folder is one entry.
  if (tree != entry.id)
    compare_trees(reader_, missing_, {entry.id, tree}, path,
                  [&](TreeDifference difference) { changes_.add(std::move(difference)); });
}

void StagedComparison::take_file(const std::string& path, size_t first, size_t last, const TreeSide& head) {
  const IndexEntry& entry = index_.entries[first];
  if (entry.stage != 0) {
    for (size_t i = first; i < last; ++i) take_conflict(index_.entries[i], head);
    return;
  }
  if (entry.intent_to_add) {
    // Nothing is to be committed at this path yet: what HEAD has there goes, else the name alone is new.
    if (head.exists()) add_difference(path, {}, head);
    else changes_.add(PathChange{path, entry.mode, {}, {}, true});
    return;
  }
  add_difference(path, {entry.mode, entry.id}, head);
}

void StagedComparison::take_conflict(const IndexEntry& entry, const TreeSide& head) {
  const TreeSide side{entry.mode, entry.id};
  if (is_submodule(entry.mode)) {
    ledger_.skip(Skip::submodule, entry.path + " at " + entry.id.hex());
    return;
  }
  if (side.same_as(head)) return;
  PathChange change{entry.path, entry.mode, entry.id, {}, !head.exists()};
  if (head.exists() && !is_submodule(head.mode)) change.before.push_back(head.id);
  changes_.add(std::move(change));
}

void StagedComparison::take_removed(const std::string& folder, const TreeEntry& entry) {
  std::string path = folder;
  path.append(entry.name);
  if (!is_tree(entry)) {
    add_difference(path, {}, {entry.mode, entry.id});
    return;
  }
  compare_trees(reader_, missing_, {std::nullopt, entry.id}, path + "/",
                [&](TreeDifference difference) { changes_.add(std::move(difference)); });
}

void StagedComparison::add_difference(const std::string& path, const TreeSide& now, const TreeSide& head) {
  if (!now.same_as(head)) changes_.add(TreeDifference{path, {now, head}});
}

// HEAD's tree; one that is not here counts as empty, so that everything staged is looked at.
Result<std::optional<ObjectId>> head_tree(const ObjectReader& reader, const ObjectId& head, MissingObjects& missing) {
  const auto object = reader.load(head, ObjectType::commit);
  if (!object) {
    missing.report(object.error(), "HEAD");
    return std::optional<ObjectId>();
  }
  TRY(const CommitView commit, parse_commit(object->bytes()));
  return std::optional(commit.tree);
}

// The commits that the next one is to merge.
std::vector<ObjectId> merge_heads(const Repository& repository) {
  std::vector<ObjectId> heads;
  const auto text = read_file(join(repository.git_dir(), "MERGE_HEAD"));
  for (Bytes rest = text ? Bytes(*text) : Bytes(); rest.size() >= kHexId;) {
    if (const auto id = ObjectId::from_hex(rest.substr(0, kHexId))) heads.push_back(*id);
    rest.remove_prefix(std::min(rest.size(), std::min(rest.find('\n'), rest.size() - 1) + 1));
  }
  return heads;
}

// What a merged commit holds at the same path is not brought by the merge. The sides of a conflict stay: who resolves it
// sees them in the file.
void take_out_merged(const ObjectReader& reader, const IndexFile& index, const ObjectId& tree, std::vector<PathChange>& changes) {
  std::set<std::string_view> conflicts;
  for (const IndexEntry& entry : index.entries)
    if (entry.stage != 0) conflicts.insert(entry.path);
  std::erase_if(changes, [&](PathChange& change) {
    if (conflicts.contains(change.path)) return false;
    const std::optional<ObjectId> merged = find_in_tree(reader, tree, change.path);
    if (!merged) return false;
    if (*merged == change.id) return true;
    change.before.push_back(*merged);
    change.new_path = false;
    return false;
  });
}

}  // namespace

Result<StagedChanges> list_staged(const Repository& repository, Ledger& ledger) {
  StagedChanges staged;
  TRY(staged.head, read_head(repository));
  TRY(const IndexFile index, read_index_file(repository, repository.index_file()));
  TRY(const ObjectReader reader, ObjectReader::open(repository));
  MissingObjects missing(repository.is_partial(), ledger);
  std::optional<ObjectId> tree;
  if (staged.head) {
    TRY(tree, head_tree(reader, *staged.head, missing));
  }
  ChangeSet changes(ledger);
  StagedComparison(reader, index, missing, changes, ledger).run(tree);
  changes.finish(reader);
  staged.changes = changes.take_changes();
  for (const ObjectId& head : merge_heads(repository)) {
    TRY(const std::optional<ObjectId> merged, head_tree(reader, head, missing));
    if (merged) take_out_merged(reader, index, *merged, staged.changes);
  }
  return staged;
}

}  // namespace sealwarden
