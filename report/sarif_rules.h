// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "report/json_out.h"
#include "report/redactor.h"
#include "report/report.h"
#include "report/sarif_taxonomies.h"

namespace sealwarden {

// The rules of a SARIF run, sorted by id: those of the report, those of `judged` (unless it is null), and a bare one for each id
// that the report names but does not describe (a report from elsewhere).
std::vector<Rule> sarif_rules(const Report& report, const JudgedFiles* judged);
void write_sarif_rule(JsonOut& out, const Rule& rule, const std::vector<SarifTaxonomy>& taxonomies);

// What the run has to say about itself: a row of the ledger, or the limit on results.
struct SarifNotification {
  std::string id;                       // "missing-object"
  std::string_view level;               // "error", "warning", "note"
  std::string description, help, text;  // what it is, what to do, what happened
};
SarifNotification sarif_notification(const Ledger::Row& row, const Redactor& redactor);
SarifNotification sarif_limit_notification(uint64_t left_out);
SarifNotification sarif_passes_notification(const std::string& first_left_out, const Redactor& redactor);
void write_sarif_notification_descriptor(JsonOut& out, const SarifNotification& notification);

std::string_view sarif_level(Severity severity);  // "error", "warning", "note"

}  // namespace sealwarden
