// SPDX-License-Identifier: Apache-2.0
#include "scanner/policy/policy_engine.h"

#include <algorithm>
#include <array>
#include <functional>
#include <mutex>
#include <tuple>
#include <unordered_map>
#include <unordered_set>

#include "rules/policy_walk.h"
#include "scanner/doc/parse.h"
#include "scanner/engine/judgement.h"
#include "scanner/engine/overlaps.h"
#include "scanner/engine/value_class.h"
#include "scanner/policy/acceptances.h"
#include "scanner/policy/document_units.h"
#include "scanner/policy/evaluator.h"
#include "scanner/policy/explain.h"
#include "scanner/policy/path_classes.h"
#include "scanner/policy/prefilter.h"
#include "scanner/policy/resolvers.h"
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

// What of the rules can look at a file, by its path alone.
struct PathFacts {
  struct Candidate {
    uint32_t rule;
    std::vector<size_t> kinds;     // of rules.kinds: those of the rule that a file of this path can be of
    bool is_direct = false;        // the file's format is one of its documents, or any is
    bool is_idle = false;          // what it asks of paths and kinds of documents does not hold for a file of this path
  };
  std::optional<DocumentFormat> format;
  std::vector<size_t> kinds;       // of rules.kinds: those that hold documents
  std::vector<Candidate> config, pairs;
  std::vector<std::string> classes;  // of the path, if there are candidates
};

// What was found out of the paths that were asked for last: versions of a file come one behind the other, or nearly so. Thread-safe.
class PathCache {
 public:
  template <class Make>
  std::shared_ptr<const PathFacts> get(const std::string& path, const Make& make) {
    Shard& shard = shards_[std::hash<std::string>()(path) % shards_.size()];
    {
      const std::lock_guard lock(shard.mutex);
      if (const auto known = shard.facts.find(path); known != shard.facts.end()) return known->second;
    }
    auto made = std::make_shared<const PathFacts>(make());
    const std::lock_guard lock(shard.mutex);
    if (shard.facts.size() >= kMostPaths) shard.facts.clear();
    return shard.facts.emplace(path, std::move(made)).first->second;
  }

 private:
  static constexpr size_t kMostPaths = 1024;  // a shard; some 500 bytes each
  struct Shard {
    std::mutex mutex;
    std::unordered_map<std::string, std::shared_ptr<const PathFacts>> facts;
  };
  std::array<Shard, 16> shards_;
};

// Made at the first question: a scan that meets no configuration needs none of it. Thread-safe.
template <class T>
class Late {
 public:
  const T& get(const RuleSet& rules) const {
    std::call_once(once_, [&] { made_.emplace(rules); });
    return *made_;
  }

 private:
  mutable std::once_flag once_;
  mutable std::optional<T> made_;
};

// The resolvers that a rule's conditions cannot do without.
std::vector<std::string> needed_resolvers(const PolicyPart& part) {
  std::vector<std::string> names;
  for (const std::vector<Condition>* conditions : {&part.where, &part.when})
    for (const Condition& one : *conditions) {
      if (one.kind != Condition::Kind::test || !one.path.steps.empty()) continue;
      for (const NodeTest& test : one.tests)
        if (test.op == NodeTest::Op::resolver && test.wanted && !test.texts.empty()) names.push_back(test.texts.front());
    }
  return names;
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
      : rules(rule_set), patterns(rule_set), resolvers(rule_set.rules.size()), lexicon(Lexicon::builtin()) {
    for (uint32_t i = 0; i < rules.rules.size(); ++i) {
      const Rule& rule = rules.rules[i];
      if (rule.disabled || !rule.policy) continue;
      resolvers[i] = needed_resolvers(*rule.policy);
      if (rule.name == kUnreadRule || rule.id == kUnreadRule) unread_rule = i;
      else if (rule.kind == RuleKind::config) config.push_back(i);
      else if (rule.kind == RuleKind::pair) pairs.push_back(i);
      else if (rule.kind == RuleKind::tree) trees.push_back(i);
    }
    for (size_t i = 0; i < rules.kinds.size(); ++i) kinds.emplace(rules.kinds[i].name, i);
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
                              const auto& formats = rules.kinds[kind->second].formats;
                              return formats.empty() || std::find(formats.begin(), formats.end(), name) != formats.end();
                            });
    }
  }

  [[nodiscard]] std::shared_ptr<const PathFacts> facts_of(const std::string& path) const {
    return paths.get(path, [&] { return make_facts(path); });
  }

  [[nodiscard]] PathFacts make_facts(const std::string& path) const {
    PathFacts facts{.format = document_format(path), .kinds = {}, .config = {}, .pairs = {}, .classes = {}};
    if (!facts.format) return facts;
    const std::string_view format = name_of(*facts.format);
    std::vector<bool> fits(rules.kinds.size());
    for (size_t i = 0; i < rules.kinds.size(); ++i) {
      const DocumentKind& kind = rules.kinds[i];
      fits[i] = (kind.formats.empty() || std::find(kind.formats.begin(), kind.formats.end(), format) != kind.formats.end()) &&
                (kind.paths.empty() || kind.paths.any_matches(path)) && !kind.not_paths.any_matches(path);
      if (fits[i] && !kind.embedded.empty()) facts.kinds.push_back(i);
    }
    const bool may_embed = !facts.kinds.empty();
    for (const std::vector<uint32_t>* among : {&config, &pairs})
      for (const uint32_t index : *among) {
        const Rule& rule = rules.rules[index];
        PathFacts::Candidate candidate{.rule = index, .kinds = {}, .is_direct = rule.policy->docs.empty() && *facts.format != DocumentFormat::source};
        for (const std::string& name : rule.policy->docs) {
          const auto kind = kinds.find(name);
          if (kind == kinds.end()) candidate.is_direct = candidate.is_direct || name == format;
          else if (fits[kind->second]) candidate.kinds.push_back(kind->second);
        }
        if (!candidate.is_direct && candidate.kinds.empty() && !may_embed) continue;
        if ((!rule.paths.empty() && !rule.paths.any_matches(path)) || rule.not_paths.any_matches(path)) continue;
        (among == &config ? facts.config : facts.pairs).push_back(std::move(candidate));
      }
    if (facts.config.empty() && facts.pairs.empty()) return facts;
    facts.classes = classes_of_path(rules, path);
    // Texts that are read as documents are of other kinds.
    if (!may_embed)
      for (PathFacts::Candidate& one : facts.config) {
        const PolicyPart& part = *rules.rules[one.rule].policy;
        one.is_idle = all_of_path(part.where, path, facts, fits) == Truth::no || all_of_path(part.when, path, facts, fits) == Truth::no;
      }
    return facts;
  }

  // Whether conditions hold, as far as the path tells: the file's globs and classes, and which kinds its document cannot be of.
  [[nodiscard]] Truth all_of_path(const std::vector<Condition>& conditions, const std::string& path,
                                  const PathFacts& facts, const std::vector<bool>& fits) const {
    Truth all = Truth::yes;
    for (const Condition& one : conditions) all = all & of_path(one, path, facts, fits);
    return all;
  }
  [[nodiscard]] Truth of_path(const Condition& condition, const std::string& path, const PathFacts& facts, const std::vector<bool>& fits) const {
    const auto& names = condition.names;
    switch (condition.kind) {
      case Condition::Kind::all: return all_of_path(condition.children, path, facts, fits);
      case Condition::Kind::negate: return !all_of_path(condition.children, path, facts, fits);
      case Condition::Kind::any: {
        Truth some = Truth::no;
        for (const Condition& one : condition.children) some = some | of_path(one, path, facts, fits);
        return some;
      }
      case Condition::Kind::file: return truth(std::any_of(names.begin(), names.end(), [&](const std::string& glob) { return glob_matches(glob, path); }));
      case Condition::Kind::path_class:
        return truth(std::any_of(names.begin(), names.end(), [&](const std::string& name) {
          return std::find(facts.classes.begin(), facts.classes.end(), name) != facts.classes.end();
        }));
      case Condition::Kind::document: {
        Truth some = Truth::no;
        for (const std::string& name : names) {
          const auto kind = kinds.find(name);
          if (kind == kinds.end()) some = some | truth(name == name_of(*facts.format));
          else if (fits[kind->second]) some = some | Truth::unknown;
        }
        return some;
      }
      default: return Truth::unknown;
    }
  }

  [[nodiscard]] PolicyContext context_of(const Question& question, std::vector<std::string> classes) const {
    return {rules, patterns, lexicon, question.path, std::move(classes), question.hits, question.tree, question.head, nullptr, !question.at_tip};
  }

  [[nodiscard]] const Prefilter& prefilter() const { return late_prefilter.get(rules); }
  [[nodiscard]] const ChangedParts& changed_parts() const { return late_parts.get(rules); }

  // The rules that want this file.
  [[nodiscard]] Armed armed(const std::vector<PathFacts::Candidate>& among, const PathFacts& facts, const Question& question,
                            const Prefilter::Present& present) const {
    Armed out;
    // Texts that are read as documents may be of any kind.
    bool embeds = false;
    for (const size_t kind : facts.kinds) {
      embeds = prefilter().admits_kind(kind, present) && prefilter().may_embed(kind, present);
      if (embeds) break;
    }
    const PolicyContext context = context_of(question, {});
    for (const PathFacts::Candidate& one : among) {
      const PolicyPart& part = *rules.rules[one.rule].policy;
      if (one.is_idle) continue;
      if (!question.at_tip && rules.rules[one.rule].kind == RuleKind::config && part.scope != PolicyPart::Scope::versions) continue;
      const bool is_of_kind = one.is_direct || embeds ||
                              std::any_of(one.kinds.begin(), one.kinds.end(),
                                          [&](size_t kind) { return prefilter().admits_kind(kind, present); });
      if (!is_of_kind || !prefilter().admits(one.rule, present)) continue;
      const auto& names = resolvers[one.rule];
      if (std::all_of(names.begin(), names.end(), [&](const std::string& name) { return may_resolve(name, context); })) out.rules.push_back(one.rule);
    }
    out.are_covered = !question.at_tip && facts.format == DocumentFormat::yaml &&
                      std::all_of(out.rules.begin(), out.rules.end(),
                                  [&](uint32_t rule) { return changed_parts().covers(rule) != ChangedParts::Cover::none; });
    return out;
  }

  // The rules that would want this file, were their words in it.
  [[nodiscard]] static std::vector<uint32_t> wordless(const std::vector<PathFacts::Candidate>& among, const std::vector<uint32_t>& wanting) {
    std::vector<uint32_t> out;
    for (const PathFacts::Candidate& one : among)
      if (!std::binary_search(wanting.begin(), wanting.end(), one.rule)) out.push_back(one.rule);
    return out;
  }

  // What judging a document came to, beside what was found.
  struct Course {
    bool is_whole = true;     // false: a limit ended it before its end
    bool is_covered = true;   // false: a rule was about it whose verdict an edit elsewhere can change
  };
  [[nodiscard]] Course judge_unit(const PolicyContext& context, const ParsedFile& file, const DocumentUnit& unit, const std::vector<uint32_t>& armed,
                  std::vector<Violation>& out, JudgedDocument& judged) const;
  // False: it cannot be known, and the rule says nothing of that.
  bool judge_node(Evaluator& evaluator, const DocumentUnit& unit, uint32_t rule, uint32_t node, std::vector<Violation>& out) const;
  void list_unit(const PolicyContext& context, const ParsedFile& file, const DocumentUnit& unit, const std::vector<uint32_t>& others,
                 JudgedDocument& judged) const;
  void finish_list(bool is_unread, PolicyOutcome& outcome) const;
  void report(Evaluator& evaluator, const DocumentUnit& unit, uint32_t rule, uint32_t node, Finding::Kind kind, std::vector<Violation>& out) const;
  void report_unread(const ParsedFile& file, const std::vector<uint32_t>& armed, std::vector<Violation>& out) const;
  [[nodiscard]] PolicyOutcome run(const Question& question, const Armed& armed, RuleKind kind, const ParsedFile* old) const;

  const RuleSet& rules;
  PatternTable patterns;
  Late<Prefilter> late_prefilter;
  Late<ChangedParts> late_parts;
  std::vector<std::vector<std::string>> resolvers;  // by rule: what may_resolve() is asked for
  mutable PathCache paths;
  const Lexicon& lexicon;
  std::vector<uint32_t> config, pairs, trees;
  std::array<bool, kDocumentFormats> versions_formats{};
  std::optional<uint32_t> unread_rule;
  std::map<std::string, size_t, std::less<>> kinds;  // of rules.kinds, by name
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

// That it stands in a document makes no secret of a word: what the secret rules doubt in any text, a rule that knows no more
// than the name doubts too. A rule that knows what the document is doubts less: a container's password is one, however weak.
// False: of a value that the secret rules refuse it says nothing.
bool weigh(const Lexicon& lexicon, const PolicyPart& part, std::string_view name, Violation& violation) {
  const bool is_named = is_secret_name(lexicon, name);  // or in a URL, a command
  const Verdict verdict = literal_verdict(lexicon, is_named ? name : "password", violation.value);
  const ValueClass kind = value_class(lexicon, violation.value);
  violation.reason = "value: " + std::string(name_of(kind));
  const bool is_told = kind == ValueClass::random || kind == ValueClass::uuid || (kind == ValueClass::mixed && is_strong(lexicon, violation.value));
  if (verdict == Verdict::medium && is_told) return true;
  const Confidence most = part.is_general ? as_confidence(verdict).value_or(Confidence::low) : Confidence::medium;
  violation.confidence = std::min(violation.confidence, most);
  return !(part.is_general && is_named && verdict == Verdict::refused);
}

bool speaks_of_path(const std::vector<Condition>& conditions) {
  bool found = false;
  const auto note = [&](const Condition& one) { found = found || one.kind == Condition::Kind::path_class || one.kind == Condition::Kind::file; };
  ConditionWalk{note, [](const NodeTest&) {}, [](const DocumentPath&) {}}.walk(conditions);
  return found;
}

// Templates that only define what others use are no documents: Helm's _helpers.tpl.
bool is_partial_template(std::string_view path) {
  const std::string_view name = path.substr(path.rfind('/') == std::string_view::npos ? 0 : path.rfind('/') + 1);
  return name.starts_with('_') && name.ends_with(".tpl");
}

bool names_kind(const std::vector<std::string>& names, const std::vector<std::string>& kinds) {
  return std::any_of(names.begin(), names.end(), [&](const std::string& name) { return std::find(kinds.begin(), kinds.end(), name) != kinds.end(); });
}

void leave_open(JudgedDocument& judged) {
  judged.others.insert(judged.others.end(), judged.passed.begin(), judged.passed.end());
  std::sort(judged.others.begin(), judged.others.end());
  judged.passed.clear();
}

// Whether the rule is about this document.
Truth is_about(const PolicyPart& part, Evaluator& evaluator, const DocumentUnit& unit) {
  if (!part.docs.empty() && !names_kind(part.docs, unit.kinds)) return Truth::no;
  if (names_kind(part.not_docs, unit.kinds)) return Truth::no;
  if (unit.state == DocumentState::lines && !part.line_mode) return Truth::no;
  return evaluator.all_hold(part.where, unit.root);
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
      common.path_judged = one.severity && speaks_of_path(one.when);
      break;
    }
  common.message = evaluator.fill(rule.policy->message, node, rule.policy->is_secret);
  if (kind == Finding::Kind::open) common.message = "Cannot be decided from the text: " + common.message;
  for (const NodeValue& place : places.nodes) {
    Violation violation = common;
    violation.span = compact_span(file, place);
    violation.node = logical_path(file, place.node, false, evaluator.memo().items);
    violation.value = place.text;
    violation.subject = unit.identity + "\n" + logical_path(file, place.node, true, evaluator.memo().items) +
                        "\n" + (rule.policy->is_secret ? std::string() : std::string(place.text));
    if (rule.policy->is_secret) {
      const NodeValue name = evaluator.name_of_value(place.node);
      narrow_to_secret(lexicon, file, name.text, place, violation);
      if (rule.policy->is_weighed && kind != Finding::Kind::open && !weigh(lexicon, *rule.policy, name.text, violation)) continue;
    }
    out.push_back(std::move(violation));
  }
}

bool PolicyEngine::State::judge_node(Evaluator& evaluator, const DocumentUnit& unit, uint32_t index, uint32_t node, std::vector<Violation>& out) const {
  const PolicyPart& part = *rules.rules[index].policy;
  const Truth verdict = evaluator.all_hold(part.when, node);
  if (verdict == Truth::no || (verdict == Truth::unknown && part.on_unknown == PolicyPart::Unknown::ignore)) return verdict == Truth::no;
  const bool open = verdict == Truth::unknown && part.on_unknown == PolicyPart::Unknown::open;
  report(evaluator, unit, index, node, open ? Finding::Kind::open : part.result, out);
  return true;
}

PolicyEngine::State::Course PolicyEngine::State::judge_unit(const PolicyContext& context, const ParsedFile& file, const DocumentUnit& unit,
                                     const std::vector<uint32_t>& armed, std::vector<Violation>& out, JudgedDocument& judged) const {
  Evaluator evaluator(context, file, unit.root, unit.top, unit.kinds);
  std::optional<FoundNodes> all;  // what `**` gives, which many rules ask for
  Course course;
  for (const uint32_t index : armed) {
    const PolicyPart& part = *rules.rules[index].policy;
    const Truth fits = is_about(part, evaluator, unit);
    if (fits == Truth::no) continue;
    if (context.is_old) course.is_covered = course.is_covered && changed_parts().covers(index) >= ChangedParts::Cover::silence;
    // What a template hides of the document keeps no literal secret from being one.
    if (fits == Truth::unknown && !part.is_secret) {
      judged.others.push_back(index);
      continue;
    }
    const size_t before = out.size();
    bool is_known = fits == Truth::yes;
    if (part.each.empty()) is_known &= judge_node(evaluator, unit, index, unit.root, out);
    std::unordered_set<uint32_t> seen;
    for (const DocumentPath& each : part.each) {
      const bool is_all = each.steps.size() == 1 && each.steps.front().kind == PathStep::Kind::any_depth;
      if (is_all && !all) all = evaluator.find(each, unit.root);
      const FoundNodes own = is_all ? FoundNodes() : evaluator.find(each, unit.root);
      const FoundNodes& found = is_all ? *all : own;
      is_known &= !found.hidden;
      for (const NodeValue& node : found.nodes)
        if (part.each.size() == 1 || seen.insert(node.node).second) is_known &= judge_node(evaluator, unit, index, node.node, out);
    }
    (is_known && out.size() == before ? judged.passed : judged.others).push_back(index);
  }
  course.is_whole = !evaluator.is_exhausted();
  return course;
}

// Of rules without their words nothing is reported; that they find nothing is told only if they do not.
void PolicyEngine::State::list_unit(const PolicyContext& context, const ParsedFile& file, const DocumentUnit& unit, const std::vector<uint32_t>& others,
                                    JudgedDocument& judged) const {
  std::vector<Violation> ignored;
  const bool is_whole = judge_unit(context, file, unit, others, ignored, judged).is_whole;
  judged.span = file.nodes[unit.root].span;
  judged.name = unit.identity;
  std::sort(judged.passed.begin(), judged.passed.end());
  std::sort(judged.others.begin(), judged.others.end());
  if (!is_whole || unit.state > DocumentState::masked) leave_open(judged);
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

// In what was not read to its end no rule is satisfied. A file that no rule wants may be as broken as it likes.
void PolicyEngine::State::finish_list(bool is_unread, PolicyOutcome& outcome) const {
  if (is_unread)
    for (JudgedDocument& one : outcome.judged) leave_open(one);
  if (outcome.state == PolicyOutcome::State::not_wanted) {
    if (is_unread) outcome.judged.clear();
  } else if (unread_rule) {
    JudgedDocument whole;
    (is_unread ? whole.others : whole.passed).push_back(*unread_rule);
    outcome.judged.insert(outcome.judged.begin(), std::move(whole));
  }
}

PolicyOutcome PolicyEngine::State::run(const Question& question, const Armed& armed, RuleKind kind, const ParsedFile* old) const {
  PolicyOutcome outcome;
  const std::shared_ptr<const PathFacts> facts = facts_of(question.path);
  const auto format = facts->format;
  const std::vector<uint32_t>& wanting = armed.rules;
  const std::vector<uint32_t> others =
      question.list_judged ? wordless(kind == RuleKind::pair ? facts->pairs : facts->config, wanting) : std::vector<uint32_t>();
  if (wanting.empty() && others.empty()) {
    outcome.carries = armed.are_covered;
    return outcome;
  }
  ParsedFile file = parse_document(*format, question.path, question.bytes);
  mark_incomplete(file);
  if (question.tree != nullptr) resolve_terraform(file, question.path, *question.tree);
  outcome.document_state = worst_state(file);
  PolicyContext context = context_of(question, facts->classes);
  context.old = old;
  bool is_covered = armed.are_covered;
  const auto is_limit = [](const DocumentProblem& one) { return one.kind == DocumentProblem::Kind::budget; };
  for (const DocumentUnit& unit : document_units(context, file)) {
    JudgedDocument judged;
    const Course course = judge_unit(context, file, unit, wanting, outcome.violations, judged);
    is_covered = is_covered && course.is_covered;
    if (!course.is_whole && std::none_of(file.problems.begin(), file.problems.end(), is_limit))
      file.problems.push_back({DocumentProblem::Kind::budget, file.nodes[unit.root].span,
                               "rules would have to visit its nodes more often than the limit allows"});
    if (!question.list_judged) continue;
    list_unit(context, file, unit, others, judged);
    outcome.judged.push_back(std::move(judged));
  }
  const bool limited = std::any_of(file.problems.begin(), file.problems.end(), is_limit);
  outcome.carries = is_covered && file.problems.empty() && outcome.document_state <= DocumentState::masked;
  const bool unread = limited || (lacks_something(file) && !is_loose(*format) && !is_partial_template(question.path));
  if (!wanting.empty()) outcome.state = unread ? PolicyOutcome::State::unread : PolicyOutcome::State::judged;
  if (question.list_judged) finish_list(unread, outcome);
  if (wanting.empty()) return outcome;
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
  outcome.carries = outcome.carries && std::all_of(outcome.violations.begin(), outcome.violations.end(), [&](const Violation& one) {
    return changed_parts().covers(one.rule) == ChangedParts::Cover::all;
  });
  return outcome;
}

PolicyEngine::PolicyEngine(const RuleSet& rules) : state_(std::make_unique<State>(rules)) {}
PolicyEngine::~PolicyEngine() = default;

bool PolicyEngine::wants(const std::string& path) const {
  const std::shared_ptr<const PathFacts> facts = state_->facts_of(path);
  return !facts->config.empty() || !facts->pairs.empty();
}

bool PolicyEngine::wants_versions_of(std::string_view name) const {
  const auto format = document_format(name);
  return format && state_->versions_formats[static_cast<size_t>(*format)];
}

bool PolicyEngine::wants_pairs(const Question& question, const Prefilter::Present& present) const {
  const std::shared_ptr<const PathFacts> facts = state_->facts_of(question.path);
  return !facts->pairs.empty() && !state_->armed(facts->pairs, *facts, question, present).rules.empty();
}

bool PolicyEngine::wants_pairs(const std::string& path, Bytes bytes) const {
  const Question question{.path = path, .bytes = bytes, .hits = {}};
  return !state_->facts_of(path)->pairs.empty() && wants_pairs(question, present(question));
}

Prefilter::Present PolicyEngine::present(const Question& question) const { return state_->prefilter().present(question.path, question.bytes); }

Prefilter::Present PolicyEngine::present_after(const Prefilter::Present& before, Bytes bytes, Bytes changed) const {
  return state_->prefilter().present_after(before, bytes, changed);
}

PolicyEngine::Armed PolicyEngine::armed(const Question& question, const Prefilter::Present& present) const {
  const std::shared_ptr<const PathFacts> facts = state_->facts_of(question.path);
  return state_->armed(facts->config, *facts, question, present);
}

PolicyOutcome PolicyEngine::judge(const Question& question) const {
  if (state_->facts_of(question.path)->config.empty()) return state_->run(question, {}, RuleKind::config, nullptr);
  return judge(question, armed(question, present(question)));
}

PolicyOutcome PolicyEngine::judge(const Question& question, const Armed& armed) const {
  return state_->run(question, armed, RuleKind::config, nullptr);
}

PolicyOutcome PolicyEngine::judge_pair(const Question& question, Bytes old_bytes) const {
  const std::shared_ptr<const PathFacts> facts = state_->facts_of(question.path);
  if (facts->pairs.empty()) return {};
  const ParsedFile old = parse_document(*facts->format, question.path, old_bytes);
  return state_->run(question, state_->armed(facts->pairs, *facts, question, present(question)), RuleKind::pair, &old);
}

TreeFindings PolicyEngine::judge_tree(const TreeView& tree) const {
  return judge_tree_rules(state_->rules, state_->trees, tree);
}

const ChangedParts& PolicyEngine::changed_parts() const { return state_->changed_parts(); }

std::vector<std::string> PolicyEngine::classes_of(const std::string& path) const { return classes_of_path(state_->rules, path); }

std::string PolicyEngine::explain(const Question& question, uint32_t line) const {
  const std::shared_ptr<const PathFacts> facts = state_->facts_of(question.path);
  if (!facts->format) return question.path + ": no format that policy rules read; its name tells none\n";
  ParsedFile file = parse_document(*facts->format, question.path, question.bytes);
  mark_incomplete(file);
  if (question.tree != nullptr) resolve_terraform(file, question.path, *question.tree);
  const PolicyContext context = state_->context_of(question, classes_of_path(state_->rules, question.path));
  return explain_line(context, file, document_units(context, file), armed(question, present(question)).rules, line);
}

}  // namespace sealwarden
