// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <map>

#include "rules/policy_reader.h"
#include "rules/rule_reader.h"
#include "rules/rule_set.h"

namespace sealwarden {
namespace {

constexpr size_t kLeastCommitDigits = 7;

void read_schema(TableReader& reader) {
  const TomlValue* schema = reader.member("schema", TomlValue::Kind::integer);
  if (schema != nullptr && schema->integer != 1)
    reader.problem("schema",
                   "schema " + std::to_string(schema->integer) + " is not read by this version; it reads 1");
}

RuleFile::Override read_override(const TomlMember& member, Problems& problems) {
  TableReader fields(member.value, "an override", problems);
  RuleFile::Override override;
  override.rule = member.key;
  override.origin = problems.place(member.position);
  override.severity = read_severity(fields);
  if (const TomlValue* disabled = fields.member("disabled", TomlValue::Kind::boolean))
    override.disabled = disabled->boolean;
  fields.finish();
  return override;
}

void read_overrides(TableReader& reader, RuleFile& file) {
  const TomlValue* table = reader.member("override", TomlValue::Kind::table);
  if (table == nullptr) return;
  for (const TomlMember& member : table->members) {
    if (member.value.kind == TomlValue::Kind::table)
      file.overrides.push_back(read_override(member, reader.problems()));
    else
      reader.problems().add(member.position, "an override is a table; write [override.\"rule-id\"]");
  }
}

bool is_commit_prefix(const std::string& text) {
  return text.size() >= kLeastCommitDigits && text.size() <= 40 &&
         text.find_first_not_of("0123456789abcdefABCDEF") == std::string::npos;
}

std::vector<std::string> read_commits(TableReader& fields) {
  std::vector<std::string> commits = fields.texts("commits");
  for (std::string& commit : commits) {
    if (!is_commit_prefix(commit))
      fields.problem("commits", "'" + commit + "' is no commit id of 7 to 40 hex digits");
    std::transform(commit.begin(), commit.end(), commit.begin(),
                   [](char c) { return c >= 'A' && c <= 'F' ? static_cast<char>(c - 'A' + 'a') : c; });
  }
  return commits;
}

bool is_day(const std::string& text) {
  constexpr int kDays[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return false;
  for (const size_t i : {0, 1, 2, 3, 5, 6, 8, 9})
    if (text[i] < '0' || text[i] > '9') return false;
  const int month = (text[5] - '0') * 10 + text[6] - '0', day = (text[8] - '0') * 10 + text[9] - '0';
  return month >= 1 && month <= 12 && day >= 1 && day <= kDays[month - 1];
}

// As a date or as a string of the same form.
std::optional<std::string> read_until(TableReader& fields) {
  const TomlValue* value = fields.member("until");
  if (value == nullptr) return std::nullopt;
  const bool readable = value->kind == TomlValue::Kind::date || value->kind == TomlValue::Kind::text;
  if (readable && is_day(value->text)) return value->text;
  fields.problem("until", "'until' is no day; write until = 2027-01-31");
  return std::nullopt;
}

Allow read_allow(const TomlValue& table, Problems& problems) {
  TableReader fields(table, "an allow entry", problems);
  Allow allow;
  allow.rules = fields.texts("rules");
  allow.paths = read_globs(fields, "paths");
  allow.regex = read_regex(fields, "regex");
  allow.stopwords = fields.texts("stopwords");
  allow.commits = read_commits(fields);
  allow.why = fields.text("why");
  allow.until = read_until(fields);
  allow.origin = problems.place(table.position);
  fields.finish();
  const bool any = !allow.rules.empty() || !allow.paths.empty() || fields.has("regex") ||
                   !allow.stopwords.empty() || !allow.commits.empty();
  if (!any)
    problems.add(table.position,
                 "an allow entry without conditions would allow everything; give it rules or paths");
  return allow;
}

void refuse_repeated_names(const std::vector<Rule>& rules, const std::vector<const TomlValue*>& tables,
                           Problems& problems) {
  std::map<std::string, size_t> owners;
  const auto claim = [&](const std::string& name, size_t i) {
    const auto [at, fresh] = owners.emplace(name, i);
    if (!fresh && !name.empty())
      problems.add(tables[i]->position,
                   "the name '" + name + "' is used by " + rules[at->second].origin + " too; rename one");
  };
  for (size_t i = 0; i < rules.size(); ++i) {
    claim(rules[i].id, i);
    claim(rules[i].name, i);
    for (const std::string& alias : rules[i].aliases)
      claim(alias, i);
  }
}

void read_rules(TableReader& reader, RuleFile& file) {
  std::vector<const TomlValue*> tables;
  for (const TomlValue* table : reader.tables("rule")) {
    auto rule = read_rule(*table, reader.problems());
    if (!rule) continue;
    file.rules.push_back(*std::move(rule));
    tables.push_back(table);
  }
  refuse_repeated_names(file.rules, tables, reader.problems());
}

}  // namespace

Result<RuleFile> load_rule_file(const RuleSource& source) {
  TRY(const TomlValue root, parse_toml(source.name, source.text));
  Problems problems(source.name);
  TableReader reader(root, "a rule file", problems);
  RuleFile file;
  read_schema(reader);
  file.pack = reader.text("pack");
  reader.text("version");  // for people
  read_rules(reader, file);
  read_overrides(reader, file);
  for (const TomlValue* table : reader.tables("allow"))
    file.allows.push_back(read_allow(*table, problems));
  file.kinds = read_document_kinds(reader);
  file.lexicons = read_lexicons(reader);
  file.classes = read_path_classes(reader);
  reader.finish();
  if (!problems.empty()) return fail(Error::Kind::usage, problems.text());
  return file;
}

}  // namespace sealwarden
