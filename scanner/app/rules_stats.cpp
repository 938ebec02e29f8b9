// SPDX-License-Identifier: Apache-2.0
#include <unistd.h>

#include <algorithm>
#include <iomanip>
#include <iostream>
#include <map>
#include <sstream>

#include "git/work_tree.h"
#include "report/json_out.h"
#include "report/text_layout.h"
#include "scanner/app/commands.h"
#include "scanner/app/run_scan.h"
#include "scanner/app/settings.h"
#include "scanner/base/atomic_file.h"
#include "scanner/base/stop.h"
#include "scanner/engine/blob_scanner.h"

namespace sealwarden {
namespace {

// A rule beyond one of these costs too much.
constexpr double kDearShare = 0.05;          // of all time
constexpr double kDearCandidates = 1000;     // per MB: each wakes Hyperscan's callback and makes clusters larger

struct Measured {
  ScanCosts costs;
  ScanStats stats;
  uint64_t files = 0;
  std::vector<std::string> unread;  // why, for each file that could not be read
};

// One rule's line.
struct Row {
  const Rule* rule;
  RuleCost cost;
  size_t anchors;
  uint64_t verified;
  bool dear;
  std::vector<std::pair<std::string, uint64_t>> refused;  // by which check, the most first
};

Result<std::vector<FileRef>> list_all(const std::vector<std::string>& paths) {
  Ledger ledger;  // what is left out is no part of the measurement
  std::vector<FileRef> files;
  for (const std::string& path : paths) {
    TRY(std::vector<FileRef> more, list_work_tree(path, {}, ledger));
    std::move(more.begin(), more.end(), std::back_inserter(files));
  }
  return files;
}

// In one thread: what workers do to each other's caches is no cost of a rule.
Measured measure(const CompiledRules& rules, const std::vector<FileRef>& files) {
  Measured measured;
  BlobScanner::Worker worker(rules);
  worker.set_costs(&measured.costs);
  FileLoader loader;
  for (const FileRef& file : files) {
    if (stop_requested) break;
    if (const Result<Bytes> bytes = loader.load(file)) {
      worker.scan(*bytes);
      ++measured.files;
    } else {
      measured.unread.push_back(bytes.error().message);
    }
  }
  measured.stats = worker.stats();
  return measured;
}

uint64_t whole_time(const ScanCosts& costs) { return costs.counted - costs.measuring_time; }

double megabytes(const Measured& measured) { return static_cast<double>(std::max<uint64_t>(measured.stats.bytes, 1)) / 1e6; }

std::vector<std::pair<std::string, uint64_t>> refusals(const RuleCost& cost) {
  std::vector<std::pair<std::string, uint64_t>> all;
  for (size_t i = 1; i < kRefusals; ++i)
    if (cost.counts.refused[i] != 0) all.emplace_back(name_of(static_cast<Refusal>(i)), cost.counts.refused[i]);
  if (cost.unsure != 0) all.emplace_back("confidence", cost.unsure);
  std::stable_sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.second > b.second; });
  return all;
}

// All rules that look into texts, the dearest first.
std::vector<Row> rows_of(const CompiledRules& rules, const Measured& measured) {
  std::map<uint32_t, size_t> anchors;
  for (const AnchorInfo& anchor : rules.anchors()) ++anchors[anchor.rule];
  const double time = static_cast<double>(std::max<uint64_t>(whole_time(measured.costs), 1));
  std::vector<Row> rows;
  for (const auto& [index, count] : anchors) {
    if (rules.rule(index).disabled) continue;
    Row row{&rules.rule(index), measured.costs.rules[index], count, 0, false, {}};
    row.verified = row.cost.counts.refused[static_cast<size_t>(Refusal::none)] - row.cost.unsure;
    row.dear = static_cast<double>(row.cost.nanoseconds) > kDearShare * time ||
               static_cast<double>(row.cost.candidates) > kDearCandidates * megabytes(measured);
    row.refused = refusals(row.cost);
    rows.push_back(std::move(row));
  }
  std::sort(rows.begin(), rows.end(), [](const Row& a, const Row& b) {
    return std::tie(b.cost.nanoseconds, b.cost.candidates, a.rule->id) < std::tie(a.cost.nanoseconds, a.cost.candidates, b.rule->id);
  });
  return rows;
}

uint64_t verification_time(const std::vector<Row>& rows) {
  uint64_t sum = 0;
  for (const Row& row : rows) sum += row.cost.nanoseconds;
  return sum;
}

uint64_t database_size(const CompiledRules& rules) {
  uint64_t size = 0;
  for (const CompiledRules::Database& one : rules.databases()) size += one.size;
  return size;
}

bool is_exact(const Rule& rule) { return rule.anchors.empty(); }

// The text report: at most 100 columns.
class TextTable {
 public:
  TextTable(const CompiledRules& rules, const Measured& measured) : rules_(rules), measured_(measured) { out_ << std::fixed << std::setprecision(1); }

  std::string make(const std::vector<Row>& rows) {
    write_stages(rows);
    write_rules(rows);
    return out_.str();
  }

 private:
  void figure(double value, int width) { out_ << std::right << std::setw(width) << value; }
  void time(uint64_t nanoseconds) {
    figure(static_cast<double>(nanoseconds) / 1e3 / megabytes(measured_), 10);
    figure(100 * static_cast<double>(nanoseconds) / static_cast<double>(std::max<uint64_t>(whole_time(measured_.costs), 1)), 7);
  }
  void stage(const std::string& what, uint64_t nanoseconds, const std::string& more) {
    out_ << "  " << std::left << std::setw(28) << what;
    time(nanoseconds);
    out_ << (more.empty() ? "" : "   ") << more << '\n';
  }

  void write_stages(const std::vector<Row>& rows) {
    const ScanCosts& costs = measured_.costs;
    out_ << measured_.files << " files, " << megabytes(measured_) << " MB, " << static_cast<double>(whole_time(costs)) / 1e6
         << " ms of CPU in one thread, reading files not counted\n\n";
    out_ << "  " << std::left << std::setw(28) << "stage" << std::right << std::setw(10) << "us/MB" << std::setw(7) << "%" << '\n';
    const double scanned = static_cast<double>(measured_.stats.scanned);
    std::ostringstream database, runs;
    database << std::fixed << std::setprecision(1) << scanned * 1e3 / static_cast<double>(std::max<uint64_t>(costs.database_time, 1)) << " MB/s, "
             << rules_.anchors().size() << " anchors, " << static_cast<double>(database_size(rules_)) / 1e6 << " MB of database";
    runs << costs.encoded_runs << " runs";
    stage("Hyperscan's database", costs.database_time, database.str());
    stage("search of encoded runs", costs.encoded_time, runs.str());
    stage("verification, all rules", verification_time(rows), "");
    stage("archives, documents, UTF-16", costs.unpacking_time, "");
    stage("positions and the rest", costs.other_time, "");
  }

  void write_rules(const std::vector<Row>& rows) {
    out_ << '\n' << "  " << std::left << std::setw(kName) << "rule" << std::right << std::setw(9) << "anchors" << std::setw(9) << "cand/MB"
         << std::setw(9) << "clus/MB" << std::setw(10) << "us/MB" << std::setw(7) << "%" << std::setw(9) << "matches" << std::setw(9) << "verified" << '\n';
    size_t idle = 0;
    for (const Row& row : rows) {
      if (row.cost.candidates == 0 && row.cost.clusters == 0) ++idle;
      else write_rule(row);
    }
    out_ << '\n' << idle << " more rules had no candidate.\n";
    if (measured_.costs.untold_candidates > 0) out_ << measured_.costs.untold_candidates << " candidates of very large texts are not told by rule.\n";
    out_ << std::setprecision(0) << "x: the anchor is the rule's regex itself; p: anchors are prefilters.\n"
            "!: more than " << 100 * kDearShare << " % of the time, or more than " << kDearCandidates << " candidates per MB.\n";
  }

  void write_rule(const Row& row) {
    const double size = megabytes(measured_);
    out_ << (row.dear ? "! " : "  ") << std::left << std::setw(kName) << row.rule->id;
    if (row.rule->id.size() > size_t{kName}) out_ << '\n' << std::string(kName + 2, ' ');
    out_ << std::right << std::setw(7) << row.anchors << (is_exact(*row.rule) ? " x" : " p");
    figure(static_cast<double>(row.cost.candidates) / size, 9);
    figure(static_cast<double>(row.cost.clusters) / size, 9);
    time(row.cost.nanoseconds);
    out_ << std::setw(9) << row.cost.counts.matches << std::setw(9) << row.verified << '\n';
    if (row.refused.empty()) return;
    std::string text = "refused by";
    for (const auto& [name, count] : row.refused) text.append(&row.refused.front().first == &name ? " " : ", ").append(name + ": " + std::to_string(count));
    for (const std::string& line : wrap(text, kWidth - 6)) out_ << "      " << line << '\n';
  }

  static constexpr size_t kWidth = 100;
  static constexpr int kName = 36;
  const CompiledRules& rules_;
  const Measured& measured_;
  std::ostringstream out_;
};

void write_rule(JsonOut& json, const Row& row) {
  json.open_object();
  json.key("rule").string(row.rule->id);
  json.key("dear").boolean(row.dear);
  json.key("anchors").number(row.anchors);
  json.key("exact").boolean(is_exact(*row.rule));
  json.key("candidates").number(row.cost.candidates);
  json.key("clusters").number(row.cost.clusters);
  json.key("nanoseconds").number(row.cost.nanoseconds);
  json.key("matches").number(row.cost.counts.matches);
  json.key("verified").number(row.verified);
  json.key("refused").open_object(JsonOut::Layout::flat);
  for (const auto& [name, count] : row.refused) json.key(name).number(count);
  json.close_object();
  json.close_object();
}

// Sums, not figures per MB: `bytes` are what the files have.
std::string json_of(const CompiledRules& rules, const Measured& measured, const std::vector<Row>& rows) {
  const ScanCosts& costs = measured.costs;
  JsonOut json;
  json.open_object();
  json.key("files").number(measured.files);
  json.key("files_not_read").number(measured.unread.size());
  json.key("bytes").number(measured.stats.bytes);
  json.key("nanoseconds").number(whole_time(costs));
  json.key("database").open_object();
  json.key("nanoseconds").number(costs.database_time);
  json.key("bytes_scanned").number(measured.stats.scanned);
  json.key("anchors").number(rules.anchors().size());
  json.key("database_bytes").number(database_size(rules));
  json.close_object();
  json.key("encoded_runs").open_object();
  json.key("nanoseconds").number(costs.encoded_time);
  json.key("runs").number(costs.encoded_runs);
  json.close_object();
  json.key("verification_nanoseconds").number(verification_time(rows));
  json.key("unpacking_nanoseconds").number(costs.unpacking_time);
  json.key("other_nanoseconds").number(costs.other_time);
  json.key("candidates_without_rule").number(costs.untold_candidates);
  json.key("rules").open_array();
  for (const Row& row : rows) write_rule(json, row);
  json.close_array();
  json.close_object();
  return json.take();
}

Result<void> write_all_outputs(const Args& args, const CompiledRules& rules, const Measured& measured) {
  const std::vector<Row> rows = rows_of(rules, measured);
  bool text = true;
  for (const Output& output : args.outputs) {
    const std::string json = json_of(rules, measured, rows);
    if (output.file == "-") TRY_VOID(write_all(STDOUT_FILENO, json, "standard output"));
    else TRY_VOID(write_file_atomically(output.file, json));
    text = text && output.file != "-";
  }
  return text ? write_all(STDOUT_FILENO, TextTable(rules, measured).make(rows), "standard output") : Result<void>();
}

// A few of them: what could not be read is no part of the figures.
void say_unread(const std::vector<std::string>& unread) {
  constexpr size_t kShown = 10;
  std::string message;
  for (size_t i = 0; i < std::min(kShown, unread.size()); ++i) message += (i == 0 ? "" : "\n") + unread[i];
  if (unread.size() > kShown) message += "\nand " + std::to_string(unread.size() - kShown) + " files more could not be read";
  report_error({Error::Kind::io, message});
}

}  // namespace

ExitCode measure_rules(const Args& args) {
  const Result<std::vector<FileRef>> files = list_all(args.paths);
  if (!files) return report_error(files.error());
  if (files->empty()) return report_error({Error::Kind::usage, "there is no file to measure rules on"});
  const ConfigReader reader = current_folder_reader();
  Result<RuleSet> set = load_rules(args, &reader);
  if (!set) return report_error(set.error());
  set->least_confidence = args.min_confidence;
  const Result<std::unique_ptr<CompiledRules>> rules = CompiledRules::make(std::move(*set), cache_folder());
  if (!rules) return report_error(rules.error());
  const Measured measured = measure(**rules, *files);
  if (!measured.unread.empty()) say_unread(measured.unread);
  if (const Result<void> done = write_all_outputs(args, **rules, measured); !done) {
    report_error(done.error());
    return ExitCode::internal;
  }
  if (stop_requested) return ExitCode::interrupted;
  return measured.unread.empty() ? ExitCode::clean : ExitCode::incomplete;
}

}  // namespace sealwarden
