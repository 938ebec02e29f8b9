// SPDX-License-Identifier: Apache-2.0
#include "scanner/doc/template_mask.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace sealwarden {
namespace {

using Kind = TemplateAction::Kind;

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r'; }
bool is_space(char c) { return is_blank(c) || c == '\n'; }
bool is_word(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_'; }
bool all_blank(std::string_view text) { return std::all_of(text.begin(), text.end(), is_blank); }

bool is_one_of(std::string_view word, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

// Finds the actions of a text from left to right. Linear: an action never reaches beyond the next opening mark outside its
// strings, and a string that does not end is met once a line.
class ActionFinder {
 public:
  explicit ActionFinder(Bytes text) : text_(text) {}

  std::vector<TemplateAction> find() {
    size_t at = 0, brace = 0, angle = 0;  // the next of each
    while (at < text_.size()) {
      if (brace <= at) brace = text_.find('{', at);
      if (angle <= at) angle = text_.find("<%", at);
      const size_t open = std::min(brace, angle);
      if (open == Bytes::npos || open + 1 >= text_.size()) break;
      const size_t end = action_end(open);
      if (end == Bytes::npos) {
        at = open + 1;
        continue;
      }
      at = end;
      if (open > 0 && text_[open - 1] == '$' && text_[open + 1] == '{') continue;
      TemplateAction action{.span = {static_cast<uint32_t>(open), static_cast<uint32_t>(end)}};
      action.kind = kind_of(text_.substr(open, end - open));
      if (!ends_branch(action)) actions_.push_back(action);
    }
    return std::move(actions_);
  }

 private:
  // {{ if }} a: {{ else }} b: {{ end }} on one line: only the first branch is read, the other one is one silent action.
  bool ends_branch(const TemplateAction& action) {
    if (action.kind != Kind::closing || actions_.empty() || actions_.back().kind != Kind::otherwise) return false;
    const Span before = actions_.back().span;
    if (text_.substr(before.begin, action.span.end - before.begin).find('\n') != Bytes::npos) return false;
    if (all_blank(text_.substr(before.end, action.span.begin - before.end))) return false;
    actions_.back() = {.span = {before.begin, action.span.end}, .kind = Kind::silent};
    return true;
  }

  // Behind the action that begins at `open`; npos: there is none.
  size_t action_end(size_t open) {
    const char first = text_[open], second = text_[open + 1];
    if (first == '<') return second == '%' ? closed_by("%>", open + 2, closing_[0]) : Bytes::npos;
    if (second == '%') return closed_by("%}", open + 2, closing_[1]);
    if (second == '#') return closed_by("#}", open + 2, closing_[2]);
    if (second != '{' || text_.substr(open + 2, 1) == "{") return Bytes::npos;
    size_t at = open + 2;
    if (at < text_.size() && (text_[at] == '-' || text_[at] == '~')) ++at;
    while (at < text_.size() && is_space(text_[at])) ++at;
    if (text_.substr(at, 2) == "/*") return comment_end(at + 2);
    return code_end(at);
  }

  // Behind the next `mark`. `none_from`: from where on there is none, learnt once.
  size_t closed_by(std::string_view mark, size_t at, size_t& none_from) const {
    if (at >= none_from) return Bytes::npos;
    const size_t found = text_.find(mark, at);
    if (found != Bytes::npos) return found + mark.size();
    none_from = at;
    return Bytes::npos;
  }

  size_t comment_end(size_t at) {
    const size_t end = closed_by("*/", at, closing_[3]);
    if (end == Bytes::npos) return end;
    size_t after = end;
    while (after < text_.size() && (is_space(text_[after]) || text_[after] == '-')) ++after;
    return text_.substr(after, 2) == "}}" ? after + 2 : Bytes::npos;
  }

  size_t code_end(size_t at) {
    while (at < text_.size()) {
      const char c = text_[at];
      if (c == '\\') {
        at += 2;
      } else if (c == '"' || c == '\'') {
        const size_t end = string_end(at);
        at = end == Bytes::npos ? at + 1 : end;
      } else if (c == '`') {
        const size_t end = closed_by("`", at + 1, closing_[4]);
        at = end == Bytes::npos ? at + 1 : end;
      } else if (c == '}' && text_.substr(at, 2) == "}}") {
        return at + 2;
      } else if (c == '{' && text_.substr(at, 2) == "{{") {
        return Bytes::npos;
      } else {
        ++at;
      }
    }
    return Bytes::npos;
  }

  // Behind the string that begins at `quote` and ends on its line; npos: it does not.
  size_t string_end(size_t quote) {
    size_t& unclosed = unclosed_[text_[quote] == '"' ? 0 : 1];
    if (quote < unclosed) return Bytes::npos;
    size_t at = quote + 1;
    for (; at < text_.size() && text_[at] != '\n'; ++at) {
      if (text_[at] == '\\') ++at;
      else if (text_[at] == text_[quote]) return at + 1;
    }
    unclosed = at;  // those that begin within the rest of this line do not end either
    return Bytes::npos;
  }

  static Kind kind_of(std::string_view action) {
    const bool erb = action[0] == '<', output = action[1] == '{';
    if (action[1] == '#' || (erb && action.size() > 2 && action[2] == '#')) return Kind::silent;
    if (erb && action.size() > 2 && action[2] == '=') return Kind::output;
    size_t at = 2;
    while (at < action.size() && (is_space(action[at]) || action[at] == '-' || action[at] == '~' || action[at] == '+')) ++at;
    if (action.substr(at, 2) == "/*") return Kind::silent;
    size_t end = at;
    while (end < action.size() && is_word(action[end])) ++end;
    const std::string_view word = action.substr(at, end - at);
    if (word.starts_with("end") && is_one_of(word, {"end", "endif", "endfor", "endwith", "endblock", "endmacro", "endraw", "endset",
                                                    "endcall", "endfilter"}))
      return Kind::closing;
    if (word.starts_with("els") || word == "elif" || word == "when") return Kind::otherwise;
    if (is_one_of(word, {"if", "range", "with", "define", "block", "for", "unless", "case", "macro", "raw", "call", "filter"}))
      return Kind::opening;
    if (erb) return action.find(" do ") != std::string_view::npos || action.find("{ |") != std::string_view::npos ? Kind::opening : Kind::silent;
    if (is_one_of(word, {"break", "continue", "set", "import", "from", "extends", "fail", "do"})) return Kind::silent;
    if (!output) return word == "include" ? Kind::output : Kind::silent;
    return sets_variable(action.substr(at)) ? Kind::silent : Kind::output;
  }

  // {{ $x := ... }} and {{ $x = ... }}; also {{ $_ := set ... }}.
  static bool sets_variable(std::string_view code) {
    if (code.empty() || code[0] != '$') return false;
    size_t at = 1;
    while (at < code.size() && is_word(code[at])) ++at;
    while (at < code.size() && is_space(code[at])) ++at;
    return code.substr(at, 2) == ":=" || (code.substr(at, 1) == "=" && code.substr(at, 2) != "==");
  }

  Bytes text_;
  std::vector<TemplateAction> actions_;
  std::array<size_t, 5> closing_ = {Bytes::npos, Bytes::npos, Bytes::npos, Bytes::npos, Bytes::npos};
  std::array<size_t, 2> unclosed_ = {0, 0};
};

// Where the lines begin that an action makes.
uint32_t column_of(std::string_view action, uint32_t own) {
  const size_t found = action.rfind("indent");
  if (found == std::string_view::npos) return own;
  size_t at = found + 6;
  while (at < action.size() && (is_space(action[at]) || action[at] == '(')) ++at;
  uint32_t column = 0;
  const size_t digits = at;
  for (; at < action.size() && at < digits + 4 && action[at] >= '0' && action[at] <= '9'; ++at)
    column = column * 10 + static_cast<uint32_t>(action[at] - '0');
  return at == digits ? own : column;
}

class Masker {
 public:
  Masker(Bytes text, std::vector<TemplateAction> actions) : source_(text) {
    masked_.text = std::string(text);
    masked_.actions = std::move(actions);
  }

  MaskedTemplate mask() {
    size_t first = 0;
    while (first < masked_.actions.size()) first = mask_group(first);
    lift_leading_lines();
    return std::move(masked_);
  }

 private:
  size_t line_end(size_t at) const { return std::min(source_.find('\n', at), source_.size()); }

  // Where the line of `at` begins, if that is behind `from`; else `from`. Looks at the bytes between only.
  size_t line_start(size_t from, size_t at) const {
    const size_t found = source_.substr(from, at - from).rfind('\n');
    if (found != Bytes::npos) return from + found + 1;
    return from == 0 && at >= 3 && source_.starts_with("\xEF\xBB\xBF") ? 3 : from;
  }

  // Masks the actions that share lines with the one at `first`, and gives the first one behind them.
  size_t mask_group(size_t first) {
    auto& actions = masked_.actions;
    const size_t begin = line_start(first == 0 ? 0 : actions[first - 1].span.end, actions[first].span.begin);
    size_t end = line_end(actions[first].span.end), last = first + 1;
    for (; last < actions.size() && actions[last].span.begin < end; ++last)
      if (actions[last].span.end > end) end = line_end(actions[last].span.end);
    // From which action on there is nothing but actions and blanks up to the line's end.
    size_t tail = last;
    uint32_t behind = static_cast<uint32_t>(end);
    while (tail > first && all_blank(source_.substr(actions[tail - 1].span.end, behind - actions[tail - 1].span.end)))
      behind = actions[--tail].span.begin;
    const bool alone = tail == first && all_blank(source_.substr(begin, actions[first].span.begin - begin));
    size_t line = begin;
    for (size_t i = first; i < last; ++i) {
      TemplateAction& action = actions[i];
      const size_t start = line_start(i == first ? begin : actions[i - 1].span.begin, action.span.begin);
      if (i == first || start != actions[i - 1].span.begin) line = start;
      action.column = column_of(text_of(action), action.span.begin - static_cast<uint32_t>(line));
    }
    const bool tail_blanked = alone || makes_lines(begin, tail, last);
    for (size_t i = first; i < last; ++i) hide(actions[i], tail_blanked && i >= tail);
    if (alone)
      for (size_t i = begin; i < end; ++i)
        if (masked_.text[i] == '\t') masked_.text[i] = ' ';
    return last;
  }

  // Whether the actions from `tail` to `last`, at the end of a line, write lines of their own below it.
  bool makes_lines(size_t line, size_t tail, size_t last) const {
    if (tail == last) return false;
    std::string_view before = source_.substr(line, masked_.actions[tail].span.begin - line);
    while (!before.empty() && is_blank(before.back())) before.remove_suffix(1);
    const bool open = before.ends_with(':') || before.ends_with('-') || before.ends_with('|') || before.ends_with('>');
    bool writes = false;
    for (size_t i = tail; i < last; ++i) {
      const std::string_view action = text_of(masked_.actions[i]);
      writes = writes || masked_.actions[i].kind == Kind::output;
      if (action.find("nindent") != std::string_view::npos) return true;
      if (open && (action.find("indent") != std::string_view::npos || action.find("toYaml") != std::string_view::npos)) return true;
    }
    return before.ends_with(':') && !writes;  // a: {{ if .b }}
  }

  std::string_view text_of(const TemplateAction& action) const {
    return source_.substr(action.span.begin, action.span.end - action.span.begin);
  }

  // Lines behind the first are blanked in any case: underscores there could stand too far to the left.
  void hide(TemplateAction& action, bool blanked) {
    action.blanked = blanked;
    char mask = blanked ? ' ' : '_';
    for (size_t i = action.span.begin; i < action.span.end; ++i) {
      if (masked_.text[i] == '\n') mask = ' ';
      else if (masked_.text[i] != '\r' || i + 1 >= masked_.text.size() || masked_.text[i + 1] != '\n') masked_.text[i] = mask;
    }
  }

  // A YAML block text takes its indentation from its first lines, blank ones too. So blanked lines that lead one become a text
  // in its first real line's column.
  void lift_leading_lines() {
    size_t done = 0;
    for (const TemplateAction& action : masked_.actions) {
      if (!action.blanked || action.span.begin < done || action.span.begin == 0) continue;
      const size_t before = source_.substr(0, action.span.begin).rfind('\n');
      done = line_end(action.span.end);
      if (before == Bytes::npos || !is_block_header(before)) continue;
      size_t line = before + 1, content = line;
      while (content < source_.size() && is_space(masked_.text[content])) ++content;
      if (content == source_.size()) return;
      const size_t start = masked_.text.rfind('\n', content) + 1, column = content - start;
      done = content;
      if (column == 0 || column <= indentation_of(before)) continue;
      for (; line < start; line = line_end(line) + 1) lift(line, line_end(line), column);
    }
  }

  void lift(size_t begin, size_t end, size_t column) {
    if (end > begin && source_[end - 1] == '\r') --end;
    if (all_blank(source_.substr(begin, end - begin))) return;  // it was blank before
    for (size_t i = begin + column; i < end; ++i) masked_.text[i] = '_';
  }

  size_t indentation_of(size_t line_break) const {
    const size_t start = line_break == 0 ? 0 : masked_.text.rfind('\n', line_break - 1) + 1;
    const size_t first = masked_.text.find_first_not_of(' ', start);
    return first == std::string::npos ? 0 : first - start;
  }

  // Whether the line that ends at `line_break` ends with | or > and what may follow it, "- |-2  # note".
  bool is_block_header(size_t line_break) const {
    const size_t start = line_break == 0 ? 0 : masked_.text.rfind('\n', line_break - 1) + 1;
    std::string_view line = std::string_view(masked_.text).substr(start == std::string::npos ? 0 : start, line_break - start);
    if (line.size() > 1024) line.remove_prefix(line.size() - 1024);
    if (const size_t note = line.find(" #"); note != std::string_view::npos) line = line.substr(0, note);
    while (!line.empty() && is_blank(line.back())) line.remove_suffix(1);
    for (int i = 0; i < 2 && !line.empty() && (line.back() == '-' || line.back() == '+' || (line.back() >= '1' && line.back() <= '9')); ++i)
      line.remove_suffix(1);
    if (line.empty() || (line.back() != '|' && line.back() != '>')) return false;
    return line.size() == 1 || is_blank(line[line.size() - 2]);
  }

  Bytes source_;
  MaskedTemplate masked_;
};

}  // namespace

bool is_template_path(std::string_view path) {
  for (const std::string_view ending : {".tpl", ".j2", ".jinja", ".jinja2", ".erb", ".gotmpl", ".tmpl", ".gtpl"})
    if (path.ends_with(ending)) return true;
  return path.starts_with("templates/") || path.find("/templates/") != std::string_view::npos;
}

MaskedTemplate mask_template(Bytes text) {
  std::vector<TemplateAction> actions = ActionFinder(text).find();
  if (actions.empty()) return {};
  return Masker(text, std::move(actions)).mask();
}

}  // namespace sealwarden
