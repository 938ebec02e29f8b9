// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "report/json_out.h"
#include "rules/rule.h"

namespace sealwarden {

// A catalogue that rules name (CWE, OWASP, CIS, SSDF), and what of it they name.
struct SarifTaxonomy {
  std::string name, organization, version, uri;  // version and URI may be empty
  std::vector<std::string> taxa;                 // sorted
};

// Those that the rules name, sorted by name.
std::vector<SarifTaxonomy> sarif_taxonomies(const std::vector<Rule>& rules);
// `taxonomies` of a run, `supportedTaxonomies` of its driver, `relationships` of a rule; nothing if there are none.
void write_sarif_taxonomies(JsonOut& out, const std::vector<SarifTaxonomy>& taxonomies);
void write_sarif_supported(JsonOut& out, const std::vector<SarifTaxonomy>& taxonomies);
void write_sarif_relationships(JsonOut& out, const Rule& rule, const std::vector<SarifTaxonomy>& taxonomies);

}  // namespace sealwarden
