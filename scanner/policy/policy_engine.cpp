// SPDX-License-Identifier: Apache-2.0
#include "scanner/policy/policy_engine.h"

#include <algorithm>
#include <array>
#include <set>
#include <tuple>
#include <unordered_map>

#include "rules/word_set.h"
#include "scanner/base/glob.h"
#include "scanner/doc/parse.h"
#include "scanner/engine/overlaps.h"
#include "scanner/policy/acceptances.h"
#include "scanner/policy/document_units.h"
#include "scanner/policy/evaluator.h"
#include "scanner/policy/explain.h"
#include "scanner/policy/path_classes.h"
#include "scanner/policy/secret_value.h"
#include "scanner/policy/terraform.h"
#include "scanner/policy/text_credentials.h"
#include "scanner/policy/text_resolvers.h"
#include "scanner/policy/tree_rules.h"

namespace sealwarden {
namespace {

// The rule under which files are told that could not be read.
constexpr std::string_view kUnreadRule = "document-unread";
constexpr size_t kLongestNarrowed = 65536;

// Lists of globs of rules and kinds against one path: rules share kinds, so each list is asked once.
class PathMatches {
 public:
  explicit PathMatches(std::string_view path) : path_(path) {}
  bool matches(const std::vector<std::string>& globs) {
    if (globs.empty()) return false;
    const auto [known, is_new] = known_.try_emplace(&globs, false);
    if (is_new) known->second = std::any_of(globs.begin(), globs.end(), [&](const std::string& glob) { return glob_matches(glob, path_); });
    return known->second;
  }

 private:
  std::string_view path_;
  std::unordered_map<const std::vector<std::string>*, bool> known_;
};

// The prefilter words of a rule, as numbers of a WordSet.
struct PrefilterNumbers {
  std::vector<size_t> all, any;

  [[nodiscard]] bool admit(const std::vector<bool>& present) const {
    const auto has = [&](size_t word) { return present[word]; };
    return std::all_of(all.begin(), all.end(), has) && (any.empty() || std::any_of(any.begin(), any.end(), has));
  }
};

std::vector<std::string> prefilter_words(const RuleSet& rules) {
  std::set<std::string> words;
  for (const Rule& rule : rules.rules) {
    if (rule.disabled || !rule.policy) continue;
    words.insert(rule.policy->prefilter_all.begin(), rule.policy->prefilter_all.end());
    words.insert(rule.policy->prefilter_any.begin(), rule.policy->prefilter_any.end());
  }
  words.erase("");
  return {words.begin(), words.end()};
}

// Of text in UTF-16 or UTF-32, by its mark, the bytes without their NULs: there each ASCII word stands as it is.
std::optional<std::string> narrowed(Bytes bytes) {
  using namespace std::string_view_literals;
  if (!bytes.starts_with("\xFF\xFE"sv) && !bytes.starts_with("\xFE\xFF"sv) && !bytes.starts_with("\0\0\xFE\xFF"sv)) return std::nullopt;
  std::string narrow(bytes);
  std::erase(narrow, '\0');
  return narrow;
}

// Absence cannot be told in a document that was read in part; those beside it in the file are whole.
void mark_incomplete(ParsedFile& file) {
  std::vector<uint32_t> open;
  for (const Document& one : file.documents)
    if (one.root != kNoDocumentNode && (one.state == DocumentState::partial || one.state == DocumentState::lines)) open.push_back(one.root);
  while (!open.empty()) {
    DocumentNode& node = file.nodes[open.back()];
    open.pop_back();
    if (node.type != NodeType::map && node.type != NodeType::sequence) continue;
    node.flags |= kMasked;
    for (uint32_t child = node.first; child != kNoDocumentNode; child = file.nodes[child].next) open.push_back(child);
  }
}

// Formats that any text nearly fits say nothing by a problem.
bool is_loose(DocumentFormat format) {
  switch (format) {
    case DocumentFormat::ini:
    case DocumentFormat::properties:
    case DocumentFormat::dotenv:
    case DocumentFormat::markdown:
    case DocumentFormat::nginx:
    case DocumentFormat::lines:
    case DocumentFormat::source: return true;
    default: return false;
  }
}

// Bytes that are not of the encoding are taken as they are: of a document that was read to its end nothing is missing.
bool lacks_something(const ParsedFile& file) {
  return std::any_of(file.problems.begin(), file.problems.end(),
                     [](const DocumentProblem& one) { return one.kind != DocumentProblem::Kind::encoding; }) ||
         (!file.problems.empty() && std::any_of(file.documents.begin(), file.documents.end(),
                                                [](const Document& one) { return one.state > DocumentState::masked; }));
}

DocumentState worst_state(const ParsedFile& file) {
  DocumentState worst = DocumentState::parsed;
  for (const Document& document : file.documents) worst = std::max(worst, document.state);
  return worst;
}

}  // namespace

struct PolicyEngine::State {
  explicit State(const RuleSet& rule_set)
      : rules(rule_set),
        patterns(rule_set),
        words(prefilter_words(rule_set)),
        prefilters(rule_set.rules.size()),
        lexicon(Lexicon::builtin()) {
    for (uint32_t i = 0; i < rules.rules.size(); ++i) {
      const Rule& rule = rules.rules[i];
      if (rule.disabled || !rule.policy) continue;
      for (const std::string& word : rule.policy->prefilter_all) prefilters[i].all.push_back(words.number(word));
      for (const std::string& word : rule.policy->prefilter_any) prefilters[i].any.push_back(words.number(word));
      if (rule.name == kUnreadRule || rule.id == kUnreadRule) unread_rule = i;
      else if (rule.kind == RuleKind::config) config.push_back(i);
      else if (rule.kind == RuleKind::pair) pairs.push_back(i);
      else if (rule.kind == RuleKind::tree) trees.push_back(i);
    }
    for (const DocumentKind& kind : rules.kinds) kinds.emplace(kind.name, &kind);
    for (const uint32_t index : config)
      if (rules.rules[index].policy->scope == PolicyPart::Scope::versions) note_formats(*rules.rules[index].policy);
    for (const uint32_t index : pairs) note_formats(*rules.rules[index].policy);
  }

  // The formats that documents of a rule's kinds can have.
  void note_formats(const PolicyPart& part) {
    for (size_t i = 0; i < kDocumentFormats; ++i) {
      const std::string_view name = name_of(static_cast<DocumentFormat>(i));
      versions_formats[i] = versions_formats[i] || (part.docs.empty() && name != "source") ||
                            std::any_of(part.docs.begin(), part.docs.end(), [&](const std::string& doc) {
                              const auto kind = kinds.find(doc);
                              if (kind == kinds.end()) return doc == name;
                              const auto& formats = kind->second->formats;
                              return formats.empty() || std::find(formats.begin(), formats.end(), name) != formats.end();
                            });
    }
  }

  // Whether a document at the path could be of one of the rule's kinds.
  [[nodiscard]] bool could_apply(const Rule& rule, PathMatches& path, DocumentFormat format) const {
    return could_be_of_kind(rule, path, format) && (rule.paths.empty() || path.matches(rule.paths)) && !path.matches(rule.not_paths);
  }
  [[nodiscard]] bool could_be_of_kind(const Rule& rule, PathMatches& path, DocumentFormat format) const {
    if (rule.policy->docs.empty()) return format != DocumentFormat::source;
    if (may_hold_format(format)) return true;
    return std::any_of(rule.policy->docs.begin(), rule.policy->docs.end(), [&](const std::string& name) {
      const auto kind = kinds.find(name);
      if (kind == kinds.end()) return name == name_of(format);
      const DocumentKind& one = *kind->second;
      if (!one.formats.empty() && std::find(one.formats.begin(), one.formats.end(), name_of(format)) == one.formats.end()) return false;
      return one.paths.empty() || path.matches(one.paths);
    });
  }
  // Documents in texts of such a file may be of any format and name: ConfigMaps, Secrets.
  [[nodiscard]] static bool may_hold_format(DocumentFormat format) { return format == DocumentFormat::yaml || format == DocumentFormat::json; }

  [[nodiscard]] PolicyContext context_of(const Question& question, std::vector<std::string> classes) const {
    return {rules, patterns, lexicon, question.path, std::move(classes), question.hits, question.tree, question.head, nullptr};
  }

  // The rules that want this file.
  [[nodiscard]] std::vector<uint32_t> armed(const std::vector<uint32_t>& among, const Question& question, DocumentFormat format) const {
    std::vector<uint32_t> out;
    const std::optional<std::string> narrow = narrowed(question.bytes);
    const std::vector<bool> present = words.present(narrow ? Bytes(*narrow) : question.bytes);
    PathMatches path(question.path);
    for (const uint32_t index : among) {
      const Rule& rule = rules.rules[index];
      if (!question.at_tip && rule.kind == RuleKind::config && rule.policy->scope != PolicyPart::Scope::versions) continue;
      if (could_be_of_kind(rule, path, format) && prefilters[index].admit(present) && could_apply(rule, path, format)) out.push_back(index);
    }
    return out;
  }

  // False: a limit ended it before its end.
  [[nodiscard]] bool judge_unit(const PolicyContext& context, const ParsedFile& file, const DocumentUnit& unit, const std::vector<uint32_t>& armed,
                  std::vector<Violation>& out) const;
  void judge_node(Evaluator& evaluator, const DocumentUnit& unit, uint32_t rule, uint32_t node, std::vector<Violation>& out) const;
  void report(Evaluator& evaluator, const DocumentUnit& unit, uint32_t rule, uint32_t node, Finding::Kind kind, std::vector<Violation>& out) const;
  void report_unread(const ParsedFile& file, const std::vector<uint32_t>& armed, std::vector<Violation>& out) const;
  [[nodiscard]] PolicyOutcome run(const Question& question, const std::vector<uint32_t>& among, const ParsedFile* old) const;

  const RuleSet& rules;
  PatternTable patterns;
  WordSet words;
  std::vector<PrefilterNumbers> prefilters;  // by rule
  const Lexicon& lexicon;
  std::vector<uint32_t> config, pairs, trees;
  std::array<bool, kDocumentFormats> versions_formats{};
  std::optional<uint32_t> unread_rule;
  std::map<std::string, const DocumentKind*, std::less<>> kinds;
};

namespace {

// The range of a scalar without its quotes, so that it is the secret's own.
Span inner_span(const ParsedFile& file, const DocumentNode& node) {
  Span span = node.span;
  if ((node.flags & kQuoted) == 0 || (node.flags & kBlock) != 0 || span.end < span.begin + 2 || span.end > file.bytes.size()) return span;
  const char first = file.bytes[span.begin], last = file.bytes[span.end - 1];
  if (first == last && (first == '"' || first == '\'' || first == '`')) return {span.begin + 1, span.end - 1};
  return span;
}

// Of a map or list not all its lines: its key, else what is left of its first line.
Span compact_span(const ParsedFile& file, const NodeValue& value) {
  const DocumentNode& node = file.nodes[value.node];
  if (value.span != node.span) return value.span;
  if (node.type != NodeType::map && node.type != NodeType::sequence) return inner_span(file, node);
  if (node.key_span.end > node.key_span.begin) return node.key_span;
  const size_t line_end = std::min<size_t>(file.bytes.find('\n', node.span.begin), node.span.end);
  return {node.span.begin, std::max(node.span.begin, static_cast<uint32_t>(line_end))};
}

// The secret is the literal that a reference falls back to, not the reference around it; of a URL or a command the password; of a
// script the key that it writes.
void narrow_to_secret(const Lexicon& lexicon, const ParsedFile& file, std::string_view name, const NodeValue& value, Violation& violation) {
  std::string_view part = private_key_in(value.text);
  if (part.empty()) part = literal_default(value.text);
  if (part.empty() && !is_secret_name(lexicon, name) && value.text.size() <= kLongestNarrowed) {
    const auto found = credentials_in_command(lexicon, value.text);
    if (!found.empty()) part = found.front();
  }
  if (part.empty()) return;
  violation.value = part;
  violation.span = span_of_part(file, value.node, part);
}

// Templates that only define what others use are no documents: Helm's _helpers.tpl.
bool is_partial_template(std::string_view path) {
  const std::string_view name = path.substr(path.rfind('/') == std::string_view::npos ? 0 : path.rfind('/') + 1);
  return name.starts_with('_') && name.ends_with(".tpl");
}

bool names_kind(const std::vector<std::string>& names, const std::vector<std::string>& kinds) {
  return std::any_of(names.begin(), names.end(), [&](const std::string& name) { return std::find(kinds.begin(), kinds.end(), name) != kinds.end(); });
}

}  // namespace

void PolicyEngine::State::report(Evaluator& evaluator, const DocumentUnit& unit, uint32_t index, uint32_t node, Finding::Kind kind,
                                 std::vector<Violation>& out) const {
  const Rule& rule = rules.rules[index];
  const ParsedFile& file = evaluator.file();
  FoundNodes places = evaluator.find(rule.policy->at, node);
  std::erase_if(places.nodes, [&](const NodeValue& one) { return one.file != &file; });
  if (places.nodes.empty()) places.nodes.push_back(evaluator.value_of(node));
  // What is the same at all places is judged once: there can be thousands of them in one text.
  Violation common{.rule = index, .kind = kind, .severity = rule.severity, .confidence = rule.confidence, .document = unit.identity};
  for (const SeverityIf& one : rule.policy->severity_if)
    if (evaluator.all_hold(one.when, node) == Truth::yes) {
      common.severity = one.severity.value_or(common.severity);
      common.confidence = one.confidence.value_or(common.confidence);
      if (one.result && kind != Finding::Kind::open) common.kind = *one.result;
      break;
    }
  common.message = evaluator.fill(rule.policy->message, node, rule.policy->is_secret);
  if (kind == Finding::Kind::open) common.message = "Cannot be decided from the text: " + common.message;
  for (const NodeValue& place : places.nodes) {
    Violation violation = common;
    violation.span = compact_span(file, place);
    violation.node = logical_path(file, place.node);
    violation.value = place.text;
    violation.subject = unit.identity + "\n" + logical_path(file, place.node, true) + "\n" + (rule.policy->is_secret ? std::string() : std::string(place.text));
    if (rule.policy->is_secret) narrow_to_secret(lexicon, file, evaluator.name_of_value(place.node).text, place, violation);
    out.push_back(std::move(violation));
  }
}

void PolicyEngine::State::judge_node(Evaluator& evaluator, const DocumentUnit& unit, uint32_t index, uint32_t node, std::vector<Violation>& out) const {
  const PolicyPart& part = *rules.rules[index].policy;
  const Truth verdict = evaluator.all_hold(part.when, node);
  if (verdict == Truth::no || (verdict == Truth::unknown && part.on_unknown == PolicyPart::Unknown::ignore)) return;
  const bool open = verdict == Truth::unknown && part.on_unknown == PolicyPart::Unknown::open;
  report(evaluator, unit, index, node, open ? Finding::Kind::open : part.result, out);
}

bool PolicyEngine::State::judge_unit(const PolicyContext& context, const ParsedFile& file, const DocumentUnit& unit,
                                     const std::vector<uint32_t>& armed, std::vector<Violation>& out) const {
  Evaluator evaluator(context, file, unit.root, unit.top, unit.kinds);
  for (const uint32_t index : armed) {
    const PolicyPart& part = *rules.rules[index].policy;
    if (!part.docs.empty() && !names_kind(part.docs, unit.kinds)) continue;
    if (names_kind(part.not_docs, unit.kinds)) continue;
    if (unit.state == DocumentState::lines && !part.line_mode) continue;
    // What a template hides of the document keeps no literal secret from being one.
    const Truth fits = evaluator.all_hold(part.where, unit.root);
    if (fits == Truth::no || (fits == Truth::unknown && !part.is_secret)) continue;
    if (part.each.empty()) judge_node(evaluator, unit, index, unit.root, out);
    std::set<uint32_t> seen;
    for (const DocumentPath& each : part.each)
      for (const NodeValue& node : evaluator.find(each, unit.root).nodes)
        if (seen.insert(node.node).second) judge_node(evaluator, unit, index, node.node, out);
  }
  return !evaluator.is_exhausted();
}

void PolicyEngine::State::report_unread(const ParsedFile& file, const std::vector<uint32_t>& armed, std::vector<Violation>& out) const {
  if (!unread_rule) return;
  std::string names;
  constexpr size_t kNamed = 5;
  for (size_t i = 0; i < armed.size() && i < kNamed; ++i) names += (i == 0 ? "" : ", ") + rules.rules[armed[i]].id;
  if (armed.size() > kNamed) names += " and " + std::to_string(armed.size() - kNamed) + " more";
  const DocumentProblem& problem = file.problems.front();
  Violation violation{.rule = *unread_rule, .kind = Finding::Kind::open, .severity = rules.rules[*unread_rule].severity, .span = problem.at};
  violation.subject = problem.what;
  violation.message = std::string(name_of(file.format)) + ": " + problem.what;
  if (file.problems.size() > 1) violation.message += ", and " + std::to_string(file.problems.size() - 1) + " more problems";
  violation.message += "; not all that " + names + " look at could be read";
  out.push_back(std::move(violation));
}

PolicyOutcome PolicyEngine::State::run(const Question& question, const std::vector<uint32_t>& among, const ParsedFile* old) const {
  PolicyOutcome outcome;
  const auto format = document_format(question.path);
  if (!format) return outcome;
  const std::vector<uint32_t> wanting = armed(among, question, *format);
  if (wanting.empty()) return outcome;
  ParsedFile file = parse_document(*format, question.path, question.bytes);
  mark_incomplete(file);
  if (question.tree != nullptr) resolve_terraform(file, question.path, *question.tree);
  outcome.document_state = worst_state(file);
  PolicyContext context = context_of(question, classes_of_path(rules, question.path));
  context.old = old;
  const auto is_limit = [](const DocumentProblem& one) { return one.kind == DocumentProblem::Kind::budget; };
  for (const DocumentUnit& unit : document_units(context, file))
    if (!judge_unit(context, file, unit, wanting, outcome.violations) && std::none_of(file.problems.begin(), file.problems.end(), is_limit))
      file.problems.push_back({DocumentProblem::Kind::budget, file.nodes[unit.root].span,
                               "rules would have to visit its nodes more often than the limit allows"});
  const bool limited = std::any_of(file.problems.begin(), file.problems.end(), is_limit);
  const bool unread = limited || (lacks_something(file) && !is_loose(*format) && !is_partial_template(question.path));
  outcome.state = unread ? PolicyOutcome::State::unread : PolicyOutcome::State::judged;
  if (unread) {
    // What an old version breaks nobody can mend.
    if (question.at_tip) report_unread(file, wanting, outcome.violations);
    const uint32_t at = std::min(file.problems.front().at.begin, static_cast<uint32_t>(question.bytes.size()));
    outcome.problem = "line " + std::to_string(std::count(question.bytes.begin(), question.bytes.begin() + at, '\n') + 1) + ": " + file.problems.front().what;
  }
  std::sort(outcome.violations.begin(), outcome.violations.end(), [](const Violation& a, const Violation& b) {
    return std::tie(a.span, a.rule, a.node, a.kind, a.document, a.value) < std::tie(b.span, b.rule, b.node, b.kind, b.document, b.value);
  });
  // A list of documents and its items, a text and the document that it is, are looked at both.
  const auto same = [](const Violation& a, const Violation& b) { return a.rule == b.rule && a.span == b.span && a.node == b.node; };
  outcome.violations.erase(std::unique(outcome.violations.begin(), outcome.violations.end(), same), outcome.violations.end());
  accept_marked(rules, file, question.path, outcome);
  return outcome;
}

PolicyEngine::PolicyEngine(const RuleSet& rules) : state_(std::make_unique<State>(rules)) {}
PolicyEngine::~PolicyEngine() = default;

bool PolicyEngine::wants(std::string_view path) const {
  const auto format = document_format(path);
  PathMatches matches(path);
  const auto applies = [&](uint32_t rule) { return state_->could_apply(state_->rules.rules[rule], matches, *format); };
  return format && (std::any_of(state_->config.begin(), state_->config.end(), applies) || std::any_of(state_->pairs.begin(), state_->pairs.end(), applies));
}

bool PolicyEngine::wants_versions_of(std::string_view name) const {
  const auto format = document_format(name);
  return format && state_->versions_formats[static_cast<size_t>(*format)];
}

bool PolicyEngine::wants_pairs(const std::string& path, Bytes bytes) const {
  const auto format = document_format(path);
  return format && !state_->pairs.empty() && !state_->armed(state_->pairs, {.path = path, .bytes = bytes, .hits = {}}, *format).empty();
}

PolicyOutcome PolicyEngine::judge(const Question& question) const { return state_->run(question, state_->config, nullptr); }

PolicyOutcome PolicyEngine::judge_pair(const Question& question, Bytes old_bytes) const {
  const auto format = document_format(question.path);
  if (!format || state_->pairs.empty()) return {};
  const ParsedFile old = parse_document(*format, question.path, old_bytes);
  return state_->run(question, state_->pairs, &old);
}

std::vector<std::pair<std::string, Violation>> PolicyEngine::judge_tree(const TreeView& tree) const {
  return judge_tree_rules(state_->rules, state_->trees, tree);
}

std::vector<std::string> PolicyEngine::classes_of(const std::string& path) const { return classes_of_path(state_->rules, path); }

std::string PolicyEngine::explain(const Question& question, uint32_t line) const {
  const auto format = document_format(question.path);
  if (!format) return question.path + ": no format that policy rules read; its name tells none\n";
  ParsedFile file = parse_document(*format, question.path, question.bytes);
  mark_incomplete(file);
  if (question.tree != nullptr) resolve_terraform(file, question.path, *question.tree);
  const PolicyContext context = state_->context_of(question, classes_of_path(state_->rules, question.path));
  return explain_line(context, file, document_units(context, file), state_->armed(state_->config, question, *format), line);
}

}  // namespace sealwarden
