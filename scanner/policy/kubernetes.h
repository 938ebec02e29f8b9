// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "scanner/policy/evaluator.h"

namespace sealwarden {

// The resolvers (resolvers.h) that know Kubernetes:
//   @missing_resources    of a container: what its `resources` lack, as a text ("requests.cpu, limits.memory"); nothing if they lack
//                         nothing. A limit is a request too, as the API server sees it; a limit for CPU is never missing.
//   @rbac_aggregated      of a ClusterRole: the rules of the ClusterRoles that its aggregationRule selects, in its file and its tree
//   ingress_host_covered  of a rule of an Ingress: an entry of the Ingress' tls names its host, or covers it by a wildcard
// False, nullopt: the name is none of these.
bool resolve_kubernetes_nodes(const std::string& name, Evaluator& evaluator, uint32_t node, FoundNodes& out);
std::optional<Truth> resolve_kubernetes_condition(const std::string& name, Evaluator& evaluator, uint32_t node);

}  // namespace sealwarden
