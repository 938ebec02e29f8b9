// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>

namespace sealwarden {

// Three-valued logic (Kleene): unknown is what a document does not say. The order makes "and" a minimum, "or" a maximum.
enum class Truth : uint8_t { no, unknown, yes };

inline Truth operator&(Truth a, Truth b) { return std::min(a, b); }
inline Truth operator|(Truth a, Truth b) { return std::max(a, b); }
inline Truth operator!(Truth a) { return static_cast<Truth>(2 - static_cast<uint8_t>(a)); }
inline Truth truth(bool value) { return value ? Truth::yes : Truth::no; }

}  // namespace sealwarden
