// SPDX-License-Identifier: Apache-2.0
#include "git/object_store.h"

#include <algorithm>
#include <iterator>

#include "git/files.h"
#include "git/id_index.h"
#include "git/stored_objects.h"

namespace sealwarden {
namespace {

struct Store {
  std::string path;  // the pack's index, or the object folder whose loose objects it is
  std::unique_ptr<OpenPack> pack;  // null: a folder
};

class Lister {
 public:
  Lister(std::vector<Store>& stores, std::vector<ObjectRef>& objects, Ledger& ledger)
      : stores_(stores), objects_(objects), ledger_(ledger) {}

  void list(const std::string& folder) {
    const Result<std::vector<DirectoryEntry>> entries = list_directory(folder);
    if (!entries) {
      const bool gone = entries.error().kind == Error::Kind::not_found;
      return ledger_.skip(gone ? Skip::corrupt_repository : Skip::unreadable_file, entries.error().message);
    }
    list_packs(join(folder, "pack"));
    list_loose(folder, *entries);
  }

 private:
  void list_packs(const std::string& folder) {
    const Result<std::vector<DirectoryEntry>> entries = list_directory(folder);
    if (!entries) {
      if (entries.error().kind != Error::Kind::not_found)
        ledger_.skip(Skip::unreadable_file, entries.error().message);
      return;
    }
    for (const DirectoryEntry& entry : *entries) {
      if (entry.name.ends_with(".idx"))
        list_pack(join(folder, entry.name));
      else if (entry.name.ends_with(".pack"))
        check_has_index(folder, entry.name, *entries);
    }
  }

  // git itself does not see a pack without an index, but what is in it was there to be scanned. A pack that
  // is being written has a name of its own (tmp_pack_...).
  void check_has_index(const std::string& folder, const std::string& pack,
                       const std::vector<DirectoryEntry>& entries) {
    const std::string index = pack.substr(0, pack.size() - 5) + ".idx";
    const auto is_index = [&](const DirectoryEntry& entry) { return entry.name == index; };
    if (pack.starts_with("pack-") && std::none_of(entries.begin(), entries.end(), is_index))
      ledger_.skip(Skip::corrupt_pack, join(folder, pack) + ": it has no index; `git index-pack` makes one");
  }

  void list_pack(const std::string& index) {
    Result<OpenPack> pack = OpenPack::open(index);
    if (pack && !pack->index.is_in_order()) pack = fail(Error::Kind::corrupt, index + ": the pack's index is not in order");
    if (!pack) {
      const bool broken = pack.error().kind == Error::Kind::corrupt;
      return ledger_.skip(broken ? Skip::corrupt_pack : Skip::unreadable_file, pack.error().message);
    }
    const auto store = static_cast<uint32_t>(stores_.size());
    objects_.reserve(objects_.size() + pack->index.size());
    for (uint32_t i = 0; i < pack->index.size(); ++i) objects_.push_back({pack->index.id(i), store});
    stores_.push_back({index, std::make_unique<OpenPack>(std::move(*pack))});
  }

  void list_loose(const std::string& folder, const std::vector<DirectoryEntry>& entries) {
    store_ = static_cast<uint32_t>(stores_.size());
    stores_.push_back({folder, nullptr});
    for (const DirectoryEntry& entry : entries) {
      if (entry.name.size() != 2 || !ObjectId::from_hex(entry.name + std::string(38, '0'))) continue;
      const Result<std::vector<DirectoryEntry>> files = list_directory(join(folder, entry.name));
      if (!files) {
        if (files.error().kind != Error::Kind::not_found)
          ledger_.skip(Skip::unreadable_file, files.error().message);
        continue;
      }
      for (const DirectoryEntry& file : *files)
        if (const std::optional<ObjectId> id = ObjectId::from_hex(entry.name + file.name))
          objects_.push_back({*id, store_});
    }
  }

  std::vector<Store>& stores_;
  std::vector<ObjectRef>& objects_;
  Ledger& ledger_;
  uint32_t store_ = 0;
};

}  // namespace

struct ObjectStore::State {
  std::vector<std::string> folders;
  std::vector<Store> stores;
  std::vector<ObjectRef> objects;
  std::vector<ObjectStore::Pack> packs;
  std::vector<OtherCopy> copies;  // of objects that lie in several stores; sorted
  IdIndex index;
};

struct ObjectStore::Loader::State {
  explicit State(const ObjectStore::State& all) : stored(all.folders) {}
  StoredObjects stored;
  StoredObject object;  // the last one
};

ObjectStore::ObjectStore(std::unique_ptr<State> state) : state_(std::move(state)) {}
ObjectStore::ObjectStore(ObjectStore&&) noexcept = default;
ObjectStore& ObjectStore::operator=(ObjectStore&&) noexcept = default;
ObjectStore::~ObjectStore() = default;

Result<ObjectStore> ObjectStore::list(const Repository& repository, Ledger& ledger) {
  auto state = std::make_unique<State>();
  state->folders = repository.object_dirs();
  Lister lister(state->stores, state->objects, ledger);
  for (const std::string& folder : state->folders)
    lister.list(folder);
  if (state->objects.size() >= UINT32_MAX) return fail(Error::Kind::limit, "more than 4,294,967,294 objects");
  for (uint32_t i = 0, first = 0; i < state->stores.size(); ++i) {
    if (!state->stores[i].pack) continue;
    while (first < state->objects.size() && state->objects[first].store != i) ++first;
    state->packs.push_back({state->stores[i].pack.get(), i, first});
  }
  state->copies = drop_duplicates(state->objects);
  state->index = IdIndex(state->objects);
  return ObjectStore(std::move(state));
}

const std::vector<ObjectRef>& ObjectStore::objects() const { return state_->objects; }

const std::vector<ObjectStore::Pack>& ObjectStore::packs() const { return state_->packs; }

uint32_t ObjectStore::position(const Pack& pack, uint32_t index_position) const {
  if (state_->copies.empty()) return pack.first + index_position;
  return *state_->index.find(state_->objects, pack.files->index.id(index_position));
}

bool ObjectStore::has_distinct_ids() const { return state_->copies.empty(); }

const std::string& ObjectStore::loose_folder(uint32_t store) const { return state_->stores[store].path; }

const std::vector<std::string>& ObjectStore::folders() const { return state_->folders; }

bool ObjectStore::contains(const ObjectId& id) const {
  return state_->index.find(state_->objects, id).has_value();
}

const ObjectRef* ObjectStore::find(const ObjectId& id) const {
  const std::optional<uint32_t> position = state_->index.find(state_->objects, id);
  return position ? &state_->objects[*position] : nullptr;
}

void ObjectStore::prefetch(const ObjectId& id) const { state_->index.prefetch(state_->objects, id); }

ObjectStore::Loader::Loader(std::unique_ptr<State> state) : state_(std::move(state)) {}
ObjectStore::Loader::Loader(Loader&&) noexcept = default;
ObjectStore::Loader::~Loader() = default;

ObjectStore::Loader ObjectStore::make_loader() const {
  return Loader(std::make_unique<Loader::State>(*state_));
}

Result<Object> ObjectStore::Loader::load(const ObjectId& id) {
  state_->object = {};  // before the next is read: the peak is one object, not two
  Result<StoredObject> object = state_->stored.load(id);
  if (!object) return within(id.hex() + ": ", std::move(object.error()));
  state_->object = std::move(*object);
  return Object{state_->object.type, state_->object.bytes};
}

}  // namespace sealwarden
