// SPDX-License-Identifier: Apache-2.0
#include "git/object_reader.h"

#include <git2.h>

#include <string_view>

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

}  // namespace

ObjectType ReadObject::type() const { return static_cast<ObjectType>(git_odb_object_type(handle_.get())); }

Bytes ReadObject::bytes() const {
  return {static_cast<const char*>(git_odb_object_data(handle_.get())), git_odb_object_size(handle_.get())};
}

Result<ObjectReader> ObjectReader::open(const Repository& repository) {
  use_libgit2();
  git_odb* odb = nullptr;
  if (git_odb_new(&odb) != 0) return fail(Error::Kind::internal, libgit2_message());
  ObjectReader reader{OdbHandle(odb)};
  for (const std::string& folder : repository.object_dirs())
    if (git_odb_add_disk_alternate(odb, folder.c_str()) != 0)
      return fail(Error::Kind::io, folder + ": " + libgit2_message());
  return reader;
}

Result<ReadObject> ObjectReader::load(const ObjectId& id) const {
  const git_oid oid = native(id);
  git_odb_object* object = nullptr;
  const int code = git_odb_read(&object, odb_.get(), &oid);
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
  const git_oid oid = native(id);
  return git_odb_exists(odb_.get(), &oid) == 1;
}

void MissingObjects::report(const Error& error, const std::string& what) {
  Skip reason = Skip::corrupt_object;
  if (error.kind == Error::Kind::limit) reason = Skip::limit;
  if (error.kind == Error::Kind::not_found) reason = is_partial_ ? Skip::missing_promised : Skip::missing_object;
  ledger_.skip(reason, what + ": " + error.message);
}

}  // namespace sealwarden
