// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "git/changes.h"
#include "git/object_reader.h"
#include "git/repository.h"

namespace sealwarden {

// The object that a name means: a ref, 40 or fewer hex digits, HEAD~3, v1^{tree}... An Error of kind not_found if it means
// nothing here.
Result<ObjectId> resolve_revision(const Repository& repository, const ObjectReader& reader, const std::string& name);

// A commit and the annotated tags on the way to it, outermost first.
struct PeeledCommit {
  ObjectId commit;
  std::vector<RangeChanges::Tag> tags;
};
// An Error of kind usage if `id` is, or is a tag of, something else than a commit.
Result<PeeledCommit> peel_to_commit(const ObjectReader& reader, const ObjectId& id);

// The commits that the refs of the repository name; what names no commit is passed over, and so is the ref `except`.
std::vector<ObjectId> commits_of_refs(const Repository& repository, const ObjectReader& reader,
                                      const std::string& except);

// The commit that HEAD names; nullopt before the first commit. Reads one or two small files, without libgit2.
Result<std::optional<ObjectId>> read_head(const Repository& repository);

// The boundary of a shallow clone: commits whose parents are not here by design. Sorted.
std::vector<ObjectId> shallow_commits(const Repository& repository);

// The git command that brings a revision into this clone, with all that lies between it and what is here.
std::string how_to_fetch(const Repository& repository, const std::string& name);

}  // namespace sealwarden
