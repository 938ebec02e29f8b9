// SPDX-License-Identifier: Apache-2.0
#include "git/revision.h"

#include <git2.h>

#include <algorithm>
#include <memory>
#include <string_view>
#include <utility>

#include "git/files.h"
#include "git/ref_files.h"
#include "scanner/base/atomic_file.h"
#include "scanner/base/ledger.h"

namespace sealwarden {
namespace {

constexpr size_t kLongestTagChain = 64;

struct FreeObject {
  void operator()(git_object* object) const { git_object_free(object); }
};
bool is_hex(const std::string& name) {
  return name.find_first_not_of("0123456789abcdefABCDEF") == std::string::npos;
}

bool is_plain_in_shell(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view("._/+:-").find(c) != std::string_view::npos;
}

// So that the command can be pasted whatever a branch is called.
std::string quoted_for_shell(const std::string& text) {
  if (std::all_of(text.begin(), text.end(), is_plain_in_shell)) return text;
  std::string quoted = "'";
  for (const char c : text) {
    if (c == '\'') quoted += "'\\''";
    else quoted += c;
  }
  return quoted + "'";
}

// What to fetch for a name; empty if it is no name of a ref: then the whole history helps, or nothing does.
std::string refspec_for(const std::string& name) {
  if (name.size() == 40 && is_hex(name)) return name;
  if (name.find_first_of("~^@: ") != std::string::npos || name == "HEAD" || (name.size() >= 7 && is_hex(name))) return "";
  if (name.starts_with("refs/")) return "+" + name + ":" + name;
  const std::string branch = name.starts_with("origin/") ? name.substr(7) : name;
  return "+refs/heads/" + branch + ":refs/remotes/origin/" + branch;
}

// The content of a ref: its own file, else its line of packed-refs, of which only that is read. A symlink names another
// ref, as HEAD once did, and that one may be packed.
std::optional<std::string> read_ref(const Repository& repository, const std::string& name) {
  for (const std::string& folder : {repository.git_dir(), repository.common_dir()}) {
    const std::string link = read_link(join(folder, name));
    if (link.starts_with("refs/")) return "ref: " + link;
    if (auto content = read_file(join(folder, name))) return std::move(*content);
  }
  const auto packed = read_file(join(repository.common_dir(), "packed-refs"));
  const size_t found = packed ? packed->find(" " + name + "\n") : std::string::npos;
  if (found == std::string::npos || found < 40) return std::nullopt;
  return packed->substr(found - 40, 40);
}

// Follows symbolic refs; nullopt if there is none of this name, or it leads nowhere.
std::optional<ObjectId> read_ref_through(const Repository& repository, std::string name) {
  constexpr int kLongestChain = 5;
  for (int i = 0; i < kLongestChain; ++i) {
    const auto content = read_ref(repository, name);
    const auto ref = content ? parse_ref(*content) : std::nullopt;
    if (!ref) return std::nullopt;
    if (ref->symbolic.empty()) return ref->id;
    name = ref->symbolic;
  }
  return std::nullopt;
}

// A name as gitrevisions(7) looks for it, without what may stand behind it (~ ^ @{ :).
std::optional<ObjectId> resolve_plain_name(const Repository& repository, const std::string& name) {
  if (name.empty() || name.find_first_of("~^:@{*?[\\ ") != std::string::npos || name.find("..") != std::string::npos) return std::nullopt;
  const bool is_pseudo_ref = name.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ_") == std::string::npos;
  if (is_pseudo_ref || name.starts_with("refs/"))
    if (const auto id = read_ref_through(repository, name)) return id;
  for (const char* folder : {"refs/", "refs/tags/", "refs/heads/", "refs/remotes/"})
    if (const auto id = read_ref_through(repository, folder + name)) return id;
  return read_ref_through(repository, "refs/remotes/" + name + "/HEAD");
}

}  // namespace

Result<ObjectId> resolve_revision(const Repository& repository, const ObjectReader& reader, const std::string& name) {
  if (const auto id = ObjectId::from_hex(name)) {
    if (reader.contains(*id)) return *id;
    return fail(Error::Kind::not_found, name + " is not in this clone");
  }
  if (const auto id = resolve_plain_name(repository, name)) return *id;
  TRY(git_repository* const native, repository.open_native());
  git_object* object = nullptr;
  if (git_revparse_single(&object, native, name.c_str()) != 0)
    return fail(Error::Kind::not_found, "\"" + name + "\" names nothing in this clone");
  const std::unique_ptr<git_object, FreeObject> owner(object);
  return ObjectId::from_raw(git_object_id(object)->id);
}

Result<PeeledCommit> peel_to_commit(const ObjectReader& reader, const ObjectId& id) {
  PeeledCommit peeled{id, {}};
  for (size_t depth = 0; depth < kLongestTagChain; ++depth) {
    TRY(const ReadObject object, reader.load(peeled.commit));
    if (object.type() == ObjectType::commit) return peeled;
    if (object.type() != ObjectType::tag)
      return fail(Error::Kind::usage, peeled.commit.hex() + " is no commit and no tag of one; `sealwarden history` reads it");
    TRY(const TagView tag, parse_tag(object.bytes()));
    peeled.tags.push_back({peeled.commit, std::string(tag.name), std::string(tag.tagger), std::string(tag.message),
                           tag.target});
    peeled.commit = tag.target;
  }
  return fail(Error::Kind::limit, id.hex() + " is a chain of too many tags");
}

std::vector<ObjectId> commits_of_refs(const Repository& repository, const ObjectReader& reader,
                                      const std::string& except) {
  // A ref file that cannot be read hides nothing, so that more is looked at, not less: it is no loss here.
  Ledger unused;
  RawRefs refs;
  read_loose_refs(repository.common_dir(), refs, unused);
  read_packed_refs(repository.common_dir(), refs, unused);
  std::vector<ObjectId> commits;
  for (const auto& [name, ref] : refs) {
    const auto target = name == except ? std::nullopt : follow(ref, refs, refs);
    if (!target) continue;
    if (auto peeled = peel_to_commit(reader, *target)) commits.push_back(peeled->commit);
  }
  std::sort(commits.begin(), commits.end());
  commits.erase(std::unique(commits.begin(), commits.end()), commits.end());
  return commits;
}

Result<std::optional<ObjectId>> read_head(const Repository& repository) {
  constexpr int kLongestChain = 5;
  std::string name = "HEAD";
  for (int i = 0; i < kLongestChain; ++i) {
    const auto content = read_ref(repository, name);
    if (!content) return std::optional<ObjectId>();
    const auto ref = parse_ref(*content);
    if (!ref) return fail(Error::Kind::corrupt, repository.git_dir() + ": " + name + " holds no object id");
    if (ref->symbolic.empty()) return std::optional(ref->id);
    name = ref->symbolic;
  }
  return fail(Error::Kind::corrupt, repository.git_dir() + ": HEAD is a chain of too many refs");
}

std::vector<ObjectId> shallow_commits(const Repository& repository) {
  const auto content = read_file(join(repository.common_dir(), "shallow"));
  std::vector<ObjectId> commits = content ? parse_heads(*content).value_or(std::vector<ObjectId>()) : std::vector<ObjectId>();
  std::sort(commits.begin(), commits.end());
  return commits;
}

std::string how_to_fetch(const Repository& repository, const std::string& name) {
  std::string text = "this brings it: git fetch --no-tags";
  if (repository.is_shallow()) text += " --unshallow";
  text += " origin";
  const std::string refspec = refspec_for(name);
  if (!refspec.empty()) text += " " + quoted_for_shell(refspec);
  const size_t remote = refspec.find(":refs/remotes/");
  if (remote != std::string::npos && !name.starts_with("origin/")) text += " (and then it is called origin/" + name + ")";
  return text;
}

}  // namespace sealwarden
