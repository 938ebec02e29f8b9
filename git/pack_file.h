// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "scanner/base/result.h"

namespace sealwarden {

// Whether a pack and its index belong together and are whole at both ends: signatures, versions, number of
// objects, the pack's checksum as the index has it. Reads a few bytes of each. An Error of kind corrupt or io
// names file and cause.
Result<void> check_pack(const std::string& index_file);

}  // namespace sealwarden
