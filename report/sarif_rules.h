// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "report/json_out.h"
#include "report/report.h"

namespace sealwarden {

// The rules of a SARIF run: those of the report, sorted by id, and a bare one for each id that the report
// names but does not describe (a report from elsewhere).
std::vector<Rule> sarif_rules(const Report& report);
void write_sarif_rule(JsonOut& out, const Rule& rule);

// One descriptor for each reason of the ledger and for the limit on results.
void write_sarif_notification_descriptors(JsonOut& out);
inline constexpr std::string_view kResultLimitId = "result-limit";
std::string notification_id(Skip reason);  // "missing-object"

std::string_view sarif_level(Severity severity);  // "error", "warning", "note"

}  // namespace sealwarden
