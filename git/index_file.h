// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "git/repository.h"
#include "scanner/base/bytes.h"
#include "scanner/base/object_id.h"
#include "scanner/base/result.h"

namespace sealwarden {

struct IndexEntry {
  std::string path;  // of a sparse index's folder: with a trailing '/', and mode kModeTree
  uint32_t mode = 0;
  ObjectId id;
  uint8_t stage = 0;  // 1 to 3 in a conflict
  bool intent_to_add = false;
  std::string worktree;  // empty: the main one
};

// What git remembers of the trees it has written from the index: a folder whose id is here holds exactly that
// tree, so it need not be compared entry by entry.
class CacheTree {
 public:
  struct Folder {
    std::string path;  // "" is the root; no trailing '/'
    ObjectId tree;
    uint32_t entries;  // index entries below it
  };
  CacheTree() = default;
  explicit CacheTree(std::vector<Folder> valid_folders);
  // The tree of the folder; null if it is not known or no longer true.
  [[nodiscard]] const Folder* find(std::string_view path) const;
  [[nodiscard]] const std::vector<Folder>& folders() const { return folders_; }  // sorted by path

 private:
  std::vector<Folder> folders_;
};

struct IndexFile {
  std::vector<IndexEntry> entries;  // sorted by path, then stage
  CacheTree cache_tree;
};

// An index file (versions 2 to 4, split index, sparse); an absent file is an empty index. A file that breaks
// the format or asks for what is not known is an Error of kind corrupt that names it.
Result<IndexFile> read_index_file(const Repository& repository, const std::string& file);

// The parts of one file as they stand, before a split index is joined with its base. Total: any bytes may be
// passed.
struct ParsedIndex {
  IndexFile index;
  ObjectId base;  // of a split index: name of the shared file; zero if there is none
  std::vector<bool> deleted,
      replaced;  // base entries; the replacing ones stand first in `index`, with an empty path
};
Result<ParsedIndex> parse_index(Bytes file);
Result<IndexFile> join_split_index(ParsedIndex split, IndexFile base);

}  // namespace sealwarden
