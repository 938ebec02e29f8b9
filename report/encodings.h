// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace sealwarden {

// Texts of at least 4 bytes whose presence shows `secret`: itself, base64 at each alignment and in both
// alphabets (only the characters that the secret alone decides), hex, percent-encoded, and with escapes of
// JSON, shells and terminals. Sorted, each once. Secrets over 1 KiB (keys) are looked for as they are, with
// JSON's escapes, and line by line: a report's strings do not hold the rest, and it would cost 20 times their
// size.
std::vector<std::string> encoded_forms(std::string_view secret);

// As a path of a URI: '/' and unreserved characters stay, all other bytes become %XX.
std::string percent_encode_path(std::string_view path);
// Makes a URI of what is almost one: what no URI may hold becomes %XX, all else (escapes too) stays.
std::string percent_encode_uri(std::string_view uri);

}  // namespace sealwarden
