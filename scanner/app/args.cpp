// SPDX-License-Identifier: Apache-2.0
#include "scanner/app/args.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <iostream>
#include <set>
#include <sstream>

#include "report/report.h"
#include "scanner/app/run_scan.h"
#include "scanner/app/version.h"
#include "scanner/base/dates.h"
#include "scanner/base/result.h"

namespace sealwarden {
namespace {

const std::map<std::string, Severity> kSeverities = {{"info", Severity::info},
                                                     {"low", Severity::low},
                                                     {"medium", Severity::medium},
                                                     {"high", Severity::high},
                                                     {"critical", Severity::critical}};
const std::map<std::string, Confidence> kConfidences = {
    {"low", Confidence::low}, {"medium", Confidence::medium}, {"high", Confidence::high}};
const std::map<std::string, Args::Progress> kProgress = {{"auto", Args::Progress::automatic},
                                                         {"always", Args::Progress::always},
                                                         {"never", Args::Progress::never}};

constexpr const char* kFooter =
    "Exit codes: 0 clean, 1 findings, 2 usage or configuration error, 3 incomplete scan,\n"
    "4 internal error or a report that could not be written, 130 interrupted.\n"
    "Nothing is sent over the network, and nothing of a scanned repository is run.";

// A table of names as CLI11's values, listed in the help as "low|medium|high".
template <class Enum>
void add_choice(CLI::App& app, const std::string& name, Enum& value, const std::map<std::string, Enum>& names,
                const std::string& help, const std::string& shown) {
  app.add_option_function<std::string>(
         name,
         [&value, &names, name](const std::string& text) {
           const auto found = names.find(text);
           if (found == names.end()) {
             std::string all;
             for (const auto& [one, unused] : names) all += (all.empty() ? "" : ", ") + one;
             throw CLI::ValidationError(name, "'" + text + "' is none of: " + all);
           }
           value = found->second;
         },
         help)
      ->type_name(shown);
}

void add_output(CLI::App& app, Args& args, const std::string& name, Format format, const std::string& help) {
  app.add_option_function<std::vector<std::string>>(
         name,
         [&args, format](const std::vector<std::string>& files) {
           for (const std::string& file : files) args.outputs.push_back({format, file});
         },
         help)
      ->type_name("FILE")
      ->type_size(1)
      ->allow_extra_args(false);  // else it would take the arguments behind its own
}

void add_selection(CLI::App& app, Args& args) {
  app.add_option("--only", args.only_rules, "Only these rules: an id, a name, a glob, kind:config, pack:NAME (may be given again)")
      ->type_name("RULES")->type_size(1)->allow_extra_args(false);
  app.add_option("--skip", args.skip_rules, "Not these rules (may be given again)")->type_name("RULES")->type_size(1)->allow_extra_args(false);
}

void add_rule_options(CLI::App& app, Args& args) {
  add_selection(app, args);
  app.add_option("--rules", args.rule_files, "Also use the rules of this TOML file (may be given again)")
      ->type_name("FILE")->type_size(1)->allow_extra_args(false);
  app.add_option("--config", args.config, "Use this configuration instead of the repository's .sealwarden.toml")->type_name("FILE");
  app.add_flag("--no-repo-config", args.no_repo_config,
               "Ignore .sealwarden.toml, .sealwardenignore and .sealwarden-baseline.json of the repository");
}

void add_scan_options(CLI::App& app, Args& args) {
  add_output(app, args, "--text", Format::text, "Write a report for people (default, to standard output)");
  add_output(app, args, "--json", Format::json, "Write JSON, schema 1 ('-' is standard output)");
  add_output(app, args, "--sarif", Format::sarif, "Write SARIF 2.1.0");
  add_output(app, args, "--sarif-full", Format::sarif_full,
             "Write SARIF with all results, also what policy rules found in order (pass) or nowhere to look at (notApplicable)");
  add_choice(app, "--fail-on", args.fail_on, kSeverities, "Least severity that makes the exit code 1 (default low; info never does)", "SEVERITY");
  add_choice(app, "--min-confidence", args.min_confidence, kConfidences, "Least confidence to report (default medium)", "low|medium|high");
  add_rule_options(app, args);
  app.add_option("--baseline", args.baseline, "Known findings: they are marked and do not fail")->type_name("FILE");
  app.add_flag("--strict", args.strict, "What was left out without being a loss (submodules, LFS, ignored files) makes the scan incomplete too");
  app.add_flag("--exit-zero", args.exit_zero, "Exit with 0 instead of 1 (an incomplete scan is still 3)");
  app.add_flag("--show-secrets,!--redact", args.show_secrets, "Show secrets in text and JSON, in files only you can read (default: --redact)");
  app.add_option_function<std::string>(
         "--as-of",
         [&args](const std::string& text) {
           if (!is_date(text)) throw CLI::ValidationError("--as-of", "'" + text + "' is no date like 2026-11-21");
           args.as_of = text;
         },
         "The day that decides what has expired (default: today, UTC)")
      ->type_name("DATE");
  app.add_option("-j,--jobs", args.jobs, "Threads (default: one per core)")->type_name("N")->check(CLI::Range(1, 256));
  add_choice(app, "--progress", args.progress, kProgress, "Progress on standard error (auto: a terminal only)", "auto|always|never");
  app.add_flag("--stats", args.stats, "Say on standard error what was done and how long it took");
  app.footer(kFooter);
}

void add_acceptance_option(CLI::App& app, Args& args) {
  app.add_flag("--no-new-acceptances", args.no_new_acceptances,
               "Allow comments and ignore lines that the change itself brings do not count");
}

CLI::App* add_command(CLI::App& app, Args& args, const std::string& name, Command command, const std::string& help) {
  CLI::App* sub = app.add_subcommand(name, help);
  sub->callback([&args, command] { args.command = command; });
  return sub;
}

void add_sources(CLI::App& app, Args& args) {
  CLI::App* scan = add_command(app, args, "scan", Command::scan, "Files and folders as they stand");
  scan->add_option("PATH", args.paths, "What to scan (default: the current folder)");
  scan->add_flag("--no-ignore", args.no_ignore, "Also what .gitignore and info/exclude name");
  add_scan_options(*scan, args);

  CLI::App* history = add_command(app, args, "history", Command::history,
                                  "Every object of a repository: all refs, stashes, reflogs, unreachable, messages, notes");
  history->add_option("REPO", args.repository, "The repository (default: that of the current folder)");
  history->add_flag("--refs-only", args.refs_only, "Only what refs reach: no reflogs, index or unreachable objects");
  history->add_flag("--full-blobs", args.full_blobs, "Scan each object whole, also what is copied from another version (slower, same result)");
  history->add_flag("--verify-objects", args.verify_objects, "Also check that each object's bytes have its id; a wrong one counts as corrupt");
  add_scan_options(*history, args);

  CLI::App* range = add_command(app, args, "range", Command::range, "What a pull request or push brings");
  range->add_option("BASE..HEAD", args.range, "The commits of HEAD that BASE does not have");
  range->add_option("REPO", args.repository, "The repository (default: that of the current folder)");
  range->add_flag("--stdin-refs", args.stdin_refs, "Read lines 'OLD NEW REF' from standard input, as a pre-receive hook gets them");
  add_acceptance_option(*range, args);
  add_scan_options(*range, args);

  CLI::App* staged = add_command(app, args, "staged", Command::staged, "What the next commit would bring");
  staged->add_option("REPO", args.repository, "The repository (default: that of the current folder)");
  add_acceptance_option(*staged, args);
  add_scan_options(*staged, args);

  CLI::App* input = add_command(app, args, "stdin", Command::standard_input, "Bytes from standard input");
  input->add_flag("--diff", args.diff, "They are a unified diff: only added lines count");
  input->add_option("--path", args.stdin_path, "What to call them in the report")->type_name("PATH");
  add_scan_options(*input, args);
}

void add_tools(CLI::App& app, Args& args) {
  CLI::App* rules = app.add_subcommand("rules", "List, show, test or measure rules");
  rules->require_subcommand(1);
  CLI::App* list = add_command(*rules, args, "list", Command::rules_list, "All rules, a line each");
  list->add_option("--kind", args.kinds, "Only rules of this kind: secret, file, config, tree or pair (may be given again)")
      ->type_name("KIND")->type_size(1)->allow_extra_args(false)->check(CLI::IsMember({"secret", "file", "config", "tree", "pair"}));
  add_rule_options(*list, args);
  CLI::App* show = add_command(*rules, args, "show", Command::rules_show, "All about one rule");
  show->add_option("RULE", args.rule, "Its id, name or a former id")->required();
  add_rule_options(*show, args);
  CLI::App* test = add_command(*rules, args, "test", Command::rules_test, "Run the examples that rules carry");
  test->add_option("FILE", args.paths, "Rule files (default: the shipped rules)");
  add_selection(*test, args);

  CLI::App* stats = add_command(*rules, args, "stats", Command::rules_stats, "What each rule costs in files and folders, and what its checks refuse");
  stats->add_option("PATH", args.paths, "What to measure on, listed as `scan` does")->required();
  add_output(*stats, args, "--json", Format::json, "Also write the figures as JSON, in sums ('-' is standard output, then without the text)");
  add_choice(*stats, "--min-confidence", args.min_confidence, kConfidences, "Least confidence that counts as verified (default medium)", "low|medium|high");
  add_rule_options(*stats, args);

  CLI::App* policy = app.add_subcommand("policy", "How policy rules see a document");
  policy->require_subcommand(1);
  CLI::App* explain = add_command(*policy, args, "explain", Command::policy_explain,
                                  "What stands on a line of a file, and which conditions of which rules hold there");
  explain->add_option("PLACE", args.spot, "FILE:LINE: the file and the line, from 1")->required();
  add_rule_options(*explain, args);

  CLI::App* baseline = app.add_subcommand("baseline", "Accept what is there today");
  baseline->require_subcommand(1);
  CLI::App* create = add_command(*baseline, args, "create", Command::baseline_create,
                                 "Scan a repository's history and write its findings as known");
  create->add_option("REPO", args.repository, "The repository (default: that of the current folder)");
  create->add_option("--output", args.baseline_output, "Where to write (default: REPO/.sealwarden-baseline.json)")->type_name("FILE");
  add_choice(*create, "--min-confidence", args.min_confidence, kConfidences, "Least confidence to accept (default medium)", "low|medium|high");
  add_rule_options(*create, args);

  CLI::App* hook = app.add_subcommand("hook", "The git pre-commit hook");
  hook->require_subcommand(1);
  CLI::App* install = add_command(*hook, args, "install", Command::hook_install, "Check each commit of a repository before it is made");
  install->add_option("REPO", args.repository, "The repository (default: that of the current folder)");
  CLI::App* uninstall = add_command(*hook, args, "uninstall", Command::hook_uninstall, "Take the hook out again");
  uninstall->add_option("REPO", args.repository, "The repository (default: that of the current folder)");
}

// CLI11 says of a wrong command only that one is missing. Empty: it is for CLI11 to judge.
std::string problem_with_command(const CLI::App& app, int argc, const char* const* argv) {
  if (argc < 2) return "";
  const std::string word = argv[1];
  if (word == "--help" || word == "-h" || word == "--version") return "";
  if (word.starts_with("-")) return "options stand behind the command, not before it: " + word;
  for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; }))
    if (command->get_name() == word) return "";
  return "there is no command '" + word + "'";
}

// Policy rules judge whole files by their names.
void check_judged(const Args& args) {
  if (!args.wants_judged() || args.command != Command::standard_input) return;
  if (args.diff) throw CLI::ValidationError("--sarif-full", "a diff holds parts of files, and only whole ones can be told to be in order: leave out --diff");
  if (args.stdin_path.empty()) throw CLI::ValidationError("--sarif-full", "policy rules go by the name of a file: give it with --path");
}

// Two reports in one file would leave one of them, or a mixture.
void check_outputs(const Args& args) {
  std::set<std::string> files;
  for (const Output& output : args.outputs)
    if (!files.insert(output.file).second && output.file != "/dev/null")
      throw CLI::ValidationError(output.file == "-" ? "standard output" : output.file, "named for more than one report");
}

}  // namespace

bool Args::wants_judged() const {
  return std::any_of(outputs.begin(), outputs.end(), [](const Output& one) { return one.format == Format::sarif_full; });
}

std::variant<Args, ExitCode> parse_args(int argc, const char* const* argv) {
  Args args;
  CLI::App app("Finds credentials and hardcoded secrets in git repositories, everywhere git can hold them.", "sealwarden");
  app.set_version_flag("--version", std::string(kToolName) + " " + kVersion);
  app.require_subcommand(1);
  app.footer(kFooter);
  add_sources(app, args);
  add_tools(app, args);
  if (const std::string problem = problem_with_command(app, argc, argv); !problem.empty()) {
    return report_error({Error::Kind::usage, problem + "; `sealwarden --help` lists the commands"});
  }
  try {
    app.parse(argc, argv);
    if (args.command == Command::range && args.stdin_refs && args.repository.empty()) args.repository.swap(args.range);
    if (args.command == Command::range && args.range.empty() != args.stdin_refs)
      throw CLI::ValidationError("range", "give either BASE..HEAD or --stdin-refs");
    check_outputs(args);
    check_judged(args);
  } catch (const CLI::ParseError& error) {
    std::ostringstream out, problem;
    const ExitCode code = app.exit(error, out, problem) == 0 ? ExitCode::clean : ExitCode::usage;
    std::cout << out.str();
    if (!problem.str().empty()) report_error({Error::Kind::usage, problem.str()});
    return code;
  }
  return args;
}

}  // namespace sealwarden
