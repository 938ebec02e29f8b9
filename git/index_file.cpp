// SPDX-License-Identifier: Apache-2.0
#include "git/index_file.h"

#include <algorithm>
#include <tuple>

#include "git/byte_reader.h"
#include "git/files.h"
#include "git/index_extensions.h"
#include "scanner/base/atomic_file.h"

namespace sealwarden {
namespace {

// file      = "DIRC" version:u32 count:u32 { entry } { extension } checksum[20]
// entry     = stat[24] mode:u32 stat[12] id[20] flags:u16 [more:u16 if flags & kExtended] path
// path      = bytes NUL, then NULs until the entry's size is a multiple of 8          (versions 2 and 3)
//           | number of bytes to drop from the path before, bytes to append, NUL      (version 4)
// extension = name[4] size:u32 bytes; a name that starts in lower case must be understood
constexpr uint16_t kExtended = 0x4000;
constexpr uint16_t kIntentToAdd = 0x2000;
constexpr size_t kChecksum = 20;
constexpr size_t kFixedPart = 62;
// Paths of version 4 share their beginnings; real ones hardly ever take more than the file itself.
constexpr size_t kUnfolding = 64;

tl::unexpected<Error> broken(const char* what) { return fail(Error::Kind::corrupt, what); }

// Git's own variable-length number: seven bits a byte, each further byte adds one to what stands before it.
std::optional<size_t> take_length(ByteReader& in) {
  size_t value = 0;
  for (int i = 0; i < 5; ++i) {
    const std::optional<Bytes> byte = in.take(1);
    if (!byte) return std::nullopt;
    const auto bits = static_cast<uint8_t>(byte->front());
    value = (i == 0 ? 0 : (value + 1) << 7) | (bits & 0x7f);
    if ((bits & 0x80) == 0) return value;
  }
  return std::nullopt;
}

// Puts the entry's path into `path`, which holds that of the entry before. False if the bytes do not suffice.
bool take_path(ByteReader& in, uint32_t version, size_t fixed_size, std::string& path) {
  size_t kept = 0;
  if (version == 4) {
    const std::optional<size_t> dropped = take_length(in);
    if (!dropped || *dropped > path.size()) return false;
    kept = path.size() - *dropped;
  }
  const std::optional<Bytes> text = in.take_until('\0');
  if (!text) return false;
  path.resize(kept);
  path.append(*text);
  if (version == 4) return true;
  const size_t size = fixed_size + text->size() + 1;
  return in.take((8 - size % 8) % 8).has_value();
}

Result<IndexEntry> take_entry(ByteReader& in, uint32_t version, std::string& path) {
  IndexEntry entry;
  const std::optional<Bytes> fixed = in.take(kFixedPart);
  if (!fixed) return broken("an index that is cut off");
  entry.mode = *ByteReader(fixed->substr(24)).take_u32();
  entry.id = ObjectId::from_raw(fixed->data() + 40);
  const uint16_t flags = *ByteReader(fixed->substr(60)).take_u16();
  entry.stage = static_cast<uint8_t>(flags >> 12 & 3);
  size_t size = kFixedPart;
  if ((flags & kExtended) != 0) {
    const std::optional<uint16_t> more = in.take_u16();
    if (version < 3 || !more) return broken("an index with a broken entry");
    entry.intent_to_add = (*more & kIntentToAdd) != 0;
    size += 2;
  }
  if (!take_path(in, version, size, path)) return broken("an index with a broken path");
  entry.path = path;
  return entry;
}

Result<void> take_extension(ByteReader& in, ParsedIndex& parsed) {
  const std::optional<Bytes> name = in.take(4);
  const std::optional<uint32_t> size = in.take_u32();
  const std::optional<Bytes> content = size ? in.take(*size) : std::nullopt;
  if (!content) return broken("an index with an extension that is cut off");
  if (*name == "TREE") {
    parsed.index.cache_tree = parse_cache_tree(*content).value_or(CacheTree{});  // only saves work
  } else if (*name == "link") {
    TRY_VOID(parse_link(*content, parsed));
  } else if (*name != "sdir" && name->front() >= 'a' && name->front() <= 'z') {
    return fail(Error::Kind::corrupt,
                "an index that needs the unknown extension '" + std::string(*name) + "'");
  }
  return {};
}

bool comes_before(const IndexEntry& a, const IndexEntry& b) {
  return std::tie(a.path, a.stage) < std::tie(b.path, b.stage);
}

void sort_entries(std::vector<IndexEntry>& entries) {
  if (!std::is_sorted(entries.begin(), entries.end(), comes_before))
    std::stable_sort(entries.begin(), entries.end(), comes_before);
}

std::string shared_index_file(const Repository& repository, const std::string& file, const ObjectId& base) {
  const std::string name = "sharedindex." + base.hex();
  for (const std::string& folder : {parent_of(file), repository.git_dir()})
    if (kind_of(join(folder, name)) == FileKind::regular) return join(folder, name);
  return join(repository.common_dir(), name);
}

Result<ParsedIndex> read_one(const std::string& file) {
  TRY(const std::string content, read_file(file));
  Result<ParsedIndex> parsed = parse_index(content);
  if (!parsed) return within(file + ": ", std::move(parsed.error()));
  return parsed;
}

}  // namespace

CacheTree::CacheTree(std::vector<Folder> valid_folders) : folders_(std::move(valid_folders)) {
  std::sort(folders_.begin(), folders_.end(),
            [](const Folder& a, const Folder& b) { return a.path < b.path; });
}

const CacheTree::Folder* CacheTree::find(std::string_view path) const {
  const auto found =
      std::lower_bound(folders_.begin(), folders_.end(), path,
                       [](const Folder& folder, std::string_view wanted) { return folder.path < wanted; });
  return found != folders_.end() && found->path == path ? &*found : nullptr;
}

Result<ParsedIndex> parse_index(Bytes file) {
  ByteReader head(file);
  if (head.take(4) != "DIRC") return broken("not an index");
  const uint32_t version = head.take_u32().value_or(0);
  const std::optional<uint32_t> count = head.take_u32();
  if (version < 2 || version > 4) return broken("an index of an unknown version");
  if (!count || head.rest().size() < kChecksum) return broken("an index that is cut off");
  ByteReader in(head.rest().substr(0, head.rest().size() - kChecksum));
  if (*count > in.rest().size() / kFixedPart) return broken("an index that is cut off");
  ParsedIndex parsed;
  parsed.index.entries.reserve(*count);
  std::string path;
  size_t room = kUnfolding * file.size();
  for (uint32_t i = 0; i < *count; ++i) {
    TRY(IndexEntry entry, take_entry(in, version, path));
    if (path.size() > room) return broken("an index whose paths unfold without end");
    room -= path.size();
    parsed.index.entries.push_back(std::move(entry));
  }
  while (!in.rest().empty())
    TRY_VOID(take_extension(in, parsed));
  return parsed;
}

Result<IndexFile> join_split_index(ParsedIndex split, IndexFile base) {
  std::vector<IndexEntry>& own = split.index.entries;
  if (split.deleted.size() > base.entries.size() || split.replaced.size() > base.entries.size())
    return broken("a split index that does not fit its shared file");
  split.deleted.resize(base.entries.size());
  split.replaced.resize(base.entries.size());
  std::vector<IndexEntry> joined;
  size_t used = 0;  // own entries that replace one of the base: they stand first and have no path
  for (size_t i = 0; i < base.entries.size(); ++i) {
    if (split.replaced[i]) {
      if (used >= own.size() || !own[used].path.empty())
        return broken("a split index that lacks a replacement");
      own[used].path = std::move(base.entries[i].path);
      if (!split.deleted[i]) joined.push_back(std::move(own[used]));
      ++used;
    } else if (!split.deleted[i]) {
      joined.push_back(std::move(base.entries[i]));
    }
  }
  for (; used < own.size(); ++used)
    joined.push_back(std::move(own[used]));
  sort_entries(joined);
  return IndexFile{std::move(joined), std::move(split.index.cache_tree)};
}

Result<IndexFile> read_index_file(const Repository& repository, const std::string& file) {
  if (kind_of(file) == FileKind::none) return IndexFile{};
  TRY(ParsedIndex parsed, read_one(file));
  if (parsed.base.is_zero()) {
    sort_entries(parsed.index.entries);
    return std::move(parsed.index);
  }
  TRY(ParsedIndex shared, read_one(shared_index_file(repository, file, parsed.base)));
  Result<IndexFile> joined = join_split_index(std::move(parsed), std::move(shared.index));
  if (!joined) return within(file + ": ", std::move(joined.error()));
  return joined;
}

}  // namespace sealwarden
