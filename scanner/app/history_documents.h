// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <set>
#include <string>
#include <vector>

#include "git/attribution.h"
#include "scanner/app/history_lives.h"
#include "scanner/app/history_targets.h"
#include "scanner/app/policy_scan.h"
#include "scanner/app/tree_views.h"

namespace sealwarden {

// The files of HEAD that policy rules look at: they are of interest whether or not a rule counts in every version.
std::vector<ObjectId> head_documents(const ObjectTreeView& head, const PolicyEngine& engine);

// HEAD's tree as rules see it; null without a HEAD. Reads objects one by one, thread-safe.
std::unique_ptr<ObjectTreeView> head_view(const ObjectStore& store, const Roots& roots);

// Judges the documents at each path where they lie: those of HEAD by all rules, older versions by those that count in every
// version; and pairs of versions. What is found is set in the targets.
void judge_documents(const HistoryContext& context, const Attribution& attribution, const ObjectTreeView* head, PolicyScan& policy,
                     HistoryTargets& targets);

}  // namespace sealwarden
