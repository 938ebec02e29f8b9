// SPDX-License-Identifier: Apache-2.0
#include "rules/pattern.h"

#include <hs/hs_common.h>
#include <hs/hs_compile.h>
#include <re2/re2.h>

#include <algorithm>
#include <cstdlib>
#include <optional>

namespace sealwarden {
namespace {

constexpr int64_t kRe2Memory = int64_t{8} << 20;
// RE2's `\s`; Hyperscan's holds the vertical tab too.
constexpr std::string_view kSpaces = "\\t\\n\\f\\r\\x20";

enum class TokenKind : uint8_t { plain, escape, char_class, open, flags, close };

// One element of an expression, with the flags that hold at it.
struct Token {
  TokenKind kind = TokenKind::plain;
  std::string_view text;
  bool ignore_case = false;
  bool multi_line = false;
  size_t depth = 0;  // groups around it
};

bool is_octal(char c) { return c >= '0' && c <= '7'; }

// Length of the escape at text[0] == '\\'.
size_t escape_length(std::string_view text) {
  if (text.size() < 2) return text.size();
  const char c = text[1];
  if (c == 'Q') {
    const size_t end = text.find("\\E", 2);
    return end == std::string_view::npos ? text.size() : end + 2;
  }
  if ((c == 'x' || c == 'p' || c == 'P') && text.size() > 2 && text[2] == '{') {
    const size_t end = text.find('}', 2);
    return end == std::string_view::npos ? text.size() : end + 1;
  }
  if (c == 'x') return std::min<size_t>(4, text.size());
  if (c == 'p' || c == 'P') return std::min<size_t>(3, text.size());
  size_t end = 2;
  if (is_octal(c))
    while (end < 4 && end < text.size() && is_octal(text[end]))
      ++end;
  return end;
}

// Length of the element of a class at text[0].
size_t class_item_length(std::string_view text) {
  if (text[0] == '\\') return escape_length(text);
  if (text.starts_with("[:")) {
    const size_t end = text.find(":]");
    if (end != std::string_view::npos) return end + 2;
  }
  return 1;
}

// Length of the class at text[0] == '['.
size_t class_length(std::string_view text) {
  size_t i = 1;
  if (i < text.size() && text[i] == '^') ++i;
  if (i < text.size() && text[i] == ']') ++i;
  while (i < text.size() && text[i] != ']')
    i += class_item_length(text.substr(i));
  return std::min(i + 1, text.size());
}

// Length of "(", "(?:", "(?i)", "(?i:", "(?P<name>", "(?<name>".
size_t open_length(std::string_view text) {
  if (!text.starts_with("(?")) return 1;
  if (text.starts_with("(?P<") || text.starts_with("(?<")) {
    const size_t end = text.find('>');
    return end == std::string_view::npos ? text.size() : end + 1;
  }
  const size_t end = text.find_first_of(":)", 2);
  return end == std::string_view::npos ? text.size() : end + 1;
}

class Tokenizer {
 public:
  explicit Tokenizer(std::string_view regex) : rest_(regex) {}

  std::optional<Token> next() {
    if (rest_.empty()) return std::nullopt;
    switch (rest_[0]) {
      case '\\':
        return take(TokenKind::escape, escape_length(rest_));
      case '[':
        return take(TokenKind::char_class, class_length(rest_));
      case '(':
        return open();
      case ')':
        return close();
      default:
        return take(TokenKind::plain, 1);
    }
  }

 private:
  struct Flags {
    bool ignore_case = false;
    bool multi_line = false;
  };

  Token take(TokenKind kind, size_t length) {
    const Token token{kind, rest_.substr(0, length), now_.ignore_case, now_.multi_line, outer_.size()};
    rest_.remove_prefix(token.text.size());
    return token;
  }
  Token open() {
    const std::string_view text = rest_.substr(0, open_length(rest_));
    const bool only_flags = text.size() > 2 && text.ends_with(")");
    const Token token = take(only_flags ? TokenKind::flags : TokenKind::open, text.size());
    if (!only_flags) outer_.push_back(now_);
    if (text.starts_with("(?") && text.find('<') == std::string_view::npos) apply(text);
    return token;
  }
  Token close() {
    if (!outer_.empty()) {
      now_ = outer_.back();
      outer_.pop_back();
    }
    return take(TokenKind::close, 1);
  }
  void apply(std::string_view flags) {
    bool on = true;
    for (const char c : flags) {
      if (c == '-') on = false;
      if (c == 'i') now_.ignore_case = on;
      if (c == 'm') now_.multi_line = on;
    }
  }

  std::string_view rest_;
  Flags now_;
  std::vector<Flags> outer_;
};

std::vector<Token> tokens_of(std::string_view regex) {
  Tokenizer tokenizer(regex);
  std::vector<Token> tokens;
  while (const auto token = tokenizer.next())
    tokens.push_back(*token);
  return tokens;
}

// The elements of a class, without its brackets and negation.
std::vector<std::string_view> class_items(std::string_view text) {
  text.remove_prefix(1);
  if (text.starts_with("^")) text.remove_prefix(1);
  if (text.ends_with("]")) text.remove_suffix(1);
  std::vector<std::string_view> items;
  while (!text.empty()) {
    const size_t length = std::min(class_item_length(text), text.size());
    items.push_back(text.substr(0, length));
    text.remove_prefix(length);
  }
  return items;
}

// The number that a numeric escape stands for; nullopt for other escapes.
std::optional<unsigned long> escaped_number(std::string_view escape) {
  if (escape.size() < 2) return std::nullopt;
  std::string digits(escape.substr(escape[1] == 'x' ? 2 : 1));
  if (digits.starts_with("{")) digits.erase(0, 1);
  if (escape[1] == 'x') return std::strtoul(digits.c_str(), nullptr, 16);
  if (is_octal(escape[1])) return std::strtoul(digits.c_str(), nullptr, 8);
  return std::nullopt;
}

bool is_beyond_ascii(std::string_view element) {
  if (const auto number = element[0] == '\\' ? escaped_number(element) : std::nullopt) return *number > 0x7F;
  return std::any_of(element.begin(), element.end(),
                     [](char c) { return static_cast<unsigned char>(c) > 0x7F; });
}

bool is_unicode_class(std::string_view escape) {
  return escape.starts_with("\\p") || escape.starts_with("\\P");
}

// Collects each complaint once.
class Complaints {
 public:
  void add(std::string_view text) {
    if (std::find(texts_.begin(), texts_.end(), text) == texts_.end()) texts_.emplace_back(text);
  }
  std::vector<std::string> take() { return std::move(texts_); }

 private:
  std::vector<std::string> texts_;
};

constexpr std::string_view kBeyondAscii =
    "letters beyond ASCII in a class or under (?i), which the two engines read differently; write them as "
    "alternatives "
    "of plain bytes";
constexpr std::string_view kUnicodeClass =
    "a Unicode class (\\p), which bytes do not have; list the bytes in a class";

void check_class(const Token& token, bool for_hyperscan, Complaints& complaints) {
  for (const std::string_view item : class_items(token.text)) {
    if (is_beyond_ascii(item)) complaints.add(kBeyondAscii);
    if (is_unicode_class(item)) complaints.add(kUnicodeClass);
    if (for_hyperscan && item == "\\S")
      complaints.add("\\S inside a class, which the two engines read differently; list the bytes");
  }
}

void check_escape(const Token& token, Complaints& complaints) {
  if (token.text == "\\A" || token.text == "\\z")
    complaints.add(
        "\\A or \\z: parts of a text are searched on their own; use (?m)^ or (?m)$ for the edge of a line");
  if (token.text == "\\C") complaints.add("\\C, which has no exact meaning; write (?s:.) for any byte");
  if (is_unicode_class(token.text)) complaints.add(kUnicodeClass);
  if (token.ignore_case && is_beyond_ascii(token.text)) complaints.add(kBeyondAscii);
}

void check_plain(const Token& token, Complaints& complaints) {
  const char c = token.text[0];
  if ((c == '^' || c == '$') && !token.multi_line)
    complaints.add("^ or $ without (?m): parts of a text are searched on their own; put (?m) before it");
  if (token.ignore_case && is_beyond_ascii(token.text)) complaints.add(kBeyondAscii);
}

bool has_flag(std::string_view open, char flag) {
  return open.starts_with("(?") && open.find('<') == std::string_view::npos &&
         open.find(flag) != std::string_view::npos;
}

std::string class_for_hyperscan(std::string_view text) {
  std::string out = text.starts_with("[^") ? "[^" : "[";
  for (const std::string_view item : class_items(text)) {
    if (item == "\\s")
      out += kSpaces;
    else if (item == "\\v")
      out += "\\x0b";
    else
      out += item;
  }
  return out + "]";
}

std::string escape_for_hyperscan(std::string_view text) {
  if (text == "\\s") return std::string("[").append(kSpaces).append("]");
  if (text == "\\S") return std::string("[^").append(kSpaces).append("]");
  if (text == "\\v") return "\\x0b";
  return std::string(text);
}

bool is_boundary(const Token& token) { return token.text == "\\b" && token.depth == 0; }

struct FreeError {
  void operator()(hs_compile_error_t* error) const { hs_free_compile_error(error); }
};

}  // namespace

std::unique_ptr<re2::RE2> make_re2(const std::string& regex) {
  re2::RE2::Options options;
  options.set_encoding(re2::RE2::Options::EncodingLatin1);
  options.set_log_errors(false);
  options.set_max_mem(kRe2Memory);
  return std::make_unique<re2::RE2>(regex, options);
}

Result<uint32_t> count_groups(const std::string& regex) {
  const auto compiled = make_re2(regex);
  if (!compiled->ok()) return fail(Error::Kind::usage, compiled->error());
  return static_cast<uint32_t>(compiled->NumberOfCapturingGroups());
}

std::vector<std::string> forbidden_constructs(std::string_view regex, bool for_hyperscan) {
  Complaints complaints;
  for (const Token& token : tokens_of(regex)) {
    switch (token.kind) {
      case TokenKind::char_class:
        check_class(token, for_hyperscan, complaints);
        break;
      case TokenKind::escape:
        check_escape(token, complaints);
        break;
      case TokenKind::plain:
        check_plain(token, complaints);
        break;
      default:
        if (for_hyperscan && has_flag(token.text, 'U'))
          complaints.add("(?U), which only one of the engines knows; write lazy quantifiers out");
    }
  }
  return complaints.take();
}

std::string hyperscan_form(std::string_view regex) {
  std::string out;
  for (const Token& token : tokens_of(regex)) {
    if (token.kind == TokenKind::char_class)
      out += class_for_hyperscan(token.text);
    else if (token.kind == TokenKind::escape)
      out += escape_for_hyperscan(token.text);
    else
      out += token.text;
  }
  return out;
}

std::string without_outer_boundaries(std::string_view regex) {
  std::vector<Token> tokens = tokens_of(regex);
  while (!tokens.empty() && is_boundary(tokens.back()))
    tokens.pop_back();
  std::string out;
  bool leading = true;
  for (const Token& token : tokens) {
    if (leading && is_boundary(token)) continue;
    leading = leading && token.kind == TokenKind::flags;
    out += token.text;
  }
  return out;
}

Result<PatternWidth> pattern_width(std::string_view regex) {
  hs_expr_info_t* raw_info = nullptr;
  hs_compile_error_t* raw_error = nullptr;
  const hs_error_t status = hs_expression_info(hyperscan_form(regex).c_str(), 0, &raw_info, &raw_error);
  const std::unique_ptr<hs_compile_error_t, FreeError> error(raw_error);
  if (status != HS_SUCCESS) return fail(Error::Kind::usage, error ? error->message : "out of memory");
  const PatternWidth width{raw_info->min_width, raw_info->max_width};
  std::free(raw_info);  // the library gives it from malloc
  return width;
}

}  // namespace sealwarden
