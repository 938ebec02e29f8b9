// SPDX-License-Identifier: Apache-2.0
// YAML: the events of libyaml become a tree. Around it stands what libyaml lacks: documents are told apart beforehand, so that an
// error stays in its document; the text it is given is ASCII of the same length, so that its marks are bytes; comments are
// found between the scalars; template actions are masked, and what they may hide is flagged.
#include <yaml.h>

#include <algorithm>
#include <memory>
#include <unordered_map>
#include <utility>

#include "scanner/doc/builder.h"
#include "scanner/doc/parse.h"
#include "scanner/doc/yaml_gaps.h"
#include "scanner/doc/yaml_problem.h"
#include "scanner/doc/yaml_scalar.h"
#include "scanner/doc/yaml_split.h"
#include "scanner/doc/yaml_text.h"

namespace sealwarden {
namespace {

std::string_view view(const yaml_char_t* text) {
  return text == nullptr ? std::string_view() : std::string_view(reinterpret_cast<const char*>(text));
}

struct Event : yaml_event_t {
  Event() : yaml_event_t{} {}
  Event(const Event&) = delete;
  Event& operator=(const Event&) = delete;
  ~Event() { yaml_event_delete(this); }
};

struct Parser : yaml_parser_t {
  Parser(std::string_view text) : yaml_parser_t{} {
    made = yaml_parser_initialize(this) == 1;
    if (!made) return;
    yaml_parser_set_encoding(this, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(this, reinterpret_cast<const unsigned char*>(text.data()), text.size());
  }
  Parser(const Parser&) = delete;
  Parser& operator=(const Parser&) = delete;
  ~Parser() {
    if (made) yaml_parser_delete(this);
  }
  bool made = false;
};

class YamlReader {
 public:
  YamlReader(ParsedFile& into, const DocumentLimits& limits, const YamlText& text)
      : file_(into), limits_(limits), text_(text), chars_(text.text()), builder_(into, limits) {}

  void read(const YamlPiece& piece) {
    piece_ = piece.span;
    gap_ = last_end_ = piece_.begin;
    const bool masked = begin_actions();
    if (piece.content || piece.marked || masked) {
      const size_t first_node = file_.nodes.size();
      builder_.begin_document(piece_.begin);
      if (piece.content) read_events();
      finish(masked, first_node);
    } else {
      find_yaml_comments(chars_, text_.source, {gap_, piece_.end}, builder_);
    }
  }

  // Whether a key was a flow map that begins as an action does: a template taken for YAML.
  [[nodiscard]] bool met_braces_as_key() const { return braces_key_; }
  // Where libyaml stumbled over a tab.
  [[nodiscard]] const std::vector<YamlBadTab>& bad_tabs() const { return bad_tabs_; }

 private:
  struct Frame {
    uint32_t node = 0;
    int64_t column = 0;  // of its entries; flow: -1
    bool map = false, expects_key = false;
    NodeKey key = {};
  };
  struct Scalar {
    std::string_view text;
    Span span;
    Span event;  // with what the event covers beyond: properties, blank lines
    NodeType type = NodeType::text;
    NodeExtra extra;
  };
  // An empty value, which an action behind it may fill.
  struct Empty {
    uint32_t node = kNoDocumentNode;
    uint32_t line_end = 0;
    int64_t column = 0;  // of the map or sequence that it lies in
  };

  // ---- the way through a document

  void read_events() {
    Parser parser(chars_.substr(piece_.begin, piece_.end - piece_.begin));
    while (parser.made) {
      Event event;
      if (yaml_parser_parse(&parser, &event) != 1) return fail(parser);
      if (event.type == YAML_STREAM_END_EVENT || !take(event)) return;
    }
  }

  bool take(const Event& event) {
    if (skipped_ > 0) return skip(event);
    switch (event.type) {
      case YAML_SCALAR_EVENT: return take_scalar(event);
      case YAML_ALIAS_EVENT: return take_alias(event);
      case YAML_SEQUENCE_START_EVENT:
      case YAML_MAPPING_START_EVENT: return take_begin(event);
      case YAML_SEQUENCE_END_EVENT:
      case YAML_MAPPING_END_EVENT: take_end(event); return true;
      default: return true;
    }
  }

  void finish(bool masked, size_t first_node) {
    settle_actions(piece_.end);
    for (; !frames_.empty(); frames_.pop_back()) builder_.end(last_end_);
    find_yaml_comments(chars_, text_.source, {gap_, failed_at_ == kNoDocumentNode ? piece_.end : std::max(gap_, failed_at_)}, builder_);
    builder_.finish_document(piece_.end, masked ? DocumentState::masked : DocumentState::parsed);
    if (masked)  // two branches of a condition may well have the same keys
      for (size_t i = first_node; i < file_.nodes.size(); ++i) file_.nodes[i].flags &= static_cast<uint16_t>(~kDuplicateKey);
    skipped_ = 0;
    failed_at_ = kNoDocumentNode;
    key_anchors_.clear();
    empty_ = {};
    openings_ = 0;
    flag_next_ = false;
  }

  void fail(const yaml_parser_t& parser) {
    const auto place = [this](const yaml_mark_t& mark) {
      return static_cast<uint32_t>(std::min<size_t>(piece_.begin + mark.index, piece_.end));
    };
    const auto words = [](const char* text) { return std::string_view(text == nullptr ? "" : text); };
    uint32_t at = place(parser.problem_mark);
    if (at < piece_.end && chars_[at] == '\t') bad_tabs_.push_back({at, words(parser.context).find("block scalar") != std::string_view::npos});
    const bool at_end = chars_.substr(at, piece_.end - at).find_first_not_of(" \t\r\n") == std::string_view::npos;
    YamlSentence sentence = yaml_sentence(words(parser.context), words(parser.problem), at_end);
    if (sentence.at_start && parser.context != nullptr) at = place(parser.context_mark);
    failed_at_ = at;
    const auto end = static_cast<uint32_t>(std::min<size_t>(size_t{at} + 1, chars_.size()));
    builder_.problem(DocumentProblem::Kind::syntax, {std::min(at, end), end}, std::move(sentence.text));
  }

  [[nodiscard]] uint32_t begin_of(const Event& event) const { return piece_.begin + static_cast<uint32_t>(event.start_mark.index); }
  [[nodiscard]] uint32_t end_of(const Event& event) const { return piece_.begin + static_cast<uint32_t>(event.end_mark.index); }
  [[nodiscard]] bool expects_key() const { return !frames_.empty() && frames_.back().map && frames_.back().expects_key; }

  void leave_token(uint32_t begin, uint32_t end) {
    if (gap_ < begin) find_yaml_comments(chars_, text_.source, {gap_, begin}, builder_);
    gap_ = std::max(gap_, end);
    last_end_ = std::max(last_end_, end);
  }

  // What the next node has for a key.
  [[nodiscard]] NodeKey key() const { return frames_.empty() || !frames_.back().map ? NodeKey{} : frames_.back().key; }
  void value_done() {
    if (!frames_.empty() && frames_.back().map) frames_.back().expects_key = true;
  }
  void set_key(std::string_view text, Span span, uint16_t flags) {
    frames_.back().key = {.text = text, .span = span, .flags = flags};
    frames_.back().expects_key = false;
  }

  // ---- events

  bool take_begin(const Event& event) {
    const bool map = event.type == YAML_MAPPING_START_EVENT;
    const uint32_t begin = begin_of(event);
    const yaml_char_t* tag = map ? event.data.mapping_start.tag : event.data.sequence_start.tag;
    const yaml_char_t* anchor = map ? event.data.mapping_start.anchor : event.data.sequence_start.anchor;
    const bool flow = map ? event.data.mapping_start.style == YAML_FLOW_MAPPING_STYLE
                          : event.data.sequence_start.style == YAML_FLOW_SEQUENCE_STYLE;
    YamlProperties properties{.anchor = {}, .tag = {}, .value = begin};
    if (tag != nullptr || anchor != nullptr) properties = read_yaml_properties(chars_, begin, piece_.end);
    settle_actions(begin);
    const uint32_t value = properties.value;
    if (expects_key()) {
      braces_key_ = braces_key_ || (value > 0 && text_.source.substr(value - 1, 2) == "{{");
      skipped_ = 1;
      skipped_from_ = value;
      last_end_ = std::max(last_end_, value + 1);
      return true;
    }
    if (!frames_.empty() && !frames_.back().map) flag_conditional();  // an item: of a value, what is in it is conditional
    const auto index = static_cast<uint32_t>(file_.nodes.size());
    const NodeExtra extra = extra_of(properties, tag);
    const Span start{value, std::min(value + 1, piece_.end)};
    if (!(map ? builder_.begin_map(key(), start, extra) : builder_.begin_sequence(key(), start, extra))) return false;
    int64_t column = -1;
    if (!flow) column = value == begin ? static_cast<int64_t>(event.start_mark.column) : column_of(value);
    frames_.push_back({.node = index, .column = column, .map = map, .expects_key = map});
    flag_conditional();
    last_end_ = std::max(last_end_, start.end);
    return true;
  }

  void take_end(const Event& event) {
    settle_actions(begin_of(event));
    empty_ = {};
    if (end_of(event) > begin_of(event)) last_end_ = std::max(last_end_, end_of(event));  // flow: the bracket
    builder_.end(last_end_);
    if (!frames_.empty()) frames_.pop_back();
    value_done();
  }

  bool take_scalar(const Event& event) {
    settle_actions(begin_of(event));
    const Scalar scalar = read_scalar(event);
    leave_token(scalar.span.begin, scalar.span.end);
    const bool masked = (scalar.extra.flags & kMasked) != 0;
    if (expects_key()) {
      flag_conditional();
      if (masked) flag(frames_.back().node);  // it may be any key
      if (!scalar.extra.anchor.empty()) key_anchors_[scalar.extra.anchor] = {scalar.text, scalar.type};
      const bool merge = scalar.text == "<<" && (scalar.extra.flags & kQuoted) == 0;
      set_key(scalar.text, scalar.span, merge ? kMergeKey : 0);
      return true;
    }
    const bool empty = scalar.type == NodeType::null && scalar.span.begin == scalar.span.end;
    if (empty && frames_.empty() && scalar.extra.anchor.empty() && scalar.extra.tag.empty()) return true;
    flag_conditional();
    const auto index = static_cast<uint32_t>(file_.nodes.size());
    if (!scalar.extra.anchor.empty()) key_anchors_.erase(scalar.extra.anchor);
    if (!builder_.scalar(key(), scalar.type, scalar.text, scalar.span, scalar.extra)) return false;
    if (empty && !text_.actions.empty()) {
      const size_t line_end = std::min(chars_.find('\n', scalar.span.begin), size_t{piece_.end});
      empty_ = {index, static_cast<uint32_t>(line_end), frames_.empty() ? -1 : frames_.back().column};
    }
    value_done();
    return true;
  }

  bool take_alias(const Event& event) {
    const Span span{begin_of(event), end_of(event)};
    settle_actions(span.begin);
    leave_token(span.begin, span.end);
    flag_conditional();
    const std::string_view source = source_of(span), name = source.substr(std::min<size_t>(1, source.size()));
    const auto of_key = key_anchors_.find(name);
    if (expects_key()) {
      set_key(of_key == key_anchors_.end() ? source : of_key->second.first, span, 0);
      return true;
    }
    const bool added = of_key == key_anchors_.end() ? builder_.alias(key(), name, span)
                                                    : builder_.scalar(key(), of_key->second.second, of_key->second.first, span);
    value_done();
    return added;
  }

  // A key that is a map or sequence: its source is its name.
  bool skip(const Event& event) {
    const uint32_t begin = begin_of(event), end = end_of(event);
    const bool opens = event.type == YAML_MAPPING_START_EVENT || event.type == YAML_SEQUENCE_START_EVENT;
    const bool closes = event.type == YAML_MAPPING_END_EVENT || event.type == YAML_SEQUENCE_END_EVENT;
    if (opens && frames_.size() + ++skipped_ > limits_.depth) {
      builder_.problem(DocumentProblem::Kind::budget, {begin, begin + 1},
                       "the document is nested deeper than " + std::to_string(limits_.depth) + " levels");
      return false;
    }
    if (event.type == YAML_SCALAR_EVENT) {
      const Scalar scalar = read_scalar(event);
      if (!scalar.extra.anchor.empty()) key_anchors_[scalar.extra.anchor] = {scalar.text, scalar.type};
      leave_token(scalar.span.begin, scalar.span.end);
    } else if (event.type == YAML_ALIAS_EVENT) {
      leave_token(begin, end);
    } else if (opens ? event.data.mapping_start.style == YAML_FLOW_MAPPING_STYLE : end > begin) {
      last_end_ = std::max(last_end_, end);
    }
    if (!closes || --skipped_ > 0) return true;
    const Span span{skipped_from_, std::max(skipped_from_, last_end_)};
    if (has_action(span)) flag(frames_.back().node);
    set_key(source_of(span), span, 0);
    return true;
  }

  // ---- scalars

  [[nodiscard]] std::string_view source_of(Span span) const { return text_.source.substr(span.begin, span.end - span.begin); }

  NodeExtra extra_of(const YamlProperties& properties, const yaml_char_t* tag) {
    NodeExtra extra;
    extra.anchor = source_of(properties.anchor);
    if (tag != nullptr && view(tag) != "!" && !core_yaml_type(view(tag))) extra.tag = source_of(properties.tag);
    return extra;
  }

  Scalar read_scalar(const Event& event) {
    const auto& data = event.data.scalar;
    Scalar scalar;
    scalar.event = {begin_of(event), end_of(event)};
    uint32_t begin = scalar.event.begin, end = scalar.event.end;
    if (begin < end && (chars_[begin] == '&' || chars_[begin] == '!')) {
      const YamlProperties properties = read_yaml_properties(chars_, begin, end);
      scalar.extra = extra_of(properties, data.tag);
      begin = std::min(properties.value, end);
      if (data.style == YAML_PLAIN_SCALAR_STYLE && data.length == 0) end = begin;
    }
    scalar.span = {begin, end};
    const std::string_view decoded(reinterpret_cast<const char*>(data.value), data.length);
    Span inside = scalar.span;
    if (data.style == YAML_LITERAL_SCALAR_STYLE || data.style == YAML_FOLDED_SCALAR_STYLE) {
      scalar.extra.flags |= kQuoted | kBlock;
      inside = scalar.span = block_span(begin, end, decoded);
    } else if (data.style != YAML_PLAIN_SCALAR_STYLE && end - begin >= 2) {
      scalar.extra.flags |= kQuoted;
      inside = {begin + 1, end - 1};
    }
    std::string_view own = decoded;
    if ((scalar.extra.flags & kBlock) != 0 && has_action_before(end)) own = without_blank_end(decoded, begin);
    scalar.text = text_of(scalar, inside, own, data.style == YAML_DOUBLE_QUOTED_SCALAR_STYLE);
    if (scalar.type != NodeType::expression) scalar.type = type_of(scalar, data.tag, data.plain_implicit == 1);
    return scalar;
  }

  NodeType type_of(const Scalar& scalar, const yaml_char_t* tag, bool guess) const {
    if (tag != nullptr) {
      const NodeType type = core_yaml_type(view(tag)).value_or(NodeType::text);
      return type == NodeType::map || type == NodeType::sequence ? NodeType::text : type;
    }
    return guess && (scalar.extra.flags & kQuoted) == 0 ? plain_yaml_type(scalar.text) : NodeType::text;
  }

  // A block text without the blank lines at its end, which were actions; the "-" of its header at `begin` is obeyed.
  std::string_view without_blank_end(std::string_view decoded, uint32_t begin) const {
    const size_t last = decoded.find_last_not_of(" \n") + 1;  // npos + 1 is 0
    const std::string_view header = chars_.substr(begin, 3);
    const bool keeps_break = header.substr(0, header.find('\n')).find('-') == std::string_view::npos;
    return decoded.substr(0, std::min(decoded.size(), keeps_break && last > 0 ? last + 1 : last));
  }

  // The text of a scalar; if actions were masked in it, as it stands in the file.
  std::string_view text_of(Scalar& scalar, Span inside, std::string_view decoded, bool escapes) {
    const bool block = (scalar.extra.flags & kBlock) != 0;
    const bool masked = has_action(scalar.span);
    if (masked) {
      scalar.extra.flags |= kMasked;
      scalar.type = NodeType::expression;
    }
    if (masked || has_blank(inside)) {
      if (!block || source_of(inside).find('\n') == std::string_view::npos) return source_of(inside);
      return builder_.keep(block_lines(text_.source, inside, static_cast<size_t>(column_of(inside.begin))));
    }
    if (decoded == chars_.substr(inside.begin, inside.end - inside.begin)) return source_of(inside);
    if (!text_.placeholders) return builder_.keep(std::string(decoded));
    return builder_.keep(with_original_bytes(text_, inside, std::string(decoded), escapes));
  }

  // Actions that end a block text have become blank lines, which libyaml takes for none of it.
  Span block_span(uint32_t begin, uint32_t end, std::string_view decoded) {
    Span span = yaml_block_content(chars_, begin, end, decoded);
    if (text_.actions.empty()) return span;
    const bool empty = span.begin == span.end;
    const int64_t least = empty ? (frames_.empty() ? 0 : frames_.back().column + 1) : column_of(span.begin);
    for (size_t i = next_action_; i < text_.actions.size() && text_.actions[i].span.begin < end; ++i) {
      const TemplateAction& action = text_.actions[i];
      if (action.span.begin < span.end || action.kind != TemplateAction::Kind::output || action.column < least) continue;
      if (empty && span.begin == span.end) span.begin = action.span.begin;
      span.end = action.span.end;
    }
    return span;
  }

  [[nodiscard]] int64_t column_of(uint32_t at) const {
    const size_t found = chars_.substr(0, at).find_last_of("\r\n");
    return static_cast<int64_t>(found == std::string_view::npos ? at : at - found - 1);
  }

  // ---- template actions

  // Whether the document has some.
  bool begin_actions() {
    const auto& actions = text_.actions;
    while (next_action_ < actions.size() && actions[next_action_].span.end <= piece_.begin) ++next_action_;
    return next_action_ < actions.size() && actions[next_action_].span.begin < piece_.end;
  }

  [[nodiscard]] bool has_action_before(uint32_t end) const {
    return next_action_ < text_.actions.size() && text_.actions[next_action_].span.begin < end;
  }
  // Spans are asked for in order, so that those before them are done with.
  bool has_action(Span span) {
    const auto& actions = text_.actions;
    bool found = false;
    for (; next_action_ < actions.size() && actions[next_action_].span.begin < span.end; ++next_action_)
      found = found || actions[next_action_].span.end > span.begin;
    return found;
  }
  [[nodiscard]] bool has_blank(Span span) const {
    const auto found = std::lower_bound(text_.mends.blanks.begin(), text_.mends.blanks.end(), span.begin);
    return found != text_.mends.blanks.end() && *found < span.end;
  }

  void flag(uint32_t node) { file_.nodes[node].flags |= kMasked; }

  // Judges the actions that lie between two tokens, before the later one.
  void settle_actions(uint32_t before) {
    const auto& actions = text_.actions;
    for (; next_action_ < actions.size() && actions[next_action_].span.begin < before; ++next_action_) {
      const TemplateAction& action = actions[next_action_];
      if (!action.blanked) continue;
      switch (action.kind) {
        case TemplateAction::Kind::opening: ++openings_; break;
        case TemplateAction::Kind::otherwise: openings_ = std::max<size_t>(openings_, 1); break;
        case TemplateAction::Kind::closing: openings_ -= std::min<size_t>(openings_, 1); break;
        case TemplateAction::Kind::output: place_output(action); break;
        case TemplateAction::Kind::silent: break;
      }
    }
  }

  // Says of which map or sequence an action may write entries, by the column it writes at.
  void place_output(const TemplateAction& action) {
    const auto column = static_cast<int64_t>(action.column);
    if (empty_.node != kNoDocumentNode) {
      const bool same_line = action.span.begin <= empty_.line_end;
      if (same_line || column >= empty_.column) fill_empty(action);
      if (same_line || column > empty_.column) return;
    }
    if (frames_.empty() || (frames_.back().map && !frames_.back().expects_key && column > frames_.back().column)) {
      flag_next_ = true;
      return;
    }
    size_t at = frames_.size() - 1;
    while (at > 0 && frames_[at].column > column) --at;
    flag(frames_[at].node);
    // The dashes of a list may stand below its key: the lines are items, or keys of the map around the list.
    if (at > 0 && !frames_[at].map && frames_[at - 1].map && frames_[at - 1].column == frames_[at].column) flag(frames_[at - 1].node);
  }

  void fill_empty(const TemplateAction& action) {
    DocumentNode& node = file_.nodes[empty_.node];
    if (node.type != NodeType::expression) {
      node.type = NodeType::expression;
      node.flags |= kMasked;
      node.span.begin = action.span.begin;
    }
    node.span.end = action.span.end;
    node.text = source_of(node.span);
    last_end_ = std::max(last_end_, action.span.end);
  }

  // A node begins: what was opened before it makes it conditional.
  void flag_conditional() {
    if ((openings_ > 0 || flag_next_) && !frames_.empty()) flag(frames_.back().node);
    openings_ = 0;
    flag_next_ = false;
    empty_ = {};
  }

  ParsedFile& file_;
  const DocumentLimits& limits_;
  const YamlText& text_;
  std::string_view chars_;
  DocumentBuilder builder_;
  std::vector<Frame> frames_;
  std::unordered_map<std::string_view, std::pair<std::string_view, NodeType>> key_anchors_;  // the builder knows those of values
  std::vector<YamlBadTab> bad_tabs_;
  Span piece_;
  uint32_t gap_ = 0;       // up to where comments have been looked for
  uint32_t last_end_ = 0;  // of the last token: where an open block ends
  uint32_t failed_at_ = kNoDocumentNode;
  uint32_t skipped_from_ = 0;
  size_t skipped_ = 0;  // how many maps and sequences are open within a key
  size_t next_action_ = 0, openings_ = 0;
  bool flag_next_ = false, braces_key_ = false;
  Empty empty_;
};

struct Attempt {
  ParsedFile file;
  std::vector<YamlBadTab> bad_tabs;
  bool braces_as_key = false;
  size_t actions = 0;

  [[nodiscard]] size_t syntax_problems() const {
    return static_cast<size_t>(std::count_if(file.problems.begin(), file.problems.end(), [](const DocumentProblem& problem) {
      return problem.kind == DocumentProblem::Kind::syntax;
    }));
  }
};

// `strings` keeps the decoded texts of all attempts, and what it held before: moved ones would lose their views.
Attempt parse_once(Bytes bytes, const DocumentLimits& limits, bool mask, YamlMends mends, std::deque<std::string>& strings) {
  Attempt attempt;
  attempt.file.strings.swap(strings);
  attempt.file.bytes = bytes;
  attempt.file.nodes.reserve(std::min<size_t>(bytes.size() / 32, limits.nodes));
  YamlText text = make_yaml_text(bytes, mask, std::move(mends), attempt.file.problems);
  const uint32_t mark = bytes.starts_with("\xef\xbb\xbf") ? 3 : 0;
  YamlPieces pieces = split_yaml(text.text().substr(mark));
  if (!pieces.unknown_directives.empty() && text.changed.empty()) text.changed = std::string(bytes);
  for (const uint32_t at : pieces.unknown_directives) text.changed[at + mark] = '#';
  YamlReader reader(attempt.file, limits, text);
  for (YamlPiece& piece : pieces.pieces) {
    piece.span.begin += mark;
    piece.span.end += mark;
    reader.read(piece);
  }
  attempt.file.strings.swap(strings);
  attempt.bad_tabs = reader.bad_tabs();
  attempt.braces_as_key = reader.met_braces_as_key();
  attempt.actions = text.actions.size();
  return attempt;
}

// Once more with the mends that the problems ask for, as long as that helps.
Attempt parse_mended(Bytes bytes, const DocumentLimits& limits, bool mask, std::deque<std::string>& strings) {
  static constexpr int kRounds = 4;
  Attempt best = parse_once(bytes, limits, mask, {}, strings);
  YamlMends mends;
  size_t made = 0;
  for (int round = 0; round < kRounds && best.syntax_problems() > 0; ++round) {
    mend_tabs(bytes, best.bad_tabs, mends);
    if (round == 0) mend_flow_starts(bytes, mends);
    if (mends.blanks.size() + mends.letters.size() == made) break;
    made = mends.blanks.size() + mends.letters.size();
    Attempt next = parse_once(bytes, limits, mask, mends, strings);
    if (next.syntax_problems() > best.syntax_problems()) break;
    best = std::move(next);
  }
  return best;
}

// As the path asks for, and the other way if that fails: a template by another name, or a text that only looks like one.
Attempt parse_best(std::string_view path, Bytes bytes, const DocumentLimits& limits, std::deque<std::string>& strings) {
  const bool is_template = is_template_path(path);
  Attempt attempt = parse_mended(bytes, limits, is_template, strings);
  const size_t worth = attempt.syntax_problems() + (attempt.braces_as_key && !is_template ? 1 : 0);
  if (worth == 0 || (is_template ? attempt.actions == 0 : mask_template(bytes).actions.empty())) return attempt;
  Attempt other = parse_mended(bytes, limits, !is_template, strings);
  const bool better = is_template ? other.syntax_problems() == 0 && !other.braces_as_key : other.actions > 0 && other.syntax_problems() < worth;
  return better ? std::move(other) : std::move(attempt);
}

}  // namespace

void parse_yaml(std::string_view path, ParsedFile& into, const DocumentLimits& limits) {
  const Bytes bytes = into.bytes;
  if (bytes.size() >= UINT32_MAX) {
    into.problems.push_back({DocumentProblem::Kind::budget, {}, "the file is larger than 4 GiB"});
    into.documents.push_back({.root = kNoDocumentNode, .state = DocumentState::failed, .span = {}});
    return;
  }
  Attempt attempt = parse_best(path, bytes, limits, into.strings);
  into.nodes = std::move(attempt.file.nodes);
  into.documents = std::move(attempt.file.documents);
  into.problems = std::move(attempt.file.problems);
  into.comments = std::move(attempt.file.comments);
  if (into.documents.empty())
    into.documents.push_back({.root = kNoDocumentNode, .state = DocumentState::parsed, .span = {0, static_cast<uint32_t>(bytes.size())}});
  std::stable_sort(into.problems.begin(), into.problems.end(),
                   [](const DocumentProblem& a, const DocumentProblem& b) { return a.at < b.at; });
}

}  // namespace sealwarden
