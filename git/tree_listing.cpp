// SPDX-License-Identifier: Apache-2.0
#include "git/tree_listing.h"

#include <algorithm>
#include <string>
#include <utility>

namespace sealwarden {

bool is_tree(const TreeEntry& entry) { return (entry.mode & 0170000) == kModeTree; }

int compare_names(const TreeEntry& a, const TreeEntry& b) {
  const size_t common = std::min(a.name.size(), b.name.size());
  if (const int order = a.name.substr(0, common).compare(b.name.substr(0, common)); order != 0) return order;
  const auto next = [&](const TreeEntry& entry) -> int {
    if (entry.name.size() > common) return static_cast<unsigned char>(entry.name[common]);
    return is_tree(entry) ? '/' : 0;
  };
  if (const int order = next(a) - next(b); order != 0) return order;
  // Equal so far: both end here, or one goes on with a '/', which no sound tree has in a name.
  return static_cast<int>(a.name.size()) - static_cast<int>(b.name.size());
}

Result<TreeListing> TreeListing::read(const ObjectReader& reader, const ObjectId& id) {
  TRY(ReadObject object, reader.load(id, ObjectType::tree));
  TreeListing listing;
  Bytes rest = object.bytes();
  for (;;) {
    auto entry = next_tree_entry(rest);
    if (!entry) return fail(Error::Kind::corrupt, "object " + id.hex() + ": " + entry.error().message);
    if (!*entry) break;
    listing.entries_.push_back(**entry);
  }
  const auto before = [](const TreeEntry& a, const TreeEntry& b) { return compare_names(a, b) < 0; };
  if (!std::is_sorted(listing.entries_.begin(), listing.entries_.end(), before))  // broken, but by no means unreadable
    std::stable_sort(listing.entries_.begin(), listing.entries_.end(), before);
  listing.object_.emplace(std::move(object));
  return listing;
}

std::optional<ObjectId> find_in_tree(const ObjectReader& reader, const ObjectId& root, const std::string& path) {
  ObjectId at = root;
  for (size_t start = 0; start <= path.size();) {
    const size_t end = std::min(path.find('/', start), path.size());
    const Bytes name = Bytes(path).substr(start, end - start);
    const Result<ReadObject> tree = reader.load(at, ObjectType::tree);
    if (!tree) return std::nullopt;
    Bytes rest = tree->bytes();
    auto entry = next_tree_entry(rest);
    while (entry && *entry && (*entry)->name != name) entry = next_tree_entry(rest);
    if (!entry || !*entry) return std::nullopt;
    at = (*entry)->id;
    start = end + 1;
  }
  return at;
}

}  // namespace sealwarden
