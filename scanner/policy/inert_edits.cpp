// SPDX-License-Identifier: Apache-2.0
#include "scanner/policy/inert_edits.h"

#include <algorithm>
#include <array>

#include "rules/policy_walk.h"
#include "scanner/base/ascii.h"
#include "scanner/policy/secret_value.h"

namespace sealwarden {
namespace {

constexpr size_t kMostLines = 4000;   // between the first and the last that differ
constexpr size_t kMostChanges = 64;
constexpr size_t kLookAhead = 64;     // lines, for where two versions meet again

// ---- which rules ----

bool is_name_path(const DocumentPath& path) {
  return path.steps.size() == 1 && (path.steps[0].kind == PathStep::Kind::name_text || path.steps[0].kind == PathStep::Kind::key_text);
}

bool is_credential_step(const PathStep& step) {
  return step.kind == PathStep::Kind::resolver && (step.names.front() == "text_credential" || step.names.front() == "command_credential");
}

// Whether all nodes that the rule looks at stand under keys that it names, or are items of lists there.
bool names_places(const PolicyPart& part) {
  return !part.each.empty() && std::all_of(part.each.begin(), part.each.end(), [](const DocumentPath& path) {
    const size_t size = path.steps.size();
    if (size == 0) return false;
    const PathStep& last = path.steps[size - 1].kind == PathStep::Kind::any_item && size > 1 ? path.steps[size - 2] : path.steps[size - 1];
    return last.kind == PathStep::Kind::key && !last.is_glob;
  });
}

// Whether the condition holds for no node but one with a secret's name, one of a few names, or credentials within its text.
bool asks_for_name(const Condition& condition);
bool one_asks_for_name(const std::vector<Condition>& conditions) { return std::any_of(conditions.begin(), conditions.end(), asks_for_name); }

bool asks_for_name(const Condition& condition) {
  switch (condition.kind) {
    case Condition::Kind::all: return one_asks_for_name(condition.children);
    case Condition::Kind::any: return !condition.children.empty() && std::all_of(condition.children.begin(), condition.children.end(), asks_for_name);
    case Condition::Kind::test: break;
    default: return false;
  }
  const bool is_credential = condition.path.steps.size() == 1 && is_credential_step(condition.path.steps[0]);
  return std::any_of(condition.tests.begin(), condition.tests.end(), [&](const NodeTest& test) {
    if (!test.wanted) return false;
    if (is_credential || test.op == NodeTest::Op::rules) return is_credential ? test.op == NodeTest::Op::exists : condition.path.steps.empty();
    if (test.op == NodeTest::Op::secret) return condition.path.steps.empty();
    if (!is_name_path(condition.path)) return false;
    return test.op == NodeTest::Op::in || (test.op == NodeTest::Op::lexicon && !test.texts.empty() && test.texts.front() == "secret_key");
  });
}

// What looks at more than a node, its names and its surroundings.
bool looks_elsewhere(NodeTest::Op op) {
  switch (op) {
    case NodeTest::Op::base64:
    case NodeTest::Op::parse:
    case NodeTest::Op::url:
    case NodeTest::Op::same_as:
    case NodeTest::Op::differs_from:
    case NodeTest::Op::count_less:
    case NodeTest::Op::count_greater:
    case NodeTest::Op::count_equals:
    case NodeTest::Op::unique:
    case NodeTest::Op::changed_outside:
    case NodeTest::Op::resolver: return true;
    default: return false;
  }
}

InertEdits::Cover cover_of(const Rule& rule) {
  using Cover = InertEdits::Cover;
  if (rule.disabled || !rule.policy || rule.kind != RuleKind::config || !one_asks_for_name(rule.policy->when)) return Cover::none;
  bool covered = true;
  const bool has_places = names_places(*rule.policy);
  const auto on_path = [&](const DocumentPath& path) {
    walk_steps(path.steps, [&](const PathStep& step) {
      const bool is_command = step.kind == PathStep::Kind::resolver && step.names.front() == "command_credential";
      if (step.kind == PathStep::Kind::old || (step.kind == PathStep::Kind::resolver && !is_credential_step(step)) || (is_command && !has_places))
        covered = false;
    });
  };
  const auto on_test = [&](const NodeTest& test) {
    covered = covered && !looks_elsewhere(test.op) && (test.op != NodeTest::Op::rules || has_places);
  };
  const ConditionWalk walk{[](const Condition&) {}, on_test, on_path};
  walk.walk(rule.policy->where);
  for (const DocumentPath& each : rule.policy->each) on_path(each);
  walk.walk(rule.policy->when);
  if (!covered) return Cover::none;
  walk.walk(*rule.policy);
  return covered ? Cover::all : Cover::silence;
}

// ---- lines ----

Bytes without_end(Bytes line) {
  while (!line.empty() && (line.back() == '\n' || line.back() == '\r')) line.remove_suffix(1);
  return line;
}

size_t line_end(Bytes text, size_t at) {
  const size_t feed = text.find('\n', at);
  return feed == Bytes::npos ? text.size() : feed + 1;
}

// The line that ends at `end`; `end` is above 0.
size_t line_begin(Bytes text, size_t end) {
  const size_t feed = end < 2 ? Bytes::npos : text.rfind('\n', end - 2);
  return feed == Bytes::npos ? 0 : feed + 1;
}

size_t blanks_of(Bytes line) { return std::min(line.find_first_not_of(' '), line.size()); }
bool is_blank(Bytes line) { return line.find_first_not_of(" \t\r\n") == Bytes::npos; }
bool is_comment(Bytes line) { return blanks_of(line) < line.size() && line[blanks_of(line)] == '#'; }

// `- key: value`, taken apart.
struct Entry {
  size_t indent = 0;     // of the line
  size_t column = 0;     // of what is behind the dashes
  bool has_key = false;  // false: `content` is an item's, or no entry at all
  Bytes key, content;    // content: without blanks around it and a comment
};

Entry take_apart(Bytes line) {
  line = without_end(line);
  Entry entry{.indent = blanks_of(line), .column = blanks_of(line), .key = {}, .content = {}};
  while (line.substr(entry.column).starts_with("- ")) {
    ++entry.column;
    while (entry.column < line.size() && line[entry.column] == ' ') ++entry.column;
  }
  Bytes rest = line.substr(std::min(entry.column, line.size()));
  if (rest == "-") {
    rest = {};
    ++entry.column;
  }
  size_t colon = 0;
  while (colon < rest.size() && (is_letter(rest[colon]) || is_digit(rest[colon]) || rest[colon] == '_' ||
                                 rest[colon] == '-' || rest[colon] == '.' || rest[colon] == '/'))
    ++colon;
  if (colon > 0 && colon < rest.size() && rest[colon] == ':' && (colon + 1 == rest.size() || rest[colon + 1] == ' ')) {
    entry.has_key = true;
    entry.key = rest.substr(0, colon);
    rest.remove_prefix(colon + 1);
  }
  while (!rest.empty() && rest.front() == ' ') rest.remove_prefix(1);
  const bool is_quoted = rest.starts_with('"') || rest.starts_with('\'');
  const size_t behind = is_quoted ? std::min(rest.find(rest.front(), 1), rest.size()) : 0;
  if (const size_t comment = rest.starts_with('#') ? 0 : rest.find(" #", behind); comment != Bytes::npos) rest = rest.substr(0, comment);
  while (!rest.empty() && rest.back() == ' ') rest.remove_suffix(1);
  entry.content = rest;
  return entry;
}

// A scalar on one line that is what it looks like: no reference, template, list or credential in it, and no quote but around it.
bool is_simple_value(Bytes value) {
  if (value == "{}" || value == "[]") return true;
  const bool is_quoted = value.size() >= 2 && (value.front() == '"' || value.front() == '\'') && value.back() == value.front();
  if (is_quoted) value = value.substr(1, value.size() - 2);
  else if (value.empty() || !(is_letter(value.front()) || is_digit(value.front()) || value.front() == '.' || value.front() == '/')) return false;
  if (value.find_first_of("{}<%`\"'\\=@$\t") != Bytes::npos) return false;
  return is_quoted || (value.find(": ") == Bytes::npos && value.find(" #") == Bytes::npos && !value.ends_with(':'));
}

bool is_ascii(Bytes text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return (c >= ' ' && c < 0x7F) || c == '\n' || c == '\r'; });
}

// Whether a line could accept a finding: by our mark, another tool's, or an annotation.
bool may_be_mark(Bytes line) {
  const std::string lower = lower_case(line);
  constexpr std::array<std::string_view, 7> kWords = {"allow", "ignore", "skip", "nosec", "disable", "noqa", "sealwarden"};
  return std::any_of(kWords.begin(), kWords.end(), [&](std::string_view word) { return lower.find(word) != std::string::npos; });
}

bool starts_document(Bytes line) { return line.starts_with("---") || line.starts_with("...") || line.starts_with('%'); }

}  // namespace

// A file, and how many of its bytes may still be looked at around changed lines: parsing it is cheaper than looking too often.
struct InertEdits::Side {
  Bytes text;
  size_t left = 0;
  bool spend(size_t bytes) {
    const bool enough = bytes <= left;
    left -= std::min(bytes, left);
    return enough;
  }
};

namespace {

// The next line that is neither blank nor a comment; none: an empty one.
Bytes next_line(InertEdits::Side& side, size_t at) {
  for (size_t end = 0; at < side.text.size(); at = end) {
    end = line_end(side.text, at);
    const Bytes line = side.text.substr(at, end - at);
    if (!is_blank(line) && !is_comment(line)) return line;
    if (!side.spend(line.size())) return {};
  }
  return {};
}

// ---- what a line lies in ----

// Climbs from a line to the keys that it lies below.
class Surroundings {
 public:
  // `begin`: of the line; `indent`: of what is asked for; `is_item`: it is an item of a list.
  Surroundings(InertEdits::Side& side, size_t begin, size_t indent, bool is_item) : indent_(indent), is_item_(is_item), names_items_(is_item) {
    while (begin > 0 && is_known) {
      const size_t end = begin;
      begin = line_begin(side.text, end);
      const Bytes line = side.text.substr(begin, end - begin);
      if (!side.spend(line.size())) is_known = false;
      if (is_blank(line) || is_comment(line)) continue;
      if (starts_document(line)) return;
      pass(take_apart(line));
      if (indent_ == 0 && !is_item_ && (has_place || climbed_)) return;
    }
  }

  bool is_known = true;    // false: there is something that this does not understand
  bool has_place = false;  // lines of the same indentation stand above it in the same map, list or text, or it is the first there
  std::optional<size_t> first_below;  // it is the first there: the indentation of what it lies below
  bool in_text = false;    // it is a line of a text
  bool in_block = false;   // of one behind | or >
  Bytes parent;            // the key of the map that it is an entry of; empty: the document, or an item
  std::vector<Bytes> keys; // of the texts that it lies in, and of the list that it is an item of

 private:
  void pass(const Entry& line) {
    if (line.indent > indent_) return;
    const bool has_dash = line.column > line.indent;
    if (line.indent == indent_) {
      if (has_dash == is_item_) has_place = has_place || !climbed_;
      else if (is_item_ && line.has_key && line.content.empty()) climb(line, false);
      else if (is_item_) is_known = false;
      return;
    }
    if (has_dash && !is_item_ && line.column == indent_) {
      // The first entry of the same map, behind its dash.
      has_place = has_place || !climbed_;
      climbed_ = true;
      indent_ = line.indent;
      is_item_ = true;
      return;
    }
    if (has_dash && line.column > indent_) is_known = false;
    else climb(line, has_dash);
  }

  void climb(const Entry& line, bool has_dash) {
    if (line.has_key) own(line);
    else if (!line.content.empty() || !has_dash) is_known = false;
    if (!climbed_ && !has_place && line.content.empty()) {
      has_place = true;
      first_below = line.indent;
    }
    climbed_ = true;
    indent_ = line.indent;
    is_item_ = has_dash;
  }

  void own(const Entry& line) {
    if (line.content.empty()) {
      if (!climbed_ && !is_item_) parent = line.key;
      if (names_items_) keys.push_back(line.key);
      names_items_ = false;
      return;
    }
    const char first = line.content.front();
    const bool is_quoted = first == '"' || first == '\'';
    if (Bytes("{[&*!%@`").find(first) != Bytes::npos || (is_quoted && line.content.size() > 1 && line.content.back() == first)) {
      is_known = false;
      return;
    }
    in_text = true;
    in_block = first == '|' || first == '>';
    keys.push_back(line.key);
  }

  size_t indent_;
  bool is_item_, names_items_, climbed_ = false;
};

// A line of a text that holds nothing but words.
bool is_simple_text(Bytes line, bool in_block) {
  line = without_end(line);
  if (line.find_first_of("{}<%=@\"'\\`$\t") != Bytes::npos) return false;
  return in_block || (line.find(": ") == Bytes::npos && line.find('#') == Bytes::npos && !line.ends_with(':'));
}

}  // namespace

InertEdits::InertEdits(const RuleSet& rules) : lexicon_(Lexicon::builtin()) {
  const auto on_path = [&](const DocumentPath& path) {
    for (size_t i = 0; i < path.steps.size(); ++i) {
      walk_steps(path.steps[i].where, [&](const PathStep& step) {
        for (const std::string& name : step.names) keys_.insert(lower_case(name));
      });
      if (path.steps[i].kind != PathStep::Kind::key) continue;
      const PathStep* above = i > 0 && path.steps[i - 1].kind == PathStep::Kind::key && !path.steps[i - 1].is_glob ? &path.steps[i - 1] : nullptr;
      for (const std::string& name : path.steps[i].names) {
        if (above == nullptr) keys_.insert(lower_case(name));
        else for (const std::string& parent : above->names) keys_below_[lower_case(name)].insert(lower_case(parent));
      }
    }
  };
  bool names_keys = false;
  const auto on_condition = [&](const Condition& condition) { names_keys = is_name_path(condition.path); };
  const auto on_test = [&](const NodeTest& test) {
    if (names_keys)
      for (const std::string& text : test.texts) keys_.insert(lower_case(text));
  };
  const ConditionWalk walk{on_condition, on_test, on_path};
  for (const Rule& rule : rules.rules) {
    covered_.push_back(cover_of(rule));
    if (covered_.back() != Cover::none) walk.walk(*rule.policy);
  }
  for (const DocumentKind& kind : rules.kinds) walk.walk(kind);
  // Names that stand beside their values (Evaluator::name_of_value), and what templates of messages and identities name.
  for (const std::string_view key : {"name", "key", "value", "default", "content", "defaultvalue",
                                     "parameterkey", "id", "kind", "namespace"})
    keys_.emplace(key);
}

bool InertEdits::is_of_interest(std::string_view key, std::optional<std::string_view> parent) const {
  const std::string lower = lower_case(key);
  if (keys_.contains(lower) || is_secret_name(lexicon_, key)) return true;
  const auto below = keys_below_.find(lower);
  return below != keys_below_.end() && (!parent || below->second.contains(lower_case(*parent)));
}

bool InertEdits::is_inert(Side& side, size_t begin, size_t end, bool& moves_items) const {
  const Bytes text = side.text, line = text.substr(begin, end - begin);
  if (!is_ascii(line) || starts_document(line) || may_be_mark(line)) return false;
  const auto of_interest = [&](const std::vector<Bytes>& keys) {
    return std::any_of(keys.begin(), keys.end(),
                       [&](Bytes key) { return is_of_interest(key, std::nullopt); });
  };
  const Bytes next = next_line(side, end);
  if (is_blank(line) || is_comment(line)) {
    // It is what the line above it is, unless that begins a text.
    size_t above = begin;
    Bytes before;
    while (above > 0 && (before.empty() || is_blank(before) || is_comment(before))) {
      const size_t above_end = above;
      above = line_begin(text, above_end);
      before = text.substr(above, above_end - above);
      if (!side.spend(before.size())) return false;
    }
    // A comment may be where a template's comment begins or ends.
    if (line.find_first_of("{}<>%") != Bytes::npos) return false;
    if (before.empty() || is_blank(before) || is_comment(before) || starts_document(before)) return true;
    const Entry entry = take_apart(before);
    const Surroundings around(side, above, entry.indent, entry.column > entry.indent);
    if (!around.is_known || (around.in_text && (is_comment(line) || of_interest(around.keys)))) return false;
    return entry.content.empty() || (is_simple_value(entry.content) && blanks_of(next) <= entry.indent) ||
           (around.in_text && is_simple_text(before, around.in_block));
  }
  const Entry entry = take_apart(line);
  const bool is_item = entry.column > entry.indent;
  const Surroundings around(side, begin, entry.indent, is_item);
  if (!around.is_known || !around.has_place || of_interest(around.keys)) return false;
  if (around.in_text) return is_simple_text(line, around.in_block);
  // An entry before items would take their key from them.
  const bool precedes_items = !is_item && blanks_of(next) == entry.indent && take_apart(next).column > entry.indent;
  if (!is_simple_value(entry.content) || blanks_of(next) > entry.indent || precedes_items || (!entry.has_key && !is_item)) return false;
  // The first of its kind gives those behind it their indentation.
  const bool next_is_item = take_apart(next).column > blanks_of(next);
  if (around.first_below && blanks_of(next) != entry.indent &&
      (blanks_of(next) > *around.first_below || (next_is_item && blanks_of(next) == *around.first_below)))
    return false;
  // An only child makes a map or a list of what had nothing.
  if (around.first_below && blanks_of(next) != entry.indent && is_of_interest(around.parent, std::nullopt)) return false;
  moves_items = moves_items || is_item;
  return !entry.has_key || !is_of_interest(entry.key, around.parent);
}

bool InertEdits::are_inert(Side& side, size_t begin, size_t end, bool& moves_items) const {
  for (size_t next = 0; begin < end; begin = next) {
    next = line_end(side.text, begin);
    if (!is_inert(side, begin, next, moves_items) || side.left == 0) return false;
  }
  return true;
}

namespace {

bool has_other_breaks(Bytes text) {
  for (size_t at = text.find('\r'); at != Bytes::npos; at = text.find('\r', at + 1))
    if (at + 1 == text.size() || text[at + 1] != '\n') return true;
  return text.find('\0') != Bytes::npos || text.find("\xC2\x85") != Bytes::npos || text.find("\xE2\x80\xA8") != Bytes::npos ||
         text.find("\xE2\x80\xA9") != Bytes::npos;
}

// How far text around changed lines may be looked at: so many times the file.
constexpr size_t kMostLooks = 8, kFewBytes = size_t{64} << 10;

std::vector<Bytes> lines_of(Bytes text) {
  std::vector<Bytes> lines;
  for (size_t at = 0, end = 0; at < text.size() && lines.size() <= kMostLines; at = end) {
    end = line_end(text, at);
    lines.push_back(text.substr(at, end - at));
  }
  return lines;
}

// Where the lists of lines meet again behind `i` and `j`: how many lines of each are skipped. False: not soon.
bool meet(const std::vector<Bytes>& before, const std::vector<Bytes>& after, size_t i, size_t j, size_t& skip_before, size_t& skip_after) {
  for (size_t sum = 1; sum <= 2 * kLookAhead; ++sum)
    for (size_t a = sum > kLookAhead ? sum - kLookAhead : 0; a <= std::min(sum, kLookAhead); ++a) {
      const size_t b = sum - a;
      const bool at_end = i + a == before.size() && j + b == after.size();
      if (!at_end && (i + a >= before.size() || j + b >= after.size() || before[i + a] != after[j + b])) continue;
      skip_before = a;
      skip_after = b;
      return true;
    }
  return false;
}

}  // namespace

std::optional<InertEdit> InertEdits::look_at(Bytes before, Bytes after) const {
  // Whole lines that both begin with, and end with.
  size_t head = static_cast<size_t>(std::mismatch(before.begin(), before.end(), after.begin(), after.end()).first - before.begin());
  if (head < std::max(before.size(), after.size())) head = head == 0 ? 0 : before.substr(0, head).rfind('\n') + 1;
  const Bytes rest_before = before.substr(head), rest_after = after.substr(head);
  size_t tail = static_cast<size_t>(
      std::mismatch(rest_before.rbegin(), rest_before.rend(), rest_after.rbegin(), rest_after.rend()).first -
      rest_before.rbegin());
  const size_t feed = rest_before.find('\n', rest_before.size() - tail);
  tail = feed == Bytes::npos ? 0 : rest_before.size() - feed - 1;
  const std::vector<Bytes> old_lines = lines_of(rest_before.substr(0, rest_before.size() - tail)),
                           new_lines = lines_of(rest_after.substr(0, rest_after.size() - tail));
  if (old_lines.size() > kMostLines || new_lines.size() > kMostLines) return std::nullopt;

  // What YAML takes for the end of a line, and this does not.
  if (has_other_breaks(before) || has_other_breaks(after)) return std::nullopt;
  Side old_side{before, kMostLooks * before.size() + kFewBytes}, new_side{after, kMostLooks * after.size() + kFewBytes};

  InertEdit edit;
  size_t old_at = 0, new_at = 0, changes = 0;
  const auto keep = [&](size_t size) {
    const KeptLines* last = edit.kept.empty() ? nullptr : &edit.kept.back();
    if (last != nullptr && last->before + last->size == old_at && last->after + last->size == new_at) edit.kept.back().size += size;
    else if (size > 0) edit.kept.push_back({old_at, new_at, size});
    old_at += size;
    new_at += size;
  };
  keep(head);
  for (size_t i = 0, j = 0; i < old_lines.size() || j < new_lines.size();) {
    if (i < old_lines.size() && j < new_lines.size() && old_lines[i] == new_lines[j]) {
      keep(old_lines[i].size());
      ++i;
      ++j;
      continue;
    }
    size_t skip_old = 0, skip_new = 0;
    if (++changes > kMostChanges || !meet(old_lines, new_lines, i, j, skip_old, skip_new)) return std::nullopt;
    size_t old_end = old_at, new_end = new_at;
    for (; skip_old > 0; --skip_old) old_end += old_lines[i++].size();
    for (; skip_new > 0; --skip_new) new_end += new_lines[j++].size();
    if (!are_inert(old_side, old_at, old_end, edit.moves_items) || !are_inert(new_side, new_at, new_end, edit.moves_items)) return std::nullopt;
    old_at = old_end;
    new_at = new_end;
  }
  keep(tail);
  return edit;
}

}  // namespace sealwarden
