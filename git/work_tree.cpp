// SPDX-License-Identifier: Apache-2.0
#include "git/work_tree.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <memory>
#include <optional>
#include <string_view>
#include <tuple>
#include <utility>

#include "git/ignore.h"
#include "git/objects.h"
#include "git/repository.h"
#include "git/roots.h"
#include "scanner/base/parallel.h"

// Folders are read level by level, those of one level in parallel. Each folder sorts its own few names, a folder's name
// counting as if it ended in '/': walking the result depth first then gives the bytewise order of whole paths, and no
// list of all files is ever sorted.
namespace sealwarden {
namespace {

struct Item {
  std::string name;
  enum class Kind : uint8_t { file, symlink, folder } kind = Kind::file;
  bool lists_all = false;          // of a folder: as in Folder
  size_t first = 0, last = 0;      // of a folder: as in Folder
  size_t child = 0;                // of a folder: its index among all folders
};

struct Folder {
  std::string path;                // below the start, with a trailing '/'; empty for the start itself
  bool lists_all = false;          // no ignore rule counts in it
  size_t first = 0, last = 0;      // the index entries below it
  std::vector<Item> items;
};

// What is tracked, as index entries sorted by path: a folder is a range of them, found by bisection.
class Tracked {
 public:
  Tracked() = default;
  explicit Tracked(std::vector<IndexEntry> entries) : entries_(std::move(entries)) {
    const auto before = [](const IndexEntry& a, const IndexEntry& b) { return a.path < b.path; };
    if (!std::is_sorted(entries_.begin(), entries_.end(), before))
      std::sort(entries_.begin(), entries_.end(), before);
  }
  [[nodiscard]] size_t size() const { return entries_.size(); }
  // The entries of [first, last) whose path starts with `prefix`.
  [[nodiscard]] std::pair<size_t, size_t> below(size_t first, size_t last, std::string_view prefix) const {
    const size_t begin = bisect(first, last, [&](std::string_view path) { return path < prefix; });
    const size_t end = bisect(begin, last, [&](std::string_view path) { return path.starts_with(prefix); });
    return {begin, end};
  }
  [[nodiscard]] bool holds(size_t first, size_t last, std::string_view path) const {
    const size_t found = bisect(first, last, [&](std::string_view other) { return other < path; });
    return found < last && entries_[found].path == path;
  }
  // A sparse index has one entry for a whole folder: nothing is known of what is tracked in it.
  [[nodiscard]] bool is_sparse_folder(size_t index, std::string_view path) const {
    return entries_[index].mode == kModeTree && entries_[index].path.size() <= path.size();
  }

 private:
  template <class Test>
  [[nodiscard]] size_t bisect(size_t first, size_t last, Test before) const {
    while (first < last) {
      const size_t middle = first + (last - first) / 2;
      if (before(std::string_view(entries_[middle].path))) first = middle + 1;
      else last = middle;
    }
    return first;
  }
  std::vector<IndexEntry> entries_;
};

// The start of a walk, resolved.
struct Start {
  std::string file;                      // absolute, symlinks resolved
  std::string prefix;                    // what stands before a path below the start when it is reported
  std::optional<std::string> work_tree;  // of the repository around it, if ignore rules are to count
  std::string exclude_file;              // of that repository
  Tracked tracked;
};

struct CloseFolder {
  void operator()(DIR* folder) const { closedir(folder); }
};

bool is_folder_boundary(const dirent& entry) {
  const std::string_view name = entry.d_name;
  return name == "." || name == "..";
}

// The kind of a folder entry as d_type says it; file systems that do not tell cost one fstatat.
unsigned char type_of(const dirent& entry, int folder) {
  if (entry.d_type != DT_UNKNOWN) return entry.d_type;
  struct stat info {};
  if (fstatat(folder, entry.d_name, &info, AT_SYMLINK_NOFOLLOW) != 0) return DT_UNKNOWN;
  return static_cast<unsigned char>(IFTODT(info.st_mode));
}

class Walk {
 public:
  Walk(const Start& start, Ledger& ledger) : start_(start), ledger_(ledger) {}

  std::vector<FileRef> run() {
    add_start();
    for (size_t level = 0; level < folders_.size();) {
      const size_t end = folders_.size();
      parallel_ranges(end - level, kGrain, [&](size_t first, size_t last, size_t worker) {
        for (size_t i = first; i < last; ++i) read(folders_[level + i], worker);
      });
      for (; level < end; ++level) add_children(level);
    }
    gather();
    return std::move(files_);
  }

 private:
  static constexpr size_t kGrain = 4;  // folders taken at a time

  void add_start();
  void read(Folder& folder, size_t worker);
  bool read_names(Folder& folder);
  void classify(Folder& folder, size_t worker);
  bool is_wanted(const Folder& folder, Item& item, size_t worker);
  void enter(const Folder& folder, Item& item, const std::string& path);
  void add_children(size_t parent);
  void gather();
  void skip(Skip reason, const Folder& folder, std::string_view name, int error = 0);

  const Start& start_;
  Ledger& ledger_;
  std::deque<IgnoreRules> rules_;  // by worker
  std::deque<Folder> folders_;     // by level: parents before children
  std::vector<FileRef> files_;
};

void Walk::skip(Skip reason, const Folder& folder, std::string_view name, int error) {
  std::string example = start_.prefix + folder.path;
  example += name;
  if (error != 0) example.append(": ").append(std::strerror(error));
  ledger_.skip(reason, std::move(example));
}

void Walk::add_start() {
  Folder& root = folders_.emplace_back();
  root.lists_all = !start_.work_tree;
  if (root.lists_all) return;
  for (size_t i = 0; i < thread_count(); ++i) rules_.emplace_back(*start_.work_tree, start_.exclude_file);
  std::tie(root.first, root.last) = start_.tracked.below(0, start_.tracked.size(), start_.prefix);
  // Who names an ignored folder wants to see it.
  if (!start_.prefix.empty() && root.first == root.last)
    root.lists_all = rules_.front().ignores(start_.prefix);
}

// Whether the folder could be read; with ".git" in it, it is a repository of its own, whose rules are not the outer one's.
bool Walk::read_names(Folder& folder) {
  const std::string name = start_.file + "/" + folder.path;
  const int descriptor = open(name.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  const std::unique_ptr<DIR, CloseFolder> handle(descriptor < 0 ? nullptr : fdopendir(descriptor));
  if (!handle) {
    const int error = errno;
    if (descriptor >= 0) close(descriptor);
    const bool gone = error == ENOENT || error == ENOTDIR || error == ELOOP;
    skip(gone ? Skip::vanished_file : Skip::unreadable_file, folder, "", error);
    return false;
  }
  errno = 0;
  while (const dirent* entry = readdir(handle.get())) {
    if (is_folder_boundary(*entry)) continue;
    if (std::string_view(entry->d_name) == ".git") {
      folder.lists_all = folder.lists_all || !folder.path.empty();
      continue;
    }
    switch (type_of(*entry, descriptor)) {
      case DT_REG: folder.items.push_back({entry->d_name, Item::Kind::file}); break;
      case DT_LNK: folder.items.push_back({entry->d_name, Item::Kind::symlink}); break;
      case DT_DIR: folder.items.push_back({entry->d_name, Item::Kind::folder}); break;
      case DT_UNKNOWN: skip(Skip::vanished_file, folder, entry->d_name); break;
      default: skip(Skip::special_file, folder, entry->d_name);
    }
    errno = 0;
  }
  if (errno != 0) skip(Skip::unreadable_file, folder, "", errno);
  return true;
}

void Walk::read(Folder& folder, size_t worker) {
  if (!read_names(folder)) return;
  classify(folder, worker);
  for (Item& item : folder.items)
    if (item.kind == Item::Kind::folder) item.name += '/';
  std::sort(folder.items.begin(), folder.items.end(),
            [](const Item& a, const Item& b) { return a.name < b.name; });
}

void Walk::classify(Folder& folder, size_t worker) {
  if (folder.lists_all) {
    for (Item& item : folder.items) item.lists_all = true;
    return;
  }
  std::erase_if(folder.items, [&](Item& item) { return !is_wanted(folder, item, worker); });
}

bool Walk::is_wanted(const Folder& folder, Item& item, size_t worker) {
  const std::string path = start_.prefix + folder.path + item.name;
  if (start_.tracked.holds(folder.first, folder.last, path)) {
    item.first = item.last = folder.first;
    return true;
  }
  if (item.kind == Item::Kind::folder) {
    enter(folder, item, path + "/");
    if (item.first != item.last) return true;
  }
  if (!rules_[worker].ignores(item.kind == Item::Kind::folder ? path + "/" : path)) return true;
  skip(Skip::ignored_file, folder, item.kind == Item::Kind::folder ? item.name + "/" : item.name);
  return false;
}

void Walk::enter(const Folder& folder, Item& item, const std::string& path) {
  std::tie(item.first, item.last) = start_.tracked.below(folder.first, folder.last, path);
  item.lists_all = item.first != item.last && start_.tracked.is_sparse_folder(item.first, path);
}

void Walk::add_children(size_t parent) {
  for (Item& item : folders_[parent].items) {
    if (item.kind != Item::Kind::folder) continue;
    item.child = folders_.size();
    folders_.push_back({folders_[parent].path + item.name, item.lists_all, item.first, item.last, {}});
  }
}

// Depth first with a stack of our own: a hostile tree may be deeper than the thread's.
void Walk::gather() {
  struct Position { size_t folder, next; };
  std::vector<Position> stack{{0, 0}};
  while (!stack.empty()) {
    Position& top = stack.back();
    const Folder& folder = folders_[top.folder];
    if (top.next == folder.items.size()) {
      stack.pop_back();
      continue;
    }
    const Item& item = folder.items[top.next++];
    if (item.kind == Item::Kind::folder) {
      stack.push_back({item.child, 0});
      continue;
    }
    if (item.kind == Item::Kind::symlink) skip(Skip::symlink_not_followed, folder, item.name);
    const std::string below = folder.path + item.name;
    files_.push_back({start_.file + "/" + below, start_.prefix + below, item.kind == Item::Kind::symlink});
  }
}

std::string last_component(std::string_view path) {
  while (path.size() > 1 && path.ends_with('/')) path.remove_suffix(1);
  return std::string(path.substr(path.rfind('/') + 1));
}

std::optional<std::string> resolved(const std::string& path) {
  const std::unique_ptr<char, decltype(&std::free)> real(realpath(path.c_str(), nullptr), &std::free);
  return real ? std::optional<std::string>(real.get()) : std::nullopt;
}

// The repository around `file`, if it can be opened: one that cannot be read (another hash, a broken .git) still has
// files, which are listed as those of any folder.
std::optional<Repository> repository_around(const std::string& file) {
  if (!Repository::is_inside(file)) return std::nullopt;
  auto opened = Repository::open(file, false);
  if (!opened || !opened->work_tree()) return std::nullopt;
  return std::move(*opened);
}

// `file` relative to `root`, both resolved; nullopt if it is outside; empty for the root itself.
std::optional<std::string> relative_to(const std::string& root, const std::string& file) {
  if (file == root) return std::string();
  const std::string folder = root.ends_with('/') ? root : root + "/";
  if (!file.starts_with(folder)) return std::nullopt;
  return file.substr(folder.size());
}

std::vector<FileRef> single_file(const std::string& start, const std::string& file, bool symlink) {
  std::string path = last_component(start);
  if (const auto repository = repository_around(file.substr(0, file.rfind('/') + 1)))
    path = relative_to(resolved(*repository->work_tree()).value_or(""), file).value_or(path);
  return {{file, path, symlink}};
}

Start start_of(const std::string& folder, const WalkOptions& options, Ledger& ledger) {
  Start start;
  start.file = folder;
  const auto repository = repository_around(folder);
  if (!repository) return start;
  const auto root = resolved(*repository->work_tree());
  const auto relative = root ? relative_to(*root, folder) : std::nullopt;
  if (!relative) return start;
  if (!relative->empty()) start.prefix = *relative + "/";
  if (options.no_ignore) return start;
  auto entries = read_index(*repository, repository->index_file());
  if (!entries) {
    // What is tracked although ignored is not known then.
    const bool is_broken = entries.error().kind == Error::Kind::corrupt;
    ledger.skip(is_broken ? Skip::corrupt_repository : Skip::unreadable_file, entries.error().message);
    entries = std::vector<IndexEntry>();
  }
  start.work_tree = *root;
  start.exclude_file = repository->common_dir() + "/info/exclude";
  start.tracked = Tracked(std::move(*entries));
  return start;
}

}  // namespace

Result<std::vector<FileRef>> list_work_tree(const std::string& start, const WalkOptions& options, Ledger& ledger) {
  struct stat link {};
  if (lstat(start.c_str(), &link) != 0)
    return fail(Error::Kind::usage, start + ": " + std::strerror(errno));
  struct stat info {};
  if (stat(start.c_str(), &info) != 0) return single_file(start, start, true);  // a link that leads nowhere
  const auto file = resolved(start);
  if (!file) return fail(Error::Kind::usage, start + ": " + std::strerror(errno));
  if (S_ISREG(info.st_mode)) return single_file(start, *file, false);
  if (!S_ISDIR(info.st_mode)) {
    ledger.skip(Skip::special_file, start);
    return std::vector<FileRef>();
  }
  const Start root = start_of(*file, options, ledger);
  return Walk(root, ledger).run();
}

}  // namespace sealwarden
