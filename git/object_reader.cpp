// SPDX-License-Identifier: Apache-2.0
#include "git/object_reader.h"

#include "git/stored_objects.h"

namespace sealwarden {

struct ObjectReader::State {
  StoredObjects stored;
};

ObjectReader::ObjectReader(std::unique_ptr<State> state) : state_(std::move(state)) {}
ObjectReader::ObjectReader(ObjectReader&&) noexcept = default;
ObjectReader& ObjectReader::operator=(ObjectReader&&) noexcept = default;
ObjectReader::~ObjectReader() = default;

Result<ObjectReader> ObjectReader::open(const Repository& repository) {
  return ObjectReader(std::make_unique<State>(State{StoredObjects(repository.object_dirs())}));
}

Result<ReadObject> ObjectReader::load(const ObjectId& id) const {
  Result<StoredObject> object = state_->stored.load(id);
  if (object) return ReadObject(std::move(*object));
  if (object.error().kind == Error::Kind::not_found) return fail(Error::Kind::not_found, "object " + id.hex() + " is not here");
  return within("object " + id.hex() + ": ", std::move(object.error()));
}

Result<ReadObject> ObjectReader::load(const ObjectId& id, ObjectType type) const {
  TRY(ReadObject object, load(id));
  if (object.type() == type) return object;
  std::string message = "object " + id.hex() + " is a ";
  message.append(name_of(object.type())).append(", not a ").append(name_of(type));
  return fail(Error::Kind::corrupt, std::move(message));
}

bool ObjectReader::contains(const ObjectId& id) const { return state_->stored.contains(id); }

void MissingObjects::report(const Error& error, const std::string& what) {
  Skip reason = Skip::corrupt_object;
  if (error.kind == Error::Kind::limit) reason = Skip::limit;
  if (error.kind == Error::Kind::not_found) reason = is_partial_ ? Skip::missing_promised : Skip::missing_object;
  ledger_.skip(reason, what + ": " + error.message);
}

}  // namespace sealwarden
