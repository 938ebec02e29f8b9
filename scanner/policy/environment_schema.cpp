// SPDX-License-Identifier: Apache-2.0
#include "scanner/policy/environment_schema.h"

#include <algorithm>
#include <cstdlib>
#include <string_view>

#include "rules/lexicon.h"
#include "rules/pattern_table.h"
#include "scanner/base/ascii.h"
#include "scanner/base/glob.h"
#include "scanner/doc/parse.h"
#include "scanner/policy/quantity.h"
#include "scanner/policy/secret_value.h"

namespace sealwarden {
namespace {

constexpr size_t kMostKeys = 2000, kMostSchemas = 200, kMostTargets = 200;

std::string_view text_at(const ParsedFile& file, uint32_t map, std::string_view key) {
  const uint32_t child = map == kNoDocumentNode ? map : file.child(map, key);
  return child == kNoDocumentNode ? std::string_view() : file.nodes[child].text;
}

uint32_t root_of(const ParsedFile& file) {
  const uint32_t root = file.documents.empty() ? kNoDocumentNode : file.documents.front().root;
  return root != kNoDocumentNode && file.nodes[root].type == NodeType::map ? root : kNoDocumentNode;
}

uint32_t child_of(const ParsedFile& file, uint32_t map, std::string_view key) {
  return map == kNoDocumentNode || file.nodes[map].type != NodeType::map ? kNoDocumentNode : file.child(map, key);
}

std::vector<uint32_t> items_of(const ParsedFile& file, uint32_t list) {
  std::vector<uint32_t> items;
  if (list == kNoDocumentNode || file.nodes[list].type != NodeType::sequence) return items;
  for (uint32_t one = file.nodes[list].first; one != kNoDocumentNode && items.size() < kMostKeys; one = file.nodes[one].next) items.push_back(one);
  return items;
}

// The tables [[key]] and [[env.key]].
std::vector<uint32_t> key_tables(const ParsedFile& file) {
  const uint32_t root = root_of(file);
  std::vector<uint32_t> tables = items_of(file, child_of(file, root, "key"));
  for (const uint32_t one : items_of(file, child_of(file, child_of(file, root, "env"), "key"))) tables.push_back(one);
  std::erase_if(tables, [&](uint32_t one) { return file.nodes[one].type != NodeType::map || text_at(file, one, "name").empty(); });
  return tables;
}

std::vector<std::string> target_globs(const ParsedFile& file) {
  const uint32_t root = root_of(file), env = child_of(file, root, "env");
  std::vector<std::string> globs;
  for (const uint32_t list : {child_of(file, root, "files"), child_of(file, env, "files"), child_of(file, child_of(file, env, "target"), "files")})
    for (const uint32_t item : items_of(file, list)) globs.emplace_back(file.nodes[item].text);
  return globs;
}

bool is_sample(std::string_view name) {
  for (const std::string_view word : {"example", "sample", "template", "dist", "defaults", "schema", "tmpl", "tpl", "j2"})
    if (name.ends_with("." + std::string(word)) || name.find("." + std::string(word) + ".") != std::string_view::npos) return true;
  return false;
}

bool is_yes(std::string_view text) { return text == "true"; }
bool is_bool_word(std::string_view text) {
  const std::string lower = lower_case(text);
  return lower == "true" || lower == "false" || lower == "yes" || lower == "no" || lower == "on" || lower == "off" || lower == "1" || lower == "0";
}
bool is_int(std::string_view text) {
  if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
  return !text.empty() && text.size() < 19 && std::all_of(text.begin(), text.end(), is_digit);
}
std::optional<double> number_of(std::string_view text) {
  const std::string copy(text);
  char* end = nullptr;
  const double number = std::strtod(copy.c_str(), &end);
  return copy.empty() || *end != '\0' ? std::nullopt : std::optional(number);
}

// What is wrong with a literal; empty: nothing.
std::string fault_of(const ParsedFile& schema, uint32_t key, std::string_view value) {
  const std::string_view type = text_at(schema, key, "type");
  if (type == "int" && !is_int(value)) return "is no whole number";
  if (type == "number" && !number_of(value)) return "is no number";
  if (type == "bool" && !is_bool_word(value)) return "is neither true nor false";
  if (type == "url" && value.find("://") == std::string_view::npos) return "is no URL";
  const auto number = number_of(value);
  if (const auto least = number_of(text_at(schema, key, "min")); least && (!number || *number < *least))
      return "is below " + std::string(text_at(schema, key, "min"));
  if (const auto most = number_of(text_at(schema, key, "max")); most && (!number || *number > *most)) return "is above " + std::string(text_at(schema,
      key, "max"));
  if (const std::string_view regex = text_at(schema, key, "regex"); !regex.empty())
    if (const auto pattern = compile_pattern(regex); pattern && !pattern->search(value)) return "is not of the form that the schema gives";
  const std::vector<uint32_t> choices = items_of(schema, child_of(schema, key, "one_of"));
  if (!choices.empty() && std::none_of(choices.begin(), choices.end(), [&](uint32_t one) { return schema.nodes[one].text == value; }))
    return "is none of the values that the schema lists";
  return {};
}

// The value of a variable in a map of names, or a list of names and values; kNoDocumentNode: it is not there.
uint32_t find_variable(const ParsedFile& file, uint32_t at, std::string_view name) {
  if (at == kNoDocumentNode) return at;
  if (file.nodes[at].type == NodeType::map) return file.child(at, name);
  for (const uint32_t item : items_of(file, at)) {
    if (file.nodes[item].type != NodeType::map || text_at(file, item, "name") != name) continue;
    const uint32_t value = file.child(item, "value");
    return value != kNoDocumentNode ? value : file.child(item, "valueFrom") != kNoDocumentNode ? file.child(item, "valueFrom") : item;
  }
  return kNoDocumentNode;
}

class SchemaCheck {
 public:
  SchemaCheck(const RuleSet& rules, uint32_t rule, TreeFindings& out) : rules_(rules), index_(rule), out_(out) {}

  void check(const ParsedFile& schema, const std::string& path, const std::string& bytes, std::string_view fragment) {
    const auto format = document_format(path);
    if (!format || *format == DocumentFormat::source) return;
    const ParsedFile file = parse_document(*format, path, bytes);
    uint32_t at = root_of(file);
    for (std::string_view rest = fragment; !rest.empty() && at != kNoDocumentNode;) {
      const size_t dot = std::min(rest.find('.'), rest.size());
      at = child_of(file, at, rest.substr(0, dot));
      rest.remove_prefix(std::min(dot + 1, rest.size()));
    }
    if (at == kNoDocumentNode && !bytes.empty()) return;  // not where the schema says
    if (at != kNoDocumentNode && (file.nodes[at].flags & kMasked) != 0) return;
    out_.judged.push_back({path, index_});
    for (const uint32_t key : key_tables(schema)) check_key(schema, key, file, at, path);
  }

 private:
  void check_key(const ParsedFile& schema, uint32_t key, const ParsedFile& file, uint32_t at, const std::string& path) {
    const std::string name(text_at(schema, key, "name"));
    const uint32_t value = find_variable(file, at, name);
    const bool is_required = is_yes(text_at(schema, key, "required"));
    if (value == kNoDocumentNode) {
      if (is_required) add(path, name, {}, "is missing", severity());
      return;
    }
    const DocumentNode& node = file.nodes[value];
    if (node.type == NodeType::map || node.type == NodeType::sequence || node.type == NodeType::expression || node.type == NodeType::alias) return;
    const Span place = node.key_span.end > node.key_span.begin ? node.key_span : node.span;
    if (node.text.empty()) {
      if (is_required && node.type != NodeType::null) add(path, name, place, "is empty", severity());
      return;
    }
    const Lexicon& lexicon = Lexicon::builtin();
    if (is_reference_value(lexicon, node.text) && text_at(schema, key, "type") != "url") return;
    if (is_yes(text_at(schema, key, "secret"))) {
      if (!is_encrypted_value(node.text) && !is_placeholder_value(lexicon, name, node.text)) add(path, name, place,
          "is written out, and the schema wants a reference", Severity::high);
      return;
    }
    if (const std::string fault = fault_of(schema, key, node.text); !fault.empty()) add(path, name, place, fault, severity());
    else if (const std::string_view best = text_at(schema, key, "prefer"); !best.empty() && best != node.text)
      add(path, name, place, "is not '" + std::string(best) + "', which the schema prefers", Severity::low);
  }

  [[nodiscard]] Severity severity() const { return rules_.rules[index_].severity; }
  void add(const std::string& path, const std::string& name, Span place, const std::string& what, Severity severity) {
    const Rule& rule = rules_.rules[index_];
    Violation violation{.rule = index_, .kind = rule.policy->result, .severity = severity, .confidence = rule.confidence, .span = place, .node = name};
    violation.message = "The variable " + name + " " + what + ".";
    violation.subject = "env\n" + name + "\n" + what;
    out_.violations.emplace_back(path, std::move(violation));
  }

  const RuleSet& rules_;
  uint32_t index_;
  TreeFindings& out_;
};

}  // namespace

std::vector<SchemaName> schema_names(const std::string& path, const std::string& bytes) {
  std::vector<SchemaName> names;
  const ParsedFile file = parse_document(DocumentFormat::toml, path, bytes);
  for (const uint32_t key : key_tables(file)) {
    const DocumentNode& name = file.nodes[file.child(key, "name")];
    names.push_back({std::string(name.text), name.span.begin, name.span.end});
  }
  return names;
}

void find_schema_gaps(const RuleSet& rules, uint32_t rule, const TreeView& tree, TreeFindings& out) {
  SchemaCheck check(rules, rule, out);
  size_t schemas = 0;
  for (const std::string& path : tree.paths()) {
    if (path != kSchemaName && !path.ends_with("/" + std::string(kSchemaName))) continue;
    if (++schemas > kMostSchemas) return;
    const auto bytes = tree.read(path);
    if (!bytes) continue;
    const ParsedFile schema = parse_document(DocumentFormat::toml, path, *bytes);
    const std::string folder = path.substr(0, path.rfind('/') + 1);
    const std::vector<std::string> globs = target_globs(schema);
    size_t targets = 0;
    for (const std::string& target : tree.paths()) {
      if (!target.starts_with(folder) || targets == kMostTargets) continue;
      const std::string relative = target.substr(folder.size());
      std::string_view fragment;
      bool wanted = globs.empty() && (relative == ".env" || relative.starts_with(".env.")) && relative.find('/') == std::string::npos && !is_sample(relative);
      for (const std::string& glob : globs) {
        const size_t hash = glob.find('#');
        if (!glob_matches("/" + glob.substr(0, hash), relative)) continue;
        wanted = true;
        if (hash != std::string::npos) fragment = std::string_view(glob).substr(hash + 1);
      }
      if (!wanted) continue;
      ++targets;
      if (const auto text = tree.read(target)) check.check(schema, target, *text, fragment);
    }
  }
}

}  // namespace sealwarden
