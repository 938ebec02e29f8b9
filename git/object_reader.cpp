// SPDX-License-Identifier: Apache-2.0
#include "git/object_reader.h"

#include <git2.h>

#include <string_view>
#include <vector>

#include "git/stored_objects.h"

namespace sealwarden {
namespace {

git_oid native(const ObjectId& id) {
  git_oid oid;
  git_oid_fromraw(&oid, id.raw.data());
  return oid;
}

std::string_view name_of(ObjectType type) {
  switch (type) {
    case ObjectType::commit: return "commit";
    case ObjectType::tree: return "tree";
    case ObjectType::blob: return "blob";
    case ObjectType::tag: return "tag";
  }
  return "object";
}

Result<OdbHandle> open_with_libgit2(const std::vector<std::string>& folders) {
  use_libgit2();
  git_odb* raw = nullptr;
  if (git_odb_new(&raw) != 0) return fail(Error::Kind::internal, libgit2_message());
  OdbHandle odb(raw);
  for (const std::string& folder : folders)
    if (git_odb_add_disk_alternate(raw, folder.c_str()) != 0)
      return fail(Error::Kind::io, folder + ": " + libgit2_message());
  return odb;
}

}  // namespace

struct ObjectReader::State {
  std::vector<std::string> folders;
  StoredObjects stored;
  OdbHandle odb;  // opened when first needed

  Result<git_odb*> libgit2() {
    if (!odb) {
      TRY(odb, open_with_libgit2(folders));
    }
    return odb.get();
  }
};

ObjectType ReadObject::type() const {
  if (const auto* stored = std::get_if<StoredObject>(&object_)) return stored->type;
  return static_cast<ObjectType>(git_odb_object_type(std::get<OdbObjectHandle>(object_).get()));
}

Bytes ReadObject::bytes() const {
  if (const auto* stored = std::get_if<StoredObject>(&object_)) return stored->bytes;
  git_odb_object* const object = std::get<OdbObjectHandle>(object_).get();
  return {static_cast<const char*>(git_odb_object_data(object)), git_odb_object_size(object)};
}

ObjectReader::ObjectReader(std::unique_ptr<State> state) : state_(std::move(state)) {}
ObjectReader::ObjectReader(ObjectReader&&) noexcept = default;
ObjectReader& ObjectReader::operator=(ObjectReader&&) noexcept = default;
ObjectReader::~ObjectReader() = default;

Result<ObjectReader> ObjectReader::open(const Repository& repository) {
  const std::vector<std::string>& folders = repository.object_dirs();
  return ObjectReader(std::make_unique<State>(State{folders, StoredObjects(folders), nullptr}));
}

Result<ReadObject> ObjectReader::load(const ObjectId& id) const {
  if (Result<StoredObject> stored = state_->stored.load(id)) return ReadObject(std::move(*stored));
  TRY(git_odb* const odb, state_->libgit2());
  const git_oid oid = native(id);
  git_odb_object* object = nullptr;
  const int code = git_odb_read(&object, odb, &oid);
  if (code == GIT_ENOTFOUND) return fail(Error::Kind::not_found, "object " + id.hex() + " is not here");
  if (code != 0) return fail(Error::Kind::corrupt, "object " + id.hex() + ": " + libgit2_message());
  return ReadObject{OdbObjectHandle(object)};
}

Result<ReadObject> ObjectReader::load(const ObjectId& id, ObjectType type) const {
  TRY(ReadObject object, load(id));
  if (object.type() == type) return object;
  std::string message = "object " + id.hex() + " is a ";
  message.append(name_of(object.type())).append(", not a ").append(name_of(type));
  return fail(Error::Kind::corrupt, std::move(message));
}

bool ObjectReader::contains(const ObjectId& id) const {
  if (state_->stored.contains(id)) return true;
  const Result<git_odb*> odb = state_->libgit2();
  const git_oid oid = native(id);
  return odb && git_odb_exists(*odb, &oid) == 1;
}

bool ObjectReader::has_asked_libgit2_for_test() const { return state_->odb != nullptr; }

void MissingObjects::report(const Error& error, const std::string& what) {
  Skip reason = Skip::corrupt_object;
  if (error.kind == Error::Kind::limit) reason = Skip::limit;
  if (error.kind == Error::Kind::not_found) reason = is_partial_ ? Skip::missing_promised : Skip::missing_object;
  ledger_.skip(reason, what + ": " + error.message);
}

}  // namespace sealwarden
