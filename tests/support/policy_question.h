// SPDX-License-Identifier: Apache-2.0
// Asks paths, conditions and rules of a text, without the program around them.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "rules/pattern_table.h"
#include "rules/rule_set.h"
#include "scanner/doc/parse.h"
#include "scanner/policy/evaluator.h"
#include "scanner/policy/policy_engine.h"
#include "tests/support/catch.h"

namespace sealwarden::testing {

// The head of a rule about any document; `lines` are its `each`, `when` and what else it needs.
inline std::string policy_rule(const std::string& lines, const std::string& id = "CFG-TST-001") {
  return "[[rule]]\nid = \"" + id + "\"\nname = \"rule-" + id.substr(id.size() - 3) +
         "\"\nkind = \"config\"\ntitle = \"T\"\nseverity = \"high\"\nmessage = \"M\"\nwhy = \"W\"\nfix = \"F\"\n" +
         (lines.find("docs = ") == std::string::npos ? "docs = [\"yaml\", \"json\", \"toml\", \"hcl\", \"dockerfile\", \"properties\"]\n" : "") + lines + "\n";
}

// The rule under which unread files are told.
inline constexpr std::string_view kUnreadRuleText = R"(
[[rule]]
id = "CFG-DOC-001"
name = "document-unread"
kind = "config"
title = "T"
severity = "medium"
docs = ["yaml"]
when = { path = "$root", type = "null" }
message = "M"
why = "W"
fix = "F"
)";

inline RuleSet policy_rules(const std::string& toml) {
  auto file = load_rule_file({"test.toml", toml});
  INFO((file ? "" : file.error().message));
  REQUIRE(file);
  auto set = merge_rules({}, {std::move(*file)});
  INFO((set ? "" : set.error().message));
  REQUIRE(set);
  return std::move(*set);
}

// One text beside the rule that asks of it.
class AskedDocument {
 public:
  AskedDocument(const std::string& rule, std::string text, std::string path, std::vector<Hit> hits = {})
      : rules_(policy_rules(rule)), patterns_(rules_), text_(std::move(text)), hits_(std::move(hits)),
        context_{rules_, patterns_, Lexicon::builtin(), std::move(path), {}, hits_, nullptr, nullptr, nullptr} {
    const auto format = document_format(context_.path);
    REQUIRE(format);
    file_ = parse_document(*format, context_.path, text_);
    REQUIRE_FALSE(file_.documents.empty());
    root_ = file_.documents.front().root;
    REQUIRE(root_ != kNoDocumentNode);
    evaluator_ = std::make_unique<Evaluator>(context_, file_, root_, root_, std::span<const std::string>());
  }
  [[nodiscard]] const PolicyPart& part() const { return *rules_.rules.front().policy; }
  [[nodiscard]] Evaluator& evaluator() { return *evaluator_; }
  [[nodiscard]] const ParsedFile& file() const { return file_; }
  [[nodiscard]] uint32_t root() const { return root_; }

 private:
  RuleSet rules_;
  PatternTable patterns_;
  std::string text_;
  std::vector<Hit> hits_;
  PolicyContext context_;
  ParsedFile file_;
  uint32_t root_ = 0;
  std::unique_ptr<Evaluator> evaluator_;
};

// The texts of what a path finds, "map" and "sequence" for these; "..." behind them if there may be more.
inline std::string walk(const std::string& text, const std::string& path, const std::string& file = "x.yaml") {
  AskedDocument asked(policy_rule("each = '''" + path + "'''\nwhen = { exists = true }"), text, file);
  const FoundNodes found = asked.evaluator().find(asked.part().each.front(), asked.root());
  std::string out;
  for (const NodeValue& one : found.nodes) {
    if (!out.empty()) out += " ";
    out += one.type == NodeType::map ? "map" : one.type == NodeType::sequence ? "sequence" : std::string(one.text);
  }
  return out + (found.hidden ? "..." : "");
}

// What a condition comes to on the root.
inline std::string verdict(const std::string& text, const std::string& condition, const std::string& file = "x.yaml", const std::string& more = "") {
  AskedDocument asked(policy_rule("when = [" + condition + "]") + more, text, file);
  const Truth truth = asked.evaluator().all_hold(asked.part().when, asked.root());
  return truth == Truth::yes ? "yes" : truth == Truth::no ? "no" : "unknown";
}

// All that the rules say of a file.
inline PolicyOutcome judged(const std::string& rules, const std::string& text, const std::string& path = "x.yaml") {
  const RuleSet set = policy_rules(rules);
  const PolicyEngine engine(set);
  return engine.judge({.path = path, .bytes = text, .hits = {}});
}

}  // namespace sealwarden::testing
