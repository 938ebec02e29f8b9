// SPDX-License-Identifier: Apache-2.0
// The same configuration in several formats breaks the same rules at the same places.
#include <algorithm>
#include <iterator>
#include <random>
#include <set>

#include "rules/builtin.h"
#include "tests/support/catch.h"
#include "tests/support/configuration_writer.h"
#include "tests/support/policy_question.h"

using namespace sealwarden;
using namespace sealwarden::testing;

namespace {

// Names that the generic rules look at, and others; values that are faults under some of them, and values that are none.
const std::vector<std::string> kNames = {
    "password", "db_password", "apiToken", "clientSecret", "auth-key", "database_url", "url", "verify_ssl", "sslVerify", "insecureSkipVerify",
    "tls_insecure", "debug", "NODE_ENV", "user", "username", "port", "name", "ciphers", "comment", "password_file", "token_ttl", "secretName",
};
const std::vector<std::string> kTexts = {
    "c0rrect-h0rse-9battery", "kettle7moss", "changeme", "admin", "postgres", "", "true", "false", "off", "12", "development", "/run/secrets/db",
    "vault:db/password", "postgres://app:kettle7moss-lantern4@db/x", "postgres://db/x",
    "jdbc:postgresql://db/x?user=app&password=kettle7moss-lantern4", "https://example.com/a?b=c", "a sentence: with words",
    "Server=db;User Id=app;Password=kettle7moss-lantern4", "ENC[AES256_GCM,data:eA==]", "it's \"quoted\"", "back\\slash", "two\nlines",
    "h\xC3\xA9las", "<your-password>", "RC4-SHA",
};

Value make_scalar(Random& random) {
  if (below(random, 5) == 0) return {Value::Kind::bare, below(random, 2) == 0 ? "true" : "false", {}};
  // Of six digits: a shorter one is no password where the format tells numbers from texts, and may be one where it does not.
  if (below(random, 8) == 0) return {Value::Kind::bare, std::to_string(100000 + below(random, 900000)), {}};
  return {Value::Kind::text, kTexts[below(random, static_cast<uint32_t>(kTexts.size()))], {}};
}

Value make_map(Random& random, uint32_t depth) {
  std::vector<std::string> names = kNames;
  std::shuffle(names.begin(), names.end(), random);
  names.resize(1 + below(random, 8));
  Value map{Value::Kind::map, {}, {}};
  for (const std::string& name : names) {
    const uint32_t choice = depth == 0 ? 9 : below(random, 10);
    Value value = choice < 2 ? make_map(random, depth - 1) : make_scalar(random);
    if (choice == 2) {
      value = {Value::Kind::list, {}, {}};
      for (uint32_t items = 2 + below(random, 3); items > 0; --items) value.entries.emplace_back("", make_scalar(random));
    }
    map.entries.emplace_back(name, std::move(value));
  }
  return map;
}

// The shipped rules that are for each of these formats: those of the generic pack. Without their prefilters, which look at bytes:
// the writers write letters as escapes too.
RuleSet generic_rules(const std::vector<std::string>& formats) {
  auto rules = shipped_rule_set();
  REQUIRE(rules);
  for (Rule& rule : rules->rules) {
    const auto reads = [&](const std::string& format) { return std::count(rule.policy->docs.begin(), rule.policy->docs.end(), format) != 0; };
    if (rule.policy) rule.policy->prefilter_all = rule.policy->prefilter_any = {};
    rule.disabled = !rule.policy || rule.kind != RuleKind::config || !std::all_of(formats.begin(), formats.end(), reads);
  }
  return std::move(*rules);
}

// Rule, kind, severity and place in the document, one a line, sorted.
std::string said(const RuleSet& rules, const PolicyEngine& engine, const std::string& path, const std::string& text) {
  const PolicyOutcome outcome = engine.judge({.path = path, .bytes = text, .hits = {}});
  if (outcome.state == PolicyOutcome::State::unread) return "not read: " + outcome.problem;
  std::multiset<std::string> lines;
  for (const Violation& one : outcome.violations)
    lines.insert(rules.rules[one.rule].id + " " + std::string(name_of(one.severity)) + (one.kind == Finding::Kind::fail ? " " : " not sure: ") + one.node +
                 "\n");
  std::string all;
  for (const std::string& line : lines) all += line;
  return all;
}

// The rules that something was said of.
void note_rules(const std::string& lines, std::set<std::string>& seen) {
  for (size_t at = lines.find("CFG-"); at != std::string::npos; at = lines.find("CFG-", at + 1)) seen.insert(lines.substr(at, lines.find(' ', at) - at));
}

}  // namespace

TEST_CASE("a configuration breaks the same rules in all formats", "[policy][property]") {
  const RuleSet rules = generic_rules({"yaml", "json", "toml", "properties", "xml", "hcl"});
  const PolicyEngine engine(rules);
  std::set<std::string> seen;
  for (uint32_t seed = 0; seed < 400; ++seed) {
    Random random(seed);
    Value tree = make_map(random, 3);
    trim_texts(tree);
    const std::string in_json = json(random, tree);
    const std::string expected = said(rules, engine, "deploy/prod/settings.json", in_json);
    note_rules(expected, seen);
    const auto check = [&](const std::string& end, const std::string& text) {
      INFO("seed " << seed << ", " << end << ":\n" << text << "\nand in JSON:\n" << in_json);
      CHECK(said(rules, engine, "deploy/prod/settings." + end, text) == expected);
    };
    std::string text;
    yaml(random, tree, 0, text);
    check("yaml", text);
    text.clear();
    toml(random, tree, "", text);
    check("toml", text);
    text.clear();
    properties(random, tree, "", text);
    check("properties", text);
    text.clear();
    xml(random, tree, "root", text);
    check("xml", text);
    text.clear();
    hcl(random, tree, 0, text);
    check("hcl", text);
  }
  INFO(seen.size());
  CHECK(seen.size() >= 5);
}

TEST_CASE("one level of a configuration breaks the same rules in dotenv", "[policy][property]") {
  const RuleSet rules = generic_rules({"json", "dotenv", "properties"});
  const PolicyEngine engine(rules);
  std::set<std::string> seen;
  for (uint32_t seed = 0; seed < 400; ++seed) {
    Random random(seed);
    const Value tree = make_map(random, 0);
    const std::string in_json = json(random, tree), text = dotenv(random, tree);
    const std::string expected = said(rules, engine, "deploy/prod/settings.json", in_json);
    note_rules(expected, seen);
    INFO("seed " << seed << ":\n" << text << "\nand in JSON:\n" << in_json);
    CHECK(said(rules, engine, "deploy/prod/settings.env", text) == expected);
  }
  CHECK(seen.size() >= 5);
}
