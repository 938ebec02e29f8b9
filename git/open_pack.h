// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "git/mapped_file.h"
#include "git/pack_index.h"
#include "scanner/base/result.h"

namespace sealwarden {

// A pack with its index, in memory and checked at both ends. Immutable; share freely.
struct OpenPack {
  // An Error of kind corrupt or io names file and cause.
  static Result<OpenPack> open(const std::string& index_path);

  MappedFile index_file, pack_file;
  PackIndex index;  // borrows index_file
};

}  // namespace sealwarden
