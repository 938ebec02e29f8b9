// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rules/rule.h"
#include "scanner/base/bytes.h"

namespace sealwarden {

// Shannon entropy of the bytes' frequencies, in bits per byte; 0 for the empty text. Pure.
double shannon_entropy(Bytes text);

// The least entropy that the check asks of this text: by the narrowest alphabet that holds all its bytes.
double entropy_bar(const EntropyCheck& check, Bytes text);

}  // namespace sealwarden
