// SPDX-License-Identifier: Apache-2.0
#include "git/stored_objects.h"

#include <sys/stat.h>

#include <algorithm>
#include <utility>

#include "git/delta.h"
#include "git/files.h"

namespace sealwarden {
namespace {

int64_t time_written(const std::string& path) {
  struct stat info {};
  return ::stat(path.c_str(), &info) == 0 ? int64_t{info.st_mtime} : 0;
}

tl::unexpected<Error> too_large() { return fail(Error::Kind::limit, "it is too large"); }

}  // namespace

size_t StoredObjects::Bases::slot_of(const Location& at) {
  constexpr uint64_t kSpread = 0x9e3779b97f4a7c15;  // 2^64 by the golden ratio: neighbours go far apart
  constexpr unsigned kBits = 9;
  return static_cast<size_t>((at.offset + at.pack) * kSpread >> (64 - kBits));
}

std::optional<StoredObject> StoredObjects::Bases::take(const Location& at) {
  if (slots_.empty()) return std::nullopt;
  std::optional<Slot>& slot = slots_[slot_of(at)];
  if (!slot || slot->at != at) return std::nullopt;
  bytes_ -= slot->object.bytes.size();
  std::optional<StoredObject> object = std::move(slot->object);
  slot.reset();
  return object;
}

void StoredObjects::Bases::put(const Location& at, StoredObject object) {
  constexpr size_t kSlots = 512, kLargest = size_t{1} << 20, kMostBytes = size_t{16} << 20;
  if (object.bytes.size() > kLargest) return;
  if (slots_.empty() || bytes_ + object.bytes.size() > kMostBytes) {
    slots_.clear();
    slots_.resize(kSlots);
    bytes_ = 0;
  }
  std::optional<Slot>& slot = slots_[slot_of(at)];
  if (slot) bytes_ -= slot->object.bytes.size();
  bytes_ += object.bytes.size();
  slot.emplace(Slot{at, std::move(object)});
}

StoredObjects::StoredObjects(std::vector<std::string> folders, StoredLimits limits)
    : folders_(std::move(folders)), limits_(limits) {}

Result<StoredObject> StoredObjects::load(const ObjectId& id) {
  Result<StoredObject> object = load_once(id);
  if (object || !packs_ || stamps() == listed_) return object;
  packs_.reset();
  bases_ = {};
  return load_once(id);
}

Result<StoredObject> StoredObjects::load_once(const ObjectId& id) {
  Result<StoredObject> answer = load_loose(id);
  if (answer) return answer;
  const std::optional<Location> first = find_packed(id);
  if (!first) return answer;
  for (size_t i = 0; i < packs_->size(); ++i) {
    // The pack in which it was found, then those that were not asked.
    const size_t pack = i == 0 ? first->pack : i <= first->pack ? i - 1 : i;
    const std::optional<Location> at = i == 0 ? first : find_in(pack, id);
    if (!at) continue;
    Result<Chain> chain = follow(*at);
    answer = chain ? make(std::move(*chain)) : tl::unexpected<Error>(std::move(chain.error()));
    if (answer) return answer;
    answer = within((*packs_)[pack].index_path + ": ", std::move(answer.error()));
  }
  return answer;
}

std::vector<StoredObjects::Stamp> StoredObjects::stamps() const {
  std::vector<Stamp> all;
  for (const std::string& folder : folders_) {
    struct stat info {};
    const bool is_there = ::stat(join(folder, "pack").c_str(), &info) == 0;
    all.push_back(is_there ? Stamp{info.st_mtim.tv_sec, info.st_mtim.tv_nsec} : Stamp{});
  }
  return all;
}

bool StoredObjects::contains(const ObjectId& id) {
  const auto has = [&](const std::string& folder) {
    return kind_of(loose_object_path(folder, id)) == FileKind::regular;
  };
  return std::any_of(folders_.begin(), folders_.end(), has) || find_packed(id).has_value();
}

Result<StoredObject> StoredObjects::load_loose(const ObjectId& id) {
  Result<StoredObject> answer = fail(Error::Kind::not_found, "it is not here");
  for (const std::string& folder : folders_) {
    Result<StoredObject> found = read_loose_object(folder, id, inflater_, limits_.object);
    if (!found && (found.error().kind == Error::Kind::not_found || found.error().kind == Error::Kind::io)) continue;
    if (found) return found;
    answer = within(loose_object_path(folder, id) + ": ", std::move(found.error()));
  }
  return answer;
}

// The order is git's: the repository's own before those of others, and of a folder the newest first.
void StoredObjects::list_packs() {
  packs_.emplace();
  last_pack_ = 0;
  listed_ = stamps();
  for (const std::string& folder : folders_) {
    const std::string packs = join(folder, "pack");
    const Result<std::vector<DirectoryEntry>> entries = list_directory(packs);
    if (!entries) continue;
    const auto first = static_cast<ptrdiff_t>(packs_->size());
    for (const DirectoryEntry& entry : *entries) {
      if (!entry.name.ends_with(".idx")) continue;
      Pack& pack = packs_->emplace_back();
      pack.index_path = join(packs, entry.name);
      pack.written = time_written(pack.index_path);
    }
    std::stable_sort(packs_->begin() + first, packs_->end(),
                     [](const Pack& a, const Pack& b) { return a.written > b.written; });
  }
}

void StoredObjects::open_pack(Pack& pack) {
  pack.is_tried = true;
  if (Result<OpenPack> opened = OpenPack::open(pack.index_path)) pack.files = std::move(*opened);
}

std::optional<StoredObjects::Location> StoredObjects::find_in(size_t pack, const ObjectId& id) {
  Pack& here = (*packs_)[pack];
  if (!here.is_tried) open_pack(here);
  const std::optional<uint64_t> offset = here.files.index.find(id);
  return offset ? std::optional(Location{pack, *offset}) : std::nullopt;
}

std::optional<StoredObjects::Location> StoredObjects::find_packed(const ObjectId& id) {
  if (!packs_) list_packs();
  if (packs_->empty()) return std::nullopt;
  std::optional<Location> found = find_in(last_pack_, id);
  for (size_t pack = 0; !found && pack < packs_->size(); ++pack)
    if (pack != last_pack_) found = find_in(pack, id);
  if (found) last_pack_ = found->pack;
  return found;
}

// From an object down its deltas to what they are based on, which may be in other stores too.
Result<StoredObjects::Chain> StoredObjects::follow(Location at) {
  Chain chain;
  for (chain.base_at = at; chain.base_at;) {
    const Location here = *chain.base_at;
    if (std::optional<StoredObject> known = bases_.take(here)) {
      chain.base = std::move(*known);
      return chain;
    }
    TRY(const PackEntry entry, parse_pack_entry((*packs_)[here.pack].files.pack_file.bytes(), here.offset));
    if (entry.size > limits_.object || chain.deltas.size() >= limits_.depth) return too_large();
    if (!entry.is_delta()) {
      TRY(OwnedBytes memory, inflater_.inflate(entry.packed, entry.size));
      const Bytes bytes = memory.view();
      chain.base = {static_cast<ObjectType>(entry.kind), std::move(memory), bytes};
      return chain;
    }
    chain.deltas.push_back({here, entry});
    TRY_VOID(step_to_base(chain.deltas.back(), chain));
  }
  return chain;
}

// Sets the place of the delta's base, or, if that is a loose object, the base itself.
Result<void> StoredObjects::step_to_base(const Delta& delta, Chain& chain) {
  if (delta.entry.kind == PackEntry::Kind::near_delta) {
    chain.base_at = Location{delta.at.pack, delta.entry.base_offset};
    return {};
  }
  chain.base_at = find_in(delta.at.pack, delta.entry.base_id);
  if (!chain.base_at) chain.base_at = find_packed(delta.entry.base_id);
  if (chain.base_at) return {};
  TRY(chain.base, load_loose(delta.entry.base_id));
  return {};
}

Result<StoredObject> StoredObjects::make(Chain chain) {
  uint64_t made = chain.base.bytes.size();
  for (; !chain.deltas.empty(); chain.deltas.pop_back()) {
    const Delta& delta = chain.deltas.back();
    TRY(const OwnedBytes instructions, inflater_.inflate(delta.entry.packed, delta.entry.size));
    TRY(OwnedBytes memory, apply_delta(chain.base.bytes, instructions.view(), limits_.object));
    made += memory.size();
    if (made > limits_.chain) return too_large();
    const Bytes bytes = memory.view();
    const ObjectType type = chain.base.type;
    if (chain.base_at) bases_.put(*chain.base_at, std::move(chain.base));
    chain.base = {type, std::move(memory), bytes};
    chain.base_at = delta.at;
  }
  return std::move(chain.base);
}

}  // namespace sealwarden
