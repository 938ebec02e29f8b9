// SPDX-License-Identifier: Apache-2.0
// Dockerfiles as BuildKit reads them: directives, lines that go on, heredocs, the exec form, flags, name=value lists.
//
//   args: {NAME: default}                       ARG before the first FROM
//   stages: [{name, base, platform, instructions: [{op, inner, value, form, flags, arguments, pairs, heredocs}]}]
//
// Variables are replaced by Docker in some instructions only; in these a text with $NAME is an expression. In what a shell or
// a program gets (RUN, CMD, ENTRYPOINT, HEALTHCHECK, SHELL), a dollar is an ordinary byte.
#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "scanner/doc/builder.h"
#include "scanner/doc/dockerfile_text.h"
#include "scanner/doc/line_reader.h"
#include "scanner/doc/parse.h"
#include "scanner/doc/utf8_text.h"

namespace sealwarden {
namespace {

// What an instruction may have. Bits.
enum OpTrait : uint16_t {
  kExpands = 1,     // Docker replaces variables
  kHasForm = 2,     // shell or exec form
  kHasWords = 4,    // its words are `arguments`
  kHasPairs = 8,    // NAME=value NAME=value
  kOldPair = 16,    // also `NAME all the rest`
  kBareNames = 32,  // also NAME alone
  kHasHeredocs = 64,
};

struct Op {
  std::string_view name;
  uint16_t traits = 0;
};

constexpr std::array<Op, 18> kOps = {{
    {"ADD", kExpands | kHasForm | kHasWords | kHasHeredocs}, {"ARG", kExpands | kHasPairs | kBareNames}, {"CMD", kHasForm},
    {"COPY", kExpands | kHasForm | kHasWords | kHasHeredocs}, {"ENTRYPOINT", kHasForm}, {"ENV", kExpands | kHasPairs | kOldPair},
    {"EXPOSE", kExpands | kHasWords}, {"FROM", kExpands}, {"HEALTHCHECK", kHasForm}, {"LABEL", kExpands | kHasPairs | kOldPair},
    {"MAINTAINER", 0}, {"ONBUILD", 0}, {"RUN", kHasForm | kHasHeredocs}, {"SHELL", kHasForm}, {"STOPSIGNAL", kExpands},
    {"USER", kExpands}, {"VOLUME", kExpands | kHasForm | kHasWords}, {"WORKDIR", kExpands},
}};

constexpr size_t kMostComplaints = 200;  // a file that is no Dockerfile has one a line

char upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }
bool is_letter(char c) { return upper(c) >= 'A' && upper(c) <= 'Z'; }

bool same_word(std::string_view word, std::string_view upper_case) {
  return word.size() == upper_case.size() && std::equal(word.begin(), word.end(), upper_case.begin(), [](char a, char b) { return upper(a) == b; });
}

// A word without its quotes and escapes.
struct Word {
  std::string_view text;
  NodeType type = NodeType::text;
  uint16_t flags = 0;
  Span span;
};

struct Flag {
  TextRange name, value;
  bool has_value = false;
};

class DockerfileReader {
 public:
  DockerfileReader(ParsedFile& into, const DocumentLimits& limits)
      : bytes_(into.bytes), file_(into), builder_(into, limits, DocumentBuilder::Order::by_path), line_(into.bytes) {}
  void read();

 private:
  struct Line {
    size_t begin, end, next;  // without and with its end
  };
  [[nodiscard]] Line line_at(size_t begin) const;
  void read_directives();
  bool read_directive(const Line& line);
  bool next_instruction();
  [[nodiscard]] bool is_template_line(size_t begin, size_t end) const;
  [[nodiscard]] bool takes_next_line(const Line& line, size_t& end) const;

  void read_instruction();
  void read_from(size_t at);
  void read_global_arg(size_t at);
  void open_stage(Span at);
  void write_instruction(const Op& op, TextRange word, size_t at);
  void write_body(const Op& op, size_t at);
  bool write_exec_form(const Op& op, size_t at);
  void write_value(const Op& op, size_t begin);
  void write_words(const Op& op, size_t at);
  void write_flags(const std::vector<Flag>& flags);
  void write_pairs(const Op& op, size_t at);
  void write_pair(TextRange name, TextRange value, bool has_value);
  void write_heredocs(const Op& op, const std::vector<HeredocMark>& marks);
  bool write_heredoc(const Op& op, const HeredocMark& mark);

  size_t read_flags(size_t at, std::vector<Flag>& flags) const;
  Op find_op(TextRange word);
  Word decode(TextRange range);
  std::string_view view(TextRange range);
  [[nodiscard]] bool has_variable(TextRange range) const;
  [[nodiscard]] Span span_of(TextRange range) const {
    const uint32_t begin = line_.source(range.begin);
    return {begin, std::max(begin, line_.source_end(range.end))};
  }
  [[nodiscard]] std::string_view text_of(TextRange range) const { return line_.text().substr(range.begin, range.end - range.begin); }
  // Keys that the tree has and the file has not stand where what they name begins.
  [[nodiscard]] static NodeKey made_key(std::string_view name, uint32_t at) { return {.text = name, .span = {at, at}}; }
  void complain(Span at, std::string what) {
    if (complaints_++ < kMostComplaints) builder_.problem(DocumentProblem::Kind::syntax, at, std::move(what));
  }

  Bytes bytes_;
  ParsedFile& file_;
  DocumentBuilder builder_;
  JoinedText line_;
  std::vector<ExecString> exec_strings_;
  size_t pos_ = 0;
  size_t searched_ = 0;  // bytes in which the end of a heredoc was looked for in vain
  size_t complaints_ = 0;
  uint32_t last_end_ = 0;
  char escape_ = '\\';
  bool has_stage_ = false, has_stages_ = false, has_args_ = false;
};

void DockerfileReader::read() {
  pos_ = utf8_mark_size(bytes_);
  const auto begin = static_cast<uint32_t>(pos_), end = static_cast<uint32_t>(bytes_.size());
  builder_.begin_document(begin);
  builder_.begin_map({}, {begin, end});
  read_directives();
  while (!builder_.is_full() && next_instruction()) read_instruction();
  if (has_args_) builder_.end(last_end_);
  if (has_stage_) {
    builder_.end(last_end_);
    builder_.end(last_end_);
  }
  if (has_stages_) builder_.end(last_end_);
  else if (!builder_.is_full()) complain({end, end}, "expected a FROM instruction");
  builder_.finish_document(end, DocumentState::parsed);
  sort_problems(file_);
}

DockerfileReader::Line DockerfileReader::line_at(size_t begin) const {
  size_t end = bytes_.find('\n', begin);
  if (end == std::string_view::npos) return {begin, bytes_.size(), bytes_.size()};
  const size_t next = end + 1;
  if (end > begin && bytes_[end - 1] == '\r') --end;
  return {begin, end, next};
}

// `# name = value` in the first lines; the first line that is none ends them.
void DockerfileReader::read_directives() {
  while (pos_ < bytes_.size()) {
    const Line line = line_at(pos_);
    if (!read_directive(line)) return;
    builder_.comment({static_cast<uint32_t>(line.begin), static_cast<uint32_t>(line.end)});
    pos_ = line.next;
  }
}

bool DockerfileReader::read_directive(const Line& line) {
  const std::string_view text = bytes_.substr(line.begin, line.end - line.begin);
  if (text.empty() || text[0] != '#') return false;
  const size_t name = skip_docker_blanks(text, 1);
  size_t name_end = name;
  while (name_end < text.size() && (is_letter(text[name_end]) || (text[name_end] >= '0' && text[name_end] <= '9'))) ++name_end;
  const size_t sign = skip_docker_blanks(text, name_end);
  if (name_end == name || sign >= text.size() || text[sign] != '=') return false;
  const size_t value = skip_docker_blanks(text, sign + 1);
  if (value >= text.size()) return false;
  if (same_word(text.substr(name, name_end - name), "ESCAPE")) {
    const size_t end = docker_plain_word_end(text, value);
    if (end == value + 1 && (text[value] == '`' || text[value] == '\\')) escape_ = text[value];
    else complain({static_cast<uint32_t>(line.begin), static_cast<uint32_t>(line.end)}, "the escape directive takes \\ or `");
  }
  return true;
}

// Whether the line goes on in the next one: its last word ends in one escape. `end` becomes the end of what it says.
bool DockerfileReader::takes_next_line(const Line& line, size_t& end) const {
  size_t last = line.end;
  while (last > line.begin && is_docker_blank(bytes_[last - 1])) --last;
  if (last == line.begin || bytes_[last - 1] != escape_) return false;
  if (last - 1 > line.begin && bytes_[last - 2] == escape_) return false;
  end = last - 1;
  return true;
}

bool DockerfileReader::is_template_line(size_t begin, size_t end) const {
  while (end > begin && is_docker_blank(bytes_[end - 1])) --end;
  return is_action_line(bytes_.substr(begin, end - begin));
}

// Joins the lines of the next instruction; comments and empty lines between them are left out.
bool DockerfileReader::next_instruction() {
  line_.clear();
  bool begun = false;
  while (pos_ < bytes_.size()) {
    const Line line = line_at(pos_);
    pos_ = line.next;
    size_t first = line.begin;
    while (first < line.end && is_docker_blank(bytes_[first])) ++first;
    if (first == line.end) continue;
    if (bytes_[first] == '#') {
      builder_.comment({static_cast<uint32_t>(first), static_cast<uint32_t>(line.end)});
      continue;
    }
    size_t end = line.end;
    if (!begun && is_template_line(first, end)) {  // what stands here may be more, or less
      builder_.flag_open(kMasked);
      continue;
    }
    const bool goes_on = takes_next_line(line, end);
    const size_t begin = begun ? line.begin : first;
    line_.append(begin, std::max(begin, end));
    begun = true;
    if (!goes_on) break;
  }
  line_.finish();
  if (begun) last_end_ = line_.source_end(line_.text().size());
  return begun;
}

Op DockerfileReader::find_op(TextRange word) {
  const std::string_view text = text_of(word);
  for (const Op& op : kOps)
    if (same_word(text, op.name)) return op;
  complain(span_of(word), "expected an instruction");
  if (!std::all_of(text.begin(), text.end(), [](char c) { return is_letter(c); })) return {};
  std::string name(text);
  std::transform(name.begin(), name.end(), name.begin(), upper);
  return {builder_.keep(std::move(name)), 0};
}

void DockerfileReader::read_instruction() {
  const std::string_view text = line_.text();
  const TextRange word{0, docker_plain_word_end(text, 0)};
  const Op op = find_op(word);
  if (op.name.empty()) return;
  const size_t body = skip_docker_blanks(text, word.end);
  if (op.name == "FROM") return read_from(body);
  if (op.name == "ARG" && !has_stages_) return read_global_arg(body);
  if (!has_stage_) {
    complain(span_of(word), "expected FROM before other instructions");
    open_stage(span_of({0, text.size()}));
    builder_.begin_sequence(made_key("instructions", line_.source(0)), span_of({0, text.size()}));
  }
  write_instruction(op, word, body);
}

void DockerfileReader::read_global_arg(size_t at) {
  if (!has_args_) builder_.begin_map(made_key("args", line_.source(0)), span_of({0, line_.text().size()}));
  has_args_ = true;
  write_pairs({"ARG", kBareNames}, at);
}

void DockerfileReader::open_stage(Span at) {
  if (has_args_) builder_.end(at.begin);
  has_args_ = false;
  if (has_stage_) {
    builder_.end(at.begin);
    builder_.end(at.begin);
  }
  if (!has_stages_) builder_.begin_sequence(made_key("stages", at.begin), at);
  has_stages_ = has_stage_ = true;
  builder_.begin_map({}, at);
}

// FROM [--platform=P] IMAGE [AS NAME]
void DockerfileReader::read_from(size_t at) {
  const std::string_view text = line_.text();
  open_stage(span_of({0, text.size()}));
  std::vector<Flag> flags;
  at = read_flags(at, flags);
  std::vector<TextRange> words;
  for (; at < text.size(); at = skip_docker_blanks(text, words.back().end)) words.push_back({at, docker_template_word_end(text, at)});
  const bool has_name = words.size() >= 3 && same_word(text_of(words[1]), "AS");
  if (has_name) builder_.scalar(made_key("name", line_.source(words[2].begin)), NodeType::text, view(words[2]), span_of(words[2]));
  if (!words.empty()) {
    const Word base = decode(words[0]);
    builder_.scalar(made_key("base", base.span.begin), base.type, base.text, base.span, {.flags = base.flags});
  }
  if (words.empty() || words.size() != (has_name ? 3U : 1U)) complain(span_of({0, text.size()}), "expected FROM image AS name");
  for (const Flag& flag : flags) {
    if (text_of(flag.name) != "platform" || !flag.has_value) continue;
    const Word platform = decode(flag.value);
    builder_.scalar({.text = "platform", .span = span_of(flag.name)}, platform.type, platform.text, platform.span, {.flags = platform.flags});
  }
  builder_.begin_sequence(made_key("instructions", last_end_), {last_end_, last_end_});
}

// Flags stand before the body: --name, --name=value.
size_t DockerfileReader::read_flags(size_t at, std::vector<Flag>& flags) const {
  const std::string_view text = line_.text();
  while (text.substr(at, 2) == "--") {
    const size_t end = docker_word_end(text, at, escape_);
    const size_t next = skip_docker_blanks(text, end);
    if (end == at + 2) return next;
    const size_t sign = std::min(text.substr(0, end).find('=', at), end);
    flags.push_back({{at + 2, sign}, {std::min(sign + 1, end), end}, sign < end});
    at = next;
  }
  return at;
}

void DockerfileReader::write_instruction(const Op& op, TextRange word, size_t at) {
  const Span all = span_of({word.begin, line_.text().size()});
  builder_.begin_map({}, all);
  builder_.scalar(made_key("op", all.begin), NodeType::text, op.name, span_of(word));
  if (op.name != "ONBUILD") {
    write_body(op, at);
  } else {
    const TextRange inner_word{at, docker_plain_word_end(line_.text(), at)};
    const Op inner = inner_word.empty() ? Op{} : find_op(inner_word);
    if (inner_word.empty()) complain(all, "expected an instruction behind ONBUILD");
    if (!inner.name.empty()) {
      builder_.scalar(made_key("inner", line_.source(at)), NodeType::text, inner.name, span_of(inner_word));
      write_body(inner, skip_docker_blanks(line_.text(), inner_word.end));
    }
  }
  builder_.end(last_end_);
}

void DockerfileReader::write_body(const Op& op, size_t at) {
  std::vector<Flag> flags;
  at = read_flags(at, flags);
  write_value(op, at);
  size_t body = at;
  if (op.name == "HEALTHCHECK") body = skip_docker_blanks(line_.text(), docker_plain_word_end(line_.text(), at));
  std::vector<HeredocMark> marks;
  if ((op.traits & kHasHeredocs) != 0) marks = find_heredoc_marks(line_.text(), at);
  const bool has_form = (op.traits & kHasForm) != 0 && body < line_.text().size();
  const bool is_exec = has_form && read_exec_form(line_.text(), body, exec_strings_);
  if (has_form)
    builder_.scalar(made_key("form", line_.source(body)), NodeType::text, is_exec ? "exec" : marks.empty() ? "shell" : "heredoc",
                    span_of({body, line_.text().size()}));
  write_flags(flags);
  if (is_exec) write_exec_form(op, body);
  else if ((op.traits & kHasWords) != 0) write_words(op, body);
  if ((op.traits & kHasPairs) != 0) {
    builder_.begin_map(made_key("pairs", line_.source(at)), span_of({at, line_.text().size()}));
    write_pairs(op, at);
    builder_.end(last_end_);
  }
  if (!is_exec && !marks.empty()) write_heredocs(op, marks);
}

void DockerfileReader::write_value(const Op& op, size_t begin) {
  const TextRange range{begin, line_.text().size()};
  const bool expands = (op.traits & kExpands) != 0 && has_variable(range);
  builder_.scalar(made_key("value", line_.source(begin)), expands ? NodeType::expression : NodeType::text, view(range), span_of(range));
}

bool DockerfileReader::write_exec_form(const Op& op, size_t at) {
  if (!builder_.begin_sequence(made_key("arguments", line_.source(at)), span_of({at, line_.text().size()}))) return false;
  for (ExecString& item : exec_strings_) {
    const bool expands = (op.traits & kExpands) != 0 && has_variable(item.range);
    const std::string_view text = item.has_escapes && !expands ? builder_.keep(std::move(item.decoded)) : view(item.range);
    const TextRange quoted{item.range.begin - 1, item.range.end + 1};
    builder_.scalar({}, expands ? NodeType::expression : NodeType::text, text, span_of(quoted), {.flags = kQuoted});
  }
  builder_.end(last_end_);
  return true;
}

void DockerfileReader::write_words(const Op& op, size_t at) {
  const std::string_view text = line_.text();
  if (!builder_.begin_sequence(made_key("arguments", line_.source(at)), span_of({at, text.size()}))) return;
  while (at < text.size() && !builder_.is_full()) {
    const size_t end = docker_word_end(text, at, escape_);
    const Word word = decode({at, end});
    builder_.scalar({}, (op.traits & kExpands) != 0 ? word.type : NodeType::text, word.text, word.span, {.flags = word.flags});
    at = skip_docker_blanks(text, end);
  }
  builder_.end(last_end_);
}

void DockerfileReader::write_flags(const std::vector<Flag>& flags) {
  if (flags.empty()) return;
  const Span all{span_of(flags.front().name).begin - 2, span_of(flags.back().has_value ? flags.back().value : flags.back().name).end};
  if (!builder_.begin_map(made_key("flags", all.begin), all)) return;
  for (const Flag& flag : flags) {
    const NodeKey key{.text = view(flag.name), .span = span_of(flag.name)};
    if (flag.has_value) {
      const Word value = decode(flag.value);
      builder_.repeated_scalar(key, value.type, value.text, value.span, {.flags = value.flags});
    } else {
      builder_.repeated_scalar(key, NodeType::boolean, "true", {key.span.end, key.span.end});
    }
  }
  builder_.end(all.end);
}

// NAME=value NAME="a value" ..., or the old `NAME all the rest`.
void DockerfileReader::write_pairs(const Op& op, size_t at) {
  const std::string_view text = line_.text();
  if (at >= text.size()) return complain(span_of({0, text.size()}), "expected a name");
  bool is_first = true;
  while (at < text.size() && !builder_.is_full()) {
    const size_t end = docker_word_end(text, at, escape_), next = skip_docker_blanks(text, end);
    const size_t sign = std::min(text.substr(0, end).find('=', at), end);
    if (sign < end) {
      write_pair({at, sign}, {sign + 1, end}, true);
    } else if (is_first && (op.traits & kOldPair) != 0) {
      const size_t name_end = docker_plain_word_end(text, at), value = skip_docker_blanks(text, name_end);
      if (value == text.size()) complain(span_of({at, name_end}), "expected a value behind the name");
      return write_pair({at, name_end}, {value, text.size()}, value < text.size());
    } else {
      if ((op.traits & kBareNames) == 0) complain(span_of({at, end}), "expected '=' behind a name");
      write_pair({at, end}, {end, end}, false);
    }
    is_first = false;
    at = next;
  }
}

void DockerfileReader::write_pair(TextRange name, TextRange value, bool has_value) {
  const Word key = decode(name);
  const NodeKey node_key{.text = key.text, .span = key.span};
  if (!has_value) {
    builder_.scalar(node_key, NodeType::null, {}, {key.span.end, key.span.end});
    return;
  }
  const Word word = decode(value);
  builder_.scalar(node_key, word.type, word.text, word.span, {.flags = word.flags});
}

void DockerfileReader::write_heredocs(const Op& op, const std::vector<HeredocMark>& marks) {
  if (!builder_.begin_sequence(made_key("heredocs", last_end_), {last_end_, last_end_})) return;
  for (const HeredocMark& mark : marks) {
    if (write_heredoc(op, mark)) continue;
    complain(span_of({0, line_.text().size()}), "a heredoc does not end");
    break;
  }
  builder_.end(last_end_);
}

// The lines up to the one that is the heredoc's name. They are looked for as often as the file is long, all in all: many
// heredocs without an end must not cost the square.
bool DockerfileReader::write_heredoc(const Op& op, const HeredocMark& mark) {
  const size_t begin = pos_;
  if (searched_ > 2 * bytes_.size()) return false;
  std::string stripped;
  bool has_tabs = false;
  for (size_t at = begin; at < bytes_.size();) {
    const Line line = line_at(at);
    size_t first = at;
    while (mark.strips_tabs && first < line.end && bytes_[first] == '\t') ++first;
    if (bytes_.substr(first, line.end - first) == mark.name) {
      const std::string_view raw = bytes_.substr(begin, at - begin);
      const std::string_view text = has_tabs ? builder_.keep(std::move(stripped)) : raw;
      bool expands = false;
      for (size_t i = 0; (op.traits & kExpands) != 0 && mark.expands && !expands && i < raw.size(); ++i) expands = is_docker_variable(raw, i);
      builder_.scalar({}, expands ? NodeType::expression : NodeType::text, expands ? raw : text,
                      {static_cast<uint32_t>(begin), static_cast<uint32_t>(at)}, {.flags = kQuoted | kBlock});
      pos_ = line.next;
      last_end_ = static_cast<uint32_t>(line.end);
      return true;
    }
    has_tabs = has_tabs || first > at;
    if (mark.strips_tabs) stripped.append(bytes_.substr(first, line.next - first));
    at = line.next;
  }
  searched_ += bytes_.size() - begin;
  return false;
}

std::string_view DockerfileReader::view(TextRange range) {
  if (line_.is_whole(range.begin, range.end)) return bytes_.substr(line_.source(range.begin), range.end - range.begin);
  return builder_.keep(std::string(text_of(range)));
}

bool DockerfileReader::has_variable(TextRange range) const {
  const std::string_view text = text_of(range);
  for (size_t at = 0; at < text.size(); ++at) {
    if (text[at] == escape_) ++at;
    else if (is_docker_variable(text, at)) return true;
  }
  return false;
}

// Takes quotes and escapes off. What Docker would replace stays as it is written, without quotes around the whole.
Word DockerfileReader::decode(TextRange range) {
  const std::string_view raw = text_of(range);
  std::string out;
  char quote = 0;
  bool expands = false;
  size_t quote_end = 0;  // behind the first quoted part
  for (size_t i = 0; i < raw.size(); ++i) {
    const char c = raw[i];
    const bool has_next = i + 1 < raw.size();
    if (quote != 0 && c == quote) {
      quote = 0;
      if (quote_end == 0) quote_end = i + 1;
    } else if (quote == '\'') out += c;
    else if (c == escape_ && quote == 0) {
      if (has_next) out += raw[++i];
    } else if (c == escape_ && has_next && (raw[i + 1] == '"' || raw[i + 1] == '$' || raw[i + 1] == escape_)) out += raw[++i];
    else if (quote == 0 && (c == '"' || c == '\'')) quote = c;
    else {
      expands = expands || is_docker_variable(raw, i);
      out += c;
    }
  }
  Word word;
  word.span = span_of(range);
  if (quote != 0) complain(word.span, "a quote is not closed");
  const bool is_quoted = !raw.empty() && (raw[0] == '"' || raw[0] == '\'') && quote_end == raw.size();
  const TextRange inner = is_quoted ? TextRange{range.begin + 1, range.end - 1} : range;
  word.flags = is_quoted ? uint16_t{kQuoted} : uint16_t{0};
  word.type = expands ? NodeType::expression : NodeType::text;
  word.text = expands || quote != 0 || out == text_of(inner) ? view(inner) : builder_.keep(std::move(out));
  return word;
}

}  // namespace

void parse_dockerfile(ParsedFile& into, const DocumentLimits& limits) { DockerfileReader(into, limits).read(); }

}  // namespace sealwarden
