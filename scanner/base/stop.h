// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>

namespace sealwarden {

// Set by the SIGINT handler; long loops look at it and end early. The scan is then incomplete and says so.
inline std::atomic<bool> stop_requested{false};
static_assert(std::atomic<bool>::is_always_lock_free, "it is set from a signal handler");

}  // namespace sealwarden
