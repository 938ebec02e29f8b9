// SPDX-License-Identifier: Apache-2.0
#include "git/roots.h"

#include <algorithm>
#include <array>
#include <iterator>

#include "git/files.h"
#include "git/ref_files.h"
#include "git/reflog.h"

namespace sealwarden {
namespace {

constexpr size_t kTextFile = size_t{16} << 20;

// One work tree's own part of the repository: the main one (or the bare repository), or a linked one.
struct Worktree {
  std::string git_dir;
  std::string name;    // empty: the main one
  std::string prefix;  // before the names of its refs
  bool opened = false;
};

// Files that hold object ids and are named neither *_HEAD nor refs. A rebase or a bisection that was left
// keeps its commits alive by these alone.
constexpr std::array kStateFiles = {"AUTO_MERGE",
                                    "BISECT_EXPECTED_REV",
                                    "MERGE_AUTOSTASH",
                                    "NOTES_MERGE_PARTIAL",
                                    "rebase-merge/orig-head",
                                    "rebase-merge/onto",
                                    "rebase-merge/autostash",
                                    "rebase-apply/orig-head",
                                    "rebase-apply/onto",
                                    "rebase-apply/autostash",
                                    "sequencer/head"};

bool is_head_name(const std::string& name) {
  return name != "HEAD" && name.ends_with("_HEAD") &&
         std::all_of(name.begin(), name.end(), [](char c) { return (c >= 'A' && c <= 'Z') || c == '_'; });
}

std::vector<Worktree> find_worktrees(const Repository& repository, Ledger& ledger) {
  const bool main_opened = repository.git_dir() == repository.common_dir();
  std::vector<Worktree> worktrees{
      {repository.common_dir(), "", main_opened ? "" : "main-worktree/", main_opened}};
  const std::string folder = join(repository.common_dir(), "worktrees");
  const Result<std::vector<DirectoryEntry>> entries = list_directory(folder);
  if (!entries && entries.error().kind != Error::Kind::not_found)
    ledger.skip(Skip::unreadable_file, entries.error().message);
  for (const DirectoryEntry& entry : entries.value_or(std::vector<DirectoryEntry>())) {
    const std::string git_dir = join(folder, entry.name);
    if (entry.kind == FileKind::directory)
      worktrees.push_back(
          {git_dir, entry.name, "worktrees/" + entry.name + "/", git_dir == repository.git_dir()});
  }
  // The environment may name a git folder that lies elsewhere.
  if (std::none_of(worktrees.begin(), worktrees.end(),
                   [](const Worktree& worktree) { return worktree.opened; })) {
    const std::string name = base_name(repository.git_dir());
    worktrees.push_back({repository.git_dir(), name, "worktrees/" + name + "/", true});
  }
  return worktrees;
}

class RootsReader {
 public:
  RootsReader(const Repository& repository, Ledger& ledger) : repository_(repository), ledger_(ledger) {}

  Roots read() {
    // Loose before packed: a ref that git packs meanwhile is then seen in one place or both, never in none.
    read_loose_refs(repository_.common_dir(), common_, ledger_);
    read_packed_refs(repository_.common_dir(), common_, ledger_);
    for (const auto& [name, ref] : common_)
      add(roots_.refs, name, ref, {});
    for (const Worktree& worktree : find_worktrees(repository_, ledger_))
      read_worktree(worktree);
    read_shallow();
    read_config("config");
    read_config("config.worktree");
    read_modules("modules", 0);
    return std::move(roots_);
  }

 private:
  // A ref that leads to one that is gone (refs/remotes/origin/HEAD often does) names nothing: git passes it
  // over too.
  void add(std::vector<Ref>& list, const std::string& name, const RawRef& ref, const RawRefs& own) {
    if (const std::optional<ObjectId> id = follow(ref, own, common_))
      list.push_back({name, *id, !ref.symbolic.empty()});
  }

  void read_worktree(const Worktree& worktree) {
    RawRefs own;
    if (!worktree.name.empty()) {
      read_loose_refs(worktree.git_dir, own, ledger_);
      for (const auto& [name, ref] : own)
        add(roots_.other_heads, worktree.prefix + name, ref, own);
      if (kind_of_entry(join(worktree.git_dir, "config.worktree")) != FileKind::none)
        read_config("worktrees/" + worktree.name + "/config.worktree");
    }
    read_head(worktree, own);
    read_other_heads(worktree);
    read_reflogs(worktree.git_dir, worktree.prefix, roots_.reflog, ledger_);
    read_index_of(worktree);
  }

  void read_head(const Worktree& worktree, const RawRefs& own) {
    const std::string file = join(worktree.git_dir, "HEAD");
    const std::string link = read_link(file);
    std::optional<RawRef> head;
    if (link.starts_with("refs/")) {
      head = RawRef{{}, link};
    } else if (const std::optional<std::string> content = read_if_there(file, kTextFile, ledger_)) {
      head = parse_ref(*content);
      if (!head)
        ledger_.skip(Skip::corrupt_repository, file + ": neither an object id nor the name of a ref");
    }
    if (!head) return;
    std::vector<Ref> found;
    add(found, worktree.opened ? "HEAD" : worktree.prefix + "HEAD", *head, own);
    if (!worktree.opened) {
      std::move(found.begin(), found.end(), std::back_inserter(roots_.other_heads));
      return;
    }
    if (!found.empty()) roots_.head = std::move(found.front());
    if (head->symbolic.empty()) return;
    roots_.head_branch =
        head->symbolic.starts_with("refs/heads/") ? head->symbolic.substr(11) : head->symbolic;
  }

  void read_other_heads(const Worktree& worktree) {
    std::vector<std::string> names(kStateFiles.begin(), kStateFiles.end());
    if (const auto entries = list_directory(worktree.git_dir)) {
      for (const DirectoryEntry& entry : *entries)
        if (is_head_name(entry.name) && entry.kind == FileKind::regular) names.push_back(entry.name);
    }
    for (const std::string& name : names) {
      const std::string file = join(worktree.git_dir, name);
      if (kind_of_entry(file) != FileKind::regular) continue;
      const std::optional<std::string> content = read_if_there(file, kTextFile, ledger_);
      if (content) add_heads(worktree.prefix + name, file, *content);
    }
  }

  void add_heads(const std::string& name, const std::string& file, const std::string& content) {
    if (const std::optional<RawRef> ref = parse_ref(content); ref && !ref->symbolic.empty())
      return add(roots_.other_heads, name, *ref, {});
    const std::optional<std::vector<ObjectId>> heads = parse_heads(content);
    if (!heads) return ledger_.skip(Skip::corrupt_repository, file + ": a line that is no object id");
    for (const ObjectId& head : *heads)
      if (!head.is_zero()) roots_.other_heads.push_back({name, head, false});
  }

  void read_index_of(const Worktree& worktree) {
    const std::string file = worktree.opened ? repository_.index_file() : join(worktree.git_dir, "index");
    Result<std::vector<IndexEntry>> entries = read_index(repository_, file);
    if (!entries) {
      const bool is_broken =
          entries.error().kind == Error::Kind::corrupt || entries.error().kind == Error::Kind::not_found;
      return ledger_.skip(is_broken ? Skip::corrupt_repository : Skip::unreadable_file,
                          entries.error().message);
    }
    for (IndexEntry& entry : *entries) {
      entry.worktree = worktree.name;
      roots_.index.push_back(std::move(entry));
    }
  }

  void read_shallow() {
    const std::string file = join(repository_.common_dir(), "shallow");
    const std::optional<std::string> content = read_if_there(file, size_t{1} << 30, ledger_);
    if (!content) return;
    const std::optional<std::vector<ObjectId>> commits = parse_heads(*content);
    if (commits)
      roots_.shallow = *commits;
    else
      ledger_.skip(Skip::corrupt_repository, file + ": a line that is no object id");
  }

  void read_config(const std::string& name) {
    std::optional<std::string> text = read_if_there(join(repository_.common_dir(), name), kTextFile, ledger_);
    if (text) roots_.config.push_back({name, std::move(*text)});
  }

  // Git folders of submodules; their names may hold '/', and they may have submodules of their own.
  void read_modules(const std::string& name, int depth) {
    constexpr int kDepth = 32;
    const std::string folder = join(repository_.common_dir(), name);
    const Result<std::vector<DirectoryEntry>> entries = list_directory(folder);
    if (!entries) return;
    if (depth > kDepth) return ledger_.skip(Skip::limit, folder + ": submodules more than 32 folders deep");
    for (const DirectoryEntry& entry : *entries) {
      if (entry.kind != FileKind::directory) continue;
      const std::string inner = name + "/" + entry.name;
      const bool is_git_dir = kind_of(join(join(folder, entry.name), "HEAD")) == FileKind::regular;
      if (is_git_dir) read_config(inner + "/config");
      read_modules(is_git_dir ? inner + "/modules" : inner, depth + 1);
    }
  }

  const Repository& repository_;
  Ledger& ledger_;
  RawRefs common_;
  Roots roots_;
};

}  // namespace

Result<Roots> read_roots(const Repository& repository, Ledger& ledger) {
  Roots roots = RootsReader(repository, ledger).read();
  std::stable_sort(roots.other_heads.begin(), roots.other_heads.end(),
                   [](const Ref& a, const Ref& b) { return a.name < b.name; });
  std::stable_sort(roots.reflog.begin(), roots.reflog.end(),
                   [](const ReflogEntry& a, const ReflogEntry& b) { return a.log < b.log; });
  std::sort(roots.config.begin(), roots.config.end(),
            [](const auto& a, const auto& b) { return a.name < b.name; });
  return roots;
}

Result<std::vector<IndexEntry>> read_index(const Repository& repository, const std::string& file) {
  TRY(IndexFile index, read_index_file(repository, file));
  return std::move(index.entries);
}

}  // namespace sealwarden
