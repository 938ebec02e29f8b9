// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "git/index_file.h"
#include "git/repository.h"
#include "scanner/base/ledger.h"
#include "scanner/base/object_id.h"

namespace sealwarden {

struct Ref {
  std::string name;  // "refs/heads/main", "HEAD", "worktrees/w1/HEAD", "ORIG_HEAD"
  ObjectId target;   // symbolic refs resolved; may name a tag object
  bool symbolic = false;
};

// Whether one of Roots::other_heads keeps what it names for good: the HEAD and the refs of a linked worktree do, ORIG_HEAD
// and the like do not.
inline bool is_tip(const Ref& other_head) {
  return other_head.name.ends_with("/HEAD") || other_head.name.find("/refs/") != std::string::npos;
}

struct ReflogEntry {
  std::string log;    // name of the ref whose log it is; "worktrees/w1/HEAD"
  ObjectId from, to;  // zero: none
  std::string who;
  int64_t date = 0;
  std::string message;
};

// Where git's objects are reached from, and the texts that are no objects. Broken files go to the ledger.
struct Roots {
  std::optional<Ref> head;  // resolved HEAD of the opened (work tree of the) repository; none if unborn
  std::optional<std::string> head_branch;  // "main": what HEAD points at, also if unborn
  std::vector<Ref> refs;  // every ref of every namespace (loose and packed, all under refs/), sorted by name
  std::vector<Ref> other_heads;     // HEAD and refs/worktree, refs/bisect... of linked worktrees, FETCH_HEAD,
                                    // ORIG_HEAD, MERGE_HEAD, ...
  std::vector<ReflogEntry> reflog;  // of all refs and worktrees, also of refs that are gone; in file order
  std::vector<IndexEntry> index;    // of all worktrees
  std::vector<ObjectId> shallow;    // boundary commits: their parents are not here by design
  struct ConfigFile {
    std::string name, text;
  };
  std::vector<ConfigFile> config;  // "config", "worktrees/w1/config.worktree"; "modules/x/config" too
};
Result<Roots> read_roots(const Repository& repository, Ledger& ledger);

// The entries of one index file; see read_index_file, which gives the cache of trees too.
Result<std::vector<IndexEntry>> read_index(const Repository& repository, const std::string& file);

}  // namespace sealwarden
