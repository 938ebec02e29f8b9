// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "rules/rule_set.h"
#include "scanner/policy/tree_view.h"
#include "scanner/policy/violation.h"

namespace sealwarden {

// Pairs of files whose paths differ in the word for staging and production alone (values-staging.yaml and values-prod.yaml,
// .env.staging and .env.production, overlays/staging/app.env and overlays/prod/app.env): appends each key that one has and the other
// has not, nor the file of both ("values.yaml", ".env"), and each whose value is of another type. Of Kubernetes' objects only
// ConfigMaps, of kustomizations only what they generate.
void find_parity_gaps(const RuleSet& rules, uint32_t rule, const TreeView& tree, TreeFindings& out);

}  // namespace sealwarden
