// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>

#include "git/inflate.h"
#include "git/objects.h"
#include "git/owned_bytes.h"
#include "scanner/base/bytes.h"
#include "scanner/base/result.h"

namespace sealwarden {

// One object that is taken out of its store.
struct StoredObject {
  ObjectType type = ObjectType::blob;
  OwnedBytes memory;
  Bytes bytes;  // in `memory`
};

// The object in a loose file. Any bytes may be passed: an Error of kind corrupt or limit.
Result<StoredObject> parse_loose_object(Bytes file, const Inflater& inflater, size_t limit);
// The one with this id in an object folder; not_found or io if its file cannot be opened.
Result<StoredObject> read_loose_object(const std::string& folder, const ObjectId& id, const Inflater& inflater, size_t limit);
// The file that it would be in.
std::string loose_object_path(const std::string& folder, const ObjectId& id);

}  // namespace sealwarden
