// SPDX-License-Identifier: Apache-2.0
#include "git/index_extensions.h"

#include <algorithm>
#include <charconv>

#include "git/byte_reader.h"

namespace sealwarden {
namespace {

// Far above any index; a bound on what a few bytes of a compressed bitmap may unfold to.
constexpr uint32_t kMaxEntries = uint32_t{1} << 28;

tl::unexpected<Error> broken(const char* what) { return fail(Error::Kind::corrupt, what); }

std::optional<int64_t> number(std::optional<Bytes> text) {
  int64_t value = 0;
  if (!text) return std::nullopt;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), value);
  if (error != std::errc{} || end != text->data() + text->size()) return std::nullopt;
  return value;
}

// A bitmap of words: each run is a marker (bit 0: the repeated bit, 32 bits: how many words of it, 31 bits:
// how many words follow as they are) and those words; lowest bit first. bitmap = bits:u32 words:u32 {
// word:u64 } last_marker:u32
class Bitmap {
 public:
  static Result<std::vector<bool>> take(ByteReader& in) {
    const std::optional<uint32_t> bits = in.take_u32();
    const std::optional<uint32_t> words = in.take_u32();
    const std::optional<Bytes> body = words ? in.take(size_t{*words} * 8) : std::nullopt;
    if (!body || !in.take_u32() || *bits > kMaxEntries) return broken("an index with a broken bitmap");
    Bitmap bitmap(*bits);
    ByteReader reader(*body);
    while (const std::optional<uint64_t> marker = reader.take_u64())
      if (!bitmap.unfold(*marker, reader)) return broken("an index with a broken bitmap");
    return std::move(bitmap.bits_);
  }

 private:
  explicit Bitmap(uint32_t size) : bits_(size) {}

  bool unfold(uint64_t marker, ByteReader& reader) {
    const uint64_t repeated = (marker >> 1 & 0xffffffff) * 64;
    if (repeated > bits_.size() + 63 - std::min<uint64_t>(at_, bits_.size())) return false;
    const uint64_t end = std::min<uint64_t>(at_ + repeated, bits_.size());
    if ((marker & 1) != 0)
      for (uint64_t i = at_; i < end; ++i)
        bits_[i] = true;
    at_ += repeated;
    for (uint64_t literal = marker >> 33; literal > 0; --literal) {
      const std::optional<uint64_t> word = reader.take_u64();
      if (!word || at_ >= bits_.size()) return false;
      for (uint64_t i = 0; i < 64 && at_ + i < bits_.size(); ++i)
        bits_[at_ + i] = (*word >> i & 1) != 0;
      at_ += 64;
    }
    return true;
  }

  std::vector<bool> bits_;
  uint64_t at_ = 0;
};

struct OpenFolder {
  std::string path;
  int64_t subfolders_left;
};

}  // namespace

// tree = name NUL entries ' ' subfolders LF [id[20] if entries >= 0] { tree }: first the folder, then its
// subfolders.
Result<CacheTree> parse_cache_tree(Bytes content) {
  constexpr size_t kDepth = 4096,
                   kUnfolding = 64;  // paths in all hardly ever take more than the extension itself
  size_t room = kUnfolding * content.size();
  ByteReader in(content);
  std::vector<CacheTree::Folder> folders;
  std::vector<OpenFolder> open{{"", 1}};  // the one above the root
  while (!open.empty()) {
    if (open.back().subfolders_left == 0) {
      open.pop_back();
      continue;
    }
    --open.back().subfolders_left;
    const std::optional<Bytes> name = in.take_until('\0');
    const std::optional<int64_t> entries = number(in.take_until(' '));
    const std::optional<int64_t> subfolders = number(in.take_until('\n'));
    if (!name || !entries || !subfolders || *subfolders < 0 || open.size() > kDepth)
      return broken("an index with a broken cache of trees");
    std::string path =
        open.back().path.empty() ? std::string(*name) : open.back().path + '/' + std::string(*name);
    if (path.size() > room) return broken("an index whose cache of trees unfolds without end");
    room -= path.size();
    if (*entries >= 0) {
      const std::optional<Bytes> id = in.take(20);
      if (!id) return broken("an index with a cache of trees that is cut off");
      folders.push_back({path, ObjectId::from_raw(id->data()), static_cast<uint32_t>(*entries)});
    }
    open.push_back({std::move(path), *subfolders});
  }
  return CacheTree(std::move(folders));
}

// link = base[20] [ deleted:bitmap replaced:bitmap ]
Result<void> parse_link(Bytes content, ParsedIndex& parsed) {
  ByteReader in(content);
  const std::optional<Bytes> base = in.take(20);
  if (!base) return broken("an index with a broken link to its shared file");
  parsed.base = ObjectId::from_raw(base->data());
  if (in.rest().empty()) return {};
  TRY(parsed.deleted, Bitmap::take(in));
  TRY(parsed.replaced, Bitmap::take(in));
  return {};
}

}  // namespace sealwarden
