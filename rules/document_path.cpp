// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <optional>

#include "rules/pattern.h"
#include "rules/policy_reader.h"
#include "scanner/base/ascii.h"

// path   = "" | "." | step (["."] step)*      a "." may be left out before "[" and after "^"
// step   = "**" | "*" | "^"+ | "$root" | "$top" | "$key" | "$name" | "@" name | key | "[" "*" "]" | "[" number "]"
//        | "[?(" filter ")]"
// key    = ["~"] (name | quoted | "(" (name | quoted) ("|" (name | quoted))* ")")
// quoted = "'" any but "'" "'" | '"' any, \" and \\ '"'
// filter = ["!"] path | path ("==" | "!=" | "=~") (quoted | word)
namespace sealwarden {
namespace {

constexpr size_t kLongestPath = 4096;
constexpr int kDeepestFilter = 8;
constexpr std::string_view kNotInNames = ".[]()|\"'^=!{}~";

bool is_name_character(char c) { return static_cast<unsigned char>(c) > ' ' && kNotInNames.find(c) == std::string_view::npos; }

// What glob_matches() would read as more than itself.
std::string quoted_for_glob(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (std::string_view("*?[]{}\\!,").find(c) != std::string_view::npos) out += '\\';
    out += c;
  }
  return out;
}

class PathReader {
 public:
  explicit PathReader(std::string_view text) : text_(text) {}

  Result<std::vector<PathStep>> whole() {
    if (text_.size() > kLongestPath) return wrong("is longer than 4096 bytes; shorten it");
    TRY(std::vector<PathStep> steps, path());
    if (!at_end()) return wrong(unexpected());
    return steps;
  }

 private:
  using Kind = PathStep::Kind;

  // A path, up to where none can go on; what follows is the caller's.
  Result<std::vector<PathStep>> path() {
    std::vector<PathStep> steps;
    if (peek() == '.' && (at_ + 1 == text_.size() || text_[at_ + 1] != '.')) {
      ++at_;
      if (at_end() || !starts_step(peek())) return steps;
      return wrong("starts with '.' and goes on; remove the '.'");
    }
    if (!starts_step(peek())) return steps;
    while (true) {
      TRY_VOID(step(steps));
      if (peek() == '.') {
        ++at_;
        if (!starts_step(peek())) return wrong("has no step behind '.'; name one or remove the '.'");
      } else if (peek() != '[' && !(steps.back().kind == Kind::parent && starts_step(peek()))) {
        return steps;
      }
      if (is_last(steps.back())) return wrong("goes on behind '" + name_of_last(steps.back()) + "', which is a text; end there");
    }
  }

  static bool is_last(const PathStep& step) { return step.kind == Kind::key_text || step.kind == Kind::name_text; }
  static std::string name_of_last(const PathStep& step) { return step.kind == Kind::key_text ? "$key" : "$name"; }

  Result<void> step(std::vector<PathStep>& steps) {
    const char c = peek();
    if (c == '[') return bracket(steps);
    if (c == '$') return special(steps);
    if (c == '@') return resolver(steps);
    if (c == '^') {
      ++at_;
      steps.push_back({.kind = Kind::parent});
      return {};
    }
    return key(steps);
  }

  Result<void> special(std::vector<PathStep>& steps) {
    const size_t start = at_++;
    const std::string_view name = name_run();
    PathStep step;
    if (name == "root")
      step.kind = Kind::root;
    else if (name == "top")
      step.kind = Kind::top;
    else if (name == "key")
      step.kind = Kind::key_text;
    else if (name == "name")
      step.kind = Kind::name_text;
    else
      return wrong_at(start, "has the unknown step '$" + std::string(name) + "'; write $root, $top, $key or $name, or quote a key");
    const bool first = steps.empty() || (steps.size() == 1 && steps[0].kind == Kind::old);
    if (!is_last(step) && !first) return wrong_at(start, "has '$" + std::string(name) + "' behind other steps; start with it");
    steps.push_back(std::move(step));
    return {};
  }

  Result<void> resolver(std::vector<PathStep>& steps) {
    const size_t start = at_++;
    const std::string name(name_run());
    const bool plain = std::all_of(name.begin(), name.end(), [](char c) { return is_lower(c) || is_digit(c) || c == '_'; });
    if (name.empty() || !plain) return wrong_at(start, "has an '@' without a name in small letters; quote a key that starts with '@'");
    if (name == "old" && !steps.empty()) return wrong_at(start, "has '@old' behind other steps; start with it");
    PathStep step{.kind = name == "old" ? Kind::old : Kind::resolver};
    if (step.kind == Kind::resolver) step.names.push_back(name);
    steps.push_back(std::move(step));
    return {};
  }

  Result<void> key(std::vector<PathStep>& steps) {
    PathStep step;
    if (peek() == '~') {
      step.ignore_case = true;
      ++at_;
    }
    const size_t start = at_;
    if (peek() == '(')
      TRY_VOID(alternatives(step));
    else
      TRY_VOID(alternative(step));
    const std::string_view written = text_.substr(start, at_ - start);
    if (!step.ignore_case && (written == "*" || written == "**"))
      step = PathStep{.kind = written == "*" ? Kind::any_key : Kind::any_depth};
    else if (step.is_glob)
      quote_plain_names(step);
    plain_.clear();
    steps.push_back(std::move(step));
    return {};
  }

  Result<void> alternatives(PathStep& step) {
    const size_t start = at_++;
    while (true) {
      TRY_VOID(alternative(step));
      if (at_end()) return wrong_at(start, "has a '(' without ')'; close it");
      const char c = text_[at_++];
      if (c == ')') return {};
      if (c == '|') continue;
      --at_;
      return wrong(unexpected() + "; write (a|b)");
    }
  }

  Result<void> alternative(PathStep& step) {
    std::string name;
    const bool is_quoted = peek() == '"' || peek() == '\'';
    if (is_quoted) {
      TRY(name, quoted());
    } else {
      name = name_run();
      if (name.empty()) return wrong(at_end() ? "ends where a name should stand; give one" : unexpected());
    }
    const bool glob = !is_quoted && name.find_first_of("*?") != std::string::npos;
    step.is_glob = step.is_glob || glob;
    plain_.push_back(is_quoted);
    step.names.push_back(std::move(name));
    return {};
  }

  // Among globs, a quoted name is one that matches itself alone.
  void quote_plain_names(PathStep& step) const {
    for (size_t i = 0; i < step.names.size(); ++i)
      if (plain_[i]) step.names[i] = quoted_for_glob(step.names[i]);
  }

  Result<void> bracket(std::vector<PathStep>& steps) {
    const size_t start = at_++;
    if (text_.substr(at_).starts_with("?(")) return filter(steps, start);
    const size_t end = text_.find(']', at_);
    if (end == std::string_view::npos) return wrong_at(start, "has a '[' without ']'; close it");
    const std::string_view inner = text_.substr(at_, end - at_);
    PathStep step{.kind = Kind::any_item};
    if (inner != "*") {
      const auto index = index_of(inner);
      if (!index)
        return wrong_at(start, "has '[" + std::string(inner.substr(0, 40)) + "]'; write [*], [3], [-1] or [?(...)]; a key is quoted without brackets");
      step.kind = Kind::index;
      step.index = *index;
    }
    at_ = end + 1;
    steps.push_back(std::move(step));
    return {};
  }

  static std::optional<int32_t> index_of(std::string_view digits) {
    const bool negative = digits.starts_with('-');
    if (negative) digits.remove_prefix(1);
    if (digits.empty() || digits.size() > 6 || !std::all_of(digits.begin(), digits.end(), is_digit)) return std::nullopt;
    int32_t value = 0;
    for (const char c : digits) value = value * 10 + (c - '0');
    return negative ? -value : value;
  }

  Result<void> filter(std::vector<PathStep>& steps, size_t start) {
    if (++depth_ > kDeepestFilter) return wrong_at(start, "has filters within filters; write a condition instead");
    at_ += 2;
    PathStep step{.kind = Kind::where};
    skip_blanks();
    if (peek() == '!') {
      ++at_;
      step.compare = PathStep::Compare::absent;
    }
    TRY(step.where, path());
    skip_blanks();
    if (peek() == '=' || peek() == '!') TRY_VOID(comparison(step, start));
    skip_blanks();
    if (!text_.substr(at_).starts_with(")]"))
      return at_end() ? wrong_at(start, "has a '[?(' without ')]'; close it") : wrong(unexpected() + "; write [?(path == 'text')]");
    if (step.where.empty() && (step.compare == PathStep::Compare::exists || step.compare == PathStep::Compare::absent))
      return wrong_at(start, "has an empty filter; write [?(path)] or [?(path == 'text')]");
    at_ += 2;
    --depth_;
    steps.push_back(std::move(step));
    return {};
  }

  Result<void> comparison(PathStep& step, size_t start) {
    const std::string_view sign = text_.substr(at_, 2);
    if (step.compare == PathStep::Compare::absent) return wrong_at(start, "has '!' and a comparison; write != or remove the '!'");
    if (sign == "==")
      step.compare = PathStep::Compare::equals;
    else if (sign == "!=")
      step.compare = PathStep::Compare::differs;
    else if (sign == "=~")
      step.compare = PathStep::Compare::matches;
    else
      return wrong("compares with '" + std::string(sign) + "'; write ==, != or =~");
    at_ += 2;
    skip_blanks();
    const size_t operand = at_;
    if (peek() == '"' || peek() == '\'') {
      TRY(step.operand, quoted());
    } else {
      step.operand = word_run();
      if (step.operand.empty()) return wrong("has no text to compare with; write it in single quotes");
    }
    if (step.compare != PathStep::Compare::matches) return {};
    const auto groups = count_groups(step.operand);
    if (!groups) return wrong_at(operand, "has an expression that RE2 refuses: " + groups.error().message);
    return {};
  }

  Result<std::string> quoted() {
    const size_t start = at_;
    const char quote = text_[at_++];
    std::string out;
    for (; at_ < text_.size(); ++at_) {
      if (text_[at_] == quote) {
        ++at_;
        return out;
      }
      const bool escaped = quote == '"' && text_[at_] == '\\' && at_ + 1 < text_.size() && (text_[at_ + 1] == '"' || text_[at_ + 1] == '\\');
      if (escaped) ++at_;
      out += text_[at_];
    }
    return wrong_at(start, std::string("has a ") + quote + " without its end; close it");
  }

  std::string_view name_run() {
    const size_t start = at_;
    while (at_ < text_.size() && is_name_character(text_[at_])) ++at_;
    return text_.substr(start, at_ - start);
  }

  std::string_view word_run() {
    const size_t start = at_;
    while (at_ < text_.size() && (is_word(text_[at_]) || text_[at_] == '.' || text_[at_] == '-')) ++at_;
    return text_.substr(start, at_ - start);
  }

  static bool starts_step(char c) {
    return c == '[' || c == '^' || c == '~' || c == '(' || c == '"' || c == '\'' || is_name_character(c);
  }

  [[nodiscard]] bool at_end() const { return at_ >= text_.size(); }
  [[nodiscard]] char peek() const { return at_end() ? '\0' : text_[at_]; }
  void skip_blanks() {
    while (peek() == ' ') ++at_;
  }

  [[nodiscard]] std::string unexpected() const {
    const char c = peek();
    const bool visible = c > ' ' && c < '\x7F';
    const std::string quote_it = " where none can stand; quote a key that holds it";
    return visible ? std::string("has '") + c + "'" + quote_it : (c == ' ' ? "has a blank" : "has a strange byte") + quote_it;
  }
  [[nodiscard]] tl::unexpected<Error> wrong(const std::string& what) const { return wrong_at(at_, what); }
  [[nodiscard]] tl::unexpected<Error> wrong_at(size_t at, const std::string& what) const {
    return fail(Error::Kind::usage, "the path '" + std::string(text_.substr(0, 200)) + "' " + what + " (column " + std::to_string(at + 1) + ")");
  }

  std::string_view text_;
  size_t at_ = 0;
  int depth_ = 0;
  std::vector<bool> plain_;  // of the key's names: in quotes
};

}  // namespace

Result<DocumentPath> parse_document_path(std::string_view text) {
  TRY(std::vector<PathStep> steps, PathReader(text).whole());
  return DocumentPath{std::move(steps), std::string(text)};
}

}  // namespace sealwarden
