// SPDX-License-Identifier: Apache-2.0
#include "scanner/policy/yaml_outline.h"

#include <algorithm>
#include <string_view>

#include "scanner/base/ascii.h"
#include "scanner/doc/template_mask.h"

namespace sealwarden {
namespace {

using Node = YamlOutline::Node;
using Kind = Node::Kind;

bool is_key_char(char c) { return is_word(c) || c == '-' || c == '.' || c == '/'; }

// Whether nothing but a comment follows.
bool is_over(Bytes rest) {
  const size_t first = rest.find_first_not_of(' ');
  return first == Bytes::npos || (rest[first] == '#' && first > 0);
}

// Follows quotes and brackets from where a value begins, over lines if it has to.
class ValueEnd {
 public:
  // Goes on with a line, or what of it is the value. False: it is none that this understands.
  bool take(Bytes text) {
    for (size_t at = 0; at < text.size(); ++at) {
      const char c = text[at];
      if (quote_ != 0) {
        if (c == '\\' && quote_ == '"') ++at;
        else if (c == quote_ && c == '\'' && text.substr(at + 1, 1) == "'") ++at;
        else if (c == quote_) {
          quote_ = 0;
          before_ = c;
          if (!is_open()) return is_over(text.substr(at + 1));
        }
        continue;
      }
      if ((c == '"' || c == '\'') && Bytes("[{,:").find(before_) != Bytes::npos) {
        // {a:'b} is one word, {"a":'b'} is not.
        if (at > 0 && text[at - 1] == ':' && (at < 2 || (text[at - 2] != '"' && text[at - 2] != '\''))) return false;
        quote_ = c;
        continue;
      }
      if (c == '#' && at > 0 && Bytes("[{,").find(text[at - 1]) != Bytes::npos) return false;
      if (c == '#' && (at == 0 || is_blank(text[at - 1]))) return true;  // to the line's end
      if (c == '[' || c == '{') ++depth_;
      if ((c == ']' || c == '}') && --depth_ <= 0) return depth_ == 0 && is_over(text.substr(at + 1));
      if ((c == '&' || c == '*' || c == '!') && (Bytes("[{,:").find(before_) != Bytes::npos)) return false;
      if (!is_blank(c)) before_ = c;
    }
    return true;
  }
  [[nodiscard]] bool is_open() const { return quote_ != 0 || depth_ > 0; }
  [[nodiscard]] bool is_quote() const { return depth_ == 0; }

 private:
  char quote_ = 0;
  char before_ = ':';  // the last that was no blank; what may stand before a value at first
  int depth_ = 0;
};

class Outliner {
 public:
  // `source`: as it is; `text`: with the actions masked.
  Outliner(Bytes source, Bytes text, const std::vector<TemplateAction>& actions) : source_(source), text_(text), actions_(actions) {}

  std::optional<YamlOutline> run() {
    begin_document(0, 0);
    size_t at = text_.starts_with("\xEF\xBB\xBF") ? 3 : 0;
    while (at < text_.size()) {
      const size_t feed = std::min(text_.find('\n', at), text_.size() - 1);
      begin_ = static_cast<uint32_t>(at);
      end_ = static_cast<uint32_t>(feed + 1);
      at = end_;
      line_ = text_.substr(begin_, end_ - begin_);
      while (!line_.empty() && (line_.back() == '\n' || line_.back() == '\r')) line_.remove_suffix(1);
      if (!take_line()) return std::nullopt;
    }
    if (value_ || !settle_actions()) return std::nullopt;
    return std::move(out_);
  }

 private:
  Node& node(uint32_t index) { return out_.nodes[index]; }
  uint32_t last() const { return static_cast<uint32_t>(out_.nodes.size() - 1); }

  void begin_document(uint32_t begin, uint32_t end) {
    out_.nodes.push_back({.begin = begin, .header_end = end, .own_end = end, .kind = Kind::document});
    open_.assign(1, {last(), true, YamlOutline::kNone, Kind::other});
    in_block_ = false;
  }

  bool take_line() {
    const size_t blanks = line_.find_first_not_of(' ');
    if (value_) return go_on(blanks);
    if (blanks == Bytes::npos) return !in_block_ || take_blank_line();
    if (in_block_) {
      if (blanks > node(open_.back().node).column) {
        node(open_.back().node).own_end = end_;
        return true;
      }
      in_block_ = false;
    }
    if (line_[blanks] == '\t') return line_.find_first_not_of(" \t") == Bytes::npos;
    if (line_[blanks] == '#') return true;
    if (blanks == 0 && (line_.starts_with("---") || line_.starts_with("...") || line_.starts_with('%'))) {
      if (!line_.starts_with("---") || !(line_.size() == 3 || (line_[3] == ' ' && is_over(line_.substr(3))))) return false;
      begin_document(begin_, end_);
      return true;
    }
    return take_node(blanks);
  }

  // Blanks at the end of a text can be a part of it. Those that are masks are there whatever the text is.
  bool take_blank_line() {
    Node& owner = node(open_.back().node);
    if (source_.substr(begin_, line_.size()) != line_) return true;
    if (owner.own_end == begin_) owner.own_end = end_;
    else if (!line_.empty()) return false;
    return true;
  }

  // A quoted text, or a list or map in brackets, that began on a line before.
  bool go_on(size_t blanks) {
    Node& owner = node(open_.back().node);
    if (blanks == Bytes::npos) return true;
    if (line_.starts_with("---") || line_.starts_with("...")) return false;
    if (value_->is_quote() && blanks <= owner.column) return false;
    if (!value_->take(line_.substr(blanks))) return false;
    owner.own_end = end_;
    if (!value_->is_open()) value_.reset();
    return true;
  }

  bool take_node(size_t column) {
    const Bytes rest = line_.substr(column);
    const bool is_item = rest == "-" || rest.starts_with("- ");
    while (open_.size() > 1 && node(open_.back().node).column > column) open_.pop_back();
    const Open& top = open_.back();
    if (top.is_text && node(top.node).column == column) {
      node(top.node).own_end = end_;
      return true;
    }
    if (open_.size() > 1 && node(top.node).column == column) {
      const bool is_entry = node(top.node).kind == Kind::entry;
      if (!is_item && node(top.node).kind == Kind::item) {
        // Behind a list whose dashes stand below its key.
        open_.pop_back();
        if (open_.size() < 2 || node(open_.back().node).column != column) return false;
        open_.pop_back();
      } else if (!is_item || !is_entry || !top.has_room) {
        open_.pop_back();
      }
    } else if (!top.has_room) {
      node(top.node).own_end = end_;  // a text goes on
      return true;
    }
    return is_item ? add_item(column) : add_entry(column, rest);
  }

  // What stands under one node stands in one column, and is of one kind.
  bool add(Node made, uint32_t column) {
    Open& parent = open_.back();
    const Kind kind = made.kind == Kind::item ? Kind::item : Kind::entry;
    if (parent.children == YamlOutline::kNone) {
      parent.children = column;
      parent.kind = kind;
    }
    if (parent.children != column || parent.kind != kind || out_.nodes.size() > kMostNodes) return false;
    node(parent.node).has_children = true;
    made.begin = begin_;
    made.header_end = made.own_end = end_;
    made.parent = parent.node;
    made.column = column;
    out_.nodes.push_back(made);
    open_.push_back({last(), false, YamlOutline::kNone, Kind::other});
    return true;
  }

  bool add_item(size_t column) {
    if (!add({.kind = Kind::item}, static_cast<uint32_t>(column))) return false;
    const size_t inner = line_.find_first_not_of(' ', column + 1);
    if (inner == Bytes::npos) {
      open_.back().has_room = true;
      return true;
    }
    const Bytes rest = line_.substr(inner);
    if (rest.front() == '\t' || rest == "-" || rest.starts_with("- ")) return false;
    if (key_length(rest) == 0 && !may_be_key(rest)) return take_value(rest);
    open_.back().has_room = true;
    return add_entry(inner, rest);
  }

  bool add_entry(size_t column, Bytes rest) {
    const size_t length = key_length(rest);
    // A key that an action writes may be any.
    if (length == 0 || rest.substr(0, length) != source_.substr(begin_ + column, length)) return add_other(column, rest);
    const uint32_t quote = rest.front() == '"' || rest.front() == '\'' ? 1 : 0;
    const auto key = static_cast<uint32_t>(begin_ + column + quote);
    if (length > kLongestKey) return false;  // as for libyaml
    if (!add({.key_begin = key, .key_end = static_cast<uint32_t>(key + length - 2 * quote), .kind = Kind::entry}, static_cast<uint32_t>(column))) return false;
    return take_value(rest.substr(length + 1));
  }

  bool add_other(size_t column, Bytes rest) {
    if (Bytes("&*?!|>%@`").find(rest.front()) != Bytes::npos || rest.find(" &") != Bytes::npos || rest.find(" *") != Bytes::npos) return false;
    if (!add({.kind = Kind::other}, static_cast<uint32_t>(column))) return false;
    size_t colon = rest.front() == '"' || rest.front() == '\'' ? rest.find(rest.front(), 1) : 0;
    if (colon != Bytes::npos && rest.front() != '[' && rest.front() != '{')
      for (colon = rest.find(':', colon); colon != Bytes::npos; colon = rest.find(':', colon + 1))
        if (colon + 1 == rest.size() || is_blank(rest[colon + 1])) return take_value(rest.substr(colon + 1));
    open_.back().is_text = true;
    return take_value(rest);
  }

  // Of a key that is a word, in quotes or not, with its colon behind it, the length with its quotes; else 0.
  static size_t key_length(Bytes rest) {
    size_t at = 0;
    const bool is_quoted = rest.front() == '"' || rest.front() == '\'';
    if (is_quoted) ++at;
    while (at < rest.size() && is_key_char(rest[at])) ++at;
    if (is_quoted && (at >= rest.size() || rest[at++] != rest.front() || at < 3)) return 0;
    return at > 0 && at < rest.size() && rest[at] == ':' && (at + 1 == rest.size() || rest[at + 1] == ' ') ? at : 0;
  }

  // A key that is more than a word may be before any colon.
  static bool may_be_key(Bytes rest) {
    for (size_t at = rest.find(':'); at != Bytes::npos; at = rest.find(':', at + 1))
      if (at + 1 == rest.size() || is_blank(rest[at + 1])) return rest.front() != '[' && rest.front() != '{';
    return false;
  }

  // What stands behind the key or the dash of the last node.
  bool take_value(Bytes value) {
    const size_t first = value.find_first_not_of(' ');
    const bool is_key_only = node(last()).kind == Kind::entry;
    if (first == Bytes::npos || (value[first] == '#' && first > 0)) {
      open_.back().has_room = is_key_only;
      return true;
    }
    value.remove_prefix(first);
    switch (value.front()) {
      case '|':
      case '>': {
        const size_t behind = std::min(value.find_first_not_of("+-0123456789", 1), value.size());
        in_block_ = is_over(value.substr(behind));
        return in_block_;
      }
      case '&':
      case '*':
      case '!':
      case '%':
      case '@':
      case '`':
      case '\t': return false;
      case '"':
      case '\'':
      case '[':
      case '{': {
        ValueEnd end;
        if (!end.take(value)) return false;
        if (end.is_open()) value_ = end;
        return true;
      }
      default: return true;
    }
  }

  // ---- template actions ----

  // Which nodes depend on actions, as YamlParser sees it: an action that opens a branch makes the next node conditional, one that
  // writes lines may write them behind the node before it, under it, or around both.
  bool settle_actions() {
    size_t next = 0;  // of nodes: the first that begins behind the action
    size_t openings = 0;
    for (const TemplateAction& action : actions_) {
      for (; next < out_.nodes.size() && out_.nodes[next].begin <= action.span.begin; ++next) openings = 0;
      const Node& before = out_.nodes[next - 1];
      // Over lines only between nodes: what stands on them is not looked at.
      const bool is_between = action.span.begin >= before.own_end && (next == out_.nodes.size() || action.span.end <= out_.nodes[next].begin);
      if (!is_between && text_.substr(action.span.begin, action.span.end - action.span.begin).find('\n') != Bytes::npos) return false;
      if (!action.blanked) continue;
      out_.actions.push_back(action.span);
      if (action.span.begin >= before.header_end && action.span.begin < before.own_end) continue;  // within a text
      switch (action.kind) {
        case TemplateAction::Kind::opening: ++openings; break;
        case TemplateAction::Kind::otherwise: openings = std::max<size_t>(openings, 1); break;
        case TemplateAction::Kind::closing: openings -= std::min<size_t>(openings, 1); break;
        case TemplateAction::Kind::silent: break;
        case TemplateAction::Kind::output:
          bind(static_cast<uint32_t>(next - 1));
          if (next < out_.nodes.size()) bind(static_cast<uint32_t>(next));
          break;
      }
      if (next < out_.nodes.size()) out_.nodes[next].is_conditional = openings > 0;
    }
    return true;
  }

  void bind(uint32_t index) {
    if (out_.bound.empty() || out_.bound.back() != index) out_.bound.push_back(index);
  }

  static constexpr size_t kLongestKey = 1024;
  static constexpr size_t kMostNodes = size_t{1} << 20;

  // A node that lines may stand under, or that the text of may go on.
  struct Open {
    uint32_t node;
    bool has_room;      // there is nothing behind its key or dash
    uint32_t children;  // their column; kNone: there are none yet
    Kind kind;          // of the children: item, or entry
    bool is_text = false;  // a text on lines of its own
  };

  Bytes source_, text_, line_;
  const std::vector<TemplateAction>& actions_;
  uint32_t begin_ = 0, end_ = 0;  // of the line
  YamlOutline out_;
  std::vector<Open> open_;
  bool in_block_ = false;         // the text of the last node is one behind | or >
  std::optional<ValueEnd> value_; // of the last node, not over yet
};

}  // namespace

std::optional<YamlOutline> outline_yaml(Bytes text, bool is_template) {
  const MaskedTemplate masked = is_template ? mask_template(text) : MaskedTemplate();
  return Outliner(text, masked.text.empty() ? text : Bytes(masked.text), masked.actions).run();
}

}  // namespace sealwarden
