// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace sealwarden {

// Matches a '/'-separated path against a glob: `*` and `?` stop at '/', `**` does not, `[a-z]` and `[!a-z]`
// are classes,
// `{a,b}` are alternatives, '\' quotes. A glob without '/' is matched against the last component alone; one
// that starts with '/' from the root; any other from the root too ("docs/**" is not "a/docs/x": write
// "**/docs/**" for that). Each alternative counts as a glob of its own; alternatives do not nest. Bytes,
// case-sensitive. Time is bounded by pattern times path.
bool glob_matches(std::string_view glob, std::string_view path);

// The same for a member of an archive or document, at "path!member" (base/finding.h): the glob may name the whole of it, or
// the archive alone ("*.zip"), or, without '/' or with "**/" before it, the member alone. One without '/' is matched
// against the archive's last component and all of the member too ("a.zip!**").
bool glob_matches_member(std::string_view glob, std::string_view whole, std::string_view member);

// Globs that are asked of many paths: the alternatives of braces are written out once, at the first question. A value; copies
// share what was made of it. Thread-safe.
class GlobList {
 public:
  GlobList() = default;
  GlobList(std::vector<std::string> globs);              // NOLINT(google-explicit-constructor): a list of globs is one
  GlobList(std::initializer_list<std::string> globs) : GlobList(std::vector<std::string>(globs)) {}

  [[nodiscard]] const std::vector<std::string>& texts() const { return texts_; }
  [[nodiscard]] bool empty() const { return texts_.empty(); }
  [[nodiscard]] size_t size() const { return texts_.size(); }
  [[nodiscard]] auto begin() const { return texts_.begin(); }
  [[nodiscard]] auto end() const { return texts_.end(); }
  // Whether glob_matches() says yes of one of them.
  [[nodiscard]] bool any_matches(std::string_view path) const;
  // The same for glob_matches_member().
  [[nodiscard]] bool any_matches_member(std::string_view whole, std::string_view member) const;
  friend bool operator==(const GlobList& a, const GlobList& b) { return a.texts_ == b.texts_; }

 private:
  struct Expanded;
  std::vector<std::string> texts_;
  std::shared_ptr<Expanded> expanded_;
};

// The globs without braces that `glob` stands for; at most 1024.
std::vector<std::string> expand_braces(std::string_view glob);

}  // namespace sealwarden
