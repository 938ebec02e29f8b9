// SPDX-License-Identifier: Apache-2.0
#include "scanner/app/tree_views.h"

#include <memory>

#include "git/index_file.h"
#include "git/object_reader.h"

namespace sealwarden {
namespace {

// Deeper folders, and more of them, than any honest tree has: a forged one may hold itself.
constexpr size_t kMaxDepth = 256, kMaxPaths = size_t{1} << 22;

}  // namespace

FolderView::FolderView(const std::vector<FileRef>& files, const TreeView* stored) : stored_(stored) {
  for (const FileRef& file : files)
    if (!file.symlink) files_.emplace(file.path, &file);
  for (const auto& [path, file] : files_) paths_.push_back(path);
}

std::optional<std::string> FolderView::read(const std::string& path) const {
  const auto found = files_.find(path);
  if (found == files_.end()) return std::nullopt;
  FileLoader loader;
  const Result<Bytes> bytes = loader.load(*found->second);
  return bytes ? std::optional<std::string>(*bytes) : std::nullopt;
}

const ObjectTreeView::Folder& ObjectTreeView::folder(const ObjectId& tree) const {
  const auto [at, is_new] = folders_.try_emplace(tree);
  if (!is_new) return at->second;
  const std::optional<std::string> bytes = load_(tree);
  Bytes rest = bytes ? Bytes(*bytes) : Bytes();
  TreeEntry entry;
  while (take_tree_entry(rest, entry)) at->second.entries.emplace(entry.name, std::pair{entry.mode, entry.id});
  return at->second;
}

std::optional<std::string> ObjectTreeView::read(const std::string& path) const {
  const std::lock_guard lock(mutex_);
  ObjectId tree = tree_;
  for (size_t start = 0;;) {
    const size_t slash = path.find('/', start);
    const Folder& here = folder(tree);
    const auto entry = here.entries.find(std::string_view(path).substr(start, slash == std::string::npos ? slash : slash - start));
    if (entry == here.entries.end()) return std::nullopt;
    if (slash == std::string::npos) return is_regular_file(entry->second.first) ? load_(entry->second.second) : std::nullopt;
    if (!is_folder(entry->second.first)) return std::nullopt;
    tree = entry->second.second;
    start = slash + 1;
  }
}

void ObjectTreeView::list(const ObjectId& tree, const std::string& prefix, size_t depth) const {
  if (depth > kMaxDepth) return;
  for (const auto& [name, entry] : folder(tree).entries) {
    if (files_.size() >= kMaxPaths) return;
    if (is_folder(entry.first)) list(entry.second, prefix + name + "/", depth + 1);
    else if (is_regular_file(entry.first)) files_.emplace(prefix + name, entry.second);
  }
}

const std::map<std::string, ObjectId>& ObjectTreeView::files() const {
  const std::lock_guard lock(mutex_);
  if (!listed_) list(tree_, "", 0);
  listed_ = true;
  if (paths_.empty())
    for (const auto& [path, id] : files_) paths_.push_back(path);
  return files_;
}

const std::vector<std::string>& ObjectTreeView::paths() const {
  static_cast<void>(files());  // lists them
  return paths_;
}

IndexView::IndexView(const Repository& repository) : repository_(repository), load_(load_from(repository)) {}

void IndexView::read_index() const {
  std::call_once(once_, [this] {
    const Result<IndexFile> index = read_index_file(repository_, repository_.index_file());
    if (!index) return;  // who listed the changes has told it
    for (const IndexEntry& entry : index->entries)
      if (entry.stage == 0 && !entry.intent_to_add && is_regular_file(entry.mode)) files_.emplace(entry.path, entry.id);
    for (const auto& [path, id] : files_) paths_.push_back(path);
  });
}

std::optional<std::string> IndexView::read(const std::string& path) const {
  read_index();
  const auto found = files_.find(path);
  return found == files_.end() ? std::nullopt : load_(found->second);
}

const std::vector<std::string>& IndexView::paths() const {
  read_index();
  return paths_;
}

ObjectTreeView::Load load_from(const Repository& repository) {
  struct Shared {
    std::mutex mutex;
    std::optional<Result<ObjectReader>> reader;
  };
  return [&repository, shared = std::make_shared<Shared>()](const ObjectId& id) -> std::optional<std::string> {
    const std::lock_guard lock(shared->mutex);
    if (!shared->reader) shared->reader.emplace(ObjectReader::open(repository));
    if (!*shared->reader) return std::nullopt;
    const Result<ReadObject> object = (*shared->reader)->load(id);
    return object ? std::optional<std::string>(object->bytes()) : std::nullopt;
  };
}

ObjectTreeView::Load load_from(const ObjectStore& store) {
  struct Shared {
    explicit Shared(const ObjectStore& objects) : loader(objects.make_loader()) {}
    std::mutex mutex;
    ObjectStore::Loader loader;
  };
  return [shared = std::make_shared<Shared>(store)](const ObjectId& id) -> std::optional<std::string> {
    const std::lock_guard lock(shared->mutex);
    const Result<Object> object = shared->loader.load(id);
    return object ? std::optional<std::string>(object->bytes) : std::nullopt;
  };
}

}  // namespace sealwarden
