// SPDX-License-Identifier: Apache-2.0
#include "git/ignore.h"

#include <algorithm>
#include <cctype>
#include <optional>

#include "git/work_tree.h"

namespace sealwarden {
namespace {

// One match; remembers what was tried in vain, so that nothing is tried twice.
class Matcher {
 public:
  Matcher(std::string_view pattern, std::string_view path)
      : pattern_(pattern), path_(path), tried_((pattern.size() + 1) * (path.size() + 1)) {}

  bool matches(size_t at, size_t from) {
    for (; at < pattern_.size(); ++from) {
      if (pattern_[at] == '*') return star(at, from);
      if (from >= path_.size()) return false;
      const std::optional<size_t> next = one(at, path_[from]);
      if (!next) return false;
      at = *next;
    }
    return from == path_.size();
  }

 private:
  // Where the pattern goes on behind what takes the single byte `c`; nullopt if it does not take it.
  [[nodiscard]] std::optional<size_t> one(size_t at, char c) const {
    if (pattern_[at] == '?') return c != '/' ? std::optional(at + 1) : std::nullopt;
    if (pattern_[at] == '[') return byte_class(at, c);
    if (pattern_[at] == '\\' && at + 1 < pattern_.size()) ++at;
    return pattern_[at] == c ? std::optional(at + 1) : std::nullopt;
  }

  [[nodiscard]] std::optional<size_t> byte_class(size_t at, char c) const {
    size_t i = at + 1;
    const bool is_negative = i < pattern_.size() && (pattern_[i] == '!' || pattern_[i] == '^');
    if (is_negative) ++i;
    bool found = false;
    for (bool first = true; i < pattern_.size() && (first || pattern_[i] != ']'); first = false) {
      if (pattern_.substr(i).starts_with("[:")) {
        const size_t end = pattern_.find(":]", i + 2);
        if (end == std::string_view::npos) return std::nullopt;
        found = found || in_posix_class(pattern_.substr(i + 2, end - i - 2), c);
        i = end + 2;
        continue;
      }
      const char low = take_member(i);
      char high = low;
      if (i + 1 < pattern_.size() && pattern_[i] == '-' && pattern_[i + 1] != ']') {
        ++i;
        high = take_member(i);
      }
      found = found || (static_cast<uint8_t>(low) <= static_cast<uint8_t>(c) && static_cast<uint8_t>(c) <= static_cast<uint8_t>(high));
    }
    if (i >= pattern_.size() || c == '/' || found == is_negative) return std::nullopt;
    return i + 1;
  }

  [[nodiscard]] char take_member(size_t& i) const {
    if (pattern_[i] == '\\' && i + 1 < pattern_.size()) ++i;
    return pattern_[i++];
  }

  static bool in_posix_class(std::string_view name, char c) {
    const int byte = static_cast<uint8_t>(c);
    if (byte > 127) return false;
    if (name == "alnum") return std::isalnum(byte) != 0;
    if (name == "alpha") return std::isalpha(byte) != 0;
    if (name == "blank") return c == ' ' || c == '\t';
    if (name == "cntrl") return std::iscntrl(byte) != 0;
    if (name == "digit") return std::isdigit(byte) != 0;
    if (name == "graph") return std::isgraph(byte) != 0;
    if (name == "lower") return std::islower(byte) != 0;
    if (name == "print") return std::isprint(byte) != 0;
    if (name == "punct") return std::ispunct(byte) != 0;
    if (name == "space") return std::isspace(byte) != 0;
    if (name == "upper") return std::isupper(byte) != 0;
    if (name == "xdigit") return std::isxdigit(byte) != 0;
    return false;
  }

  bool star(size_t at, size_t from) {
    if (std::vector<bool>::reference tried = tried_[at * (path_.size() + 1) + from]; tried) return false;
    else tried = true;
    size_t end = at;
    while (end < pattern_.size() && pattern_[end] == '*') ++end;
    const bool starts = at == 0 || pattern_[at - 1] == '/', ends = end == pattern_.size() || pattern_[end] == '/';
    if (end - at == 2 && starts && ends) return folders(end, from);
    for (size_t to = from;; ++to) {
      if (matches(end, to)) return true;
      if (to >= path_.size() || path_[to] == '/') return false;
    }
  }

  // "**": whatever folders, or none; at the end all that is below.
  bool folders(size_t end, size_t from) {
    if (end == pattern_.size()) return from < path_.size();
    for (size_t to = from;;) {
      if (matches(end + 1, to)) return true;
      to = path_.find('/', to);
      if (to == std::string_view::npos) return false;
      ++to;
    }
  }

  const std::string_view pattern_, path_;
  std::vector<bool> tried_;  // of stars, by place in the pattern and in the path
};

// Blanks at the end do not count unless they are quoted.
std::string_view without_trailing_blanks(std::string_view line) {
  while (line.ends_with(' ') && !line.ends_with("\\ ")) line.remove_suffix(1);
  return line;
}

}  // namespace

bool gitignore_matches(std::string_view pattern, std::string_view path) { return Matcher(pattern, path).matches(0, 0); }

IgnoreRules::IgnoreRules(std::string work_tree, const std::string& exclude_file)
    : work_tree_(std::move(work_tree)), exclude_(read(exclude_file)) {}

IgnoreRules::Patterns IgnoreRules::parse(std::string_view text) {
  Patterns patterns;
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  while (!text.empty()) {
    std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    if (line.ends_with('\r')) line.remove_suffix(1);
    line = without_trailing_blanks(line);
    if (line.empty() || line.starts_with('#')) continue;
    Pattern pattern;
    pattern.is_negative = line.starts_with('!');
    if (pattern.is_negative) line.remove_prefix(1);
    pattern.folders_only = line.ends_with('/');
    if (pattern.folders_only) line.remove_suffix(1);
    pattern.name_only = line.find('/') == std::string_view::npos;
    if (line.starts_with('/')) line.remove_prefix(1);
    if (line.empty()) continue;
    pattern.text = line;
    patterns.push_back(std::move(pattern));
  }
  return patterns;
}

IgnoreRules::Patterns IgnoreRules::read(const std::string& file) {
  FileLoader loader;
  const Result<Bytes> text = loader.load({.file = file, .path = file});
  return text ? parse(*text) : Patterns();
}

// The last pattern that matches decides. `path` is relative to the patterns' folder, without a trailing '/'.
IgnoreRules::Verdict IgnoreRules::judge(const Patterns& patterns, std::string_view path, bool is_folder) {
  const std::string_view name = path.substr(path.rfind('/') + 1);
  for (auto pattern = patterns.rbegin(); pattern != patterns.rend(); ++pattern) {
    if (pattern->folders_only && !is_folder) continue;
    if (gitignore_matches(pattern->text, pattern->name_only ? name : path))
      return pattern->is_negative ? Verdict::kept : Verdict::ignored;
  }
  return Verdict::none;
}

const IgnoreRules::Patterns& IgnoreRules::patterns_of(std::string_view folder) {
  const auto [at, is_new] = by_folder_.try_emplace(std::string(folder));
  if (is_new) at->second = read(work_tree_ + "/" + at->first + ".gitignore");
  return at->second;
}

// By what its own folder says, else the one above, and at last info/exclude.
bool IgnoreRules::is_ignored_itself(std::string_view path, bool is_folder) {
  for (size_t end = path.rfind('/');; end = path.rfind('/', end - 1)) {
    const size_t folder = end == std::string_view::npos ? 0 : end + 1;
    const Verdict verdict = judge(patterns_of(path.substr(0, folder)), path.substr(folder), is_folder);
    if (verdict != Verdict::none) return verdict == Verdict::ignored;
    if (folder == 0) break;
    if (end == 0) break;
  }
  return judge(exclude_, path, is_folder) == Verdict::ignored;
}

bool IgnoreRules::ignores(std::string_view path) {
  const bool is_folder = path.ends_with('/');
  if (is_folder) path.remove_suffix(1);
  // Nothing below an ignored folder can be had back.
  bool above = false;
  for (size_t slash = path.find('/'); slash != std::string_view::npos && !above; slash = path.find('/', slash + 1)) {
    const std::string_view folder = path.substr(0, slash);
    const auto known = folders_.find(std::string(folder));
    above = known != folders_.end() ? known->second : folders_.emplace(folder, is_ignored_itself(folder, true)).first->second;
  }
  return above || is_ignored_itself(path, is_folder);
}

}  // namespace sealwarden
