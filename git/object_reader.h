// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <utility>

#include "git/loose_object.h"
#include "git/objects.h"
#include "git/repository.h"
#include "scanner/base/bytes.h"
#include "scanner/base/ledger.h"
#include "scanner/base/object_id.h"
#include "scanner/base/result.h"

namespace sealwarden {

// One object with its bytes.
class ReadObject {
 public:
  explicit ReadObject(StoredObject object) : object_(std::move(object)) {}
  [[nodiscard]] ObjectType type() const { return object_.type; }
  [[nodiscard]] Bytes bytes() const { return object_.bytes; }  // valid as long as this, also if it is moved

 private:
  StoredObject object_;
};

// Reads single objects by id from the repository's object folders (those of the environment too), without a list of all
// objects: for changes, which touch few. Replace refs, grafts and the shallow file do not exist for it. One per thread.
class ObjectReader {
 public:
  static Result<ObjectReader> open(const Repository& repository);
  ObjectReader(ObjectReader&&) noexcept;
  ObjectReader& operator=(ObjectReader&&) noexcept;
  ~ObjectReader();

  // Absent: an Error of kind not_found; unreadable: corrupt. The message names the id.
  [[nodiscard]] Result<ReadObject> load(const ObjectId& id) const;
  // The same, and an Error of kind corrupt if it is of another type.
  [[nodiscard]] Result<ReadObject> load(const ObjectId& id, ObjectType type) const;
  [[nodiscard]] bool contains(const ObjectId& id) const;

 private:
  struct State;
  explicit ObjectReader(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

// How the absence of an object is to be called: in a partial clone a promisor remote has it.
class MissingObjects {
 public:
  MissingObjects(bool is_partial, Ledger& ledger) : is_partial_(is_partial), ledger_(ledger) {}
  // Puts an object that could not be read into the ledger; `what` says where it belongs.
  void report(const Error& error, const std::string& what);

 private:
  bool is_partial_;
  Ledger& ledger_;
};

}  // namespace sealwarden
