// SPDX-License-Identifier: Apache-2.0
#include "rules/policy_references.h"

#include <algorithm>

#include "rules/condition_reader.h"
#include "rules/policy_walk.h"

namespace sealwarden {
namespace {

using Names = std::vector<std::string_view>;

template <class T>
void add_names(Names& names, const std::vector<T>& items) {
  for (const T& item : items) names.push_back(item.name);
}

class ReferenceCheck {
 public:
  explicit ReferenceCheck(const RuleSet& set) : set_(set) {
    add_names(documents_, set.kinds);
    const Names formats = format_names();
    documents_.insert(documents_.end(), formats.begin(), formats.end());
    add_names(lexicons_, set.lexicons);
    add_names(classes_, set.classes);
  }

  void check(const Rule& rule) {
    if (!rule.policy) return;
    owner_ = rule.origin + ": rule " + rule.id + ": ";
    look_up(rule.policy->docs, documents_, "kind of document");
    look_up(rule.policy->not_docs, documents_, "kind of document");
    walk(*rule.policy);
  }
  void check(const DocumentKind& kind) {
    owner_ = kind.origin + ": kind " + kind.name + ": ";
    walk(kind);
  }
  std::string take() { return std::move(messages_); }

 private:
  template <class T>
  void walk(const T& part) {
    const auto on_condition = [&](const Condition& condition) {
      if (condition.kind == Condition::Kind::document) look_up(condition.names, documents_, "kind of document");
      if (condition.kind == Condition::Kind::path_class) look_up(condition.names, classes_, "class of paths");
    };
    const auto on_test = [&](const NodeTest& test) {
      if (test.op == NodeTest::Op::lexicon || test.op == NodeTest::Op::not_lexicon) look_up(test.texts, lexicons_, "lexicon");
      if (test.op == NodeTest::Op::rules) look_up_rules(test.texts);
    };
    ConditionWalk{on_condition, on_test, [](const DocumentPath&) {}}.walk(part);
  }

  void look_up(const std::vector<std::string>& wanted, const Names& known, std::string_view what) {
    for (const std::string& name : wanted) {
      if (std::find(known.begin(), known.end(), name) != known.end()) continue;
      const std::string near = nearest(name, known);
      add("there is no " + std::string(what) + " '" + name + "'" + (near.empty() ? "; define it or remove the name" : "; did you mean '" + near + "'?"));
    }
  }

  // A pattern may match nothing today. Rules that are tested alone stand without the shipped ones.
  void look_up_rules(const std::vector<std::string>& patterns) {
    if (set_.builtin_count == 0) return;
    for (const std::string& pattern : patterns)
      if (pattern.find_first_of("*?[{") == std::string::npos && set_.find(pattern) == nullptr)
        add("there is no rule '" + pattern + "'; `sealwarden rules list` shows them all");
  }

  void add(const std::string& what) { messages_.append(messages_.empty() ? "" : "\n").append(owner_ + what); }

  const RuleSet& set_;
  Names documents_, classes_;
  Names lexicons_ = builtin_lexicon_names();
  std::string owner_, messages_;
};

}  // namespace

Result<void> check_references(const RuleSet& set, size_t first) {
  ReferenceCheck check(set);
  for (const DocumentKind& kind : set.kinds) check.check(kind);
  for (size_t i = first; i < set.rules.size(); ++i) check.check(set.rules[i]);
  std::string messages = check.take();
  if (messages.empty()) return {};
  return fail(Error::Kind::usage, std::move(messages));
}

}  // namespace sealwarden
