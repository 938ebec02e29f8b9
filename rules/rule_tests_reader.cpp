// SPDX-License-Identifier: Apache-2.0
#include "rules/rule_tests_reader.h"

#include "rules/token_maker.h"

namespace sealwarden {
namespace {

constexpr uint32_t kLongestToken = 65536;
constexpr uint32_t kMostFindings = 10000;

TokenRecipe read_recipe(const TomlValue& table, Problems& problems) {
  TableReader fields(table, "make", problems);
  TokenRecipe recipe;
  recipe.prefix = fields.text("prefix");
  recipe.alphabet = fields.maybe_text("alphabet").value_or(recipe.alphabet);
  if (!alphabet_characters(recipe.alphabet))
    fields.problem("alphabet",
                   "alphabet '" + recipe.alphabet +
                       "' is unknown; write digits, hex, HEX, base32, base36, base58, base62, base64, "
                       "base64url, lower, upper or chars:ABC");
  const auto length = fields.number("length", kLongestToken);
  if (!fields.has("length"))
    fields.problem("length", "'make' has no length; give the characters between prefix and checksum");
  recipe.length = length.value_or(0);
  recipe.checksum = read_checksum(fields);
  recipe.suffix = fields.text("suffix");
  recipe.damage = fields.flag("damage");
  if (recipe.damage && recipe.checksum == Checksum::none)
    fields.problem("damage", "there is no checksum that damage could break; give 'make' a checksum");
  fields.finish();
  return recipe;
}

void read_expected_lines(const TomlValue& list, RuleTest& test, Problems& problems) {
  if (list.items.empty()) test.expect_count = 0;
  for (const TomlValue& item : list.items) {
    if (item.kind != TomlValue::Kind::table) {
      problems.add(item.position,
                   "'expect' holds " + std::string(description_of(item.kind)) + "; write { line = 2 }");
      continue;
    }
    TableReader fields(item, "expect", problems);
    const auto line = fields.number("line", UINT32_MAX);
    if (!line || *line == 0) problems.add(item.position, "'expect' needs lines, from 1: { line = 2 }");
    test.expect_lines.push_back(line.value_or(1));
    fields.finish();
  }
}

void read_expect(TableReader& fields, RuleTest& test, Problems& problems) {
  const TomlValue* value = fields.member("expect");
  if (value == nullptr) {
    fields.problem(
        "expect",
        "a test says nothing of what it expects; write expect = true, false, a number or [{ line = 2 }]");
  } else if (value->kind == TomlValue::Kind::boolean) {
    test.expect_count = value->boolean ? 1 : 0;
  } else if (value->kind == TomlValue::Kind::integer) {
    test.expect_count = fields.number("expect", kMostFindings);
  } else if (value->kind == TomlValue::Kind::array) {
    read_expected_lines(*value, test, problems);
  } else {
    fields.problem("expect", "'expect' is " + std::string(description_of(value->kind)) +
                                 "; write true, false, a number or [{ line = 2 }]");
  }
}

void read_text(TableReader& fields, RuleTest& test) {
  const auto text = fields.maybe_text("text");
  if (!text && !test.make) fields.problem("text", "a test has neither text nor make; give it one");
  test.text = text.value_or("{token}");
  test.encoding = fields.maybe_text("encoding").value_or(test.encoding);
  if (test.encoding != "utf-8" && test.encoding != "utf-16le" && test.encoding != "utf-16be" &&
      test.encoding != "hex")
    fields.problem("encoding",
                   "encoding '" + test.encoding + "' is unknown; write utf-8, utf-16le, utf-16be or hex");
  if (!test.make &&
      (test.text.find("{token}") != std::string::npos || test.text.find("{token2}") != std::string::npos))
    fields.problem("text", "the text wants a token, but nothing says how to make it; add make = { ... }");
}

RuleTest read_test(const TomlValue& table, Problems& problems) {
  TableReader fields(table, "a test", problems);
  RuleTest test;
  test.name = fields.maybe_text("name").value_or("line " + std::to_string(table.position.line));
  test.path = fields.text("path");
  if (const TomlValue* make = fields.member("make", TomlValue::Kind::table))
    test.make = read_recipe(*make, problems);
  read_text(fields, test);
  read_expect(fields, test, problems);
  test.expect_secret = fields.text("secret");
  fields.finish();
  return test;
}

}  // namespace

std::vector<RuleTest> read_rule_tests(TableReader& rule_fields, const Rule& rule) {
  std::vector<RuleTest> tests;
  for (const TomlValue* table : rule_fields.tables("test")) {
    RuleTest test = read_test(*table, rule_fields.problems());
    if (rule.kind == RuleKind::file && test.path.empty())
      rule_fields.problems().add(table->position, "a test of a file rule has no path; give it one");
    tests.push_back(std::move(test));
  }
  return tests;
}

Checksum read_checksum(TableReader& reader) {
  const auto word = reader.maybe_text("checksum");
  if (!word) return Checksum::none;
  if (const auto checksum = parse_checksum(*word)) return *checksum;
  const std::string near = nearest(*word, checksum_names());
  reader.problem("checksum",
                 "checksum '" + *word + "' is unknown; " +
                     (near.empty() ? "write " + one_of(checksum_names()) : "did you mean '" + near + "'?"));
  return Checksum::none;
}

}  // namespace sealwarden
