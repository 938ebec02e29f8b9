// SPDX-License-Identifier: Apache-2.0
#include "git/object_store.h"

#include <git2.h>
#include <git2/sys/odb_backend.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <iterator>

#include "git/files.h"
#include "git/id_index.h"
#include "git/libgit2.h"
#include "git/pack_file.h"

namespace sealwarden {
namespace {

struct Store {
  std::string path;  // the pack's index, or the object folder whose loose objects it is
  bool is_pack = false;
};

git_oid to_oid(const ObjectId& id) {
  git_oid oid;
  git_oid_fromraw(&oid, id.raw.data());
  return oid;
}

// libgit2 keeps one pack structure a path for the whole process, with one cache of delta bases under one lock: workers
// would wait for each other and drive each other's bases out. Each spells the path in its own way ("pack/././x.idx").
std::string own_spelling(const std::string& path, uint32_t loader) {
  const size_t name = path.rfind('/') + 1;
  std::string own = path.substr(0, name);
  for (uint32_t i = loader % 512; i > 0; --i) own += "./";
  return own + path.substr(name);
}

Result<OdbHandle> open_store(const Store& store, uint32_t loader) {
  git_odb* raw = nullptr;
  if (git_odb_new(&raw) != 0) return fail(Error::Kind::internal, libgit2_message());
  OdbHandle odb(raw);
  git_odb_backend* backend = nullptr;
  const int code = store.is_pack ? git_odb_backend_one_pack(&backend, own_spelling(store.path, loader).c_str())
                                 : git_odb_backend_loose(&backend, store.path.c_str(), -1, 0, 0, 0);
  if (code != 0) return fail(Error::Kind::corrupt, store.path + ": " + libgit2_message());
  if (git_odb_add_backend(raw, backend, 1) != 0) {
    backend->free(backend);
    return fail(Error::Kind::internal, libgit2_message());
  }
  return odb;
}

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
    const Result<void> checked = check_pack(index);
    if (!checked) {
      const bool broken = checked.error().kind == Error::Kind::corrupt;
      return ledger_.skip(broken ? Skip::corrupt_pack : Skip::unreadable_file, checked.error().message);
    }
    const size_t before = objects_.size();
    store_ = static_cast<uint32_t>(stores_.size());
    stores_.push_back({index, true});
    const Result<OdbHandle> odb = open_store(stores_.back(), 0);
    if (odb && git_odb_foreach(odb->get(), add_packed, this) == 0) return;
    const std::string cause = odb ? index + ": " + libgit2_message() : odb.error().message;
    objects_.resize(before);
    ledger_.skip(Skip::corrupt_pack, cause);
  }

  static int add_packed(const git_oid* oid, void* self) {
    auto* lister = static_cast<Lister*>(self);
    lister->objects_.push_back({ObjectId::from_raw(oid->id), lister->store_});
    return 0;
  }

  void list_loose(const std::string& folder, const std::vector<DirectoryEntry>& entries) {
    store_ = static_cast<uint32_t>(stores_.size());
    stores_.push_back({folder, false});
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
  std::vector<OtherCopy> copies;  // of objects that lie in several stores; sorted
  IdIndex index;
  mutable std::atomic<uint32_t> loaders{0};  // how many were made
};

struct ObjectStore::Loader::State {
  struct Opened {
    uint32_t store = 0;
    OdbHandle odb;
  };
  explicit State(const ObjectStore::State& all) : store(all), number_of_loader(++all.loaders) {}

  // The store's reader; of those open before, the `kept` used last stay so.
  Result<git_odb*> open(uint32_t number, size_t kept) {
    const auto found =
        std::find_if(opened.begin(), opened.end(), [&](const Opened& o) { return o.store == number; });
    if (found != opened.end()) {
      std::rotate(opened.begin(), found, found + 1);
      return opened.front().odb.get();
    }
    if (opened.size() > kept) opened.erase(opened.begin() + static_cast<std::ptrdiff_t>(kept), opened.end());
    TRY(OdbHandle odb, open_store(store.stores[number], number_of_loader));
    opened.insert(opened.begin(), Opened{number, std::move(odb)});
    return opened.front().odb.get();
  }

  Result<Object> read(git_odb* odb, const ObjectId& id) {
    object.reset();  // before the next is read: the peak is one object, not two
    const git_oid oid = to_oid(id);
    git_odb_object* raw = nullptr;
    const int code = git_odb_read(&raw, odb, &oid);
    if (code != 0)
      return fail(code == GIT_ENOTFOUND ? Error::Kind::not_found : Error::Kind::corrupt,
                  id.hex() + ": " + libgit2_message());
    object.reset(raw);
    const git_object_t type = git_odb_object_type(raw);
    if (type < GIT_OBJECT_COMMIT || type > GIT_OBJECT_TAG)
      return fail(Error::Kind::corrupt, id.hex() + ": of no known type");
    return Object{static_cast<ObjectType>(type),
                  Bytes(static_cast<const char*>(git_odb_object_data(raw)), git_odb_object_size(raw))};
  }

  Result<Object> read_from(uint32_t number, const ObjectId& id, size_t kept) {
    Result<git_odb*> odb = open(number, kept);
    Result<Object> result = odb ? read(*odb, id) : tl::unexpected<Error>(std::move(odb.error()));
    if (!result) return within(store.stores[number].path + ": ", std::move(result.error()));
    return result;
  }

  // All folders, listed afresh: git may have packed objects anew since the store was listed.
  Result<Object> read_afresh(const ObjectId& id) {
    if (!fresh) {
      git_odb* raw = nullptr;
      if (git_odb_new(&raw) != 0) return fail(Error::Kind::internal, libgit2_message());
      fresh.reset(raw);
      for (const std::string& folder : store.folders)
        git_odb_add_disk_alternate(raw, folder.c_str());
    }
    const git_oid oid = to_oid(id);
    if (git_odb_exists_ext(fresh.get(), &oid, GIT_ODB_LOOKUP_NO_REFRESH) == 0)
      return fail(Error::Kind::not_found, id.hex() + ": not in the repository any more");
    return read(fresh.get(), id);
  }

  Result<Object> load(const ObjectRef& ref, size_t kept) {
    Result<Object> first = read_from(ref.store, ref.id, kept);
    if (first) return first;
    const std::optional<uint32_t> position = store.index.find(store.objects, ref.id);
    const auto copies =
        position
            ? std::equal_range(store.copies.begin(), store.copies.end(), OtherCopy{*position, 0},
                               [](const OtherCopy& a, const OtherCopy& b) { return a.object < b.object; })
            : std::pair(store.copies.begin(), store.copies.begin());
    for (auto copy = copies.first; copy != copies.second; ++copy)
      if (Result<Object> other = read_from(copy->store, ref.id, kept)) return other;
    if (Result<Object> other = read_afresh(ref.id)) return other;
    return first;
  }

  const ObjectStore::State& store;
  const uint32_t number_of_loader;  // which of the store's loaders this is
  std::vector<Opened> opened;  // last used first
  OdbHandle fresh;
  OdbObjectHandle object;
};

ObjectStore::ObjectStore(std::unique_ptr<State> state) : state_(std::move(state)) {}
ObjectStore::ObjectStore(ObjectStore&&) noexcept = default;
ObjectStore& ObjectStore::operator=(ObjectStore&&) noexcept = default;
ObjectStore::~ObjectStore() = default;

Result<ObjectStore> ObjectStore::list(const Repository& repository, Ledger& ledger) {
  use_libgit2();
  auto state = std::make_unique<State>();
  state->folders = repository.object_dirs();
  Lister lister(state->stores, state->objects, ledger);
  for (const std::string& folder : state->folders)
    lister.list(folder);
  if (state->objects.size() >= UINT32_MAX) return fail(Error::Kind::limit, "more than 4,294,967,294 objects");
  state->copies = drop_duplicates(state->objects);
  state->index = IdIndex(state->objects);
  return ObjectStore(std::move(state));
}

const std::vector<ObjectRef>& ObjectStore::objects() const { return state_->objects; }

bool ObjectStore::contains(const ObjectId& id) const {
  return state_->index.find(state_->objects, id).has_value();
}

const ObjectRef* ObjectStore::find(const ObjectId& id) const {
  const std::optional<uint32_t> position = state_->index.find(state_->objects, id);
  return position ? &state_->objects[*position] : nullptr;
}

ObjectStore::Loader::Loader(std::unique_ptr<State> state) : state_(std::move(state)) {}
ObjectStore::Loader::Loader(Loader&&) noexcept = default;
ObjectStore::Loader::~Loader() = default;

ObjectStore::Loader ObjectStore::make_loader() const {
  return Loader(std::make_unique<Loader::State>(*state_));
}

Result<Object> ObjectStore::Loader::load(const ObjectRef& ref) { return state_->load(ref, 0); }

Result<Object> ObjectStore::Loader::load(const ObjectId& id) {
  constexpr size_t kKept = 3;  // objects asked for by id come from here and there
  const std::optional<uint32_t> position = state_->store.index.find(state_->store.objects, id);
  if (!position) return fail(Error::Kind::not_found, id.hex() + ": not in the repository");
  return state_->load(state_->store.objects[*position], kKept);
}

}  // namespace sealwarden
