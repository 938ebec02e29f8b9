// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "git/object_store.h"
#include "git/objects.h"
#include "git/repository.h"
#include "git/work_tree.h"
#include "scanner/base/object_id.h"
#include "scanner/policy/tree_view.h"

namespace sealwarden {

// Listed files of a folder as a tree. Each read opens the file anew: few rules ask. Borrows the list.
class FolderView final : public TreeView {
 public:
  // `stored`: what git keeps of it; nullptr: it is no work tree.
  explicit FolderView(const std::vector<FileRef>& files, const TreeView* stored = nullptr);
  [[nodiscard]] std::optional<std::string> read(const std::string& path) const override;
  [[nodiscard]] const std::vector<std::string>& paths() const override { return paths_; }
  [[nodiscard]] const TreeView* stored() const override { return stored_ != nullptr ? stored_ : this; }

 private:
  const TreeView* stored_;
  std::map<std::string, const FileRef*> files_;
  std::vector<std::string> paths_;
};

// A tree of git's objects. Reads folders when they are asked for; all of them, for paths(), once. Thread-safe if `load` is.
class ObjectTreeView final : public TreeView {
 public:
  // The bytes of an object; nullopt if it can't be had.
  using Load = std::function<std::optional<std::string>(const ObjectId& id)>;
  ObjectTreeView(Load load, const ObjectId& tree) : load_(std::move(load)), tree_(tree) {}
  [[nodiscard]] std::optional<std::string> read(const std::string& path) const override;
  [[nodiscard]] const std::vector<std::string>& paths() const override;
  // The blobs of regular files with their paths, sorted by path.
  [[nodiscard]] const std::map<std::string, ObjectId>& files() const;

 private:
  struct Folder {
    std::map<std::string, std::pair<uint32_t, ObjectId>, std::less<>> entries;
  };
  const Folder& folder(const ObjectId& tree) const;
  void list(const ObjectId& tree, const std::string& prefix, size_t depth) const;

  Load load_;
  ObjectId tree_;
  mutable std::mutex mutex_;
  mutable std::unordered_map<ObjectId, Folder> folders_;
  mutable bool listed_ = false;
  mutable std::map<std::string, ObjectId> files_;
  mutable std::vector<std::string> paths_;
};

// The repository's index, read when it is first asked for. Thread-safe.
class IndexView final : public TreeView {
 public:
  explicit IndexView(const Repository& repository);
  [[nodiscard]] std::optional<std::string> read(const std::string& path) const override;
  [[nodiscard]] const std::vector<std::string>& paths() const override;

 private:
  void read_index() const;

  const Repository& repository_;
  ObjectTreeView::Load load_;
  mutable std::once_flag once_;
  mutable std::map<std::string, ObjectId> files_;
  mutable std::vector<std::string> paths_;
};

// Loads single objects of a repository, one at a time behind a lock, since few rules look at other files. Borrows what it loads from.
ObjectTreeView::Load load_from(const Repository& repository);
ObjectTreeView::Load load_from(const ObjectStore& store);

}  // namespace sealwarden
