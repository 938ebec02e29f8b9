// SPDX-License-Identifier: Apache-2.0
#include "scanner/base/glob.h"

#include <algorithm>
#include <cstddef>
#include <mutex>
#include <utility>

namespace sealwarden {
namespace {

// One step of a glob without braces.
struct Step {
  enum class Kind : unsigned char { literal, any_char, star, double_star, char_class } kind = Kind::literal;
  unsigned char byte = 0;
  bool negated = false;
  std::string_view class_body;  // of char_class, without the brackets and the negation
};

// Length of the class that starts at text[0] == '[', or 0 if it is no class.
size_t class_length(std::string_view text) {
  size_t i = 1;
  if (i < text.size() && (text[i] == '!' || text[i] == '^')) ++i;
  if (i < text.size() && text[i] == ']') ++i;
  while (i < text.size() && text[i] != ']')
    ++i;
  return i < text.size() ? i + 1 : 0;
}

bool in_class(std::string_view body, unsigned char c) {
  for (size_t i = 0; i < body.size(); ++i) {
    const auto low = static_cast<unsigned char>(body[i]);
    if (i + 2 < body.size() && body[i + 1] == '-') {
      if (low <= c && c <= static_cast<unsigned char>(body[i + 2])) return true;
      i += 2;
    } else if (low == c) {
      return true;
    }
  }
  return false;
}

std::vector<Step> compile(std::string_view glob) {
  std::vector<Step> steps;
  for (size_t i = 0; i < glob.size(); ++i) {
    const char c = glob[i];
    if (c == '*') {
      if (i + 1 < glob.size() && glob[i + 1] == '*') {
        while (i + 1 < glob.size() && glob[i + 1] == '*')
          ++i;
        // "**/" also stands for no folder at all.
        if (i + 1 < glob.size() && glob[i + 1] == '/' &&
            (steps.empty() || (steps.back().kind == Step::Kind::literal && steps.back().byte == '/'))) {
          steps.push_back({Step::Kind::double_star, 1, false, {}});
          ++i;
        } else {
          steps.push_back({Step::Kind::double_star, 0, false, {}});
        }
      } else {
        steps.push_back({Step::Kind::star, 0, false, {}});
      }
    } else if (c == '?') {
      steps.push_back({Step::Kind::any_char, 0, false, {}});
    } else if (const size_t length = c == '[' ? class_length(glob.substr(i)) : 0; length != 0) {
      std::string_view body = glob.substr(i + 1, length - 2);
      const bool negated = !body.empty() && (body[0] == '!' || body[0] == '^');
      if (negated) body.remove_prefix(1);
      steps.push_back({Step::Kind::char_class, 0, negated, body});
      i += length - 1;
    } else {
      if (c == '\\' && i + 1 < glob.size()) ++i;
      steps.push_back({Step::Kind::literal, static_cast<unsigned char>(glob[i]), false, {}});
    }
  }
  return steps;
}

// Runs all steps at once over the path: no backtracking, so time is steps times bytes.
bool run(const std::vector<Step>& steps, std::string_view path) {
  std::vector<char> now(steps.size() + 1, 0), next;
  const auto close = [&](std::vector<char>& states, bool at_component_start) {
    for (size_t s = 0; s < steps.size(); ++s) {
      if (!states[s]) continue;
      const Step& step = steps[s];
      if (step.kind == Step::Kind::star ||
          (step.kind == Step::Kind::double_star && (step.byte == 0 || at_component_start)))
        states[s + 1] = 1;
    }
  };
  now[0] = 1;
  close(now, true);
  for (const char raw : path) {
    const auto c = static_cast<unsigned char>(raw);
    next.assign(steps.size() + 1, 0);
    for (size_t s = 0; s < steps.size(); ++s) {
      if (!now[s]) continue;
      const Step& step = steps[s];
      switch (step.kind) {
        case Step::Kind::literal:
          next[s + 1] |= step.byte == c;
          break;
        case Step::Kind::any_char:
          next[s + 1] |= c != '/';
          break;
        case Step::Kind::char_class:
          next[s + 1] |= c != '/' && in_class(step.class_body, c) != step.negated;
          break;
        case Step::Kind::star:
          next[s] |= c != '/';
          break;
        case Step::Kind::double_star:
          next[s] = 1;
          break;
      }
    }
    close(next, c == '/');
    now.swap(next);
  }
  return now[steps.size()] != 0;
}

// Where the first of `wanted` stands that no '\\' quotes; npos if nowhere.
size_t find_unquoted(std::string_view text, size_t from, std::string_view wanted) {
  for (size_t i = from; i < text.size(); ++i) {
    if (text[i] == '\\')
      ++i;
    else if (wanted.find(text[i]) != wanted.npos)
      return i;
  }
  return std::string_view::npos;
}

// Expands the first {a,b} into its alternatives; so many in all that a hostile glob stays cheap.
constexpr size_t kMostAlternatives = 1024;
void expand(std::string_view glob, std::vector<std::string>& out) {
  if (out.size() >= kMostAlternatives) return;
  const size_t open = find_unquoted(glob, 0, "{");
  const size_t close = open == std::string_view::npos ? open : find_unquoted(glob, open, "}");
  if (close == std::string_view::npos) {
    out.emplace_back(glob);
    return;
  }
  for (size_t start = open + 1; start <= close;) {
    const size_t end = find_unquoted(glob, start, ",}");
    expand(std::string(glob.substr(0, open))
               .append(glob.substr(start, end - start))
               .append(glob.substr(close + 1)),
           out);
    start = end + 1;
  }
}

// Whether the fixed parts of a glob occur in the path one behind the other: nearly every path is refused so, at a hundredth of
// the cost. A '/' beside a star may stand for nothing, so the parts go without those at their ends. Braces, classes and quotes
// end what is looked at.
bool has_fixed_parts(std::string_view glob, std::string_view path) {
  size_t from = 0;
  for (size_t at = 0; at < glob.size();) {
    const size_t end = std::min(glob.find_first_of("*?[]{}\\", at), glob.size());
    std::string_view part = glob.substr(at, end - at);
    while (part.starts_with('/')) part.remove_prefix(1);
    while (part.ends_with('/')) part.remove_suffix(1);
    if (!part.empty()) {
      const size_t found = path.find(part, from);
      if (found == std::string_view::npos) return false;
      from = found + part.size();
    }
    if (end == glob.size() || (glob[end] != '*' && glob[end] != '?')) return true;
    at = end + 1;
  }
  return true;
}

// `glob` has no braces.
bool matches_one(std::string_view glob, std::string_view path) {
  if (glob.find('/') == std::string_view::npos) path.remove_prefix(path.rfind('/') + 1);
  if (!glob.empty() && glob.front() == '/') glob.remove_prefix(1);
  return has_fixed_parts(glob, path) && run(compile(glob), path);
}

}  // namespace

std::vector<std::string> expand_braces(std::string_view glob) {
  std::vector<std::string> plain;
  expand(glob, plain);
  return plain;
}

bool glob_matches(std::string_view glob, std::string_view path) {
  if (!has_fixed_parts(glob, path)) return false;
  if (glob.find_first_of("{\\") == std::string_view::npos) return matches_one(glob, path);
  const std::vector<std::string> plain = expand_braces(glob);
  return std::any_of(plain.begin(), plain.end(),
                     [&](const std::string& one) { return matches_one(one, path); });
}

bool glob_matches_member(std::string_view glob, std::string_view whole, std::string_view member) {
  if (glob_matches(glob, whole)) return true;
  if (member.empty() || member.size() >= whole.size()) return false;
  const std::string_view archive = whole.substr(0, whole.size() - member.size() - 1);
  if (glob_matches(glob, archive)) return true;
  const bool bare = glob.find('/') == std::string_view::npos;
  if ((bare || glob.starts_with("**/")) && glob_matches(glob, member)) return true;
  return bare && glob_matches(std::string("/").append(glob), whole.substr(archive.rfind('/') + 1));
}

struct GlobList::Expanded {
  // A glob without braces, and how many of its last bytes stand for themselves: what most paths are refused by.
  struct Plain {
    std::string glob;
    size_t fixed_end;
  };

  const std::vector<Plain>& plain(const std::vector<std::string>& texts) {
    std::call_once(once_, [&] {
      for (const std::string& text : texts)
        for (std::string& one : expand_braces(text)) {
          const size_t last = one.find_last_of("*?[]{}\\/");
          const size_t fixed_end = one.size() - (last == std::string::npos ? 0 : last + 1);
          plain_.push_back({std::move(one), fixed_end});
        }
    });
    return plain_;
  }

 private:
  std::once_flag once_;
  std::vector<Plain> plain_;
};

GlobList::GlobList(std::vector<std::string> globs)
    : texts_(std::move(globs)), expanded_(texts_.empty() ? nullptr : std::make_shared<Expanded>()) {}

bool GlobList::any_matches(std::string_view path) const {
  if (texts_.empty()) return false;
  const std::vector<Expanded::Plain>& plain = expanded_->plain(texts_);
  return std::any_of(plain.begin(), plain.end(), [&](const Expanded::Plain& one) {
    return path.ends_with(std::string_view(one.glob).substr(one.glob.size() - one.fixed_end)) && matches_one(one.glob, path);
  });
}

bool GlobList::any_matches_member(std::string_view whole, std::string_view member) const {
  if (member.empty()) return any_matches(whole);
  return std::any_of(texts_.begin(), texts_.end(), [&](const std::string& glob) { return glob_matches_member(glob, whole, member); });
}

}  // namespace sealwarden
