// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <filesystem>
#include <iostream>
#include <set>

#include "git/repository.h"
#include "git/work_tree.h"
#include "report/redactor.h"
#include "scanner/app/content_gaps.h"
#include "scanner/app/grouping.h"
#include "scanner/app/policy_scan.h"
#include "scanner/app/progress.h"
#include "scanner/app/scans.h"
#include "scanner/app/tree_views.h"
#include "scanner/base/parallel.h"
#include "scanner/decode/content.h"
#include "scanner/engine/file_rules.h"

namespace sealwarden {
namespace {

struct FileFacts {
  size_t file;  // index into the list
  std::vector<Hit> hits;
  std::vector<uint32_t> confirmed;
};

// One worker's share.
class FileScanner {
 public:
  FileScanner(const CompiledRules& rules, const FileRuleIndex& file_rules, PolicyScan& policy, const TreeView& tree, Ledger& ledger)
      : rules_(rules), file_rules_(file_rules), policy_(policy), tree_(tree), ledger_(ledger), scanner_(rules) {}

  void scan(size_t index, const FileRef& file) {
    const Result<Bytes> bytes = loader_.load(file);
    if (!bytes) {
      const bool changed = bytes.error().kind == Error::Kind::corrupt || bytes.error().kind == Error::Kind::not_found;
      const bool too_large = bytes.error().kind == Error::Kind::limit;
      ledger_.skip(too_large ? Skip::limit : changed ? Skip::vanished_file : Skip::unreadable_file, bytes.error().message);
      return;
    }
    ++count;
    total += bytes->size();
    if (is_lfs_pointer(*bytes)) ledger_.skip(Skip::lfs_pointer, file.path);
    std::vector<Hit> hits = scanner_.scan(*bytes);
    note_gaps(ledger_, file.path, scanner_.gaps());
    if (!file.symlink) hits = policy_.add_hits({.path = file.path, .tree = &tree_}, *bytes, hits);
    candidates_.clear();
    if (!file.symlink) file_rules_.candidates(std::string_view(file.path).substr(file.path.rfind('/') + 1), candidates_);
    std::erase_if(candidates_, [&](uint32_t rule) {
      return !rule_applies(rules_.rule(rule), &file.path) || !file_rule_confirms(rules_, rule, *bytes);
    });
    if (!hits.empty() || !candidates_.empty()) facts.push_back({index, std::move(hits), candidates_});
  }
  [[nodiscard]] const ScanStats& stats() const { return scanner_.stats(); }

  std::vector<FileFacts> facts;
  uint64_t count = 0, total = 0;

 private:
  const CompiledRules& rules_;
  const FileRuleIndex& file_rules_;
  PolicyScan& policy_;
  const TreeView& tree_;
  Ledger& ledger_;
  FileLoader loader_;
  BlobScanner::Worker scanner_;
  std::vector<uint32_t> candidates_;
};

std::vector<FileFacts> scan_files(const std::vector<FileRef>& files, const Args& args, const CompiledRules& rules,
                                  PolicyScan& policy, const TreeView& tree, Ledger& ledger, ScanStats& stats) {
  const FileRuleIndex file_rules(rules.rule_set());
  std::vector<std::unique_ptr<FileScanner>> workers(thread_count());
  Progress progress(progress_wanted(args), "files");
  progress.set_total(files.size());
  parallel_ranges_until_stopped(files.size(), 32, [&](size_t first, size_t last, size_t worker) {
    if (!workers[worker]) workers[worker] = std::make_unique<FileScanner>(rules, file_rules, policy, tree, ledger);
    FileScanner& scanner = *workers[worker];
    const uint64_t bytes = scanner.total, found = scanner.facts.size();
    for (size_t i = first; i < last; ++i) scanner.scan(i, files[i]);
    progress.advance(last - first, scanner.total - bytes, scanner.facts.size() - found);
  });
  std::vector<FileFacts> all;
  for (const std::unique_ptr<FileScanner>& worker : workers) {
    if (!worker) continue;
    std::move(worker->facts.begin(), worker->facts.end(), std::back_inserter(all));
    stats.add(worker->stats());
    ledger.scanned(worker->count, worker->total);
  }
  std::sort(all.begin(), all.end(), [](const FileFacts& a, const FileFacts& b) { return a.file < b.file; });
  return all;
}

void add_file(const RuleSet& rules, const FileRef& file, const FileFacts& facts, Drafts& drafts) {
  const Place base{.carrier = file.symlink ? Carrier::symlink : Carrier::blob, .reach = Reach::worktree};
  bool says_more = false;
  for (ResolvedHit& hit : resolve_hits(rules, facts.hits, &file.path)) {
    if (says_more_than_file(rules.rules[hit.hit->rule])) {
      says_more = true;
      hit.also.insert(hit.also.end(), facts.confirmed.begin(), facts.confirmed.end());
    }
    add_place(drafts, hit, member_path(file.path, hit.hit->member), base);
  }
  if (says_more) return;
  for (const uint32_t rule : facts.confirmed) add_file_place(drafts, rule, file.path, base);
}

// Names of files and folders.
void add_names(const std::vector<FileRef>& files, const CompiledRules& rules, Drafts& drafts) {
  std::string joined;
  for (const FileRef& file : files) joined.append(file.path).push_back('\n');
  BlobScanner::Worker scanner(rules);
  if (!scanner.may_hit(joined)) return;
  std::set<std::string> done;
  for (const FileRef& file : files)
    for (const std::string& path : path_prefixes(file.path)) {
      if (!done.insert(path).second) continue;
      const std::vector<Hit> hits = scanner.scan(Bytes(path).substr(path.rfind('/') + 1));
      for (const ResolvedHit& hit : resolve_hits(rules.rule_set(), hits, &path))
        add_place(drafts, hit, path, {.carrier = Carrier::file_name, .reach = Reach::worktree});
    }
}

// The folder whose configuration counts: the repository's root, else the folder that is scanned.
std::string config_folder(const std::string& start, const Repository* repository) {
  if (repository != nullptr && repository->work_tree()) return *repository->work_tree() + "/";
  std::error_code ignored;
  if (!std::filesystem::is_directory(start, ignored)) {
    const std::string parent = std::filesystem::path(start).parent_path().string();
    return parent.empty() ? "./" : parent + "/";
  }
  return start.ends_with('/') ? start : start + "/";
}

bool is_root(const std::string& start, const Repository& repository) {
  std::error_code ignored;
  return repository.work_tree() && std::filesystem::equivalent(start, *repository.work_tree(), ignored);
}

// Each start once, and none that lies within another: a file is told once.
std::vector<std::string> without_nested(const std::vector<std::string>& starts) {
  std::vector<std::string> kept;
  std::vector<std::string> real;
  std::error_code ignored;
  for (const std::string& start : starts) real.push_back(std::filesystem::weakly_canonical(start, ignored).string());
  for (size_t i = 0; i < starts.size(); ++i) {
    bool nested = false;
    for (size_t k = 0; k < starts.size() && !nested; ++k)
      nested = k != i && (real[i] == real[k] ? k < i : real[i].starts_with(real[k] == "/" ? "/" : real[k] + "/"));
    if (!nested) kept.push_back(starts[i]);
  }
  return kept;
}

// The folder may be hostile: a link or a pipe in the place of the configuration is not followed. What may not be read is a
// gap of the scan, not an error of its user.
Result<std::optional<std::string>> read_if_there(const std::string& path, Ledger& ledger) {
  FileLoader loader;
  const Result<Bytes> bytes = loader.load({.file = path, .path = path});
  if (bytes) return std::optional<std::string>(*bytes);
  if (bytes.error().kind == Error::Kind::not_found) return std::optional<std::string>();
  if (bytes.error().kind != Error::Kind::io) return tl::unexpected<Error>(bytes.error());
  ledger.skip(Skip::unreadable_file, bytes.error().message);
  return std::optional<std::string>();
}

// One PATH of the command line.
struct Start {
  std::string path;
  std::string folder;  // whose configuration counts, with a trailing '/'
  bool is_whole = false;  // all that this configuration is about
};

Result<Start> start_at(const std::string& path, std::optional<Repository>& repository) {
  std::error_code ignored;
  const std::filesystem::file_status status = std::filesystem::status(path, ignored);
  if (std::filesystem::exists(status) && !std::filesystem::is_regular_file(status) && !std::filesystem::is_directory(status))
    return fail(Error::Kind::usage, path + " is neither a file nor a folder; `sealwarden stdin < FILE` reads a pipe");
  repository.reset();
  if (Repository::is_inside(path)) {
    TRY(Repository opened, Repository::open(path, false));
    repository = std::move(opened);
  }
  return Start{path, config_folder(path, repository ? &*repository : nullptr), !repository || is_root(path, *repository)};
}

// Folders with configurations of their own can't be judged in one go: one would decide for the others.
Result<void> refuse_configurations(const std::vector<Start>& starts) {
  for (const Start& start : starts)
    for (const char* name : {kConfigFile, kIgnoreFile, kBaselineFile}) {
      const std::string file = start.folder + name;
      std::error_code ignored;
      if (std::filesystem::exists(std::filesystem::symlink_status(file, ignored)))
        return fail(Error::Kind::usage, file + " counts for one of these PATHs only: scan them one at a time, or give --no-repo-config");
    }
  return {};
}

// How a PATH is told apart from others before the paths below it.
std::string label_of(std::string path) {
  while (path.starts_with("./") && path.size() > 2) path.erase(0, path.find_first_not_of('/', 1));
  while (path.size() > 1 && path.ends_with('/')) path.pop_back();
  return path;
}

// The files of all starts. Paths are those within the one configured folder; if there are several, their PATH comes first.
Result<std::vector<FileRef>> list_files(const std::vector<Start>& starts, bool one_folder, const Args& args, Ledger& ledger) {
  std::vector<FileRef> files;
  for (const Start& start : starts) {
    TRY(std::vector<FileRef> more, list_work_tree(start.path, {.no_ignore = args.no_ignore}, ledger));
    std::error_code ignored;
    const bool is_folder = std::filesystem::is_directory(start.path, ignored);
    if (!one_folder)
      for (FileRef& file : more) file.path = is_folder ? label_of(start.path) + "/" + file.path : label_of(start.path);
    std::move(more.begin(), more.end(), std::back_inserter(files));
  }
  return files;
}

void warn_of_bare_repositories(const std::vector<Start>& starts) {
  std::error_code ignored;
  for (const Start& start : starts)
    if (std::filesystem::is_regular_file(start.path + "/HEAD", ignored) && std::filesystem::is_directory(start.path + "/objects", ignored))
      std::cerr << "sealwarden: " << escape_for_terminal(start.path)
                << " is a git repository without files; what is in its objects `sealwarden history` reads\n";
}

}  // namespace

Result<ScanResult> scan_work_tree(const Args& args, Ledger& ledger) {
  std::vector<Start> starts;
  std::optional<Repository> repository;
  for (const std::string& path : args.paths.empty() ? std::vector<std::string>{"."} : without_nested(args.paths)) {
    TRY(Start start, start_at(path, repository));
    starts.push_back(std::move(start));
  }
  warn_of_bare_repositories(starts);
  const std::string& folder = starts.front().folder;
  const bool one_folder = std::all_of(starts.begin(), starts.end(), [&](const Start& start) { return start.folder == folder; });
  if (!one_folder && !args.no_repo_config) TRY_VOID(refuse_configurations(starts));
  const ConfigReader reader{[&](const std::string& path) { return read_if_there(folder + path, ledger); }, folder};
  ScanResult result;
  TRY(result.settings, load_settings(args, one_folder ? &reader : nullptr));
  const CompiledRules& rules = *result.settings.rules;
  result.target.kind = "scan";
  result.target.rules_digest = rules.rule_set().digest;
  if (repository && one_folder) result.target.remote = shown_remote(*repository);
  result.whole = starts.size() == 1 && starts.front().is_whole;

  TRY(const std::vector<FileRef> files, list_files(starts, one_folder, args, ledger));
  PolicyScan policy(*result.settings.policy, rules.rule_set(), ledger, args.wants_judged());
  // Below the root alone do its paths mean the same.
  std::optional<IndexView> stored;
  if (repository && one_folder && repository->work_tree()) stored.emplace(*repository);
  const FolderView tree(files, stored ? &*stored : nullptr);
  const std::vector<FileFacts> facts = scan_files(files, args, rules, policy, tree, ledger, result.stats);
  note_interruption(ledger);
  Drafts drafts;
  for (const auto& [path, hit] : policy.judge_tree(tree))
    add_place(drafts, {&hit, hit.policy->confidence, {}}, path, {.reach = Reach::worktree});
  result.warnings = policy.warnings();
  result.judged = policy.take_judged();
  for (const FileFacts& one : facts) add_file(rules.rule_set(), files[one.file], one, drafts);
  add_names(files, rules, drafts);
  result.finish(std::move(drafts), false);
  return result;
}

}  // namespace sealwarden
