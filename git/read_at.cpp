// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <optional>
#include <string>
#include <string_view>

#include "git/changes.h"
#include "git/index_file.h"
#include "git/object_reader.h"
#include "git/objects.h"
#include "git/work_tree.h"

namespace sealwarden {
namespace {

constexpr uint32_t kKindBits = 0170000, kFile = 0100000;

// The entry of one tree with this name; nullopt if there is none.
Result<std::optional<TreeEntry>> entry_of(Bytes tree, std::string_view name) {
  for (;;) {
    TRY(const std::optional<TreeEntry> entry, next_tree_entry(tree));
    if (!entry || entry->name == name) return entry;
  }
}

Result<std::optional<std::string>> read_blob(const ObjectReader& reader, uint32_t mode, const ObjectId& id) {
  // A symlink is not followed: what it points at may lie anywhere.
  if ((mode & kKindBits) != kFile) return std::optional<std::string>();
  TRY(const ReadObject object, reader.load(id, ObjectType::blob));
  return std::optional(std::string(object.bytes()));
}

// Whether an index file can have an entry for the path. Most have none for the few files that are asked for, and a look at
// the bytes tells so in a tenth of the time it takes to read all entries. Paths of version 4 are not whole in the file, a
// split index keeps most of them in another one: those are read in any case.
bool may_name(const std::string& file, const std::string& path) {
  constexpr size_t kVersion = 7;  // offset of the version's last byte
  FileLoader loader;
  const auto content = loader.load({file, file, false});
  if (!content || content->size() <= kVersion) return true;
  return (*content)[kVersion] >= 4 || content->find(path) != Bytes::npos || content->find("link") != Bytes::npos;
}

}  // namespace

Result<std::optional<std::string>> read_at_commit(const Repository& repository, const ObjectId& commit,
                                                  const std::string& path) {
  TRY(const ObjectReader reader, ObjectReader::open(repository));
  TRY(const ReadObject object, reader.load(commit, ObjectType::commit));
  TRY(const CommitView view, parse_commit(object.bytes()));
  ObjectId tree = view.tree;
  std::string_view rest = path;
  for (;;) {
    const std::string_view name = rest.substr(0, rest.find('/'));
    TRY(const ReadObject listing, reader.load(tree, ObjectType::tree));
    TRY(const std::optional<TreeEntry> entry, entry_of(listing.bytes(), name));
    if (!entry) return std::optional<std::string>();
    if (name.size() == rest.size()) return read_blob(reader, entry->mode, entry->id);
    if ((entry->mode & kKindBits) != kModeTree) return std::optional<std::string>();
    tree = entry->id;
    rest.remove_prefix(name.size() + 1);
  }
}

Result<std::optional<std::string>> read_at_index(const Repository& repository, const std::string& path) {
  if (!may_name(repository.index_file(), path)) return std::optional<std::string>();
  TRY(const IndexFile index, read_index_file(repository, repository.index_file()));
  const auto found = std::lower_bound(index.entries.begin(), index.entries.end(), path,
                                      [](const IndexEntry& entry, const std::string& wanted) { return entry.path < wanted; });
  const bool is_here = found != index.entries.end() && found->path == path && found->stage == 0 && !found->intent_to_add;
  if (!is_here) return std::optional<std::string>();
  TRY(const ObjectReader reader, ObjectReader::open(repository));
  return read_blob(reader, found->mode, found->id);
}

}  // namespace sealwarden
