// SPDX-License-Identifier: Apache-2.0
#include "scanner/app/suppress.h"

#include <set>

#include "rules/allow.h"
#include "scanner/engine/blob_scanner.h"

namespace sealwarden {
void suppress(const Settings& settings, std::vector<Finding>& findings, bool whole, bool& as_of_used) {
  const RuleSet& rules = settings.rules->rule_set();
  for (const Allow& allow : rules.allows) {
    const AllowMatcher entry(allow, rules);
    for (Finding& finding : findings) {
      if (finding.suppressed || !entry.accepts(finding)) continue;
      as_of_used = as_of_used || allow.until.has_value();
      if (allow.until && *allow.until < settings.as_of) continue;
      finding.suppressed = Suppression{Suppression::Kind::allow_config, allow.why, false, {}};
    }
  }
  apply_ignore_file(settings.ignore, findings);
  if (settings.baseline) apply_baseline(*settings.baseline, findings, whole);
}

void refuse_new_acceptances(Settings& settings, std::vector<Finding>& findings) {
  std::erase_if(settings.ignore.entries, [](const auto& entry) { return entry.second.is_new; });
  for (Finding& finding : findings)
    if (finding.suppressed && finding.suppressed->is_new) finding.suppressed.reset();
}

void judge(const Args& args, std::unordered_set<uint64_t> unsure, Report& report) {
  Report::Summary& summary = report.summary;
  std::erase_if(report.findings, [&](const Finding& one) {
    const bool below = one.confidence < args.min_confidence;
    if (below) unsure.insert(unsure_number(one.rule, one.secret.reveal()));
    return below;
  });
  summary.below_confidence = unsure.size();
  std::set<std::string> secrets;
  for (const Finding& finding : report.findings) {
    if (finding.suppressed) {
      ++summary.suppressed;
      summary.baselined += finding.suppressed->kind == Suppression::Kind::baseline;
      continue;
    }
    if (finding.kind == Finding::Kind::open) {
      ++summary.open;
      continue;
    }
    ++summary.findings;
    ++summary.by_severity[std::string(name_of(finding.severity))];
    ++summary.by_rule[finding.rule];
    if (finding.kind_of_leak == Finding::Class::secret) secrets.insert(finding.secret_id);
    const bool fails = finding.kind == Finding::Kind::fail && finding.severity != Severity::info && finding.severity >= args.fail_on;
    summary.failing += fails;
  }
  summary.secrets = secrets.size();
  report.fail_on = args.fail_on;
}

}  // namespace sealwarden
