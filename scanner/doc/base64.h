// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "scanner/base/ascii.h"
#include "scanner/base/bytes.h"

namespace sealwarden {

// Of the standard alphabet or that for URLs.
constexpr bool is_base64_letter(char c) { return is_alphanumeric(c) || c == '+' || c == '/' || c == '-' || c == '_'; }

// What the text holds, in either alphabet, with blanks and lines between the letters, padded or not; nullopt: it is no base64.
std::optional<std::string> decode_base64(Bytes text);

}  // namespace sealwarden
