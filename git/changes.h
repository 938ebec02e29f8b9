// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "git/repository.h"
#include "git/roots.h"
#include "scanner/base/ledger.h"
#include "scanner/base/object_id.h"

namespace sealwarden {

// One path that a commit or the index brings or takes away.
struct PathChange {
  std::string path;
  uint32_t mode = 0;             // git's, of the new side; of the old side if deleted
  ObjectId id;                   // zero: no content; deleted, or with new_path set an intent-to-add entry
  std::vector<ObjectId> before;  // blobs at the same path in the parents (each parent that has one), and, if no parent
                                 // has the path, at its rename sources (git's similarity, 50 %)
  bool new_path = false;         // no parent has this path: its name counts as new
};

// The index against HEAD, or what the next commit would bring. Conflicts: each stage 1 to 3 that HEAD does not hold.
// Intent-to-add entries bring nothing yet but their name. A first commit (HEAD unborn) compares with the empty tree.
struct StagedChanges {
  std::optional<ObjectId> head;
  std::vector<PathChange> changes;  // sorted by path
};
Result<StagedChanges> list_staged(const Repository& repository, Ledger& ledger);

// One commit of a range with what it brings against all its parents: paths where it differs from every parent.
struct RangeCommit {
  ObjectId id;
  std::vector<ObjectId> parents;
  std::string author, committer;  // header values as they stand
  std::string message;
  std::vector<std::pair<std::string, std::string>> other_headers;
  std::vector<PathChange> changes;  // sorted by path
  std::vector<PathChange> deletions_and_reverts;  // paths that differ from some parent but equal another (merges only)
};
struct RangeChanges {
  ObjectId head;                       // commit
  std::optional<ObjectId> base;        // none: all-zero old id, or no merge base needed
  std::vector<RangeCommit> commits;    // reachable from head, not from base (or any excluded); parents first, then by date, id
  struct Tag { ObjectId id; std::string name, tagger, message; ObjectId target; };
  std::vector<Tag> tags;               // annotated tags on the way from the given head
  std::string ref;                     // name of the pushed ref (--stdin-refs), else empty
};
// "A..B", or "B" meaning what no existing ref reaches. Any revision git understands (names, hex, HEAD~3). If A is not in
// this clone the Error (kind usage) names the exact command that brings it: `git fetch --no-tags origin A` with
// `--deepen`/`--unshallow` as fits. Gaps inside the range (shallow boundary, missing objects) go to the ledger as losses.
// stop_requested makes the list of commits shorter and is no Error.
Result<RangeChanges> list_range(const Repository& repository, const std::string& range, Ledger& ledger);
// One line of a pre-receive hook: OLD NEW REF. Zero OLD: what no existing ref reaches. Zero NEW (deletion): no commits.
Result<RangeChanges> list_push(const Repository& repository, const std::string& line, Ledger& ledger);

// The blob at `path` in the tree of `commit`, for configuration and baseline; nullopt if there is none.
Result<std::optional<std::string>> read_at_commit(const Repository& repository, const ObjectId& commit, const std::string& path);
// The same from the index (stage 0).
Result<std::optional<std::string>> read_at_index(const Repository& repository, const std::string& path);

}  // namespace sealwarden
