// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <optional>
#include <set>
#include <sstream>
#include <utility>

#include "git/change_set.h"
#include "git/changes.h"
#include "git/commit_walk.h"
#include "git/object_reader.h"
#include "git/revision.h"
#include "git/tree_diff.h"
#include "scanner/base/parallel.h"
#include "scanner/base/stop.h"

namespace sealwarden {
namespace {

// The parts of "A..B", "A...B" or "B"; an empty side is HEAD, as in git.
struct Spec {
  std::optional<std::string> base;
  std::string head;
  bool from_merge_base = false;
};

Result<Spec> parse_spec(const std::string& range) {
  const size_t dots = range.find("..");
  Spec spec;
  if (dots == std::string::npos) {
    spec.head = range;
  } else {
    spec.from_merge_base = range.compare(dots, 3, "...") == 0;
    spec.base = range.substr(0, dots);
    spec.head = range.substr(dots + (spec.from_merge_base ? 3 : 2));
  }
  if (spec.head.empty() && (!spec.base || spec.base->empty()))
    return fail(Error::Kind::usage, "\"" + range + "\" is no range: write BASE..HEAD");
  if (spec.head.empty()) spec.head = "HEAD";
  if (spec.base && spec.base->empty()) spec.base = "HEAD";
  return spec;
}

// The commit that one end of a range names. What is missing is told together with the command that brings it.
Result<PeeledCommit> find_end(const Repository& repository, const ObjectReader& reader, const std::string& name) {
  auto id = resolve_revision(repository, reader, name);
  auto peeled = id ? peel_to_commit(reader, *id) : Result<PeeledCommit>(tl::unexpected<Error>(id.error()));
  if (peeled || peeled.error().kind != Error::Kind::not_found) return peeled;
  std::string message = peeled.error().message;
  if (repository.is_shallow()) message += ", which is shallow";
  if (!repository.origin_url()) return fail(Error::Kind::usage, std::move(message));
  const std::string remote_name = "origin/" + name;
  if (!name.starts_with("origin/") && resolve_revision(repository, reader, "refs/remotes/" + remote_name))
    return fail(Error::Kind::usage, message + "; \"" + remote_name + "\" is: use that name");
  return fail(Error::Kind::usage, message + "; " + how_to_fetch(repository, name));
}

// Fills the commits of a range, in parallel; each worker reads with its own reader and each commit has its own slot.
class CommitFiller {
 public:
  CommitFiller(const Repository& repository, const CommitSet& set, std::optional<ObjectId> base, Ledger& ledger)
      : repository_(repository), set_(set), base_(base), ledger_(ledger), is_partial_(repository.is_partial()) {
    for (const CommitSet::Gap& gap : set.gaps) absent_.insert(gap.parent);
  }
  Result<std::vector<RangeCommit>> run();

 private:
  Result<RangeCommit> fill(const ObjectReader& reader, const ObjectId& id);
  [[nodiscard]] std::optional<ObjectId> tree_of(const ObjectReader& reader, const ObjectId& commit) const;
  [[nodiscard]] std::vector<std::optional<ObjectId>> trees_before(const ObjectReader& reader,
                                                                  const RangeCommit& commit) const;

  const Repository& repository_;
  const CommitSet& set_;
  const std::optional<ObjectId> base_;
  Ledger& ledger_;
  const bool is_partial_;
  std::set<ObjectId> absent_;
};

Result<std::vector<RangeCommit>> CommitFiller::run() {
  constexpr size_t kGrain = 16;
  std::vector<std::optional<Result<RangeCommit>>> filled(set_.commits.size());
  std::vector<std::optional<Result<ObjectReader>>> readers(thread_count());
  parallel_ranges_until_stopped(filled.size(), kGrain, [&](size_t first, size_t last, size_t worker) {
    auto& reader = readers[worker];
    if (!reader) reader.emplace(ObjectReader::open(repository_));
    for (size_t i = first; i < last && !stop_requested; ++i) {
      Result<RangeCommit> commit =
          *reader ? fill(**reader, set_.commits[i]) : tl::unexpected<Error>(reader->error());
      if (!stop_requested) filled[i] = std::move(commit);  // else its comparison may have been cut short
    }
  });
  std::vector<RangeCommit> commits;
  for (std::optional<Result<RangeCommit>>& commit : filled) {
    if (!commit) break;  // stopped: what is told holds the parents of all its commits
    if (!*commit) return tl::unexpected<Error>(commit->error());
    commits.push_back(std::move(**commit));
  }
  return commits;
}

std::optional<ObjectId> CommitFiller::tree_of(const ObjectReader& reader, const ObjectId& commit) const {
  const auto object = reader.load(commit, ObjectType::commit);
  if (!object) return std::nullopt;
  const auto parsed = parse_commit(object->bytes());
  return parsed ? std::optional(parsed->tree) : std::nullopt;
}

// In place of a parent that is not here stands the base of the range: what the commit has and the base has not was
// brought on the way, and the ledger tells that the way itself was not seen.
std::vector<std::optional<ObjectId>> CommitFiller::trees_before(const ObjectReader& reader,
                                                                const RangeCommit& commit) const {
  std::vector<std::optional<ObjectId>> trees;
  for (const ObjectId& parent : commit.parents) {
    const bool is_absent = absent_.contains(parent);
    if (!is_absent) trees.push_back(tree_of(reader, parent));
    else if (base_) trees.push_back(tree_of(reader, *base_));
  }
  return trees;
}

Result<RangeCommit> CommitFiller::fill(const ObjectReader& reader, const ObjectId& id) {
  TRY(const ReadObject object, reader.load(id, ObjectType::commit));
  TRY(const CommitView view, parse_commit(object.bytes()));
  RangeCommit commit{id, view.parents, std::string(view.author), std::string(view.committer),
                     std::string(view.message), {}, {}, {}};
  for (const auto& [name, value] : view.other_headers) commit.other_headers.emplace_back(name, value);
  std::vector<std::optional<ObjectId>> trees = trees_before(reader, commit);
  trees.insert(trees.begin(), view.tree);
  ChangeSet changes(ledger_);
  MissingObjects missing(is_partial_, ledger_);
  compare_trees(reader, missing, std::move(trees), "",
                [&](TreeDifference difference) { changes.add(std::move(difference)); });
  changes.finish(reader);
  commit.changes = changes.take_changes();
  commit.deletions_and_reverts = changes.take_others();
  return commit;
}

// Tells what could not be seen: parents inside the range, and hidden history that might have hidden more.
void report_gaps(const Repository& repository, const CommitSet& set, Ledger& ledger) {
  const std::vector<ObjectId> shallow = shallow_commits(repository);
  MissingObjects missing(repository.is_partial(), ledger);
  const auto at_boundary = [&](const CommitSet::Gap& gap) {
    return std::binary_search(shallow.begin(), shallow.end(), gap.commit) && gap.cause.kind == Error::Kind::not_found;
  };
  const std::string remedy = " is not in this shallow clone: git fetch --no-tags --unshallow origin";
  for (const CommitSet::Gap& gap : set.gaps) {
    const std::string what = "parent of commit " + gap.commit.hex();
    if (at_boundary(gap)) ledger.skip(Skip::shallow_boundary, what + remedy);
    else missing.report(gap.cause, what);
  }
  for (const CommitSet::Gap& gap : set.hidden_gaps)
    if (at_boundary(gap)) ledger.skip(Skip::shallow_boundary, "parent of commit " + gap.commit.hex() + remedy);
}

Result<void> fill_range(const Repository& repository, const ObjectReader& reader, const std::vector<ObjectId>& hidden,
                        RangeChanges& changes, Ledger& ledger) {
  const CommitSet set = commits_between(reader, {changes.head}, hidden);
  report_gaps(repository, set, ledger);
  TRY(changes.commits, CommitFiller(repository, set, changes.base, ledger).run());
  return {};
}

// Of several best common ancestors the newest: each is as good a base, and the choice must not hang on chance.
Result<ObjectId> merge_base(const Repository& repository, const ObjectReader& reader, const ObjectId& base,
                            const ObjectId& head) {
  const std::vector<ObjectId> best = best_of(reader, commits_between(reader, {head}, {base}).boundary);
  if (!best.empty()) return best.front();
  std::string message = base.hex() + " and " + head.hex() + " have no common ancestor";
  if (repository.is_shallow())
    message += " in this clone, which is shallow; " + how_to_fetch(repository, "HEAD");
  return fail(Error::Kind::usage, std::move(message));
}

struct PushLine {
  ObjectId old_id, new_id;
  std::string ref;
};

Result<PushLine> parse_push_line(const std::string& line) {
  std::istringstream words(line);
  std::string old_text, new_text, ref, rest;
  words >> old_text >> new_text >> ref;
  const auto old_id = ObjectId::from_hex(old_text);
  const auto new_id = ObjectId::from_hex(new_text);
  if (!old_id || !new_id || ref.empty() || words >> rest)
    return fail(Error::Kind::usage, "\"" + line + "\" is no line of a pre-receive hook: OLD NEW REF");
  return PushLine{*old_id, *new_id, std::move(ref)};
}

}  // namespace

Result<RangeChanges> list_range(const Repository& repository, const std::string& range, Ledger& ledger) {
  TRY(const Spec spec, parse_spec(range));
  TRY(const ObjectReader reader, ObjectReader::open(repository));
  RangeChanges changes;
  if (spec.base) {
    TRY(const PeeledCommit base, find_end(repository, reader, *spec.base));
    changes.base = base.commit;
  }
  TRY(PeeledCommit head, find_end(repository, reader, spec.head));
  changes.head = head.commit;
  changes.tags = std::move(head.tags);
  const std::vector<ObjectId> hidden =
      changes.base ? std::vector{*changes.base} : commits_of_refs(repository, reader, "");
  if (spec.from_merge_base) {
    const Result<ObjectId> found = merge_base(repository, reader, *changes.base, changes.head);
    if (stop_requested) return changes;  // a search that was cut short finds no base or a wrong one
    TRY(changes.base, found);
  }
  TRY_VOID(fill_range(repository, reader, hidden, changes, ledger));
  return changes;
}

Result<RangeChanges> list_push(const Repository& repository, const std::string& line, Ledger& ledger) {
  TRY(const PushLine push, parse_push_line(line));
  RangeChanges changes;
  changes.ref = push.ref;
  if (push.new_id.is_zero()) return changes;
  TRY(const ObjectReader reader, ObjectReader::open(repository));
  TRY(PeeledCommit head, find_end(repository, reader, push.new_id.hex()));
  changes.head = head.commit;
  changes.tags = std::move(head.tags);
  std::vector<ObjectId> hidden;
  if (push.old_id.is_zero()) {
    hidden = commits_of_refs(repository, reader, push.ref);
  } else {
    TRY(const PeeledCommit base, find_end(repository, reader, push.old_id.hex()));
    changes.base = base.commit;
    hidden = {base.commit};
  }
  TRY_VOID(fill_range(repository, reader, hidden, changes, ledger));
  return changes;
}

}  // namespace sealwarden
