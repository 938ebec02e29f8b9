// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <iomanip>
#include <iostream>
#include <set>

#include "report/redactor.h"
#include "rules/builtin.h"
#include "rules/compiled_rules.h"
#include "rules/condition_text.h"
#include "rules/rule_selection.h"
#include "rules/token_maker.h"
#include "scanner/app/commands.h"
#include "scanner/app/policy_tests.h"
#include "scanner/app/run_scan.h"
#include "scanner/app/settings.h"
#include "scanner/base/atomic_file.h"
#include "scanner/engine/blob_scanner.h"
#include "scanner/engine/file_rules.h"
#include "scanner/engine/overlaps.h"

namespace sealwarden {
namespace {

void print_list(const std::string& label, const std::vector<std::string>& items) {
  if (items.empty()) return;
  std::cout << std::left << std::setw(14) << label;
  for (size_t i = 0; i < items.size(); ++i) std::cout << (i == 0 ? "" : ", ") << items[i];
  std::cout << '\n';
}

void print_field(const std::string& label, std::string_view value) {
  if (!value.empty()) std::cout << std::left << std::setw(14) << label << value << '\n';
}

// What one test of one rule gives: lines of the rule's findings, and the first one's secret.
struct Outcome {
  std::vector<uint32_t> lines;
  Secret first;
};

Outcome run_test(const CompiledRules& rules, uint32_t index, const RuleTest& test, const std::string& bytes) {
  const Rule& rule = rules.rule(index);
  Outcome outcome;
  if (rule.kind == RuleKind::file) {
    std::vector<uint32_t> candidates;
    FileRuleIndex(rules.rule_set()).candidates(std::string_view(test.path).substr(test.path.rfind('/') + 1), candidates);
    if (std::count(candidates.begin(), candidates.end(), index) != 0 && rule_applies(rule, &test.path) &&
        file_rule_confirms(rules, index, bytes))
      outcome.lines.push_back(1);
    return outcome;
  }
  BlobScanner::Worker scanner(rules);
  const std::vector<Hit>& hits = scanner.scan(bytes);
  const std::string* path = test.path.empty() ? nullptr : &test.path;
  for (const ResolvedHit& one : resolve_hits(rules.rule_set(), hits, path)) {
    const auto is_mine = [&](const OtherRule& other) { return other.rule == index; };
    const bool mine = one.hit->rule == index || std::any_of(one.also.begin(), one.also.end(), is_mine);
    // What is judged is expected at the threshold that people use.
    if (!mine || (rule.reader != Rule::Reader::regex && one.confidence < Confidence::medium)) continue;
    if (outcome.lines.empty()) outcome.first = one.hit->secret;
    outcome.lines.push_back(one.hit->region.start_line);
  }
  return outcome;
}

std::string show_lines(const std::vector<uint32_t>& lines) {
  if (lines.empty()) return "none";
  std::string text = std::to_string(lines.size()) + " (line";
  for (const uint32_t line : lines) text += " " + std::to_string(line);
  return text + ")";
}

// Empty if the test did what it expects.
std::string judge_test(const CompiledRules& rules, uint32_t index, const RuleTest& test) {
  const Result<TestBytes> made = expand_test(rules.rule(index), test);
  if (!made) return made.error().message;
  const Outcome outcome = run_test(rules, index, test, made->bytes);
  if (test.expect_count ? outcome.lines.size() != *test.expect_count : outcome.lines != test.expect_lines) {
    const std::string wanted = test.expect_count ? std::to_string(*test.expect_count) : show_lines(test.expect_lines);
    return "expected " + wanted + ", found " + show_lines(outcome.lines);
  }
  if (!made->secret.empty() && outcome.first.reveal() != made->secret)
    return "found " + redacted(outcome.first) + " instead of " + redacted(Secret(made->secret));
  return {};
}

template <class T>
void move_into(std::vector<T>& into, std::vector<T>& from) {
  std::move(from.begin(), from.end(), std::back_inserter(into));
}

// The rules that are tested, and those beside them whose tests are not asked for: what a test sees does not hang on the choice.
struct TestedRules {
  RuleSet set;
  std::vector<bool> is_chosen;  // by rule
};

// Of rules from files these alone, so that no shipped one answers in their place; with all words that there are.
Result<TestedRules> rules_to_test(const Args& args) {
  RuleFile file;
  TRY(Vocabulary words, builtin_vocabulary());
  if (args.paths.empty()) {
    TRY(file.rules, builtin_rules());
    TRY_VOID(add_builtin_tests(file.rules));
  }
  std::vector<RuleFile> files;
  for (const std::string& name : args.paths) {
    Result<std::string> text = read_input(name);
    if (!text) return tl::unexpected<Error>(std::move(text.error()));
    TRY(RuleFile one, load_rule_file({name, std::move(*text)}));
    files.push_back(std::move(one));
  }
  // What a scan would refuse is refused here too: an id that exists, an override of a rule that does not.
  TRY_VOID(shipped_rule_set(files));
  for (RuleFile& one : files) {
    move_into(file.rules, one.rules);
    move_into(file.kinds, one.kinds);
    move_into(file.lexicons, one.lexicons);
    move_into(file.classes, one.classes);
  }
  TRY(RuleSet set, merge_rules({}, {std::move(file)}, {}, std::move(words)));
  RuleSet chosen = set;
  TRY_VOID(select_rules(chosen, {args.only_rules, args.skip_rules}));
  TestedRules tested{std::move(set), {}};
  for (const Rule& rule : chosen.rules) tested.is_chosen.push_back(!rule.disabled);
  return tested;
}

// How many tests a rule has; those of shipped rules are not at hand until asked for.
size_t count_tests(const Rule& rule) {
  if (pack_of(rule).empty()) return rule.tests.size();
  Result<std::vector<Rule>> all = builtin_rules();
  if (!all || !add_builtin_tests(*all)) return 0;
  const auto same = std::find_if(all->begin(), all->end(), [&](const Rule& one) { return one.id == rule.id; });
  return same == all->end() ? 0 : same->tests.size();
}

std::string joined_paths(const std::vector<DocumentPath>& paths) {
  std::string out;
  for (const DocumentPath& path : paths) out += (out.empty() ? "" : ", ") + (path.steps.empty() ? std::string(".") : path.text);
  return out;
}

// A text of several lines stands below its label.
void print_block(const std::string& label, const std::string& text) {
  const bool is_line = text.find('\n') == std::string::npos;
  if (is_line) return print_field(label, text);
  std::cout << label << '\n';
  for (size_t at = 0; at < text.size();) {
    const size_t end = std::min(text.find('\n', at), text.size());
    std::cout << "    " << text.substr(at, end - at) << '\n';
    at = end + 1;
  }
}

void show_severity_cases(const std::vector<SeverityIf>& cases) {
  for (const SeverityIf& one : cases) {
    std::string change;
    if (one.severity) change += std::string(name_of(*one.severity)) + " severity, ";
    if (one.confidence) change += std::string(name_of(*one.confidence)) + " confidence, ";
    if (one.result) change += *one.result == Finding::Kind::review ? "to review, " : "a failure, ";
    print_field("but", change.substr(0, change.size() - 2) + " if " + text_of(one.when));
  }
}

void show_documents(const Rule& rule, const PolicyPart& part) {
  if (rule.kind == RuleKind::config)
    print_field("scope", part.scope == PolicyPart::Scope::versions ? "every version of a file" : "files as they are at the tips");
  print_list("documents", part.docs);
  print_list("not documents", part.not_docs);
  print_field("where", text_of(part.where));
  print_field("each", joined_paths(part.each));
  print_field("when", text_of(part.when));
  if (!part.at.steps.empty()) print_field("reports", part.at.text);
  if (part.is_weighed) print_field("confidence", "no higher than what the value and its name look like allows");
}

void show_tree(const PolicyPart& part) {
  print_list("beside", part.if_any);
  print_list(part.or_ancestor ? "or above" : "same folder", part.same_folder);
  print_list("anywhere", part.anywhere);
  print_field("resolver", part.resolver);
  print_list("arguments", part.arguments);
}

void show_policy(const Rule& rule) {
  if (!rule.policy) return;
  const PolicyPart& part = *rule.policy;
  if (rule.kind == RuleKind::tree)
    show_tree(part);
  else
    show_documents(rule, part);
  if (part.result == Finding::Kind::review) print_field("result", "to review");
  show_severity_cases(part.severity_if);
  print_field("message", part.message);
}

}  // namespace

ExitCode list_rules(const Args& args) {
  const ConfigReader reader = current_folder_reader();
  const Result<RuleSet> rules = load_rules(args, &reader);
  if (!rules) return report_error(rules.error());
  std::vector<const Rule*> sorted;
  for (const Rule& rule : rules->rules)
    if (args.kinds.empty() || std::count(args.kinds.begin(), args.kinds.end(), name_of(rule.kind)) != 0) sorted.push_back(&rule);
  std::sort(sorted.begin(), sorted.end(), [](const Rule* a, const Rule* b) { return a->id < b->id; });
  for (const Rule* rule : sorted)
    std::cout << std::left << std::setw(40) << rule->id << ' ' << std::setw(7) << name_of(rule->kind) << ' ' << std::setw(9)
              << name_of(rule->severity) << ' ' << rule->title << (rule->disabled ? " (disabled)" : "") << '\n';
  return ExitCode::clean;
}

ExitCode show_rule(const Args& args) {
  const ConfigReader reader = current_folder_reader();
  const Result<RuleSet> rules = load_rules(args, &reader);
  if (!rules) return report_error(rules.error());
  const Rule* rule = rules->find(args.rule);
  if (rule == nullptr)
    return report_error({Error::Kind::usage, "there is no rule '" + args.rule + "'; `sealwarden rules list` shows all"});
  print_field("id", rule->id);
  print_field("name", rule->name);
  print_field("title", rule->title);
  print_field("kind", name_of(rule->kind));
  print_field("severity", name_of(rule->severity));
  print_field("confidence", name_of(rule->confidence));
  print_field("state", rule->disabled ? "disabled" : "");
  print_field("regex", rule->regex);
  print_list("keywords", rule->keywords);
  for (const Anchor& anchor : rule->anchors)
    print_field("anchor", anchor.regex + "  (before " + std::to_string(anchor.before) + ", after " + std::to_string(anchor.after) + ")");
  print_field("checksum", rule->checksum == Checksum::none ? "" : name_of(rule->checksum));
  print_list("paths", rule->paths.texts());
  print_list("not paths", rule->not_paths.texts());
  print_field("content", rule->confirm.regex);
  show_policy(*rule);
  print_block("why", rule->why);
  print_block(rule->kind == RuleKind::secret ? "advice" : "fix", rule->advice);
  print_block("example", rule->example);
  print_list("cwe", rule->cwe);
  print_list("owasp", rule->owasp);
  print_list("cis", rule->cis);
  print_list("ssdf", rule->ssdf);
  print_field("url", rule->url);
  print_list("equivalents", rule->equivalents);
  print_list("aliases", rule->aliases);
  print_field("tests", std::to_string(count_tests(*rule)));
  print_field("origin", rule->origin);
  return ExitCode::clean;
}

ExitCode test_rules(const Args& args) {
  Result<TestedRules> tested = rules_to_test(args);
  if (!tested) return report_error(tested.error());
  const Result<std::unique_ptr<CompiledRules>> rules = CompiledRules::make(std::move(tested->set), cache_folder());
  if (!rules) return report_error(rules.error());
  const PolicyEngine policy((*rules)->rule_set());
  size_t passed = 0, failed = 0;
  // The shipped rules went through the lint when they were built in; of others the examples are part of it.
  if (!args.paths.empty())
    for (const Rule& rule : (*rules)->rule_set().rules)
      for (const std::string& problem : lint_rule(rule)) {
        ++failed;
        std::cout << problem << '\n';
      }
  for (uint32_t index = 0; index < (*rules)->rule_set().rules.size(); ++index) {
    const Rule& rule = (*rules)->rule(index);
    if (!tested->is_chosen[index]) continue;
    for (size_t i = 0; i < rule.tests.size(); ++i) {
      const RuleTest& test = rule.tests[i];
      const std::string problem = rule.policy ? judge_policy_test(**rules, policy, index, test) : judge_test(**rules, index, test);
      ++(problem.empty() ? passed : failed);
      if (!problem.empty())
        std::cout << rule.origin << ": " << rule.id << ": test " << i + 1
                  << (rule.tests[i].name.empty() ? "" : " (" + rule.tests[i].name + ")") << ": " << problem << '\n';
    }
    if (rule.tests.empty()) std::cout << rule.origin << ": " << rule.id << ": has no tests\n";
  }
  std::cout << passed << " passed, " << failed << " failed\n";
  return failed == 0 ? ExitCode::clean : ExitCode::findings;
}

}  // namespace sealwarden
