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

bool wants_token(const std::string& text) {
  return text.find("{token}") != std::string::npos || text.find("{token2}") != std::string::npos;
}

// Whatever a test of the rule looks at, a tree needs no text of its own.
void read_text(TableReader& fields, RuleTest& test, RuleKind kind) {
  const auto text = fields.maybe_text("text");
  if (!text && !test.make && kind != RuleKind::tree) fields.problem("text", "a test has neither text nor make; give it one");
  test.text = text.value_or(test.make ? "{token}" : "");
  test.encoding = fields.maybe_text("encoding").value_or(test.encoding);
  if (test.encoding != "utf-8" && test.encoding != "utf-16le" && test.encoding != "utf-16be" &&
      test.encoding != "hex")
    fields.problem("encoding",
                   "encoding '" + test.encoding + "' is unknown; write utf-8, utf-16le, utf-16be or hex");
}

void check_tokens(TableReader& fields, const RuleTest& test) {
  if (test.make) return;
  constexpr std::string_view kRemedy = " wants a token, but nothing says how to make it; add make = { ... }";
  if (wants_token(test.text)) fields.problem("text", "the text" + std::string(kRemedy));
  if (test.old && wants_token(*test.old)) fields.problem("old", "the older version" + std::string(kRemedy));
  for (const auto& [path, text] : test.files)
    if (wants_token(text)) fields.problem("files", "'" + path + "'" + std::string(kRemedy));
}

bool is_tree_path(std::string_view path) {
  const std::string around = "/" + std::string(path) + "/";
  return !path.empty() && around.find("//") == std::string::npos && around.find("/./") == std::string::npos &&
         around.find("/../") == std::string::npos;
}

void read_files(TableReader& fields, RuleTest& test) {
  const TomlValue* table = fields.member("files", TomlValue::Kind::table);
  if (table == nullptr) return;
  for (const TomlMember& member : table->members) {
    if (member.value.kind != TomlValue::Kind::text)
      fields.problems().add(member.value.position, "'files' holds " + std::string(description_of(member.value.kind)) +
                                                       "; write { \"path\" = \"text\" }");
    else if (!is_tree_path(member.key))
      fields.problems().add(member.position, "'" + member.key + "' is no path in a tree; write it from the root, without '.' and '..'");
    else
      test.files.emplace_back(member.key, member.value.text);
  }
}

void read_expected_kind(TableReader& fields, RuleTest& test) {
  const auto word = fields.maybe_text("expect_kind");
  if (!word) return;
  if (*word == "fail")
    test.expect_kind = Finding::Kind::fail;
  else if (*word == "review")
    test.expect_kind = Finding::Kind::review;
  else if (*word == "open")
    test.expect_kind = Finding::Kind::open;
  else
    fields.problem("expect_kind", "expect_kind '" + *word + "' is unknown; write fail, review or open");
}

void read_expected_severity(TableReader& fields, RuleTest& test) {
  const auto word = fields.maybe_text("expect_severity");
  if (!word) return;
  test.expect_severity = parse_severity(*word);
  if (!test.expect_severity)
    fields.problem("expect_severity", "severity '" + *word + "' is unknown; write critical, high, medium, low or info");
}

// What only rules about documents and trees have.
void read_policy_fields(TableReader& fields, RuleTest& test, RuleKind kind) {
  read_files(fields, test);
  read_expected_kind(fields, test);
  read_expected_severity(fields, test);
  test.expect_node = fields.text("expect_node");
  if (kind == RuleKind::tree) return;
  test.old = fields.maybe_text("old");
  if (kind == RuleKind::pair && !fields.has("old")) fields.problem("old", "a test of a pair rule has no 'old'; give it the older version");
}

RuleTest read_test(const TomlValue& table, const Rule& rule, Problems& problems) {
  TableReader fields(table, "a test", problems);
  RuleTest test;
  test.name = fields.maybe_text("name").value_or("line " + std::to_string(table.position.line));
  test.path = fields.text("path");
  if (const TomlValue* make = fields.member("make", TomlValue::Kind::table))
    test.make = read_recipe(*make, problems);
  read_text(fields, test, rule.kind);
  read_expect(fields, test, problems);
  test.expect_secret = fields.text("secret");
  if (rule.kind != RuleKind::secret && rule.kind != RuleKind::file) read_policy_fields(fields, test, rule.kind);
  check_tokens(fields, test);
  fields.finish();
  if (test.path.empty() && rule.kind != RuleKind::secret && rule.kind != RuleKind::tree)
    problems.add(table.position, "a test of a " + std::string(name_of(rule.kind)) + " rule has no path; give it one");
  return test;
}

}  // namespace

std::vector<RuleTest> read_rule_tests(TableReader& rule_fields, const Rule& rule) {
  std::vector<RuleTest> tests;
  for (const TomlValue* table : rule_fields.tables("test")) tests.push_back(read_test(*table, rule, rule_fields.problems()));
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
