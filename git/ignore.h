// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace sealwarden {

// Whether .gitignore files and info/exclude name a path; the user's global excludes do not count. Read as gitignore(5)
// says; a link or a pipe in their place is not read, as for git. One per worker.
class IgnoreRules {
 public:
  // `work_tree` without a trailing '/'; `exclude_file` is the repository's info/exclude and need not exist.
  IgnoreRules(std::string work_tree, const std::string& exclude_file);

  // `path` is relative to the work tree's root, with a trailing '/' if it is a folder. Tracked files must not be asked for:
  // git's rules do not concern them.
  bool ignores(std::string_view path);

 private:
  struct Pattern {
    std::string text;
    bool is_negative = false;
    bool folders_only = false;
    bool name_only = false;  // has no '/': any last component
  };
  using Patterns = std::vector<Pattern>;
  enum class Verdict : uint8_t { none, ignored, kept };

  static Patterns parse(std::string_view text);
  static Patterns read(const std::string& file);
  static Verdict judge(const Patterns& patterns, std::string_view path, bool is_folder);
  const Patterns& patterns_of(std::string_view folder);
  bool is_ignored_itself(std::string_view path, bool is_folder);

  std::string work_tree_;
  Patterns exclude_;
  std::unordered_map<std::string, Patterns> by_folder_;         // "" is the root, others end in '/'
  std::unordered_map<std::string, bool> folders_;               // whether they, or one above, are ignored
};

// Whether a gitignore pattern matches a whole path: '*', '?' and classes stop at '/', "**" between slashes (or at an end)
// stands for any folders. Time is bounded by pattern times path.
bool gitignore_matches(std::string_view pattern, std::string_view path);

}  // namespace sealwarden
