// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "git/objects.h"
#include "git/open_pack.h"
#include "git/repository.h"
#include "scanner/base/ledger.h"
#include "scanner/base/parallel.h"

namespace sealwarden {

// A handle to one object: which it is and in which store (pack or loose folder) it lies.
struct ObjectRef {
  ObjectId id;
  uint32_t store = 0;
};

struct Object {
  ObjectType type = ObjectType::blob;
  Bytes bytes;  // borrowed from the loader until its next load
};

// Every object of the repository and its alternates: packed (all packs, also without or with .keep,
// .promisor) and loose, each id once, store by store, the ids of a pack in order. Immutable after list(); share freely.
// Packs stay mapped, so that a `git gc` that replaces them meanwhile leaves them readable.
class ObjectStore {
 public:
  // Broken indexes and packs go to the ledger by path and cause; the rest is listed all the same.
  static Result<ObjectStore> list(const Repository& repository, Ledger& ledger);
  ObjectStore(ObjectStore&&) noexcept;
  ObjectStore& operator=(ObjectStore&&) noexcept;
  ~ObjectStore();

  [[nodiscard]] const std::vector<ObjectRef>& objects() const;
  struct Pack {
    const OpenPack* files;  // the store's
    uint32_t store;         // as in ObjectRef
    uint32_t first;         // where its objects start in objects(), if no id lies in two stores
  };
  [[nodiscard]] const std::vector<Pack>& packs() const;
  // Where in objects() the object at this position of the pack's index is.
  [[nodiscard]] uint32_t position(const Pack& pack, uint32_t index_position) const;
  [[nodiscard]] bool has_distinct_ids() const;  // no id lies in two places
  // The folder of a store that is no pack.
  [[nodiscard]] const std::string& loose_folder(uint32_t store) const;
  [[nodiscard]] const std::vector<std::string>& folders() const;
  [[nodiscard]] bool contains(const ObjectId& id) const;  // about 100 ns; thread-safe
  [[nodiscard]] const ObjectRef* find(const ObjectId& id) const;
  void prefetch(const ObjectId& id) const;  // for several look-ups that are known ahead

  // Reads single objects, as StoredObjects does; one per thread. For all of them ObjectPass is the way.
  class Loader {
   public:
    Loader(Loader&&) noexcept;
    ~Loader();
    // The message of an Error starts with the id.
    Result<Object> load(const ObjectId& id);

   private:
    friend class ObjectStore;
    struct State;
    explicit Loader(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
  };
  [[nodiscard]] Loader make_loader() const;  // must not outlive the store

 private:
  struct State;
  explicit ObjectStore(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace sealwarden
