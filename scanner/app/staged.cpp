// SPDX-License-Identifier: Apache-2.0
#include "git/changes.h"
#include "git/object_reader.h"
#include "scanner/app/change_scan.h"
#include "scanner/app/scans.h"
#include "scanner/app/tree_views.h"

namespace sealwarden {
namespace {

// Lines of the ignore file that HEAD does not have came with the change.
Result<void> mark_new_ignore_lines(const Repository& repository, const StagedChanges& staged, IgnoreFile& ignore, Ledger& ledger) {
  IgnoreFile before;
  if (staged.head) {
    TRY(const std::optional<std::string> text, or_loss(read_at_commit(repository, *staged.head, kIgnoreFile), kIgnoreFile, ledger));
    if (text) {
      TRY(before, read_ignore_file(std::string("HEAD:") + kIgnoreFile, *text));
    }
  }
  for (auto& [fingerprint, entry] : ignore.entries) entry.is_new = !before.entries.contains(fingerprint);
  return {};
}

std::vector<ObjectId> head_trees(const ObjectReader& reader, const StagedChanges& staged) {
  if (!staged.head) return {};
  const Result<ReadObject> commit = reader.load(*staged.head, ObjectType::commit);
  if (!commit) return {};
  const Result<CommitView> view = parse_commit(commit->bytes());
  return view ? std::vector<ObjectId>{view->tree} : std::vector<ObjectId>{};
}

}  // namespace

Result<ScanResult> scan_staged(const Args& args, Ledger& ledger) {
  TRY(const Repository repository, open_repository(args, true));
  TRY(const StagedChanges staged, list_staged(repository, ledger));
  const ConfigReader reader{[&](const std::string& path) { return or_loss(read_at_index(repository, path), path, ledger); }, "index:"};
  ScanResult result;
  TRY(result.settings, load_settings(args, &reader));
  const CompiledRules& rules = *result.settings.rules;
  result.target.kind = "staged";
  result.target.head = staged.head;
  result.target.rules_digest = rules.rule_set().digest;
  result.target.remote = shown_remote(repository);
  PolicyScan policy(*result.settings.policy, rules.rule_set(), ledger, args.wants_judged());
  if (staged.changes.empty()) {
    result.judged = policy.take_judged();
    return result;
  }
  if (!result.settings.ignore.entries.empty()) TRY_VOID(mark_new_ignore_lines(repository, staged, result.settings.ignore, ledger));

  TRY(const ObjectReader objects, ObjectReader::open(repository));
  const IndexView tree(repository);
  ChangeScan scan(repository, objects, rules, policy, tree, true, ledger);
  std::vector<const PathChange*> changes;
  for (const PathChange& change : staged.changes) changes.push_back(&change);
  scan.scan(changes);
  note_interruption(ledger);
  const std::vector<ObjectId> parents = head_trees(objects, staged);
  Drafts drafts;
  for (const PathChange& change : staged.changes)
    for (const ChangeScan::NewLeak& leak : scan.brought_by(change, parents)) {
      Place place{.carrier = leak.carrier, .reach = Reach::staged};
      if (!leak.by_name) place.blob = change.id;
      if (leak.hit) add_place(drafts, *leak.hit, leak.path, std::move(place));
      else add_file_place(drafts, leak.rule, leak.path, std::move(place));
    }
  std::optional<ObjectTreeView> before;
  if (!parents.empty()) before.emplace(load_from(repository), parents.front());
  for (const auto& [path, hit] : policy.judge_tree_change(tree, before ? &*before : nullptr))
    add_place(drafts, {&hit, hit.policy->confidence, {}}, path, {.reach = Reach::staged});
  result.stats = scan.stats();
  result.warnings = policy.warnings();
  result.judged = policy.take_judged();
  result.finish(std::move(drafts), true);
  return result;
}

}  // namespace sealwarden
