// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "scanner/base/bytes.h"
#include "scanner/base/digest.h"

namespace sealwarden {

// Compiled databases on disk, one file per key, so that user rules cost their seconds of compilation once.
//
//   file     = magic version key length payload sum
//   magic    = "SWRULES\n"
//   version  = u32 = 1            numbers little-endian
//   key      = 32 bytes           what the payload was made of: rules, library version, CPU
//   length   = u64                of the payload
//   payload  = encode_anchors()
//   sum      = SHA-256 of all before it
//
// Any mismatch means "not there": the caller compiles and overwrites. The sum guards against a damaged disk,
// not against an attacker: Hyperscan trusts its database, so a folder or file that is not ours, or that
// others may write, is not read. Rejected: a file of fixed name, which two sets of rules used in turn would
// overwrite for ever.

// The payload stored for `key`; nullopt for every reason.
std::optional<std::string> load_cached(const std::string& folder, const Sha256& key);
// Creates the folder (mode 0700) if need be. False if nothing was stored; the next run then compiles again.
bool store_cached(const std::string& folder, const Sha256& key, Bytes payload);
// Where load_cached() looks.
std::string cache_file(const std::string& folder, const Sha256& key);

}  // namespace sealwarden
