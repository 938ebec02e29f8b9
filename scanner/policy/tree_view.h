// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace sealwarden {

// What was made of a tree's files and is asked for again: lives as long as the tree. Thread-safe.
class TreeMemo {
 public:
  // What `make` gives, made once a key (twice, if two threads ask at the same time). One type a key.
  template <class T, class Make>
  std::shared_ptr<const T> get(const std::string& key, const Make& make) const {
    {
      const std::scoped_lock lock(mutex_);
      if (const auto found = made_.find(key); found != made_.end()) return std::static_pointer_cast<const T>(found->second);
    }
    auto value = std::make_shared<const T>(make());
    const std::scoped_lock lock(mutex_);
    return std::static_pointer_cast<const T>(made_.try_emplace(key, std::move(value)).first->second);
  }

 private:
  mutable std::mutex mutex_;
  mutable std::unordered_map<std::string, std::shared_ptr<const void>> made_;
};

// The other files of the tree that a file lies in: of a commit, an index, a folder. For rules that need a join. Paths are as in
// git: '/' between components, none of them "..", relative to the root.
class TreeView {
 public:
  TreeView() = default;
  TreeView(const TreeView&) = delete;
  TreeView& operator=(const TreeView&) = delete;
  virtual ~TreeView() = default;
  // The bytes of a regular file; nullopt if there is none (links and submodules are none), or it could not be read.
  [[nodiscard]] virtual std::optional<std::string> read(const std::string& path) const = 0;
  // The paths of all regular files, sorted.
  [[nodiscard]] virtual const std::vector<std::string>& paths() const = 0;
  // The tree as git keeps it, before filters changed the files on their way into a work tree. Itself, but for a
  // work tree. Never nullptr; lives as long as this.
  [[nodiscard]] virtual const TreeView* stored() const { return this; }
  [[nodiscard]] const TreeMemo& memo() const { return memo_; }

 private:
  TreeMemo memo_;
};

}  // namespace sealwarden
