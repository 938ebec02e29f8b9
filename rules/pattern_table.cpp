// SPDX-License-Identifier: Apache-2.0
#include "rules/pattern_table.h"

#include <re2/re2.h>

#include "rules/pattern.h"
#include "rules/policy_reader.h"
#include "rules/policy_walk.h"

namespace sealwarden {
namespace {

// The paths that a template names between braces; what is none is left out.
template <class Visit>
void template_paths(std::string_view text, const Visit& visit) {
  for (size_t open = text.find('{'); open != std::string_view::npos; open = text.find('{', open + 1)) {
    const size_t close = text.find('}', open);
    if (close == std::string_view::npos) return;
    if (const auto path = parse_document_path(text.substr(open + 1, close - open - 1))) visit(*path);
  }
}

}  // namespace

PatternMatcher::PatternMatcher(std::string regex, bool ignore_case) : regex_(std::move(regex)), ignore_case_(ignore_case) {}

PatternMatcher::~PatternMatcher() = default;

bool PatternMatcher::search(Bytes text) const {
  std::call_once(once_, [&] { compiled_ = make_re2(ignore_case_ ? "(?i:" + regex_ + ")" : regex_); });
  return compiled_->ok() && compiled_->Match({text.data(), text.size()}, 0, text.size(), re2::RE2::UNANCHORED, nullptr, 0);
}

std::unique_ptr<PatternMatcher> compile_pattern(std::string_view regex) {
  constexpr size_t kLongest = 1024;
  if (regex.size() > kLongest || !make_re2(std::string(regex))->ok()) return nullptr;
  return std::make_unique<PatternMatcher>(std::string(regex), false);
}

PatternTable::PatternTable(const RuleSet& rules) {
  const auto on_path = [&](const DocumentPath& path) {
    walk_steps(path.steps, [&](const PathStep& step) {
      if (step.compare == PathStep::Compare::matches) add(step.operand, false);
    });
  };
  const auto on_test = [&](const NodeTest& test) {
    if (test.op != NodeTest::Op::matches && test.op != NodeTest::Op::not_matches) return;
    for (const std::string& regex : test.texts) add(regex, test.ignore_case);
  };
  const ConditionWalk walk{[](const Condition&) {}, on_test, on_path};
  for (const Rule& rule : rules.rules) {
    if (!rule.policy) continue;
    walk.walk(*rule.policy);
    template_paths(rule.policy->message, on_path);
  }
  for (const DocumentKind& kind : rules.kinds) {
    walk.walk(kind);
    template_paths(kind.identity, on_path);
  }
}

PatternTable::~PatternTable() = default;

void PatternTable::add(const std::string& regex, bool ignore_case) {
  auto& slot = (ignore_case ? folded_ : exact_)[regex];
  if (slot == nullptr) slot = std::make_unique<PatternMatcher>(regex, ignore_case);
}

const PatternMatcher* PatternTable::find(std::string_view regex, bool ignore_case) const {
  const Map& map = ignore_case ? folded_ : exact_;
  const auto found = map.find(regex);
  return found == map.end() ? nullptr : found->second.get();
}

}  // namespace sealwarden
