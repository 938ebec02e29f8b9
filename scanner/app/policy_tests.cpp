// SPDX-License-Identifier: Apache-2.0
#include "scanner/app/policy_tests.h"

#include <algorithm>
#include <map>

#include "rules/token_maker.h"
#include "scanner/engine/blob_scanner.h"

namespace sealwarden {
namespace {

// The test's file and those beside it.
class TestTree final : public TreeView {
 public:
  TestTree(const std::string& path, const std::string& bytes, std::map<std::string, std::string> others) : files_(std::move(others)) {
    if (!path.empty()) files_[path] = bytes;
    for (const auto& [name, text] : files_) paths_.push_back(name);
  }
  [[nodiscard]] std::optional<std::string> read(const std::string& path) const override {
    const auto found = files_.find(path);
    return found == files_.end() ? std::nullopt : std::optional(found->second);
  }
  [[nodiscard]] const std::vector<std::string>& paths() const override { return paths_; }

 private:
  std::map<std::string, std::string> files_;
  std::vector<std::string> paths_;
};

uint32_t line_of(const std::string& bytes, Span span) {
  return static_cast<uint32_t>(std::count(bytes.begin(), bytes.begin() + std::min<size_t>(span.begin, bytes.size()), '\n')) + 1;
}

bool is_counted(const RuleTest& test, const Violation& one) {
  return test.expect_kind ? one.kind == *test.expect_kind : one.kind != Finding::Kind::open;
}

std::string show_lines(const std::vector<uint32_t>& lines) {
  if (lines.empty()) return "none";
  std::string text = "lines";
  for (const uint32_t line : lines) text += " " + std::to_string(line);
  return text;
}

std::string compare(const RuleTest& test, const std::string& secret, const std::string& bytes, const std::vector<Violation>& found) {
  std::vector<uint32_t> lines;
  for (const Violation& one : found) lines.push_back(line_of(bytes, one.span));
  if (test.expect_count ? lines.size() != *test.expect_count : lines != test.expect_lines) {
    std::string places;
    for (const Violation& one : found) places += " " + one.node;
    const std::string wanted = test.expect_count ? std::to_string(*test.expect_count) : show_lines(test.expect_lines);
    return "expected " + wanted + ", found " + show_lines(lines) + places;
  }
  if (found.empty()) return {};
  if (!test.expect_node.empty() && found.front().node != test.expect_node) return "expected the node " + test.expect_node + ", found " + found.front().node;
  if (test.expect_severity && found.front().severity != *test.expect_severity)
    return "expected severity " + std::string(name_of(*test.expect_severity)) + ", found " + std::string(name_of(found.front().severity));
  if (!secret.empty() && found.front().value != secret) return "found another value than the expected secret at " + found.front().node;
  return {};
}

}  // namespace

std::string judge_policy_test(const CompiledRules& rules, const PolicyEngine& engine, uint32_t index, const RuleTest& test) {
  const Rule& rule = rules.rule(index);
  const Result<TestBytes> made = expand_test(rule, test);
  if (!made) return made.error().message;
  const auto expanded = [&](const std::string& text) {
    RuleTest one = test;
    one.text = text;
    const Result<TestBytes> bytes = expand_test(rule, one);
    return bytes ? bytes->bytes : text;
  };
  std::map<std::string, std::string> others;
  for (const auto& [path, text] : test.files) others.emplace(path, expanded(text));
  const TestTree tree(test.path, made->bytes, others);
  std::string bytes = made->bytes;  // those that are judged
  std::vector<Violation> found;
  if (rule.kind == RuleKind::tree) {
    for (auto& [path, violation] : engine.judge_tree(tree).violations)
      if (test.path.empty() || path == test.path) found.push_back(std::move(violation));
  } else {
    BlobScanner::Worker scanner(rules);
    const std::string old = test.old ? expanded(*test.old) : std::string();
    if (test.old && rule.kind == RuleKind::config) {
      const TestTree before(test.path, old, others);
      bytes = old;
      const PolicyEngine::Question question{.path = test.path, .bytes = bytes, .hits = scanner.scan(bytes), .tree = &before, .head = &tree, .at_tip = false};
      found = engine.judge(question).violations;
    } else {
      const PolicyEngine::Question question{.path = test.path, .bytes = bytes, .hits = scanner.scan(bytes), .tree = &tree};
      found = (test.old ? engine.judge_pair(question, old) : engine.judge(question)).violations;
    }
  }
  std::erase_if(found, [&](const Violation& one) { return one.rule != index || one.accepted || !is_counted(test, one); });
  return compare(test, made->secret, bytes, found);
}

}  // namespace sealwarden
