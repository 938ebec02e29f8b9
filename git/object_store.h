// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "git/objects.h"
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
// .promisor) and loose, each id once, in reading order (pack by pack, by offset). Immutable after list();
// share freely.
class ObjectStore {
 public:
  // Broken indexes and packs go to the ledger by path and cause; the rest is listed all the same.
  static Result<ObjectStore> list(const Repository& repository, Ledger& ledger);
  ObjectStore(ObjectStore&&) noexcept;
  ObjectStore& operator=(ObjectStore&&) noexcept;
  ~ObjectStore();

  [[nodiscard]] const std::vector<ObjectRef>& objects() const;
  [[nodiscard]] bool contains(const ObjectId& id) const;  // about 100 ns; thread-safe
  [[nodiscard]] const ObjectRef* find(const ObjectId& id) const;

  // Reads objects; one per thread. Opens at most one pack at a time for load(ObjectRef), so its memory is
  // bounded.
  class Loader {
   public:
    Loader(Loader&&) noexcept;
    ~Loader();
    // A corrupt copy is tried in the other stores before it is an Error (kind corrupt, or not_found), with
    // pack and id.
    Result<Object> load(const ObjectRef& ref);
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
