// SPDX-License-Identifier: Apache-2.0
#include "scanner/app/run_scan.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <iostream>
#include <set>

#include "report/redactor.h"
#include "report/writers.h"
#include "rules/builtin.h"
#include "scanner/app/scans.h"
#include "scanner/app/suppress.h"
#include "scanner/app/version.h"
#include "scanner/base/atomic_file.h"

namespace sealwarden {
namespace {

Result<ScanResult> scan(const Args& args, Ledger& ledger) {
  switch (args.command) {
    case Command::history: return scan_history(args, ledger);
    case Command::range: return scan_range(args, ledger);
    case Command::staged: return scan_staged(args, ledger);
    case Command::standard_input: return scan_standard_input(args, ledger);
    default: return scan_work_tree(args, ledger);
  }
}

bool was_interrupted(const Report& report) {
  return std::any_of(report.ledger.skipped.begin(), report.ledger.skipped.end(),
                     [](const Ledger::Row& row) { return row.reason == Skip::interrupted; });
}

Report make_report(const Args& args, ScanResult& result, const Ledger& ledger) {
  Report report;
  report.tool_version = kVersion;
  report.target = std::move(result.target);
  report.findings = std::move(result.findings);
  bool as_of_used = result.as_of_used;
  if (args.no_new_acceptances) refuse_new_acceptances(result.settings, report.findings);
  suppress(result.settings, report.findings, result.whole, as_of_used);
  if (as_of_used) report.target.as_of = result.settings.as_of;
  judge(args, result.stats.unsure, report);
  report.complete = ledger.complete();
  report.ledger.blobs = ledger.scanned_blobs();
  report.ledger.bytes = ledger.scanned_bytes();
  report.ledger.skipped = ledger.rows();
  report.baseline_used = result.settings.baseline.has_value();
  std::set<std::string> named;
  for (const Finding& finding : report.findings) {
    named.insert(finding.rule);
    named.insert(finding.also.begin(), finding.also.end());
  }
  const RuleSet& rules = result.settings.rules->rule_set();
  for (const std::string& id : named)
    if (const Rule* rule = rules.find(id)) report.rules.push_back(*rule);
  report.judged = std::move(result.judged);
  // What was not looked at may be what a rule is about.
  if (report.judged && was_interrupted(report)) report.judged->not_applicable.clear();
  return report;
}

// The redactor knows all findings' secrets, also of those too uncertain to be reported. But names that a report shows can
// hold secrets that are no finding here: a folder or a document's name that was there before a change, an ignored file, a submodule.
void learn_names(const Report& report, const CompiledRules& rules, Redactor& redactor) {
  std::set<std::string> texts, told;  // `told`: made of what a document holds; there "[name=password]" assigns nothing
  if (report.target.remote) texts.insert(*report.target.remote);
  if (report.target.branch) texts.insert(*report.target.branch);
  for (const Ledger::Row& row : report.ledger.skipped) texts.insert(row.examples.begin(), row.examples.end());
  for (const Finding& finding : report.findings) {
    if (finding.path) texts.insert(*finding.path);
    told.insert({finding.document, finding.node, finding.message});
    if (finding.suppressed) texts.insert(finding.suppressed->why);
    for (const Place& place : finding.places) texts.insert(place.author);
  }
  if (report.judged)
    for (const auto& [path, documents] : report.judged->files) {
      texts.insert(path);
      for (const JudgedFiles::Document& one : documents) told.insert(one.name);
    }
  if (texts.empty() && told.empty()) return;
  BlobScanner::Worker scanner(rules);
  for (const std::string& text : texts)
    for (const Hit& hit : scanner.scan(text))
      if (!hit.refused) redactor.add(hit.secret);
  for (const std::string& text : told)
    for (const Hit& hit : scanner.scan(text))
      if (!hit.refused && rules.rule(hit.rule).reader == Rule::Reader::regex && rules.rule(hit.rule).rank >= Rank::provider) redactor.add(hit.secret);
}

unsigned terminal_width() {
  winsize size{};
  return ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col >= 40 ? size.ws_col : 100;
}

void write_report(const Output& output, const Report& report, const Redactor& redactor, const Args& args, const Sink& sink) {
  WriteOptions options{.show_secrets = args.show_secrets};
  if (output.file == "-") {
    options.colour = ::isatty(STDOUT_FILENO) == 1 && std::getenv("NO_COLOR") == nullptr;
    options.width = terminal_width();
  }
  switch (output.format) {
    case Format::json: return write_json(report, redactor, options, sink);
    case Format::sarif: return write_sarif(report, redactor, SarifExtent::for_readers, sink);
    case Format::sarif_full: return write_sarif(report, redactor, SarifExtent::complete, sink);
    case Format::text: return sink(write_text(report, redactor, options));
  }
}

Result<void> write_output(const Output& output, const Report& report, const Redactor& redactor, const Args& args) {
  Result<void> done;
  if (output.file == "-") {
    write_report(output, report, redactor, args, [&](Bytes piece) {
      if (done) done = write_all(STDOUT_FILENO, piece, "standard output");
    });
    return done;
  }
  const bool holds_secrets = args.show_secrets && (output.format == Format::text || output.format == Format::json);
  TRY(AtomicFile file, AtomicFile::create(output.file, holds_secrets ? 0600 : 0644));
  write_report(output, report, redactor, args, [&](Bytes piece) {
    if (done) done = file.write(piece);
  });
  return done ? file.finish() : done;
}

ExitCode exit_code(const Args& args, const Report& report, bool written) {
  if (was_interrupted(report)) return ExitCode::interrupted;
  if (!written) return ExitCode::internal;
  if (report.summary.failing > 0 && !args.exit_zero) return ExitCode::findings;
  return report.complete ? ExitCode::clean : ExitCode::incomplete;
}

// Where reports go to files, a line on standard error says how it went.
void say_summary(const Args& args, const Report& report) {
  const auto to_standard = [](const Output& output) { return output.file == "-"; };
  if (std::any_of(args.outputs.begin(), args.outputs.end(), to_standard)) return;
  std::cerr << "sealwarden: " << report.summary.findings << (report.summary.findings == 1 ? " finding" : " findings");
  if (report.summary.suppressed > 0) std::cerr << ", " << report.summary.suppressed << " accepted";
  std::cerr << (report.complete ? "" : "; the scan is INCOMPLETE, see the report") << "; written:";
  for (const Output& output : args.outputs) std::cerr << ' ' << escape_for_terminal(output.file);
  std::cerr << '\n';
}

void say_stats(const ScanResult& result, std::chrono::duration<double> seconds) {
  const ScanStats& stats = result.stats;
  std::cerr << "sealwarden: " << stats.blobs << " texts, " << stats.bytes << " bytes, " << stats.candidates << " candidates, "
            << stats.clusters << " clusters, " << stats.matches << " matches in " << seconds.count() << " s\n";
  std::cerr << "  " << stats.scanned << " bytes through Hyperscan, " << stats.inherited << " verdicts from bases\n";
  for (const auto& [name, count] : stats.refused) std::cerr << "  refused by " << name << ": " << count << '\n';
  for (const std::string& origin : result.settings.rules->origins()) std::cerr << "  rule database: " << origin << '\n';
}

// Knows what the shipped rules see in a message.
Redactor redactor_for(const std::string& message) {
  Redactor redactor;
  Result<RuleSet> set = shipped_rule_set();
  if (!set) return redactor;
  const auto rules = CompiledRules::make(std::move(*set), "");
  if (!rules) return redactor;
  BlobScanner::Worker scanner(**rules);
  for (const Hit& hit : scanner.scan(message))
    if (!hit.refused) redactor.add(hit.secret);
  return redactor;
}

std::string name_of(Command command) {
  switch (command) {
    case Command::history: return "history";
    case Command::range: return "range";
    case Command::staged: return "staged";
    case Command::standard_input: return "stdin";
    default: return "scan";
  }
}

}  // namespace

ExitCode report_error(const Error& error) {
  // Messages hold paths, names and words of files: what the shipped rules see in them is masked, line by line.
  const Redactor redactor = redactor_for(error.message);
  for (size_t start = 0; start < error.message.size();) {
    const size_t end = std::min(error.message.find('\n', start), error.message.size());
    std::cerr << "sealwarden: " << escape_for_terminal(redactor(std::string_view(error.message).substr(start, end - start))) << '\n';
    start = end + 1;
  }
  return error.kind == Error::Kind::internal ? ExitCode::internal : ExitCode::usage;
}

namespace {

// Where the repository itself cannot be read, nothing is scanned; the report says so.
Result<ScanResult> scan_or_gap(const Args& args, Ledger& ledger) {
  Result<ScanResult> result = scan(args, ledger);
  if (result || (result.error().kind != Error::Kind::corrupt && result.error().kind != Error::Kind::io)) return result;
  report_error(result.error());
  const bool is_broken = result.error().kind == Error::Kind::corrupt;
  ledger.skip(is_broken ? Skip::corrupt_repository : Skip::unreadable_file, result.error().message);
  ScanResult nothing;
  TRY(nothing.settings, load_settings(args, nullptr));
  nothing.target.kind = name_of(args.command);
  nothing.target.rules_digest = nothing.settings.rules->rule_set().digest;
  return nothing;
}

}  // namespace

ExitCode run_scan(const Args& given) {
  Args args = given;
  if (args.outputs.empty()) args.outputs.push_back({Format::text, "-"});
  const auto start = std::chrono::steady_clock::now();
  Ledger ledger(args.strict);
  Result<ScanResult> result = scan_or_gap(args, ledger);
  if (!result) return report_error(result.error());
  note_interruption(ledger);  // also one that came after the scan: what follows it was done in full
  Redactor redactor(result->findings);
  const Report report = make_report(args, *result, ledger);
  learn_names(report, *result->settings.rules, redactor);
  bool written = true;
  for (const Output& output : args.outputs)
    if (const Result<void> done = write_output(output, report, redactor, args); !done) {
      report_error(done.error());
      written = false;
    }
  for (const std::string& warning : result->warnings) std::cerr << "sealwarden: " << escape_for_terminal(redactor(warning)) << "\n";
  if (was_interrupted(report)) std::cerr << "sealwarden: interrupted; the report holds what was found until then\n";
  if (written) say_summary(args, report);
  if (args.stats) say_stats(*result, std::chrono::steady_clock::now() - start);
  // The process ends: to free a thousand rules one by one would be a tenth of a short run. The pointer, which no optimiser may
  // drop, keeps them reachable.
  [[maybe_unused]] static const CompiledRules* volatile kept = nullptr;
  kept = result->settings.rules.release();
  return exit_code(args, report, written);
}

ExitCode create_baseline(const Args& args) {
  const Result<Repository> repository = open_repository(args, false);
  if (!repository) return report_error(repository.error());
  if (args.baseline_output.empty() && !repository->work_tree())
    return report_error({Error::Kind::usage, "a bare repository has no files: say with --output where to write the baseline"});
  Ledger ledger(args.strict);
  Result<ScanResult> result = scan_history(args, ledger);
  if (!result) return report_error(result.error());
  note_interruption(ledger);
  Redactor redactor(result->findings);
  const Report report = make_report(args, *result, ledger);
  learn_names(report, *result->settings.rules, redactor);
  if (!report.complete) {
    std::cerr << "sealwarden: the scan is incomplete, so a baseline would hide what was not seen; run "
                 "`sealwarden history` to see what is missing\n";
    return was_interrupted(report) ? ExitCode::interrupted : ExitCode::incomplete;
  }
  const std::string file = args.baseline_output.empty() ? *repository->work_tree() + "/" + kBaselineFile : args.baseline_output;
  const std::string content = write_baseline(report, redactor);
  const Result<void> done = file == "-" ? write_all(STDOUT_FILENO, content, "standard output") : write_file_atomically(file, content);
  if (!done) {
    report_error(done.error());
    return ExitCode::internal;
  }
  if (file != "-") {
    const uint64_t known = report.summary.findings + report.summary.baselined;
    std::cerr << "sealwarden: " << known << (known == 1 ? " finding" : " findings") << " accepted in " << escape_for_terminal(file)
              << "; `scan` reads it there, the other commands once it is committed\n";
  }
  return ExitCode::clean;
}

}  // namespace sealwarden
