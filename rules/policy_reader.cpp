// SPDX-License-Identifier: Apache-2.0
#include "rules/policy_reader.h"

#include <algorithm>

#include "rules/condition_reader.h"
#include "rules/rule_reader.h"

namespace sealwarden {
namespace {

// What C++ code of scanner/policy answers to.
constexpr std::string_view kResolvers[] = {"rbac_aggregated",  "sops_plain_leaves", "sops_required", "git_filter",
                                           "encrypted_at_head", "beside_file",     "env_schema",       "compose_content",
                                           "compose_env_file", "compose_files",     "env_inventory", "env_parity",
                                           "sealed_twin",      "copied_secret_file", "nginx_tls_sibling",
                                           "text_credential",  "command_credential", "dockerfile_base", "dockerfile_user",
                                           "duplicate_key",    "missing_resources", "ingress_host_covered",
                                           "later_siblings",   "terraform_type",    "covers_port",
                                           "outsider_expressions", "writer_expressions", "input_expressions", "secret_expressions",
                                           "all_secrets_expressions", "unredacted_expressions", "printed_secrets", "changed_secrets",
                                           "traced_secrets",   "leaked_secrets",    "injected_expressions",
                                           "assigned_literal", "signing_literal"};

std::optional<Finding::Kind> read_result(TableReader& reader) {
  const auto word = reader.maybe_text("result");
  if (!word) return std::nullopt;
  if (*word == "fail") return Finding::Kind::fail;
  if (*word == "review") return Finding::Kind::review;
  reader.problem("result", "result '" + *word + "' is unknown; write fail or review");
  return std::nullopt;
}

PolicyPart::Scope read_policy_scope(TableReader& reader, RuleKind kind) {
  const auto word = reader.maybe_text("scope");
  if (!word) return PolicyPart::Scope::head;
  if (kind == RuleKind::pair)
    reader.problem("scope", "pair rules look at every pair of versions; remove 'scope'");
  else if (kind == RuleKind::tree && *word != "head")
    reader.problem("scope", "tree rules look at trees as they stand; write scope = \"head\" or remove it");
  else if (*word == "versions")
    return PolicyPart::Scope::versions;
  else if (*word != "head")
    reader.problem("scope", "scope '" + *word + "' is unknown; write versions or head");
  return PolicyPart::Scope::head;
}

PolicyPart::Unknown read_unknown(TableReader& reader) {
  const auto word = reader.maybe_text("on_unknown");
  if (!word || *word == "open") return PolicyPart::Unknown::open;
  if (*word == "ignore") return PolicyPart::Unknown::ignore;
  if (*word == "fail") return PolicyPart::Unknown::fail;
  reader.problem("on_unknown", "on_unknown '" + *word + "' is unknown; write open, ignore or fail");
  return PolicyPart::Unknown::open;
}

// A table of lists, or a list of which one must be there.
void read_prefilter(TableReader& reader, PolicyPart& part) {
  const TomlValue* value = reader.member("prefilter");
  if (value == nullptr) return;
  if (value->kind != TomlValue::Kind::table) {
    part.prefilter_any = texts_of(*value, "prefilter", reader.problems());
    return;
  }
  TableReader fields(*value, "prefilter", reader.problems());
  part.prefilter_all = read_texts(fields, "all");
  part.prefilter_any = read_texts(fields, "any");
  fields.finish();
  if (value->members.empty()) reader.problem("prefilter", "'prefilter' is empty; give it all or any, or remove it");
}

std::vector<DocumentPath> read_each(TableReader& reader) {
  std::vector<DocumentPath> paths;
  const TomlValue* value = reader.member("each");
  if (value == nullptr) return paths;
  if (value->kind != TomlValue::Kind::array) return {path_of(*value, "each", reader.problems())};
  if (value->items.empty()) reader.problem("each", "'each' is empty; add a path or remove it");
  for (const TomlValue& item : value->items) paths.push_back(path_of(item, "each", reader.problems()));
  return paths;
}

void read_report(TableReader& reader, PolicyPart& part) {
  const TomlValue* table = reader.member("report", TomlValue::Kind::table);
  if (table == nullptr) return;
  TableReader fields(*table, "report", reader.problems());
  part.at = read_path(fields, "at");
  part.is_secret = fields.flag("secret");
  part.is_weighed = fields.flag("weighed");
  if (part.is_weighed && !part.is_secret) fields.problem("weighed", "'weighed' is about secrets; add secret = true or remove it");
  fields.finish();
}

SeverityIf read_severity_case(const TomlValue& table, Problems& problems) {
  TableReader fields(table, "severity_if", problems);
  SeverityIf one;
  if (!fields.has("when")) problems.add(table.position, "'severity_if' has no 'when'; say when the severity is another one");
  one.when = read_conditions(fields, "when");
  one.severity = read_severity(fields);
  one.confidence = read_confidence(fields);
  one.result = read_result(fields);
  if (!fields.has("severity") && !fields.has("confidence") && !fields.has("result"))
    problems.add(table.position, "'severity_if' changes nothing; give it severity, confidence or result");
  fields.finish();
  return one;
}

// What all kinds have.
void read_verdict(TableReader& reader, const Rule& rule, PolicyPart& part) {
  part.scope = read_policy_scope(reader, rule.kind);
  for (const TomlValue* table : reader.tables("severity_if")) part.severity_if.push_back(read_severity_case(*table, reader.problems()));
  part.result = read_result(reader).value_or(Finding::Kind::fail);
  part.on_unknown = read_unknown(reader);
  part.is_general = reader.flag("general");
  part.message = read_template(reader, "message");
}

void read_document_part(TableReader& reader, PolicyPart& part) {
  part.docs = read_texts(reader, "docs");
  part.not_docs = read_texts(reader, "not_docs");
  read_prefilter(reader, part);
  part.where = read_conditions(reader, "where");
  part.each = read_each(reader);
  part.when = read_conditions(reader, "when");
  read_report(reader, part);
  part.line_mode = reader.flag("line_mode");
}

void read_require(TableReader& reader, PolicyPart& part) {
  const TomlValue* table = reader.member("require", TomlValue::Kind::table);
  if (table == nullptr) return;
  TableReader fields(*table, "require", reader.problems());
  part.same_folder = read_texts(fields, "same_folder");
  part.or_ancestor = fields.flag("or_ancestor");
  if (const TomlValue* globs = fields.member("anywhere")) part.anywhere = globs_of(*globs, "anywhere", reader.problems());
  fields.finish();
  if (!fields.has("same_folder") && !fields.has("anywhere"))
    reader.problem("require", "'require' asks for nothing; give it same_folder or anywhere");
  if (part.or_ancestor && !fields.has("same_folder")) fields.problem("or_ancestor", "'or_ancestor' is for same_folder; remove it or give that");
  for (const std::string& name : part.same_folder)
    if (name.find('/') != std::string::npos) fields.problem("same_folder", "'" + name + "' is no name of a file; write names, or globs in 'anywhere'");
}

void read_tree_part(TableReader& reader, const Rule& rule, PolicyPart& part) {
  if (const TomlValue* globs = reader.member("if_any")) part.if_any = globs_of(*globs, "if_any", reader.problems());
  read_require(reader, part);
  if (const TomlValue* value = reader.member("resolver")) {
    const std::vector<std::string> words = resolver_of(*value, reader.problems());
    part.resolver = words[0];
    part.arguments.assign(words.begin() + 1, words.end());
  }
  read_report(reader, part);
  const bool has_require = reader.has("require");
  if (!reader.has("if_any") && has_require) reader.problem("require", "'require' without 'if_any'; say beside which files, by globs");
  if (has_require && reader.has("resolver")) reader.problem("resolver", "'resolver' and 'require' are two rules; remove one");
  if (!has_require && !reader.has("resolver"))
    reader.problem("kind", "rule " + rule.id + " says nothing of the tree; give it if_any and require, or resolver");
}

}  // namespace

std::vector<std::string_view> resolver_names() { return {std::begin(kResolvers), std::end(kResolvers)}; }

PolicyPart read_policy_part(TableReader& reader, const Rule& rule) {
  PolicyPart part;
  read_verdict(reader, rule, part);
  if (rule.kind == RuleKind::tree)
    read_tree_part(reader, rule, part);
  else
    read_document_part(reader, part);
  return part;
}

}  // namespace sealwarden
