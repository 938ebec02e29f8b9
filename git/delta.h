// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "git/owned_bytes.h"
#include "scanner/base/bytes.h"
#include "scanner/base/copied_region.h"
#include "scanner/base/result.h"

namespace sealwarden {

// What `delta` makes of `base`. Any bytes may be passed: an Error of kind corrupt if the delta is broken or was made for
// a base of another size, of kind limit if it says to make more than `limit` bytes. `copied`, if given, is filled with
// what was taken from the base.
Result<OwnedBytes> apply_delta(Bytes base, Bytes delta, size_t limit, std::vector<CopiedRegion>* copied = nullptr);
// The same into a buffer of the caller's, whose capacity is the only limit; nothing, and no error, if that is not enough.
Result<std::optional<Bytes>> apply_delta_into(ByteBuffer& buffer, Bytes base, Bytes delta, std::vector<CopiedRegion>& copied);
// How many bytes `delta` says that it makes; nothing of what it says has been checked. 0 if it says nothing.
uint64_t stated_size(Bytes delta);

}  // namespace sealwarden
