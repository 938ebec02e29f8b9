// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "git/repository.h"
#include "scanner/base/ledger.h"
#include "scanner/base/object_id.h"

namespace sealwarden {

struct Ref {
  std::string name;  // "refs/heads/main", "HEAD", "worktrees/w1/HEAD", "ORIG_HEAD"
  ObjectId target;   // symbolic refs resolved; may name a tag object
  bool symbolic = false;
};

struct ReflogEntry {
  std::string log;   // name of the ref whose log it is; "worktrees/w1/HEAD"
  ObjectId from, to; // zero: none
  std::string who;
  int64_t date = 0;
  std::string message;
};

struct IndexEntry {
  std::string path;
  uint32_t mode = 0;
  ObjectId id;
  uint8_t stage = 0;      // 1 to 3 in a conflict
  bool intent_to_add = false;
  std::string worktree;   // empty: the main one
};

// Where git's objects are reached from, and the texts that are no objects. Broken files go to the ledger.
struct Roots {
  std::optional<Ref> head;              // resolved HEAD of the opened (work tree of the) repository; none if unborn
  std::optional<std::string> head_branch;  // "main": what HEAD points at, also if unborn
  std::vector<Ref> refs;                // every ref of every namespace (loose and packed, all under refs/), sorted by name
  std::vector<Ref> other_heads;         // HEAD and refs/worktree, refs/bisect... of linked worktrees, FETCH_HEAD, ORIG_HEAD, MERGE_HEAD, ...
  std::vector<ReflogEntry> reflog;      // of all refs and worktrees, also of refs that are gone; in file order
  std::vector<IndexEntry> index;        // of all worktrees
  std::vector<ObjectId> shallow;        // boundary commits: their parents are not here by design
  struct ConfigFile { std::string name, text; };
  std::vector<ConfigFile> config;       // "config", "worktrees/w1/config.worktree"; "modules/x/config" too
};
Result<Roots> read_roots(const Repository& repository, Ledger& ledger);

// The entries of one index file (versions 2 to 4, split index, sparse); an absent file is an empty index.
Result<std::vector<IndexEntry>> read_index(const Repository& repository, const std::string& file);

}  // namespace sealwarden
