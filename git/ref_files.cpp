// SPDX-License-Identifier: Apache-2.0
#include "git/ref_files.h"

#include <algorithm>

#include "git/files.h"
#include "scanner/base/atomic_file.h"

namespace sealwarden {
namespace {

constexpr size_t kRefFile = size_t{64} << 10;
constexpr int kDepth = 256;

Bytes take_line(Bytes& rest) {
  const size_t end = std::min(rest.find('\n'), rest.size());
  const Bytes line = without_line_end(rest.substr(0, end));
  rest.remove_prefix(std::min(rest.size(), end + 1));
  return line;
}

class FileVisitor {
 public:
  using Visit = std::function<void(const std::string&, const std::string&)>;
  FileVisitor(Ledger& ledger, const Visit& visit) : ledger_(ledger), visit_(visit) {}

  void enter(const std::string& folder, const std::string& prefix, int depth) {
    if (depth > kDepth) return ledger_.skip(Skip::limit, folder + ": more than 256 folders deep");
    const Result<std::vector<DirectoryEntry>> entries = list_directory(folder);
    if (!entries) {
      if (entries.error().kind != Error::Kind::not_found)
        ledger_.skip(Skip::unreadable_file, entries.error().message);
      return;
    }
    for (const DirectoryEntry& entry : *entries) {
      const std::string name = prefix + "/" + entry.name, file = join(folder, entry.name);
      if (entry.kind == FileKind::directory)
        enter(file, name, depth + 1);
      else if (entry.kind == FileKind::regular || entry.kind == FileKind::symlink)
        visit_(name, file);
    }
  }

 private:
  Ledger& ledger_;
  const Visit& visit_;
};

// A ref may be a symlink to another one, as HEAD once was; other links are followed only within the
// repository.
std::optional<RawRef> ref_of_link(const std::string& git_dir, const std::string& file, Ledger& ledger) {
  const std::string target = read_link(file);
  if (target.starts_with("refs/")) return RawRef{{}, target};
  const std::string real = resolve(file);
  if (real.starts_with(git_dir + "/") && kind_of(real) == FileKind::regular) {
    const std::optional<std::string> content = read_if_there(real, kRefFile, ledger);
    if (std::optional<RawRef> ref = content ? parse_ref(*content) : std::nullopt) return ref;
  }
  ledger.skip(Skip::corrupt_repository, file + ": a symlink that is no ref");
  return std::nullopt;
}

std::optional<RawRef> read_ref(const std::string& git_dir, const std::string& file, Ledger& ledger) {
  if (kind_of_entry(file) == FileKind::symlink) return ref_of_link(git_dir, file, ledger);
  const std::optional<std::string> content = read_if_there(file, kRefFile, ledger);
  if (!content) return std::nullopt;
  std::optional<RawRef> ref = parse_ref(*content);
  if (!ref) ledger.skip(Skip::corrupt_repository, file + ": neither an object id nor the name of a ref");
  return ref;
}

}  // namespace

std::optional<RawRef> parse_ref(Bytes content) {
  if (content.starts_with("ref:")) {
    Bytes name = without_line_end(content.substr(4));
    name.remove_prefix(std::min(name.find_first_not_of(" \t"), name.size()));
    while (!name.empty() && (name.back() == ' ' || name.back() == '\t'))
      name.remove_suffix(1);
    return name.empty() ? std::nullopt : std::optional(RawRef{{}, std::string(name)});
  }
  const std::optional<ObjectId> id = ObjectId::from_hex(content.substr(0, 40));
  const bool ends = content.size() == 40 ||
                    (content.size() > 40 && std::string_view(" \t\r\n").find(content[40]) != Bytes::npos);
  return id && ends ? std::optional(RawRef{*id, {}}) : std::nullopt;
}

std::optional<std::vector<ObjectId>> parse_heads(Bytes content) {
  std::vector<ObjectId> heads;
  while (!content.empty()) {
    const Bytes line = take_line(content);
    if (line.empty()) continue;
    const std::optional<RawRef> ref = parse_ref(line);
    if (!ref || !ref->symbolic.empty()) return std::nullopt;
    heads.push_back(ref->id);
  }
  return heads;
}

void visit_files(const std::string& folder, const std::string& prefix, Ledger& ledger,
                 const std::function<void(const std::string&, const std::string&)>& visit) {
  FileVisitor(ledger, visit).enter(folder, prefix, 0);
}

void read_loose_refs(const std::string& git_dir, RawRefs& refs, Ledger& ledger) {
  visit_files(join(git_dir, "refs"), "refs", ledger, [&](const std::string& name, const std::string& file) {
    if (name.ends_with(".lock")) return;  // being written
    if (std::optional<RawRef> ref = read_ref(git_dir, file, ledger))
      refs.insert_or_assign(name, std::move(*ref));
  });
}

// packed-refs = { '#' comment LF | id ' ' name LF [ '^' id LF ] }: the second id is what a tag leads to.
void read_packed_refs(const std::string& git_dir, RawRefs& refs, Ledger& ledger) {
  const std::string file = join(git_dir, "packed-refs");
  const std::optional<std::string> content = read_if_there(file, size_t{1} << 30, ledger);
  Bytes rest = content ? Bytes(*content) : Bytes();
  while (!rest.empty()) {
    const Bytes line = take_line(rest);
    if (line.empty() || line.front() == '#' || line.front() == '^') continue;
    const std::optional<ObjectId> id = ObjectId::from_hex(line.substr(0, 40));
    if (!id || line.size() < 42 || line[40] != ' ') {
      ledger.skip(Skip::corrupt_repository, file + ": a line that is no ref");
      continue;
    }
    refs.emplace(std::string(line.substr(41)), RawRef{*id, {}});
  }
}

std::optional<ObjectId> follow(const RawRef& ref, const RawRefs& own, const RawRefs& common) {
  const RawRef* at = &ref;
  for (int step = 0; step < 6; ++step) {
    if (at->symbolic.empty()) return at->id;
    auto found = own.find(at->symbolic);
    if (found == own.end()) {
      found = common.find(at->symbolic);
      if (found == common.end()) return std::nullopt;
    }
    at = &found->second;
  }
  return std::nullopt;
}

std::optional<std::string> read_if_there(const std::string& file, size_t limit, Ledger& ledger) {
  Result<std::string> content = read_file(file, limit);
  if (content) return std::move(*content);
  if (content.error().kind == Error::Kind::limit)
    ledger.skip(Skip::limit, content.error().message);
  else if (content.error().kind != Error::Kind::not_found)
    ledger.skip(Skip::unreadable_file, content.error().message);
  return std::nullopt;
}

}  // namespace sealwarden
