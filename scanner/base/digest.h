// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "scanner/base/bytes.h"

namespace sealwarden {

using Sha256 = std::array<uint8_t, 32>;

Sha256 sha256(Bytes data);
// Of both pieces, one behind the other.
std::array<uint8_t, 20> sha1(Bytes head, Bytes data);
// The first `digits` (at most 64) lower-case hex digits.
std::string hex(const Sha256& digest, size_t digits = 64);
// A slow derivation (PBKDF2-HMAC-SHA-256) for values that could be guessed; about 5 ms a call.
Sha256 slow_hash(Bytes value, Bytes salt);
// The public half of the Ed25519 key pair that grows from a seed of 32 bytes; an error in the program for other lengths.
std::array<uint8_t, 32> ed25519_public_key(Bytes seed);

}  // namespace sealwarden
