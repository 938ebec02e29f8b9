// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <optional>

#include "git/delta.h"
#include "git/loose_object.h"
#include "git/pack_entry.h"
#include "git/pack_index.h"
#include "git/tree_change.h"
#include "tests/fuzz/fuzz.h"

using namespace sealwarden;

namespace {

constexpr size_t kLimit = 1 << 20;

// Each piece that could be an id is looked for.
void read_index(Bytes file) {
  const Result<PackIndex> index = PackIndex::parse(file);
  if (!index) return;
  for (size_t at = 0; at + 20 <= file.size(); at += 4) (void)index->find(ObjectId::from_raw(file.data() + at));
}

// The head of an entry, and what it packs.
void read_pack(Bytes pack) {
  static const Inflater inflater;
  for (uint64_t offset = 12; offset < std::min<uint64_t>(pack.size(), 64); ++offset) {
    const Result<PackEntry> entry = parse_pack_entry(pack, offset);
    if (!entry) continue;
    if (entry->kind == PackEntry::Kind::near_delta && entry->base_offset >= offset) __builtin_trap();  // a circle
    if (entry->size > kLimit) continue;
    const Result<OwnedBytes> bytes = inflater.inflate(entry->packed, entry->size);
    if (bytes && bytes->size() != entry->size) __builtin_trap();
  }
}

// The first byte says how long the base is.
void read_delta(Bytes bytes) {
  if (bytes.empty()) return;
  const size_t base = std::min<size_t>(static_cast<uint8_t>(bytes.front()), bytes.size() - 1);
  std::vector<CopiedRegion> copied;
  const Result<OwnedBytes> made = apply_delta(bytes.substr(1, base), bytes.substr(1 + base), kLimit, &copied);
  ByteBuffer buffer;
  buffer.reserve(kLimit);
  std::vector<CopiedRegion> also_copied;
  const Result<std::optional<Bytes>> into = apply_delta_into(buffer, bytes.substr(1, base), bytes.substr(1 + base), also_copied);
  if (made.has_value() != (into && *into) || (made && (made->view() != **into || copied != also_copied))) __builtin_trap();
  if (!made) return;
  uint64_t at = 0;
  for (const CopiedRegion& region : copied) {
    if (region.begin < at || region.end() > made->size() || region.base_end() > base) __builtin_trap();
    if (made->view().substr(region.begin, region.size) != bytes.substr(1 + region.base_begin, region.size)) __builtin_trap();
    at = region.end();
  }
}

// A base tree and a delta, as above: what is said of the tree that it makes, against reading it whole.
void read_trees(Bytes bytes) {
  if (bytes.empty()) return;
  const size_t size = std::min<size_t>(static_cast<uint8_t>(bytes.front()), bytes.size() - 1);
  const Bytes base = bytes.substr(1, size);
  std::vector<CopiedRegion> copied;
  const Result<OwnedBytes> made = apply_delta(base, bytes.substr(1 + size), kLimit, &copied);
  TreeChange of_base, whole, change;
  if (!made || !compare_with_base(base, nullptr, true, of_base)) return;
  const TreeBase known{base, of_base.bounds, copied};
  const bool is_sound = compare_with_base(made->view(), nullptr, true, whole);
  if (compare_with_base(made->view(), &known, true, change) != is_sound || (is_sound && change.bounds != whole.bounds)) __builtin_trap();
}

void read_loose(Bytes file) {
  static const Inflater inflater;
  (void)parse_loose_object(file, inflater, kLimit);
}

}  // namespace

// The first byte says what the others are: 'i' an index, 'p' a pack, 'd' a base and a delta, 't' the same of trees, 'l' a loose object.
int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  const Bytes rest = as_bytes(data, size).substr(1);
  switch (data[0]) {
    case 'i':
      read_index(rest);
      break;
    case 'p':
      read_pack(rest);
      break;
    case 'd':
      read_delta(rest);
      break;
    case 't':
      read_trees(rest);
      break;
    default:
      read_loose(rest);
  }
  return 0;
}
