// SPDX-License-Identifier: Apache-2.0
// A document that says the same, however it is written, has the same violations by the same names; and every file that a rule
// wants ends in one state.
#include <algorithm>
#include <random>
#include <set>

#include "scanner/base/ascii.h"
#include "tests/support/policy_question.h"

using namespace sealwarden;
using namespace sealwarden::testing;

namespace {

using Random = std::mt19937;

struct Value {
  enum class Kind : uint8_t { map, list, text, bare } kind = Kind::text;
  std::string text;
  std::vector<std::pair<std::string, Value>> entries;  // of a list, without keys
};

size_t below(Random& random, size_t limit) { return random() % limit; }

// Some keys that the rules ask for, among others; items of lists have names of their own.
Value make_map(Random& random, int depth) {
  static const std::vector<std::string> kKeys = {"privileged", "password", "debug", "replicas", "labels", "spec", "template", "x.y"};
  static const std::vector<std::string> kTexts = {"c0rrect-h0rse-9battery", "plain", "a b",
                                                  "x: y", "yes", "12", "it's", "#no comment", "- dash", "kettle7moss"};
  Value map{Value::Kind::map, {}, {}};
  for (const std::string& key : kKeys) {
    const size_t choice = below(random, 6);
    if (choice == 0) map.entries.emplace_back(key, Value{Value::Kind::bare, below(random, 2) == 0 ? "true" : "false", {}});
    else if (choice < 3) map.entries.emplace_back(key, Value{Value::Kind::text, kTexts[below(random, kTexts.size())], {}});
    else if (choice == 3 && depth > 0) map.entries.emplace_back(key, make_map(random, depth - 1));
    else if (choice == 4 && depth > 0) {
      Value list{Value::Kind::list, {}, {}};
      for (size_t i = below(random, 4); i > 0; --i) {
        Value item = make_map(random, depth - 1);
        item.entries.emplace_back("name", Value{Value::Kind::text, "item" + std::to_string(i), {}});
        list.entries.emplace_back("", std::move(item));
      }
      map.entries.emplace_back(key, std::move(list));
    }
  }
  if (map.entries.empty()) map.entries.emplace_back("debug", Value{Value::Kind::bare, "true", {}});
  return map;
}

void reorder(Random& random, Value& value) {
  std::shuffle(value.entries.begin(), value.entries.end(), random);
  for (auto& [key, below_it] : value.entries) reorder(random, below_it);
}

std::string in_double_quotes(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) out += c == '"' || c == '\\' ? std::string{'\\', c} : std::string{c};
  return out + "\"";
}
std::string in_single_quotes(const std::string& text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? std::string("''") : std::string{c};
  return out + "'";
}

// Writes a value in one of the many ways that YAML has for it. `random` chooses them.
class Writer {
 public:
  explicit Writer(Random& random) : random_(random), step_(1 + below(random, 4)) {}
  std::string document(const Value& value) {
    std::string out;
    comment(out, 0);
    block(value, 0, out);
    return out;
  }
  std::string flow(const Value& value) {
    if (value.kind == Value::Kind::map || value.kind == Value::Kind::list) {
      std::string out = value.kind == Value::Kind::map ? "{" : "[";
      for (size_t i = 0; i < value.entries.size(); ++i) {
        out += i == 0 ? "" : below(random_, 2) == 0 ? ", " : ",  ";
        if (value.kind == Value::Kind::map) out += key(value.entries[i].first) + ": ";
        out += flow(value.entries[i].second);
      }
      return out + (value.kind == Value::Kind::map ? "}" : "]");
    }
    return scalar(value);
  }

 private:
  std::string key(const std::string& text) {
    switch (below(random_, 4)) {
      case 0: return in_double_quotes(text);
      case 1: return in_single_quotes(text);
      default: return text;
    }
  }
  std::string scalar(const Value& value) {
    if (value.kind == Value::Kind::bare) return value.text;
    const bool letters = std::all_of(value.text.begin(), value.text.end(), is_letter);
    const bool plain = letters && value.text != "yes";
    const size_t choice = below(random_, plain ? 3 : 2);
    return choice == 0 ? in_double_quotes(value.text) : choice == 1 ? in_single_quotes(value.text) : value.text;
  }
  void comment(std::string& out, size_t indent) {
    if (below(random_, 6) == 0) out += std::string(indent, ' ') + "# a comment: {not: data}\n";
    if (below(random_, 8) == 0) out += "\n";
  }
  void block(const Value& value, size_t indent, std::string& out) {
    for (const auto& [name, entry] : value.entries) {
      comment(out, indent);
      out += std::string(indent, ' ') + (value.kind == Value::Kind::list ? "-" : key(name) + ":");
      const bool nested = entry.kind == Value::Kind::map || entry.kind == Value::Kind::list;
      if (!nested || entry.entries.empty() || below(random_, 4) == 0) {
        out += std::string(1 + below(random_, 3), ' ') + flow(entry) + (below(random_, 5) == 0 ? "  # why" : "") + "\n";
        continue;
      }
      out += "\n";
      block(entry, indent + step_, out);
    }
  }
  Random& random_;
  size_t step_;
};

const std::string kRules =
    policy_rule("each = '**.privileged'\nwhen = { truthy = true }") +
    policy_rule("each = '**.password'\nwhen = { secret = true }\nreport = { secret = true }\non_unknown = 'ignore'", "CFG-TST-002") +
    policy_rule("each = '**'\nwhen = [{ type = 'map' }, { path = 'debug', eq = true }, { path = 'replicas', absent = true }]", "CFG-TST-003");

// What stays whatever the way of writing: rule, subject and value; with how often it is there.
std::multiset<std::string> names_of(const PolicyEngine& engine, const std::string& text, const std::string& path) {
  const PolicyOutcome outcome = engine.judge({.path = path, .bytes = text, .hits = {}});
  INFO(text);
  REQUIRE(outcome.state == PolicyOutcome::State::judged);
  std::multiset<std::string> names;
  for (const Violation& one : outcome.violations)
    names.insert(std::to_string(one.rule) + "\n" + one.subject + "\n" + (one.rule == 1 ? one.value : ""));
  return names;
}

}  // namespace

TEST_CASE("how a document is written changes no name of a violation", "[property]") {
  const RuleSet rules = policy_rules(kRules);
  const PolicyEngine engine(rules);
  Random random(20261121);  // NOLINT: the same documents each time
  size_t found = 0;
  for (int round = 0; round < 400; ++round) {
    Value value = make_map(random, 3);
    const std::multiset<std::string> first = names_of(engine, Writer(random).document(value), "x.yaml");
    found += first.size();
    reorder(random, value);
    const std::string block = Writer(random).document(value), flow = Writer(random).flow(value) + "\n";
    INFO(block);
    CHECK(names_of(engine, block, "x.yaml") == first);
    CHECK(names_of(engine, flow, "x.yaml") == first);
    CHECK(names_of(engine, "other: 1\n---\n" + block, "x.yaml") == first);
    std::string feeds;
    for (const char c : block) feeds += c == '\n' ? std::string("\r\n") : std::string{c};
    CHECK(names_of(engine, "\xEF\xBB\xBF" + feeds, "x.yaml") == first);
  }
  CHECK(found > 400);
}

TEST_CASE("each file ends in one state, whatever its bytes", "[property]") {
  const std::string wanting = "prefilter = { any = ['privileged', 'password'] }\neach = '**.(privileged|password)'\nwhen = { truthy = true }";
  const RuleSet rules = policy_rules(policy_rule(wanting) + std::string(kUnreadRuleText));
  const PolicyEngine engine(rules);
  Random random(7);  // NOLINT
  size_t seen[3] = {};
  for (int round = 0; round < 1500; ++round) {
    std::string text = Writer(random).document(make_map(random, 2));
    for (size_t i = below(random, 4); i > 0 && !text.empty(); --i) {
      static const std::string kDamage = "{}[]\"':#-&*!|>%@`\t\n\0\xFF";
      const size_t at = below(random, text.size());
      if (below(random, 2) == 0) text[at] = kDamage[below(random, kDamage.size())];
      else text.erase(at, 1 + below(random, 8));
    }
    const PolicyOutcome outcome = engine.judge({.path = "x.yaml", .bytes = text, .hits = {}});
    const bool wanted = text.find("privileged") != std::string::npos || text.find("password") != std::string::npos;
    const auto is_unread = [](const Violation& one) { return one.rule == 1; };
    const bool told = std::any_of(outcome.violations.begin(), outcome.violations.end(), is_unread);
    INFO(text);
    CHECK((outcome.state != PolicyOutcome::State::not_wanted) == wanted);
    CHECK((outcome.state == PolicyOutcome::State::unread) == told);
    CHECK((outcome.state == PolicyOutcome::State::unread) == !outcome.problem.empty());
    for (const Violation& one : outcome.violations) CHECK((one.span.begin <= one.span.end && one.span.end <= text.size()));
    ++seen[static_cast<size_t>(outcome.state)];
  }
  for (const size_t count : seen) CHECK(count > 5);
}

TEST_CASE("a violation is at the bytes that it tells of", "[property]") {
  const RuleSet rules = policy_rules(policy_rule("each = '**.password'\nwhen = { type = 'text' }"));
  const PolicyEngine engine(rules);
  Random random(11);  // NOLINT
  for (int round = 0; round < 300; ++round) {
    const std::string text = Writer(random).document(make_map(random, 3));
    for (const Violation& one : engine.judge({.path = "x.yaml", .bytes = text, .hits = {}}).violations) {
      const std::string there = text.substr(one.span.begin, one.span.end - one.span.begin);
      INFO(text);
      if (one.value.find('\'') == std::string::npos) CHECK(there == one.value);
    }
  }
}
