// SPDX-License-Identifier: Apache-2.0
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "scanner/app/diff_input.h"
#include "scanner/app/grouping.h"
#include "scanner/app/scans.h"
#include "scanner/engine/file_rules.h"

namespace sealwarden {
namespace {

Result<std::string> read_standard_input() {
  std::string bytes;
  size_t used = 0;
  for (;;) {
    if (bytes.size() - used < (size_t{64} << 10)) bytes.resize(std::max(bytes.size() * 2, size_t{1} << 20));
    const ssize_t got = ::read(STDIN_FILENO, bytes.data() + used, bytes.size() - used);
    if (got < 0 && errno == EINTR) continue;
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

void scan_diff(Bytes diff, const Args& args, const RuleSet& rules, BlobScanner::Worker& scanner, Drafts& drafts) {
  for (const DiffHunk& hunk : parse_diff(diff)) {
    std::optional<std::string> path;
    if (!hunk.path.empty()) path = hunk.path;
    else if (!args.stdin_path.empty()) path = args.stdin_path;
    const std::vector<Hit> hits = scanner.scan(hunk.text);
    for (const ResolvedHit& hit : resolve_hits(rules, hits, path ? &*path : nullptr))
      if (touches_added(hunk, hit.hit->region))
        add_place(drafts, hit, path, {.reach = Reach::worktree}).place.region = in_diff(hunk, hit.hit->region);
  }
}

void scan_bytes(Bytes bytes, const Args& args, const CompiledRules& rules, BlobScanner::Worker& scanner, Drafts& drafts) {
  std::optional<std::string> path;
  if (!args.stdin_path.empty()) path = args.stdin_path;
  const std::vector<Hit>& hits = scanner.scan(bytes);
  const std::vector<ResolvedHit> resolved = resolve_hits(rules.rule_set(), hits, path ? &*path : nullptr);
  for (const ResolvedHit& hit : resolved) add_place(drafts, hit, path, {.reach = Reach::worktree});
  if (!path || !resolved.empty()) return;
  std::vector<uint32_t> candidates;
  FileRuleIndex(rules.rule_set()).candidates(std::string_view(*path).substr(path->rfind('/') + 1), candidates);
  for (const uint32_t rule : candidates)
    if (rule_applies(rules.rule(rule), &*path) && file_rule_confirms(rules, rule, bytes))
      add_file_place(drafts, rule, *path, {.reach = Reach::worktree});
}

}  // namespace

Result<ScanResult> scan_standard_input(const Args& args, Ledger& ledger) {
  ScanResult result;
  TRY(result.settings, load_settings(args, nullptr));
  const CompiledRules& rules = *result.settings.rules;
  result.target.kind = "stdin";
  result.target.rules_digest = rules.rule_set().digest;
  TRY(const std::string bytes, read_standard_input());
  BlobScanner::Worker scanner(rules);
  Drafts drafts;
  if (args.diff) scan_diff(bytes, args, rules.rule_set(), scanner, drafts);
  else scan_bytes(bytes, args, rules, scanner, drafts);
  ledger.scanned(1, bytes.size());
  note_interruption(ledger);
  result.stats = scanner.stats();
  result.findings = finish(rules.rule_set(), std::move(drafts), false);
  return result;
}

}  // namespace sealwarden
