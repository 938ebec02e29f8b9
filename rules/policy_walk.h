// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "rules/policy.h"

namespace sealwarden {

// Calls `on_test` for each operator and `on_path` for each path of conditions, those within operators and filters too.
// `on_condition` for each condition, outer ones first.
template <class OnCondition, class OnTest, class OnPath>
struct ConditionWalk {
  OnCondition on_condition;
  OnTest on_test;
  OnPath on_path;

  void walk(const std::vector<Condition>& conditions) const {
    for (const Condition& condition : conditions) {
      on_condition(condition);
      on_path(condition.path);
      for (const NodeTest& test : condition.tests) {
        on_test(test);
        on_path(test.path);
        walk(test.nested);
      }
      walk(condition.children);
    }
  }
  void walk(const PolicyPart& part) const {
    walk(part.where);
    for (const DocumentPath& path : part.each) on_path(path);
    walk(part.when);
    on_path(part.at);
    for (const SeverityIf& one : part.severity_if) walk(one.when);
  }
  void walk(const DocumentKind& kind) const {
    walk(kind.require);
    on_path(kind.units);
    for (const DocumentKind::Embedded& one : kind.embedded) on_path(one.path);
  }
};
template <class OnCondition, class OnTest, class OnPath>
ConditionWalk(OnCondition, OnTest, OnPath) -> ConditionWalk<OnCondition, OnTest, OnPath>;

// Calls `visit` for each step, those of filters too.
template <class Visit>
void walk_steps(const std::vector<PathStep>& steps, const Visit& visit) {
  for (const PathStep& step : steps) {
    visit(step);
    walk_steps(step.where, visit);
  }
}

}  // namespace sealwarden
