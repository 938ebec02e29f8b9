// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "scanner/base/bytes.h"
#include "scanner/base/object_id.h"
#include "scanner/base/result.h"

namespace sealwarden {

enum class ObjectType : uint8_t { commit = 1, tree = 2, blob = 3, tag = 4 };

// "commit", "tree", "blob" or "tag".
Bytes name_of(ObjectType type);
// The id that such an object has.
ObjectId object_id(ObjectType type, Bytes object);

// The parsers below are total: any bytes may be passed, nothing outside is read, a broken object is an Error
// of kind corrupt. All views borrow the object's bytes.

struct CommitView {
  ObjectId tree;
  std::vector<ObjectId> parents;
  Bytes author, committer;  // "Name <mail> 1700000000 +0100" as it stands
  std::vector<std::pair<Bytes, Bytes>>
      other_headers;  // encoding, gpgsig, mergetag...: name, value with its continuation lines
  Bytes message;
};
Result<CommitView> parse_commit(Bytes object);

struct TagView {
  ObjectId target;
  ObjectType target_type = ObjectType::commit;
  Bytes name, tagger, message;  // tagger may be empty (old tags)
  std::vector<std::pair<Bytes, Bytes>> other_headers;
};
Result<TagView> parse_tag(Bytes object);

// "Name <mail> 1700000000 +0100" taken apart; a missing or absurd date is 0.
struct Signature {
  Bytes who;  // "Name <mail>"
  int64_t date = 0;
};
Signature parse_signature(Bytes line);

inline constexpr uint32_t kModeTree = 0040000, kModeSymlink = 0120000, kModeSubmodule = 0160000;

// Whether a tree's entry with this mode names a tree, whatever its permission bits say.
inline bool is_folder(uint32_t mode) { return (mode & 0170000) == kModeTree; }
// Or a file with bytes of its own: no link, submodule or folder.
inline bool is_regular_file(uint32_t mode) { return (mode & 0170000) == 0100000; }

struct TreeEntry {
  uint32_t mode = 0;
  Bytes name;
  ObjectId id;
};
// Takes the next entry off the front of `rest`; nullopt at the end; Error on a broken tree.
Result<std::optional<TreeEntry>> next_tree_entry(Bytes& rest);
// The same for loops that see gigabytes: false at the end, and where the tree is broken; `rest` is empty only at the end.
bool take_tree_entry(Bytes& rest, TreeEntry& entry);

}  // namespace sealwarden
