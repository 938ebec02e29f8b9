// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "scanner/base/ledger.h"
#include "scanner/base/object_id.h"
#include "scanner/decode/unpack.h"

namespace sealwarden {

// Puts what could not be read within packed or encoded content into the ledger. `where`: the file, or what else was scanned.
void note_gaps(Ledger& ledger, const std::string& where, const std::vector<UnpackGap>& gaps);
// The same of a blob, which is named beside its path; "" if none is known.
void note_gaps(Ledger& ledger, const std::string& path, const ObjectId& blob, const std::vector<UnpackGap>& gaps);

// "outer.zip!inner/file"; the path itself if `member` is empty; "!inner/file" in what has no path.
std::string member_path(const std::string& path, const std::string& member);

}  // namespace sealwarden
