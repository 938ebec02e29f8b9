// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>

namespace sealwarden {

// The one door to threads. All loops in the program run on at most this many; set once at start-up, default
// all cores.
void set_thread_count(size_t count);
size_t thread_count();

// Calls body(first, last, worker) for ranges that cover [0, count) once, of about `grain` items each and in
// ascending order per worker as far as that is possible. `worker` is in [0, thread_count()): a slot that no
// other call uses at the same time, so per-worker state needs no lock. Exceptions of a body end the loop and
// are rethrown here.
void parallel_ranges(size_t count, size_t grain,
                     const std::function<void(size_t first, size_t last, size_t worker)>& body);

// The same for loops that may end early: stops handing out ranges when stop_requested is set. Only for the
// passes that say so in the ledger.
void parallel_ranges_until_stopped(size_t count, size_t grain,
                                   const std::function<void(size_t first, size_t last, size_t worker)>& body);

}  // namespace sealwarden
