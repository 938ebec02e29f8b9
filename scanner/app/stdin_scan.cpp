// SPDX-License-Identifier: Apache-2.0
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <set>

#include "scanner/app/content_gaps.h"
#include "scanner/app/diff_input.h"
#include "scanner/app/grouping.h"
#include "scanner/app/policy_scan.h"
#include "scanner/app/scans.h"
#include "scanner/base/stop.h"
#include "scanner/engine/file_rules.h"

namespace sealwarden {
namespace {

// Waits for input or its end; false once a stop is requested. Reading alone would not do: the C library starts it again
// after a signal. The time limit is for a signal that comes just before the wait.
bool wait_for_input() {
  pollfd input{.fd = STDIN_FILENO, .events = POLLIN, .revents = 0};
  while (!stop_requested)
    if (const int ready = ::poll(&input, 1, 200); ready > 0 || (ready < 0 && errno != EINTR)) return !stop_requested;
  return false;
}

// What came before a stop, if one is requested.
Result<std::string> read_standard_input() {
  std::string bytes;
  size_t used = 0;
  while (wait_for_input()) {
    if (bytes.size() - used < (size_t{64} << 10)) bytes.resize(std::max(bytes.size() * 2, size_t{1} << 20));
    const ssize_t got = ::read(STDIN_FILENO, bytes.data() + used, bytes.size() - used);
    if (got < 0 && (errno == EINTR || errno == EAGAIN)) continue;
    if (got < 0) return fail(Error::Kind::io, std::string("cannot read standard input: ") + std::strerror(errno));
    if (got == 0) break;
    used += static_cast<size_t>(got);
  }
  bytes.resize(used);
  return bytes;
}

// Positions of a hunk's text as those of the new file (lines) and of the diff (bytes).
Region in_diff(const DiffHunk& hunk, const Region& in_text) {
  Region region = in_text;
  const auto offset = [&](uint32_t line, uint32_t column) {
    return line <= hunk.line_offsets.size() ? hunk.line_offsets[line - 1] + column - 1 : hunk.line_offsets.back();
  };
  region.start_byte = offset(in_text.start_line, in_text.start_column);
  region.end_byte = offset(in_text.end_line, in_text.end_column);
  region.start_line += hunk.first_line - 1;
  region.end_line += hunk.first_line - 1;
  return region;
}

bool touches_added(const DiffHunk& hunk, const Region& region) {
  for (uint32_t line = region.start_line; line <= region.end_line && line <= hunk.added.size(); ++line)
    if (hunk.added[line - 1]) return true;
  return false;
}

// One run over standard input: everything found goes to `drafts`.
class StdinScan {
 public:
  StdinScan(const CompiledRules& rules, const PolicyEngine& policy, const Args& args, Ledger& ledger)
      : rules_(rules), file_rules_(rules.rule_set()), ledger_(ledger), scanner_(rules), policy_(policy, rules.rule_set(), ledger, args.wants_judged()) {
    if (!args.stdin_path.empty()) path_ = args.stdin_path;
  }

  void scan_bytes(Bytes bytes) {
    std::vector<Hit> hits = scanner_.scan(bytes);
    note_gaps(ledger_, path_.value_or("standard input"), scanner_.gaps());
    if (path_) hits = policy_.add_hits({.path = *path_}, bytes, hits);
    std::vector<uint32_t> confirmed;
    if (path_) confirmed = confirmed_rules(*path_, bytes);
    const bool says_more = add_hits(hits, confirmed, path_, [](const Hit& hit) { return std::optional(hit.region); });
    if (!path_) return;
    if (!says_more) add_files(confirmed, *path_);
    add_names(*path_);
  }

  // False: these bytes are no diff.
  bool scan_diff(Bytes bytes) {
    const Diff diff = parse_diff(bytes);
    for (const std::string& loss : diff.losses) ledger_.skip(Skip::unreadable_input, loss);
    for (const DiffFile& file : diff.files) scan_file(file);
    return diff.is_diff || bytes.find_first_not_of(" \t\r\n") == Bytes::npos;
  }

  Drafts drafts;
  [[nodiscard]] const ScanStats& stats() const { return scanner_.stats(); }
  [[nodiscard]] std::vector<std::string> warnings() const { return policy_.warnings(); }
  std::optional<JudgedFiles> take_judged() { return policy_.take_judged(); }

 private:
  void scan_file(const DiffFile& file) {
    const std::optional<std::string> path = file.path.empty() ? path_ : std::optional(file.path);
    std::vector<uint32_t> confirmed;
    if (file.whole) confirmed = confirmed_rules(file.path, file.hunks.empty() ? Bytes() : Bytes(file.hunks[0].text));
    bool says_more = false;
    carrier_ = file.symlink ? Carrier::symlink : Carrier::blob;
    for (const DiffHunk& hunk : file.hunks) {
      std::vector<Hit> hits = scanner_.scan(hunk.text);
      note_gaps(ledger_, path.value_or("standard input"), scanner_.gaps());
      if (file.whole && path && !file.symlink) hits = policy_.add_hits({.path = *path}, hunk.text, hits);
      const auto region = [&](const Hit& hit) {
        return touches_added(hunk, hit.region) ? std::optional(in_diff(hunk, hit.region)) : std::nullopt;
      };
      says_more = add_hits(hits, confirmed, path, region) || says_more;
    }
    if (!says_more) add_files(confirmed, file.path);
    if (file.new_name) add_names(file.path);
  }

  std::vector<uint32_t> confirmed_rules(const std::string& path, Bytes content) const {
    std::vector<uint32_t> rules;
    file_rules_.candidates(std::string_view(path).substr(path.rfind('/') + 1), rules);
    std::erase_if(rules, [&](uint32_t rule) {
      return !rule_applies(rules_.rule(rule), &path) || !file_rule_confirms(rules_, rule, content);
    });
    return rules;
  }

  // `region_of` says where a hit lies in the input, or that it does not count. Returns whether a hit says more than the
  // file rules do, which are then only named with it.
  template <typename RegionOf>
  bool add_hits(const std::vector<Hit>& hits, const std::vector<uint32_t>& confirmed,
                const std::optional<std::string>& path, const RegionOf& region_of) {
    bool says_more = false;
    for (ResolvedHit& hit : resolve_hits(rules_.rule_set(), hits, path ? &*path : nullptr)) {
      const std::optional<Region> region = region_of(*hit.hit);
      if (!region) continue;
      if (says_more_than_file(rules_.rule(hit.hit->rule))) {
        says_more = true;
        hit.also.insert(hit.also.end(), confirmed.begin(), confirmed.end());
      }
      const std::string& member = hit.hit->member;  // without a path it is told as "!member"
      const auto whole = path || !member.empty() ? std::optional(member_path(path.value_or(""), member)) : std::nullopt;
      add_place(drafts, hit, whole, {.carrier = carrier_, .reach = Reach::worktree}).place.region = *region;
    }
    return says_more;
  }

  void add_files(const std::vector<uint32_t>& confirmed, const std::string& path) {
    for (const uint32_t rule : confirmed) add_file_place(drafts, rule, path, {.reach = Reach::worktree});
  }

  // The names of the file and of its folders.
  void add_names(const std::string& whole) {
    if (!scanner_.may_hit(whole)) return;
    for (const std::string& path : path_prefixes(whole)) {
      if (!names_.insert(path).second) continue;
      const std::vector<Hit> hits = scanner_.scan(Bytes(path).substr(path.rfind('/') + 1));
      for (const ResolvedHit& hit : resolve_hits(rules_.rule_set(), hits, &path))
        add_place(drafts, hit, path, {.carrier = Carrier::file_name, .reach = Reach::worktree});
    }
  }

  const CompiledRules& rules_;
  const FileRuleIndex file_rules_;
  Ledger& ledger_;
  BlobScanner::Worker scanner_;
  PolicyScan policy_;
  std::optional<std::string> path_;  // that the user gave
  Carrier carrier_ = Carrier::blob;
  std::set<std::string> names_;      // that are done
};

}  // namespace

Result<ScanResult> scan_standard_input(const Args& args, Ledger& ledger) {
  ScanResult result;
  TRY(result.settings, load_settings(args, nullptr));
  const CompiledRules& rules = *result.settings.rules;
  result.target.kind = "stdin";
  result.target.rules_digest = rules.rule_set().digest;
  TRY(const std::string bytes, read_standard_input());
  StdinScan scan(rules, *result.settings.policy, args, ledger);
  if (!args.diff) scan.scan_bytes(bytes);
  else if (!scan.scan_diff(bytes) && !stop_requested)
    return fail(Error::Kind::usage, "standard input holds no unified diff, as `git diff` writes it; without --diff it is scanned as it is");
  ledger.scanned(1, bytes.size());
  note_interruption(ledger);
  result.stats = scan.stats();
  result.warnings = scan.warnings();
  result.judged = scan.take_judged();
  result.finish(std::move(scan.drafts), false);
  return result;
}

}  // namespace sealwarden
