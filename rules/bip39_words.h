// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace sealwarden {

// The 2048 English words of BIP-39 with one blank between them, in alphabetical order.
std::string_view bip39_word_list();

}  // namespace sealwarden
