// SPDX-License-Identifier: Apache-2.0
#include <malloc.h>

#include <algorithm>
#include <iterator>
#include <optional>
#include <unordered_map>

#include "git/attribution.h"
#include "git/changes.h"
#include "git/roots.h"
#include "scanner/app/history_documents.h"
#include "scanner/app/history_lives.h"
#include "scanner/app/scans.h"
#include "scanner/base/digest.h"
#include "scanner/base/parallel.h"

namespace sealwarden {
namespace {

// Of a million commits, graph and index side by side take 80 MB more than one after the other.
constexpr size_t kManyCommits = 300'000;

// Gives memory that was freed back to the system: what the workers of a pass used is of no use to what follows.
void return_free_memory() {
#ifdef __GLIBC__
  ::malloc_trim(0);
#endif
}

// Files of the index that no commit has yet can be what a file rule looks for.
void add_index_candidates(const Roots& roots, const FileRuleIndex& file_rules, HistoryFacts& facts) {
  std::vector<uint32_t> rules;
  for (const IndexEntry& entry : roots.index) {
    if (entry.mode == kModeSubmodule || entry.mode == kModeSymlink || entry.intent_to_add) continue;
    const std::string_view name = std::string_view(entry.path).substr(entry.path.rfind('/') + 1);
    file_rules.candidates(name, rules);
    for (const uint32_t rule : rules) facts.file_candidates.insert({entry.id, rule, std::string(name)});
  }
}

// Looks into the blobs that a file rule's name was right for, and keeps those whose content is right too.
void confirm_file_candidates(const ObjectStore& store, const CompiledRules& rules, HistoryFacts& facts) {
  const std::vector<FileCandidate> all(facts.file_candidates.begin(), facts.file_candidates.end());
  std::vector<char> confirmed(all.size(), 0);
  std::vector<std::unique_ptr<ObjectStore::Loader>> loaders(thread_count());
  parallel_ranges(all.size(), 16, [&](size_t first, size_t last, size_t worker) {
    if (!loaders[worker]) loaders[worker] = std::make_unique<ObjectStore::Loader>(store.make_loader());
    for (size_t i = first; i < last; ++i) {
      const Result<Object> object = loaders[worker]->load(all[i].blob);
      confirmed[i] = object && object->type == ObjectType::blob && file_rule_confirms(rules, all[i].rule, object->bytes);
    }
  });
  facts.file_candidates.clear();
  for (size_t i = 0; i < all.size(); ++i)
    if (confirmed[i]) facts.file_candidates.insert(facts.file_candidates.end(), all[i]);
}

// Names of refs, messages of reflogs, and the repository's own configuration.
std::vector<TextHits> scan_roots(const Roots& roots, const CompiledRules& rules, bool refs_only) {
  std::vector<TextHits> texts;
  BlobScanner::Worker scanner(rules);
  for (const Ref& ref : roots.refs) scan_text(scanner, Carrier::ref_name, ref.target, ref.name, texts);
  if (roots.head_branch && !roots.head) scan_text(scanner, Carrier::ref_name, {}, *roots.head_branch, texts);
  if (refs_only) return texts;
  for (const ReflogEntry& entry : roots.reflog) {
    scan_text(scanner, Carrier::reflog_message, entry.to, entry.message, texts);
    scan_text(scanner, Carrier::reflog_message, entry.to, entry.who, texts);
  }
  for (const Roots::ConfigFile& config : roots.config) {
    scan_text(scanner, Carrier::git_config, {}, config.text, texts);
    if (!texts.empty() && texts.back().carrier == Carrier::git_config && texts.back().text.empty())
      texts.back().text = config.name;
  }
  return texts;
}

// Names in the index that no tree has.
void add_index_names(const HistoryContext& context, const CompiledRules& rules, Drafts& drafts) {
  std::string joined;
  for (const IndexEntry& entry : context.roots.index) joined.append(entry.path).push_back('\n');
  BlobScanner::Worker scanner(rules);
  if (!scanner.may_hit(joined)) return;
  for (const IndexEntry& entry : context.roots.index)
    for (size_t start = 0; start < entry.path.size();) {
      const size_t end = std::min(entry.path.find('/', start), entry.path.size());
      const std::string path = entry.path.substr(0, end);
      for (const ResolvedHit& hit : resolve_hits(context.rules, scanner.scan(Bytes(entry.path).substr(start, end - start)), &path))
        if (!drafts.contains(FindingKey{hit.hit->rule, hit.hit->secret, path, {}}))
          add_place(drafts, hit, path, {.carrier = Carrier::file_name, .reach = Reach::staged});
      start = end + 1;
    }
}

void keep_what_refs_reach(Drafts& drafts, const HistoryContext& context) {
  std::optional<CommitGraph::Ancestors> stashed;
  for (const Ref& ref : context.roots.refs)
    if (ref.name == "refs/stash")
      if (const uint32_t stash = context.graph.find(ref.target); stash != kNoCommit) stashed.emplace(context.graph, stash);
  for (auto& [key, draft] : drafts)
    std::erase_if(draft.places, [&](const DraftPlace& one) {
      if (one.place.reach <= Reach::history) return false;
      const uint32_t commit = one.place.commit ? context.graph.find(*one.place.commit) : kNoCommit;
      return commit == kNoCommit || !stashed || !stashed->contain_position(context.graph.position(commit));
    });
}

std::string refs_digest(const Roots& roots) {
  std::string all;
  for (const Ref& ref : roots.refs) all += ref.target.hex() + " " + ref.name + "\n";
  if (roots.head) all += roots.head->target.hex() + " HEAD\n";
  return hex(sha256(all), 16);
}

Report::Target target_of(const Repository& repository, const Roots& roots, const Settings& settings) {
  Report::Target target;
  target.kind = "history";
  target.remote = shown_remote(repository);
  if (roots.head) target.head = roots.head->target;
  target.branch = roots.head_branch;
  target.refs_digest = refs_digest(roots);
  target.rules_digest = settings.rules->rule_set().digest;
  return target;
}

ConfigReader head_reader(const Repository& repository, const Roots& roots, Ledger& ledger) {
  return {[&repository, &roots, &ledger](const std::string& path) -> Result<std::optional<std::string>> {
            if (!roots.head) return std::optional<std::string>();
            return or_loss(read_at_commit(repository, roots.head->target, path), path, ledger);
          },
          "HEAD:"};
}

}  // namespace

Result<ScanResult> scan_history(const Args& args, Ledger& ledger) {
  // What there is: roots, objects, rules.
  TRY(const Repository repository, open_repository(args, false));
  TRY(const Roots roots, read_roots(repository, ledger));
  const ConfigReader reader = head_reader(repository, roots, ledger);
  TRY(Settings settings, load_settings(args, &reader));
  TRY(const ObjectStore store, ObjectStore::list(repository, ledger));
  const CompiledRules& rules = *settings.rules;
  const FileRuleIndex file_rules(rules.rule_set());
  const std::unique_ptr<ObjectTreeView> head = head_view(store, roots);

  // Every object is read and scanned once.
  HistoryFacts facts;
  std::vector<std::unique_ptr<TreeRecorder>> recorders;
  {
    Progress progress(progress_wanted(args), "objects");
    progress.set_total(store.objects().size());
    ObjectPass pass(store, {.whole = args.full_blobs, .verify_ids = args.verify_objects});
    facts = scan_objects(store, pass, rules, progress);
    if (!args.refs_only) add_index_candidates(roots, file_rules, facts);
    // The ledger names paths of what could not be read; what no ref reaches is of no interest if only refs are asked for.
    for (const auto& [blob, gaps] : facts.gaps) facts.told.push_back(blob);
    if (args.refs_only) facts.told.insert(facts.told.end(), facts.lfs_pointers.begin(), facts.lfs_pointers.end());
    return_free_memory();
    if (head) std::ranges::move(head_documents(*head, *settings.policy), std::back_inserter(facts.documents));
    recorders = scan_trees(store, pass, rules, file_rules, *settings.policy, facts, progress);
  }
  return_free_memory();
  ledger.scanned(facts.blob_count, facts.blob_bytes);
  const bool interrupted = note_interruption(ledger);
  confirm_file_candidates(store, rules, facts);
  const std::vector<TextHits> root_texts = scan_roots(roots, rules, args.refs_only);
  for (const TextHits& text : root_texts) note_text_gaps(text, ledger);

  // Beyond this point no leak is found any more: where and when each was is what is left to say.
  HistoryTargets targets(rules.rule_set(), facts);
  std::optional<CommitGraph> built;
  std::optional<TreeIndex> index;
  // Side by side, unless what both need on the way is too much.
  const size_t at_a_time = facts.commits.size() < kManyCommits ? 1 : 2;
  parallel_ranges(2, at_a_time, [&](size_t first, size_t last, size_t) {
    for (; first < last; ++first) {
      if (first == 0) built.emplace(CommitGraph::build(std::move(facts.commits)));
      else index.emplace(store, std::move(recorders), targets.ids());
    }
  });
  const CommitGraph& graph = *built;
  const TreeIndex& trees = *index;
  const std::vector<uint8_t> reached_by = mark_reached(facts, roots, graph);
  const HistoryContext context{rules.rule_set(), facts, targets, roots, store, graph, reached_by, args.refs_only};
  const Attribution attribution(trees, graph);
  for (const ObjectId& tree : trees.not_entered())
    ledger.skip(Skip::limit, "tree " + tree.hex() + " is nested too deep, unfolds to too many paths, or holds itself");
  PolicyScan policy(*settings.policy, rules.rule_set(), ledger, args.wants_judged());
  judge_documents(context, attribution, head.get(), policy, targets);
  Drafts drafts;
  if (head)
    for (const auto& [path, hit] : policy.judge_tree(*head)) add_place(drafts, {&hit, hit.policy->confidence, {}}, path, {.reach = Reach::head});
  const std::map<ObjectId, Whereabouts> whereabouts = add_content_leaks(context, attribution, drafts);
  add_text_leaks(context, root_texts, drafts);
  if (args.refs_only) keep_what_refs_reach(drafts, context);
  else add_index_names(context, rules, drafts);
  fill_commits(context, drafts);
  // Half a list of commits says nothing about what is missing.
  if (!interrupted) account_for_lacks(context, attribution, whereabouts, repository.is_partial(), ledger);

  ScanResult result{.target = target_of(repository, roots, settings), .stats = facts.stats, .warnings = policy.warnings()};
  result.judged = policy.take_judged(result.target.head);
  result.settings = std::move(settings);
  result.finish(std::move(drafts), false);
  result.whole = !args.refs_only;
  return result;
}

}  // namespace sealwarden
