// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <filesystem>
#include <set>

#include "git/repository.h"
#include "git/work_tree.h"
#include "scanner/app/grouping.h"
#include "scanner/app/progress.h"
#include "scanner/app/scans.h"
#include "scanner/base/parallel.h"
#include "scanner/engine/content.h"
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
  FileScanner(const CompiledRules& rules, const FileRuleIndex& file_rules, Ledger& ledger)
      : rules_(rules), file_rules_(file_rules), ledger_(ledger), scanner_(rules) {}

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
    const std::vector<Hit>& hits = scanner_.scan(*bytes);
    candidates_.clear();
    if (!file.symlink) file_rules_.candidates(std::string_view(file.path).substr(file.path.rfind('/') + 1), candidates_);
    std::erase_if(candidates_, [&](uint32_t rule) {
      return !rule_applies(rules_.rule(rule), &file.path) || !file_rule_confirms(rules_, rule, *bytes);
    });
    if (!hits.empty() || !candidates_.empty()) facts.push_back({index, hits, candidates_});
  }
  [[nodiscard]] const ScanStats& stats() const { return scanner_.stats(); }

  std::vector<FileFacts> facts;
  uint64_t count = 0, total = 0;

 private:
  const CompiledRules& rules_;
  const FileRuleIndex& file_rules_;
  Ledger& ledger_;
  FileLoader loader_;
  BlobScanner::Worker scanner_;
  std::vector<uint32_t> candidates_;
};

std::vector<FileFacts> scan_files(const std::vector<FileRef>& files, const Args& args, const CompiledRules& rules,
                                  Ledger& ledger, ScanStats& stats) {
  const FileRuleIndex file_rules(rules.rule_set());
  std::vector<std::unique_ptr<FileScanner>> workers(thread_count());
  Progress progress(progress_wanted(args), "files");
  progress.set_total(files.size());
  parallel_ranges_until_stopped(files.size(), 32, [&](size_t first, size_t last, size_t worker) {
    if (!workers[worker]) workers[worker] = std::make_unique<FileScanner>(rules, file_rules, ledger);
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
    add_place(drafts, hit, file.path, base);
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

// The folder may be hostile: a link or a pipe in the place of the configuration is not followed.
Result<std::optional<std::string>> read_if_there(const std::string& path) {
  FileLoader loader;
  const Result<Bytes> bytes = loader.load({.file = path, .path = path});
  if (bytes) return std::optional<std::string>(*bytes);
  if (bytes.error().kind == Error::Kind::not_found) return std::optional<std::string>();
  return tl::unexpected<Error>(bytes.error());
}

}  // namespace

Result<ScanResult> scan_work_tree(const Args& args, Ledger& ledger) {
  const std::vector<std::string> starts =
      args.paths.empty() ? std::vector<std::string>{"."} : without_nested(args.paths);
  std::optional<Repository> repository;
  if (Repository::is_inside(starts.front())) {
    TRY(Repository opened, Repository::open(starts.front(), false));
    repository = std::move(opened);
  }
  const std::string folder = config_folder(starts.front(), repository ? &*repository : nullptr);
  const ConfigReader reader{[&](const std::string& path) { return read_if_there(folder + path); }, folder};
  ScanResult result;
  TRY(result.settings, load_settings(args, &reader));
  const CompiledRules& rules = *result.settings.rules;
  result.target.kind = "scan";
  result.target.rules_digest = rules.rule_set().digest;
  if (repository) result.target.remote = shown_remote(*repository);
  result.whole = starts.size() == 1 && (!repository || is_root(starts.front(), *repository));

  std::vector<FileRef> files;
  for (const std::string& start : starts) {
    TRY(std::vector<FileRef> more, list_work_tree(start, {.no_ignore = args.no_ignore}, ledger));
    std::move(more.begin(), more.end(), std::back_inserter(files));
  }
  const std::vector<FileFacts> facts = scan_files(files, args, rules, ledger, result.stats);
  note_interruption(ledger);
  Drafts drafts;
  for (const FileFacts& one : facts) add_file(rules.rule_set(), files[one.file], one, drafts);
  add_names(files, rules, drafts);
  result.findings = finish(rules.rule_set(), std::move(drafts), false);
  return result;
}

}  // namespace sealwarden
