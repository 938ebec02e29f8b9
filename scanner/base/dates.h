// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace sealwarden {

// Whether `text` is a day of the calendar as "2026-11-21".
bool is_date(std::string_view text);

// "2026-11-21T06:22:00Z" of seconds since the epoch.
std::string rfc3339(int64_t seconds);

// Today in UTC, as "2026-11-21".
std::string today();

}  // namespace sealwarden
