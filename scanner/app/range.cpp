// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <iostream>
#include <map>
#include <set>
#include <string>

#include "git/changes.h"
#include "git/object_reader.h"
#include "git/revision.h"
#include "scanner/app/change_scan.h"
#include "scanner/app/scans.h"
#include "scanner/app/tree_views.h"

namespace sealwarden {
namespace {

Result<std::vector<RangeChanges>> list_ranges(const Args& args, const Repository& repository, Ledger& ledger) {
  std::vector<RangeChanges> ranges;
  if (!args.stdin_refs) {
    // An empty variable of a CI step must not make a range of nothing.
    if (args.range.find("..") == std::string::npos || args.range.starts_with(".."))
      return fail(Error::Kind::usage, "\"" + args.range + "\" is no range: write BASE..HEAD");
    // "0000...0..HEAD", as CI variables give it for a new branch: what no existing ref reaches.
    static const std::string kNoBase = ObjectId().hex() + "..";
    const std::string range_text = args.range.starts_with(kNoBase) ? args.range.substr(kNoBase.size()) : args.range;
    TRY(RangeChanges range, list_range(repository, range_text, ledger));
    ranges.push_back(std::move(range));
    return ranges;
  }
  for (std::string line; std::getline(std::cin, line);) {
    if (line.empty()) continue;
    TRY(RangeChanges range, list_push(repository, line, ledger));
    ranges.push_back(std::move(range));
  }
  return ranges;
}

// A change under test must not switch off its own check: configuration comes from where it starts. A push of several
// refs, or of a new one, is judged by what the repository's HEAD says; if HEAD itself is under test (a CI checkout), by
// the newest commit that the changes start from.
Result<std::optional<ObjectId>> config_commit(const std::vector<RangeChanges>& ranges, const Repository& repository) {
  if (ranges.size() == 1 && ranges.front().base) return std::optional(*ranges.front().base);
  std::set<ObjectId> tested;
  for (const RangeChanges& range : ranges)
    for (const RangeCommit& commit : range.commits) tested.insert(commit.id);
  TRY(const std::optional<ObjectId> head, read_head(repository));
  if (head && !tested.contains(*head)) return head;
  std::optional<ObjectId> newest;
  for (const RangeChanges& range : ranges)
    for (const RangeCommit& commit : range.commits)
      for (const ObjectId& parent : commit.parents)
        if (!tested.contains(parent)) newest = parent;
  return newest;
}

// Lines that the change adds to the ignore file count too, marked as its own.
Result<void> add_new_ignore_lines(const Repository& repository, const std::vector<RangeChanges>& ranges, IgnoreFile& ignore,
                                  Ledger& ledger) {
  for (const RangeChanges& range : ranges) {
    if (range.commits.empty()) continue;
    TRY(const std::optional<std::string> text, or_loss(read_at_commit(repository, range.head, kIgnoreFile), kIgnoreFile, ledger));
    if (!text) continue;
    TRY(const IgnoreFile after, read_ignore_file(range.head.hex().substr(0, 12) + ":" + kIgnoreFile, *text));
    for (const auto& [fingerprint, entry] : after.entries) ignore.entries.try_emplace(fingerprint, IgnoreFile::Entry{entry.why, true});
  }
  return {};
}

std::optional<ObjectId> tree_of_commit(const ObjectReader& reader, const ObjectId& commit) {
  const Result<ReadObject> object = reader.load(commit, ObjectType::commit);
  if (!object) return std::nullopt;
  const Result<CommitView> view = parse_commit(object->bytes());
  return view ? std::optional(view->tree) : std::nullopt;
}

// A configuration that the range itself has put right violates nothing; a secret in it stays known, and so does what is wrong
// with a change.
void drop_mended(const RuleSet& rules, Drafts& drafts) {
  std::erase_if(drafts, [&](const auto& one) {
    const Rule& rule = rules.rules[one.first.rule];
    return rule.policy && rule.kind != RuleKind::pair && rule.policy->scope == PolicyPart::Scope::head && !one.second.at_tip;
  });
}

// Places what one range brings. Commits come with parents first.
class RangeWriter {
 public:
  // `written`: commits that ranges before this one told.
  RangeWriter(const ObjectReader& reader, const RangeChanges& range, ChangeScan& scan, const RuleSet& rules, Drafts& drafts,
              std::set<ObjectId>& written)
      : reader_(reader), range_(range), scan_(scan), rules_(rules), drafts_(drafts), written_(written) {}

  void run() {
    for (const RangeCommit& commit : range_.commits)
      if (written_.insert(commit.id).second) write_commit(commit, static_cast<uint32_t>(written_.size()));
    for (const RangeChanges::Tag& tag : range_.tags) write_tag(tag);
    if (!range_.ref.empty()) write_text(Carrier::ref_name, range_.ref, {.commit = range_.head, .reach = Reach::tip}, 0);
    note_what_head_holds();
  }

 private:
  void write_commit(const RangeCommit& commit, uint32_t position) {
    const Signature author = parse_signature(commit.author);
    const Place base{.commit = commit.id, .reach = commit.id == range_.head ? Reach::head : Reach::history,
                     .author_date = author.date, .author = std::string(author.who)};
    write_text(Carrier::author, author.who, base, position);
    const Bytes committer = parse_signature(commit.committer).who;
    if (committer != author.who) write_text(Carrier::author, committer, base, position);
    write_text(Carrier::commit_message, commit.message, base, position);
    for (const auto& [name, value] : commit.other_headers)
      write_text(name == "mergetag" ? Carrier::tag_message : Carrier::commit_message, value, base, position);
    const std::vector<ObjectId> parents = parent_trees(commit);
    for (const PathChange& change : commit.changes) {
      for (const ChangeScan::NewLeak& leak : scan_.brought_by(change, parents)) write_leak(commit, change, leak, base, position);
      note_removals(commit, change, position);
    }
    for (const PathChange& change : commit.deletions_and_reverts) note_removals(commit, change, position);
  }

  void write_leak(const RangeCommit& commit, const PathChange& change, const ChangeScan::NewLeak& leak, Place place, uint32_t position) {
    const bool is_note = leak.carrier == Carrier::blob && range_.ref.starts_with("refs/notes/");
    place.carrier = is_note ? Carrier::note : leak.carrier;
    place.reach = Reach::history;  // until note_what_head_holds
    if (!leak.by_name) place.blob = change.id;
    DraftPlace& added = leak.hit ? add_place(drafts_, *leak.hit, leak.path, std::move(place))
                                 : add_file_place(drafts_, leak.rule, leak.path, std::move(place));
    added.position = position;
    const FindingKey key = leak.hit ? key_of(*leak.hit->hit, leak.path) : FindingKey{leak.rule, Secret(), leak.path, {}};
    Draft& draft = drafts_[key];
    draft.introduced.push_back({position, commit.id});
    draft.only_merges = draft.only_merges && commit.parents.size() > 1;
    if (!leak.by_name) by_path_[change.path].insert(key);
    if (leak.hit) scan_.remember_brought(key);
  }

  void note_removals(const RangeCommit& commit, const PathChange& change, uint32_t position) {
    const auto known = by_path_.find(change.path);
    if (known == by_path_.end()) return;
    for (const FindingKey& key : known->second) {
      if (!change.id.is_zero() && scan_.holds(change.id, key)) continue;
      const auto held = [&](const ObjectId& blob) { return scan_.holds(blob, key); };
      if (std::any_of(change.before.begin(), change.before.end(), held)) drafts_[key].removed.push_back({position, commit.id});
    }
  }

  void write_tag(const RangeChanges::Tag& tag) {
    const Signature tagger = parse_signature(tag.tagger);
    const Place base{.commit = range_.head, .reach = Reach::tip, .author_date = tagger.date, .author = std::string(tagger.who)};
    const auto position = static_cast<uint32_t>(written_.size());
    write_text(Carrier::tag_message, tag.message, base, position);
    write_text(Carrier::author, tagger.who, base, position);
    write_text(Carrier::ref_name, tag.name, base, position);
  }

  void write_text(Carrier carrier, Bytes text, Place place, uint32_t position) {
    const std::vector<Hit> hits = scan_.scan_text(text, carrier, place.commit);
    place.carrier = carrier;
    for (const ResolvedHit& hit : resolve_hits(rules_, hits, nullptr)) {
      Draft& draft = drafts_[FindingKey{hit.hit->rule, hit.hit->secret, std::nullopt, {}}];
      // One author is one version: his first commit in the range stands for all.
      if (carrier == Carrier::author && !authors_.insert({hit.hit->rule, std::string(text)}).second) continue;
      add_place(drafts_, hit, std::nullopt, place).position = position;
      if (place.commit) draft.introduced.push_back({position, *place.commit});
      draft.only_merges = false;
    }
  }

  [[nodiscard]] std::vector<ObjectId> parent_trees(const RangeCommit& commit) const {
    std::vector<ObjectId> trees;
    for (const ObjectId& parent : commit.parents)
      if (const auto tree = tree_of(parent)) trees.push_back(*tree);
    return trees;
  }

  [[nodiscard]] std::optional<ObjectId> tree_of(const ObjectId& commit) const { return tree_of_commit(reader_, commit); }

  // What is still there at the end of the range.
  void note_what_head_holds() {
    const auto tree = tree_of(range_.head);
    if (!tree) return;
    for (auto& [key, draft] : drafts_) {
      if (!key.path) continue;
      const std::optional<ObjectId> at_head = find_in_tree(reader_, *tree, *key.path);
      if (!at_head) continue;
      for (DraftPlace& place : draft.places)
        if (place.place.carrier == Carrier::file_name || place.place.blob == at_head) place.place.reach = Reach::head;
      draft.at_tip = draft.at_tip || scan_.holds(*at_head, key);
    }
  }

  const ObjectReader& reader_;
  const RangeChanges& range_;
  ChangeScan& scan_;
  const RuleSet& rules_;
  Drafts& drafts_;
  std::map<std::string, std::set<FindingKey>> by_path_;
  std::set<std::pair<uint32_t, std::string>> authors_;
  std::set<ObjectId>& written_;
};

}  // namespace

namespace {

// What rules on whole trees say of the range's end and not of its start.
void add_tree_changes(const Repository& repository, const ObjectReader& objects, const RangeChanges& range, PolicyScan& policy,
                      const TreeView& tree, Drafts& drafts) {
  const auto base = range.base ? tree_of_commit(objects, *range.base) : std::nullopt;
  std::optional<ObjectTreeView> before;
  if (base) before.emplace(load_from(repository), *base);
  for (const auto& [path, hit] : policy.judge_tree_change(tree, before ? &*before : nullptr))
    add_place(drafts, {&hit, hit.policy->confidence, {}}, path, {.commit = range.head, .reach = Reach::head});
}

}  // namespace

Result<ScanResult> scan_range(const Args& args, Ledger& ledger) {
  TRY(const Repository repository, open_repository(args, true));
  TRY(const std::vector<RangeChanges> ranges, list_ranges(args, repository, ledger));
  if (args.wants_judged() && ranges.size() > 1)
    return fail(Error::Kind::usage, "--sarif-full tells what is in order at one commit, and " + std::to_string(ranges.size()) +
                                        " refs were given: scan them one at a time");
  TRY(const std::optional<ObjectId> trusted, config_commit(ranges, repository));
  const ConfigReader reader{[&](const std::string& path) -> Result<std::optional<std::string>> {
                              if (!trusted) return std::optional<std::string>();
                              return or_loss(read_at_commit(repository, *trusted, path), path, ledger);
                            },
                            trusted ? trusted->hex().substr(0, 12) + ":" : ""};
  ScanResult result;
  TRY(result.settings, load_settings(args, &reader));
  if (!args.no_repo_config) TRY_VOID(add_new_ignore_lines(repository, ranges, result.settings.ignore, ledger));
  const CompiledRules& rules = *result.settings.rules;
  result.target.kind = "range";
  if (!ranges.empty()) result.target.head = ranges.front().head;
  result.target.rules_digest = rules.rule_set().digest;
  result.target.remote = shown_remote(repository);

  TRY(const ObjectReader objects, ObjectReader::open(repository));
  PolicyScan policy(*result.settings.policy, rules.rule_set(), ledger, args.wants_judged());
  const ObjectTreeView tree(load_from(repository), ranges.empty() ? ObjectId() : tree_of_commit(objects, ranges.front().head).value_or(ObjectId()));
  ChangeScan scan(repository, objects, rules, policy, tree, ranges.size() == 1, ledger);
  std::vector<const PathChange*> changes;
  for (const RangeChanges& range : ranges)
    for (const RangeCommit& commit : range.commits) {
      for (const PathChange& change : commit.changes) changes.push_back(&change);
      for (const PathChange& change : commit.deletions_and_reverts) changes.push_back(&change);
    }
  scan.scan(changes);
  note_interruption(ledger);
  Drafts drafts;
  std::set<ObjectId> written;
  for (const RangeChanges& range : ranges) RangeWriter(objects, range, scan, rules.rule_set(), drafts, written).run();
  drop_mended(rules.rule_set(), drafts);
  if (ranges.size() == 1) add_tree_changes(repository, objects, ranges.front(), policy, tree, drafts);
  result.stats = scan.stats();
  result.warnings = policy.warnings();
  result.judged = policy.take_judged(result.target.head);
  result.finish(std::move(drafts), true);
  return result;
}

}  // namespace sealwarden
