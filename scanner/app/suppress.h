// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <unordered_set>
#include <vector>

#include "report/baseline.h"
#include "report/report.h"
#include "scanner/app/settings.h"

namespace sealwarden {

// Marks findings that an [[allow]] entry, an ignore line or the baseline accepts. `as_of_used` becomes true if a date
// decided something. `whole`: the whole repository was looked at, so that the baseline can follow renames.
void suppress(const Settings& settings, std::vector<Finding>& findings, bool whole, bool& as_of_used);

// Takes acceptances back that the change under test brought itself; call it before suppress().
void refuse_new_acceptances(Settings& settings, std::vector<Finding>& findings);

// Drops findings below the threshold, counts, and decides which fail. `unsure`: what the engine only counted.
void judge(const Args& args, std::unordered_set<uint64_t> unsure, Report& report);

}  // namespace sealwarden
