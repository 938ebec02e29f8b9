// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "git/roots.h"
#include "scanner/base/bytes.h"
#include "scanner/base/ledger.h"

namespace sealwarden {

// What one ref file or line says: an id, or the name of another ref.
struct RawRef {
  ObjectId id;
  std::string symbolic;  // not empty: this one
};
using RawRefs = std::map<std::string, RawRef>;

// Content of a loose ref, HEAD, ORIG_HEAD and the like; nullopt if it is neither an id nor "ref: NAME".
std::optional<RawRef> parse_ref(Bytes content);
// The ids that lines of FETCH_HEAD or MERGE_HEAD begin with; nullopt if a line does not.
std::optional<std::vector<ObjectId>> parse_heads(Bytes content);

// Calls visit(name, file) for all regular files below `folder`, sorted by name, and for symlinks; `name`
// begins with `prefix`. Folders behind symlinks are not entered.
void visit_files(const std::string& folder, const std::string& prefix, Ledger& ledger,
                 const std::function<void(const std::string& name, const std::string& file)>& visit);

// Loose refs below `git_dir`/refs.
void read_loose_refs(const std::string& git_dir, RawRefs& refs, Ledger& ledger);
// Adds those that are not there yet: a loose ref is newer than a packed one.
void read_packed_refs(const std::string& git_dir, RawRefs& refs, Ledger& ledger);

// The id `ref` stands for, followed through `own`, then `common`; nullopt if it leads nowhere.
std::optional<ObjectId> follow(const RawRef& ref, const RawRefs& own, const RawRefs& common);

// Reads one file of the repository that may be gone by now: then, or on failure (which goes to the ledger),
// nullopt.
std::optional<std::string> read_if_there(const std::string& file, size_t limit, Ledger& ledger);

}  // namespace sealwarden
