// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "scanner/base/secret.h"

namespace sealwarden {

// "sealwarden/v1:" + 32 hex digits: 128 bits of SHA-256 over rule, path (if any) and secret, each with its
// length. Secrets of low strength (under about 64 bits, estimate_strength) enter as a slow hash, memoised, so
// that a published fingerprint is no quick oracle for guessing. Thread-safe. Never changed silently: the
// version is in the string.
std::string fingerprint(std::string_view rule, const std::optional<std::string>& path, const Secret& secret);
// The same without path: equal for one secret wherever it is.
std::string secret_id(std::string_view rule, const Secret& secret);

// Of a policy rule's finding: "policy/v1:" + 32 hex digits over rule, path, subject (PolicyFacts) and secret, if it is about one.
std::string policy_fingerprint(std::string_view rule, const std::optional<std::string>& path, std::string_view subject, const Secret& secret);

// Bits a guesser faces at most: length times bits per character of the narrowest alphabet.
double estimate_strength(std::string_view value);

}  // namespace sealwarden
