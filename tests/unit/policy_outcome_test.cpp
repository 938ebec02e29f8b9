// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "tests/support/policy_question.h"

using namespace sealwarden;
using namespace sealwarden::testing;

namespace {

const std::string kRules = policy_rule("prefilter = { all = ['privileged'] }\neach = '**.privileged'\nwhen = { truthy = true }") +
                           std::string(kUnreadRuleText);

// The head of a rule of another kind.
std::string rule_of(const std::string& kind, const std::string& lines) {
  return "[[rule]]\nid = \"CFG-TST-001\"\nname = \"r\"\nkind = \"" + kind +
         "\"\ntitle = \"T\"\nseverity = \"high\"\nwhy = \"W\"\nfix = \"F\"\n" + lines + "\n";
}

size_t count(const PolicyOutcome& outcome, Finding::Kind kind) {
  return static_cast<size_t>(std::count_if(outcome.violations.begin(), outcome.violations.end(), [&](const Violation& one) { return one.kind == kind; }));
}

}  // namespace

TEST_CASE("a file that no rule wants is not looked at", "[outcome]") {
  CHECK(judged(kRules, "a: [").state == PolicyOutcome::State::not_wanted);
  CHECK(judged(kRules, "privileged: [", "x.unknown").state == PolicyOutcome::State::not_wanted);
  CHECK(judged(kRules, "privileged: [").state == PolicyOutcome::State::unread);
  CHECK(judged(kRules, "privileged: no").state == PolicyOutcome::State::judged);
}

TEST_CASE("what is broken is open, what stands beside it is judged", "[outcome]") {
  const PolicyOutcome outcome = judged(kRules, "x: {a: b\n---\nprivileged: true\n");
  CHECK(outcome.state == PolicyOutcome::State::unread);
  CHECK(count(outcome, Finding::Kind::fail) == 1);
  CHECK(count(outcome, Finding::Kind::open) == 1);
  CHECK(outcome.problem.starts_with("line "));
  const auto open = std::find_if(outcome.violations.begin(), outcome.violations.end(), [](const Violation& one) { return one.kind == Finding::Kind::open; });
  CHECK(open->message.find("CFG-TST-001") != std::string::npos);
}

TEST_CASE("what an old version holds can not be mended", "[outcome]") {
  const RuleSet set = policy_rules(kRules + policy_rule("scope = 'versions'\neach = '**.privileged'\nwhen = { eq = 'x' }", "CFG-TST-003"));
  const PolicyEngine engine(set);
  const std::string text = "privileged: true\nx: {a\n";
  const PolicyOutcome old = engine.judge({.path = "x.yaml", .bytes = text, .hits = {}, .at_tip = false});
  CHECK(old.state == PolicyOutcome::State::unread);
  CHECK(old.violations.empty());
}

TEST_CASE("a place is the value without its quotes", "[outcome]") {
  const std::string text = "a:\n  privileged: \"true\"\n";
  const PolicyOutcome outcome = judged(policy_rule("each = '**.privileged'\nwhen = { eq = 'true' }"), text);
  REQUIRE(outcome.violations.size() == 1);
  const Violation& one = outcome.violations.front();
  CHECK(text.substr(one.span.begin, one.span.end - one.span.begin) == "true");
  CHECK(one.node == "a.privileged");
  CHECK(one.value == "true");
}

TEST_CASE("of a default within a reference the literal is the secret", "[outcome]") {
  const std::string text = "password: ${DB_PASSWORD:-c0rrect-h0rse-9battery}\n";
  const PolicyOutcome outcome = judged(policy_rule("each = 'password'\nwhen = { secret = true }\nreport = { secret = true }\non_unknown = 'ignore'"), text);
  REQUIRE(outcome.violations.size() == 1);
  CHECK(outcome.violations.front().value == "c0rrect-h0rse-9battery");
  CHECK(text.substr(outcome.violations.front().span.begin, 4) == "c0rr");
}

TEST_CASE("a message never holds the secret", "[outcome]") {
  const std::string rule = rule_of("config", "docs = ['yaml']\neach = 'password'\nwhen = { secret = true }\nreport = { secret = true }\n"
                                             "message = '{$key} is {.}'");
  const PolicyOutcome outcome = judged(rule, "password: c0rrect-h0rse-9battery\n");
  REQUIRE(outcome.violations.size() == 1);
  CHECK(outcome.violations.front().message == "password is ?");
}

TEST_CASE("severity by condition, the first that holds", "[outcome]") {
  const std::string rule = policy_rule("each = 'a'\nwhen = { exists = true }\nseverity_if = [{ when = { eq = 1 }, severity = 'low' }, "
                                       "{ when = { lt = 5 }, severity = 'medium', confidence = 'low', result = 'review' }]");
  const auto severity = [&](const std::string& text) { return judged(rule, text).violations.at(0).severity; };
  CHECK(severity("a: 1\n") == Severity::low);
  CHECK(severity("a: 2\n") == Severity::medium);
  CHECK(severity("a: 7\n") == Severity::high);
  CHECK(judged(rule, "a: 2\n").violations.at(0).kind == Finding::Kind::review);
}

TEST_CASE("text in UTF-16 is judged like any other", "[outcome]") {
  std::string wide("\xFF\xFE", 2);
  for (const char c : std::string("a: 1\nprivileged: true\n")) wide += std::string{c, '\0'};
  const PolicyOutcome outcome = judged(kRules, wide);
  CHECK(outcome.state == PolicyOutcome::State::judged);
  REQUIRE(outcome.violations.size() == 1);
  CHECK(wide[outcome.violations.front().span.begin] == 't');
}

TEST_CASE("pairs of versions", "[outcome]") {
  const std::string rule = rule_of("pair", "docs = ['yaml']\nwhen = [{ path = 'sum', same_as = '@old.sum' }, { changed_outside = ['sum'] }]\nmessage = 'M'");
  const RuleSet set = policy_rules(rule);
  const PolicyEngine engine(set);
  const auto stale = [&](const std::string& now, const std::string& old) {
    return engine.judge_pair({.path = "x.yaml", .bytes = now, .hits = {}}, old).violations.size();
  };
  CHECK(stale("sum: 1\nx: 2\n", "sum: 1\nx: 1\n") == 1);
  CHECK(stale("sum: 2\nx: 2\n", "sum: 1\nx: 1\n") == 0);
  CHECK(stale("sum: 1\nx:   1 # same\n", "sum: 1\nx: 1\n") == 0);
  CHECK(engine.wants("x.yaml"));
  CHECK(engine.judge({.path = "x.yaml", .bytes = "sum: 1\n", .hits = {}}).state == PolicyOutcome::State::not_wanted);
}

TEST_CASE("rules on trees", "[outcome]") {
  class Tree final : public TreeView {
   public:
    explicit Tree(std::vector<std::string> paths) : paths_(std::move(paths)) {}
    [[nodiscard]] std::optional<std::string> read(const std::string&) const override { return std::string(); }
    [[nodiscard]] const std::vector<std::string>& paths() const override { return paths_; }

   private:
    std::vector<std::string> paths_;
  };
  const std::string rule = rule_of("tree", "if_any = ['**/package.json']\nmessage = 'M'\n"
                                           "require = { same_folder = ['a.lock', 'b.lock'], or_ancestor = true, anywhere = ['locks/**'] }");
  const RuleSet set = policy_rules(rule);
  const PolicyEngine engine(set);
  const auto lacking = [&](std::vector<std::string> paths) {
    std::string out;
    for (const auto& [path, violation] : engine.judge_tree(Tree(std::move(paths))).violations) out += path + (violation.span == Span() ? "" : "@") + ";";
    return out;
  };
  CHECK(lacking({"a/package.json"}) == "a/package.json;");
  CHECK(lacking({"a/b.lock", "a/package.json"}).empty());
  CHECK(lacking({"a.lock", "a/b/package.json"}).empty());
  CHECK(lacking({"b/a.lock", "a/package.json"}) == "a/package.json;");
  CHECK(lacking({"a/package.json", "locks/x"}).empty());
}

TEST_CASE("what is in order is told when asked for", "[outcome]") {
  const std::string rules = kRules + policy_rule("docs = ['properties']\neach = '**.privileged'\nwhen = { truthy = true }", "CFG-TST-002") +
                            policy_rule("where = { path = 'kind', eq = 'x' }\nwhen = { path = 'a', absent = true }", "CFG-TST-003") +
                            policy_rule("each = '**.b'\nwhen = { truthy = true }\non_unknown = 'ignore'", "CFG-TST-004");
  const RuleSet set = policy_rules(rules);
  const PolicyEngine engine(set);
  const auto told = [&](const std::string& text, const std::string& path = "x.yaml") {
    PolicyOutcome outcome = engine.judge({.path = path, .bytes = text, .hits = {}, .list_judged = true});
    const PolicyOutcome plain = engine.judge({.path = path, .bytes = text, .hits = {}});
    CHECK(outcome.state == plain.state);
    CHECK(outcome.violations == plain.violations);
    CHECK(outcome.warnings == plain.warnings);
    CHECK(plain.judged.empty());
    std::string out;
    for (const JudgedDocument& one : outcome.judged) {
      out += std::to_string(one.span.begin) + ":";
      for (const uint32_t rule : one.passed) out += " " + set.rules[rule].id.substr(4);
      for (const uint32_t rule : one.others) out += " !" + set.rules[rule].id.substr(4);
      out += ";";
    }
    return out;
  };
  // The file was read; of its documents each by itself; the word `privileged` is not needed.
  CHECK(told("privileged: false\n---\nprivileged: true\n") == "0: DOC-001;0: TST-001 TST-004;22: TST-004 !TST-001;");
  CHECK(told("c: 1\n") == "0: DOC-001;0: TST-001 TST-004;");
  // A condition on the document decides whether the rule is about it.
  CHECK(told("kind: x\na: 1\n") == "0: DOC-001;0: TST-001 TST-003 TST-004;");
  // Not known, and passed over in silence; hidden by a template.
  CHECK(told("b: {{ .x }}\n", "templates/x.yaml").find(" TST-004") == std::string::npos);
  CHECK(told("a:\n  {{- toYaml .x | nindent 2 }}\n", "templates/x.yaml").find(" TST-001") == std::string::npos);
  // What is broken is in no order; what no rule wants may be.
  CHECK(told("b: 1\n---\nx: {\n") ==
        "0: !DOC-001;0: !TST-001 !TST-004;9: !TST-001 !TST-003 !TST-004;");
  CHECK(told("x", "x.unknown").empty());
}
