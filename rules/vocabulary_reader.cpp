// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <set>

#include "rules/condition_reader.h"
#include "rules/policy_reader.h"
#include "rules/rule_reader.h"
#include "scanner/base/ascii.h"

namespace sealwarden {
namespace {

// As names are cut: "dbPassword" gives "db" and "password".
bool is_token(const std::string& word) {
  return !word.empty() && std::all_of(word.begin(), word.end(), [](char c) { return is_lower(c) || is_digit(c); });
}

void check_tokens(TableReader& reader, std::string_view key, const std::vector<std::string>& words) {
  for (const std::string& word : words)
    if (!is_token(word))
      reader.problem(key, "'" + word + "' is no part of a name; write small letters and digits (\"api\", \"key\")");
}

std::vector<std::string> read_tokens(TableReader& reader, std::string_view key) {
  std::vector<std::string> words = read_texts(reader, key);
  check_tokens(reader, key, words);
  return words;
}

std::vector<std::vector<std::string>> read_sequences(TableReader& reader) {
  std::vector<std::vector<std::string>> out;
  const TomlValue* value = reader.member("pair", TomlValue::Kind::array);
  if (value == nullptr) return out;
  for (const TomlValue& item : value->items) {
    if (item.kind != TomlValue::Kind::array || item.items.size() < 2) {
      reader.problems().add(item.position, "'pair' holds words that stand side by side; write [[\"api\", \"key\"]]");
      continue;
    }
    out.push_back(texts_of(item, "pair", reader.problems()));
    check_tokens(reader, "pair", out.back());
  }
  return out;
}

TokenLexicon read_lexicon(const TomlMember& member, Problems& problems) {
  TableReader fields(member.value, "a lexicon", problems);
  TokenLexicon lexicon;
  lexicon.name = member.key;
  lexicon.origin = problems.place(member.position);
  lexicon.one = read_tokens(fields, "one");
  lexicon.sequences = read_sequences(fields);
  lexicon.whole = read_texts(fields, "whole");
  lexicon.not_last = read_tokens(fields, "not_last");
  lexicon.not_first = read_tokens(fields, "not_first");
  fields.finish();
  if (!fields.has("one") && !fields.has("pair") && !fields.has("whole"))
    problems.add(member.position, "the lexicon '" + member.key + "' holds no word; give it one, pair or whole");
  const auto builtin = builtin_lexicon_names();
  if (std::find(builtin.begin(), builtin.end(), member.key) != builtin.end())
    problems.add(member.position, "the lexicon '" + member.key + "' is built in; choose another name");
  return lexicon;
}

DocumentKind::Embedded read_embedded(const TomlValue& table, Problems& problems) {
  TableReader fields(table, "embedded", problems);
  DocumentKind::Embedded embedded;
  if (!fields.has("path")) problems.add(table.position, "'embedded' has no 'path'; say which texts are documents");
  embedded.path = read_path(fields, "path");
  embedded.base64 = fields.flag("base64");
  embedded.name = fields.text("name");
  fields.finish();
  return embedded;
}

std::vector<std::string> read_formats(TableReader& reader) {
  std::vector<std::string> formats = read_texts(reader, "formats");
  const auto known = format_names();
  for (const std::string& format : formats)
    if (std::find(known.begin(), known.end(), format) == known.end())
      reader.problem("formats", "there is no format '" + format + "'" + remedy(format, known));
  return formats;
}

}  // namespace

DocumentKind read_document_kind(const TomlValue& table, Problems& problems) {
  TableReader fields(table, "a kind of document", problems);
  DocumentKind kind;
  kind.origin = problems.place(table.position);
  kind.name = fields.text("name");
  if (!is_kebab(kind.name))
    fields.problem("name", kind.name.empty() ? "a kind of document has no name; give it one in kebab case"
                                             : "name '" + kind.name + "' is not in kebab case");
  kind.formats = read_formats(fields);
  if (const TomlValue* globs = fields.member("paths")) kind.paths = globs_of(*globs, "paths", problems);
  if (const TomlValue* globs = fields.member("not_paths")) kind.not_paths = globs_of(*globs, "not_paths", problems);
  kind.require = read_conditions(fields, "require");
  kind.units = read_path(fields, "units");
  for (const TomlValue* one : fields.tables("embedded")) kind.embedded.push_back(read_embedded(*one, problems));
  kind.identity = read_template(fields, "identity");
  fields.finish();
  if (!fields.has("formats") && !fields.has("paths") && !fields.has("require"))
    problems.add(table.position, "the kind '" + kind.name + "' would be every document; give it formats, paths or require");
  return kind;
}

std::vector<DocumentKind> read_document_kinds(TableReader& reader) {
  std::vector<DocumentKind> kinds;
  std::set<std::string> names;
  for (const TomlValue* table : reader.tables("document_kind")) {
    kinds.push_back(read_document_kind(*table, reader.problems()));
    if (!kinds.back().name.empty() && !names.insert(kinds.back().name).second)
      reader.problems().add(table->position, "the kind '" + kinds.back().name + "' is defined twice; join them or rename one");
  }
  return kinds;
}

std::vector<TokenLexicon> read_lexicons(TableReader& reader) {
  std::vector<TokenLexicon> lexicons;
  const TomlValue* table = reader.member("lexicon", TomlValue::Kind::table);
  if (table == nullptr) return lexicons;
  for (const TomlMember& member : table->members) {
    if (member.value.kind == TomlValue::Kind::table)
      lexicons.push_back(read_lexicon(member, reader.problems()));
    else
      reader.problems().add(member.position, "a lexicon is a table; write [lexicon.NAME]");
  }
  return lexicons;
}

std::vector<PathClass> read_path_classes(TableReader& reader) {
  std::vector<PathClass> classes;
  const TomlValue* table = reader.member("classes", TomlValue::Kind::table);
  if (table == nullptr) return classes;
  for (const TomlMember& member : table->members) {
    if (!is_kebab(member.key)) reader.problems().add(member.position, "class '" + member.key + "' is not in kebab case");
    classes.push_back({member.key, globs_of(member.value, member.key, reader.problems())});
  }
  return classes;
}

}  // namespace sealwarden
