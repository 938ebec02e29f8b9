// SPDX-License-Identifier: Apache-2.0
// HCL 2 (Terraform, Packer, Nomad) as a tree: blocks, attributes, objects and tuples. Expressions are not read, only found:
// where they end, and whether operands and operators take turns. What HCL 1 writes differently is read too, since Vault and
// Consul share the file name: quoted names, commas between attributes.
//
// After an error the reader goes on at the next line of the block. If the file's lines are indented as its blocks are, it is read
// again with indentation as a witness, so that one forgotten brace does not swallow the blocks behind it.
#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "scanner/doc/builder.h"
#include "scanner/doc/hcl_lexer.h"
#include "scanner/doc/parse.h"
#include "scanner/doc/utf8_text.h"

namespace sealwarden {
namespace {

constexpr size_t kNoColumn = SIZE_MAX;
constexpr size_t kMostComplaints = 200;  // a file that is no HCL has one a line

// Whether an expression ends at a line's end, or only at a comma or bracket.
enum class Lines : uint8_t { end_values, are_blanks };

class HclReader {
 public:
  HclReader(ParsedFile& into, const DocumentLimits& limits, bool trusts_indent)
      : bytes_(into.bytes), file_(into), builder_(into, limits, DocumentBuilder::Order::by_path),
        begin_(utf8_mark_size(into.bytes)), lexer_(into.bytes, begin_, into.comments), trusts_indent_(trusts_indent) {}

  void read();
  // Whether most lines within blocks stand further right than the line that opens the block.
  [[nodiscard]] bool is_indented() const { return outdented_ * 2 <= items_; }

 private:
  // A bracket and the one that closes it: npos if it is never closed.
  struct Brackets {
    size_t open, close;
  };

  void read_body(const HclLexeme* opening, size_t column);
  bool read_close(const HclLexeme& token, const HclLexeme* opening, size_t column);
  void read_item(const HclLexeme& name);
  void read_block(const std::vector<HclLexeme>& keys, const HclLexeme& brace);
  bool open_block(const std::vector<HclLexeme>& keys, const HclLexeme& brace);
  void close_block(size_t keys, size_t end);
  void finish_item();
  void skip_item();

  bool read_value(const NodeKey& key, Lines lines);
  bool read_scalar(const NodeKey& key, const HclLexeme& token, Lines lines);
  bool read_number(const NodeKey& key, size_t begin, const HclLexeme& number, Lines lines);
  bool read_collection(const NodeKey& key, const HclLexeme& open, std::string_view tag);
  bool read_encoded(const NodeKey& key, const HclLexeme& function, Lines lines);
  void read_tuple(size_t close);
  void read_object(size_t close);
  void read_object_entry(const HclLexeme& first, size_t close);
  bool read_object_block(const HclLexeme& name);
  bool read_object_key(const HclLexeme& first, NodeKey& key);
  bool read_expression(const NodeKey& key, size_t begin, Lines lines);
  bool skip_operand(const HclLexeme& token);
  bool goes_on_after_lines(const HclLexeme& token, size_t conditions);
  void write_string(const NodeKey& key, const HclLexeme& token);
  void skip_entry(size_t close);

  HclLexeme next(Lines lines = Lines::end_values);
  HclLexeme peek(Lines lines = Lines::end_values);
  [[nodiscard]] static bool ends_value(const HclLexeme& token, Lines lines);
  [[nodiscard]] bool is_sign(const HclLexeme& token, std::string_view sign) const { return lexer_.text(token) == sign; }
  bool is_for(const HclLexeme& open);
  size_t partner_of(size_t open);
  void match_brackets(size_t open);
  [[nodiscard]] size_t column_of(size_t at) const;
  [[nodiscard]] bool is_item_at(size_t line) const;
  [[nodiscard]] bool is_item_in_value(size_t line, char bracket) const;
  std::string_view name_text(const HclLexeme& token);

  bool complain(const HclLexeme& token, std::string what) { return complain_at(token.begin, token.end, std::move(what)); }
  bool complain_at(size_t begin, size_t end, std::string what) {
    if (complaints_++ < kMostComplaints) builder_.problem(DocumentProblem::Kind::syntax, span(begin, end), std::move(what));
    return false;
  }
  static Span span(size_t begin, size_t end) { return {static_cast<uint32_t>(begin), static_cast<uint32_t>(end)}; }
  static Span span(const HclLexeme& token) { return span(token.begin, token.end); }
  [[nodiscard]] std::string_view source(size_t begin, size_t end) const { return bytes_.substr(begin, end - begin); }

  Bytes bytes_;
  ParsedFile& file_;
  DocumentBuilder builder_;
  size_t begin_;
  HclLexer lexer_;
  const bool trusts_indent_;
  size_t item_column_ = kNoColumn;     // of the attribute that is being read
  std::vector<Brackets> brackets_;     // of the last value that has some
  std::vector<size_t> open_brackets_;  // scratch: places in brackets_
  size_t matched_ = 0;                 // brackets before this byte are in brackets_
  size_t resume_ = 0;                  // where a value that could not be read ends
  size_t items_ = 0, outdented_ = 0;
  size_t complaints_ = 0;
};

void HclReader::read() {
  builder_.begin_document(static_cast<uint32_t>(begin_));
  builder_.begin_map({}, span(begin_, bytes_.size()));
  read_body(nullptr, kNoColumn);
  builder_.finish_document(static_cast<uint32_t>(bytes_.size()), DocumentState::parsed);
  sort_problems(file_);
}

HclLexeme HclReader::next(Lines lines) {
  HclLexeme token = lexer_.next();
  while (lines == Lines::are_blanks && token.kind == HclToken::newline) token = lexer_.next();
  return token;
}

HclLexeme HclReader::peek(Lines lines) {
  const size_t position = lexer_.position();
  const HclLexeme token = next(lines);
  lexer_.seek(position);
  return token;
}

bool HclReader::ends_value(const HclLexeme& token, Lines lines) {
  if (token.kind == HclToken::newline) return lines == Lines::end_values;
  return token.kind == HclToken::end || token.kind == HclToken::comma || token.kind == HclToken::close;
}

// How far right the byte stands; kNoColumn if something stands before it in its line.
size_t HclReader::column_of(size_t at) const {
  size_t line = at;
  while (line > begin_ && (bytes_[line - 1] == ' ' || bytes_[line - 1] == '\t')) --line;
  return line == begin_ || bytes_[line - 1] == '\n' ? at - line : kNoColumn;
}

// Whether the line that begins at `line` looks like an item: `name =`, `name {`, `name "label" {`.
bool HclReader::is_item_at(size_t line) const {
  const auto at_blank = [this](size_t at) { return at < bytes_.size() && (bytes_[at] == ' ' || bytes_[at] == '\t'); };
  const auto is_name = [this](size_t at) {
    if (at >= bytes_.size()) return false;
    const char c = bytes_[at];
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
  };
  size_t at = line;
  while (at_blank(at)) ++at;
  const size_t name = at;
  while (is_name(at)) ++at;
  if (at == name) return false;
  for (;;) {
    while (at_blank(at)) ++at;
    if (at >= bytes_.size() || bytes_[at] != '"') break;
    const size_t end = bytes_.find_first_of("\"\n", at + 1);
    if (end == std::string_view::npos || bytes_[end] == '\n') return false;
    at = end + 1;
  }
  if (at >= bytes_.size()) return false;
  if (bytes_[at] == '{') return true;
  return bytes_[at] == '=' && (at + 1 >= bytes_.size() || (bytes_[at + 1] != '=' && bytes_[at + 1] != '>'));
}

// Whether a line that stands within brackets can only be an item of a block, so that the brackets are not closed.
bool HclReader::is_item_in_value(size_t line, char bracket) const {
  if (!is_item_at(line)) return false;
  if (bracket != '{') return true;
  size_t column = 0;
  while (line + column < bytes_.size() && (bytes_[line + column] == ' ' || bytes_[line + column] == '\t')) ++column;
  return trusts_indent_ && item_column_ != kNoColumn && column <= item_column_;
}

// The items of a block up to its brace, or of the file.
void HclReader::read_body(const HclLexeme* opening, size_t column) {
  while (!builder_.is_full()) {
    const HclLexeme token = next(Lines::are_blanks);
    if (token.kind == HclToken::end) {
      if (opening != nullptr) complain(*opening, "a block is not closed");
      return;
    }
    if (token.kind == HclToken::close && lexer_.text(token) == "}") {
      if (read_close(token, opening, column)) return;
      continue;
    }
    if (token.kind == HclToken::comma) continue;
    const bool is_name = token.kind == HclToken::identifier || token.kind == HclToken::string;
    const size_t own_column = column_of(token.begin);
    if (is_name && opening != nullptr && own_column != kNoColumn && column != kNoColumn) {
      ++items_;
      if (own_column <= column) ++outdented_;
      if (own_column <= column && trusts_indent_) {
        complain(*opening, "a block is not closed");
        lexer_.seek(token.begin);
        return;
      }
    }
    item_column_ = own_column;
    if (is_name) {
      read_item(token);
    } else {
      complain(token, "expected a block or an attribute");
      lexer_.seek(token.begin);
      skip_item();
    }
  }
}

// A closing brace; whether it is this block's, or that of one around it.
bool HclReader::read_close(const HclLexeme& token, const HclLexeme* opening, size_t column) {
  if (opening == nullptr) {
    complain(token, "a closing brace has no opening one");
    return false;
  }
  const size_t own_column = column_of(token.begin);
  if (trusts_indent_ && column != kNoColumn && own_column != kNoColumn && own_column < column) {
    complain(*opening, "a block is not closed");
    lexer_.seek(token.begin);
  }
  return true;
}

void HclReader::read_item(const HclLexeme& name) {
  std::vector<HclLexeme> keys = {name};
  for (;;) {
    const HclLexeme token = next();
    if (token.kind == HclToken::assign && keys.size() == 1) {
      if (!read_value({.text = name_text(name), .span = span(name)}, Lines::end_values)) {
        lexer_.seek(std::max(resume_, token.end));
        if (bytes_[lexer_.position() - 1] != '\n') skip_item();
        return;
      }
      return finish_item();
    }
    if (token.kind == HclToken::open && lexer_.text(token) == "{") return read_block(keys, token);
    if (token.kind != HclToken::identifier && token.kind != HclToken::string) {
      complain(token, keys.size() == 1 ? "expected '=' or a block behind a name" : "expected '{' behind the labels of a block");
      lexer_.seek(token.begin);
      if (token.kind == HclToken::newline && peek(Lines::are_blanks).kind == HclToken::open) {
        const HclLexeme brace = next(Lines::are_blanks);
        if (lexer_.text(brace) == "{") return read_block(keys, brace);
        lexer_.seek(brace.begin);
      }
      return skip_item();
    }
    keys.push_back(token);
  }
}

// name "label" "label" {: a map in a map in a map.
bool HclReader::open_block(const std::vector<HclLexeme>& keys, const HclLexeme& brace) {
  for (size_t i = 0; i + 1 < keys.size(); ++i)
    if (!builder_.enter_map({.text = name_text(keys[i]), .span = span(keys[i])}, span(keys[i + 1]))) return false;
  return builder_.enter_repeated_map({.text = name_text(keys.back()), .span = span(keys.back())}, span(brace));
}

void HclReader::close_block(size_t keys, size_t end) {
  for (size_t i = 0; i < keys; ++i) builder_.end(static_cast<uint32_t>(end));
}

void HclReader::read_block(const std::vector<HclLexeme>& keys, const HclLexeme& brace) {
  if (!open_block(keys, brace)) return;
  read_body(&brace, column_of(keys.front().begin));
  close_block(keys.size(), lexer_.position());
}

// What may stand behind an attribute: the line's end, the block's, a comma (HCL 1).
void HclReader::finish_item() {
  const HclLexeme token = peek();
  if (ends_value(token, Lines::end_values)) return;
  complain(token, "expected the end of the line behind a value");
  skip_item();
}

// Goes to the next line that is not within brackets, or before the brace that ends the block.
void HclReader::skip_item() {
  size_t depth = 0;
  for (;;) {
    const HclLexeme token = lexer_.next();
    if (token.kind == HclToken::end) return;
    if (token.kind == HclToken::open) ++depth;
    if (token.kind == HclToken::close) {
      if (depth == 0) {
        if (lexer_.text(token) == "}") return lexer_.seek(token.begin);
      } else {
        --depth;
      }
    }
    if (token.kind != HclToken::newline) continue;
    if (depth == 0 || (trusts_indent_ && is_item_in_value(token.end, '{'))) return;
  }
}

std::string_view HclReader::name_text(const HclLexeme& token) {
  if (token.kind != HclToken::string) return lexer_.text(token);
  const std::string_view body = lexer_.body(token);
  if (body.find('\\') == std::string_view::npos && body.find("{") == std::string_view::npos) return body;
  if (has_hcl_template(body)) return body;
  std::string text;
  if (!decode_hcl_string(body, text)) complain(token, "an escape that HCL does not have");
  return text == body ? body : builder_.keep(std::move(text));
}

// The value that begins with the next token. False: it could not be read; reading goes on at resume_.
bool HclReader::read_value(const NodeKey& key, Lines lines) {
  const HclLexeme token = next(lines);
  resume_ = token.begin;
  switch (token.kind) {
    case HclToken::string: case HclToken::heredoc: case HclToken::number: return read_scalar(key, token, lines);
    case HclToken::identifier: {
      const std::string_view word = lexer_.text(token);
      if (word == "true" || word == "false" || word == "null") return read_scalar(key, token, lines);
      return (word == "jsonencode" || word == "yamlencode") && read_encoded(key, token, lines) ? true : read_expression(key, token.begin, lines);
    }
    case HclToken::open: {
      if (lexer_.text(token) == "(") return read_expression(key, token.begin, lines);
      const size_t close = partner_of(token.begin);
      if (close == std::string_view::npos) return complain(token, "a bracket is not closed");
      const bool is_comprehension = is_for(token);
      lexer_.seek(close + 1);
      if (is_comprehension || !ends_value(peek(lines), lines)) return read_expression(key, token.begin, lines);
      lexer_.seek(token.end);
      return read_collection(key, token, {});
    }
    case HclToken::sign: {
      const HclLexeme number = peek();
      if (is_sign(token, "-") && number.kind == HclToken::number && number.begin == token.end) return read_number(key, token.begin, next(), lines);
      if (is_sign(token, "-") || is_sign(token, "!")) return read_expression(key, token.begin, lines);
      return complain(token, "expected a value");
    }
    case HclToken::broken:
      resume_ = token.end;
      return complain(token, "a string or heredoc is not closed");
    case HclToken::unknown: resume_ = token.end; [[fallthrough]];
    default: return complain(token, "expected a value");
  }
}

bool HclReader::read_number(const NodeKey& key, size_t begin, const HclLexeme& number, Lines lines) {
  if (!ends_value(peek(lines), lines)) return read_expression(key, begin, lines);
  const std::string_view text = source(begin, number.end);
  const bool is_hex = text.find_first_of("xX") != std::string_view::npos;
  const bool is_real = !is_hex && text.find_first_of(".eE") != std::string_view::npos;
  builder_.scalar(key, is_real ? NodeType::real : NodeType::integer, text, span(begin, number.end));
  return true;
}

// A literal, unless an operator follows.
bool HclReader::read_scalar(const NodeKey& key, const HclLexeme& token, Lines lines) {
  if (token.kind == HclToken::number) return read_number(key, token.begin, token, lines);
  if (!ends_value(peek(lines), lines)) return read_expression(key, token.begin, lines);
  if (token.kind == HclToken::identifier) {
    const std::string_view word = lexer_.text(token);
    builder_.scalar(key, word == "null" ? NodeType::null : NodeType::boolean, word, span(token));
  } else {
    write_string(key, token);
  }
  return true;
}

void HclReader::write_string(const NodeKey& key, const HclLexeme& token) {
  const std::string_view body = lexer_.body(token);
  const bool is_heredoc = token.kind == HclToken::heredoc, has_template = has_hcl_template(body);
  std::string_view text = body;
  const bool is_plain = body.find('{') == std::string_view::npos && (is_heredoc ? !token.strips_indent : body.find('\\') == std::string_view::npos);
  if (!has_template && !is_plain) {
    std::string decoded;
    if (is_heredoc) decoded = decode_hcl_heredoc(body, token.strips_indent);
    else if (!decode_hcl_string(body, decoded)) complain(token, "an escape that HCL does not have");
    if (decoded != body) text = builder_.keep(std::move(decoded));
  }
  NodeExtra extra;
  extra.flags = is_heredoc ? kQuoted | kBlock : kQuoted;
  builder_.scalar(key, has_template ? NodeType::expression : NodeType::text, text, span(token), extra);
}

// An object or tuple whose open bracket was read and whose other is known.
bool HclReader::read_collection(const NodeKey& key, const HclLexeme& open, std::string_view tag) {
  const size_t close = partner_of(open.begin);
  const bool is_tuple = lexer_.text(open) == "[";
  NodeExtra extra;
  extra.tag = tag;
  const Span all = span(open.begin, close + 1);
  if (!(is_tuple ? builder_.begin_sequence(key, all, extra) : builder_.begin_map(key, all, extra))) return true;
  if (is_tuple) read_tuple(close);
  else read_object(close);
  builder_.end(all.end);
  lexer_.seek(close + 1);
  return true;
}

// jsonencode({...}): the object, with the function as its tag. False: it has another argument; nothing was read.
bool HclReader::read_encoded(const NodeKey& key, const HclLexeme& function, Lines lines) {
  const size_t start = lexer_.position();
  const HclLexeme parenthesis = next();
  if (lexer_.text(parenthesis) == "(") {
    const HclLexeme open = next(Lines::are_blanks);
    const size_t end = partner_of(parenthesis.begin);
    const bool is_collection = open.kind == HclToken::open && lexer_.text(open) != "(" && end != std::string_view::npos;
    const size_t close = is_collection ? partner_of(open.begin) : end;
    if (is_collection && !is_for(open)) {
      lexer_.seek(close + 1);
      HclLexeme after = next(Lines::are_blanks);
      if (after.kind == HclToken::comma) after = next(Lines::are_blanks);
      lexer_.seek(end + 1);
      if (after.begin == end && ends_value(peek(lines), lines)) {
        lexer_.seek(open.end);
        read_collection(key, open, lexer_.text(function));
        lexer_.seek(end + 1);
        return true;
      }
    }
  }
  lexer_.seek(start);
  return false;
}

void HclReader::read_tuple(size_t close) {
  while (!builder_.is_full()) {
    const HclLexeme token = peek(Lines::are_blanks);
    if (token.begin >= close) return;
    if (token.kind == HclToken::comma) {
      complain(token, "expected a value");
      next(Lines::are_blanks);
      continue;
    }
    bool ok = read_value({}, Lines::are_blanks);
    if (ok) {
      const HclLexeme after = peek(Lines::are_blanks);
      ok = after.kind == HclToken::comma || after.begin >= close || complain(after, "expected ',' or ']'");
    } else {
      lexer_.seek(resume_);
    }
    if (!ok) skip_entry(close);
    if (peek(Lines::are_blanks).kind == HclToken::comma) next(Lines::are_blanks);
  }
}

void HclReader::read_object(size_t close) {
  while (!builder_.is_full()) {
    const HclLexeme token = next(Lines::are_blanks);
    if (token.begin >= close) return;
    if (token.kind != HclToken::comma) read_object_entry(token, close);
  }
}

void HclReader::read_object_entry(const HclLexeme& first, size_t close) {
  if (read_object_block(first)) return;
  NodeKey key;
  if (!read_object_key(first, key)) return skip_entry(close);
  if (!read_value(key, Lines::end_values)) {
    lexer_.seek(resume_);
    return skip_entry(close);
  }
  const HclLexeme after = peek();
  if (ends_value(after, Lines::end_values)) return;
  complain(after, "expected ',' or the end of the line behind a value");
  skip_entry(close);
}

// name {...} within an object, as HCL 1 has it. False: it is none, nothing was read.
bool HclReader::read_object_block(const HclLexeme& name) {
  if (name.kind != HclToken::identifier && name.kind != HclToken::string) return false;
  const size_t position = lexer_.position();
  std::vector<HclLexeme> keys = {name};
  HclLexeme token = next();
  for (; token.kind == HclToken::identifier || token.kind == HclToken::string; token = next()) keys.push_back(token);
  if (!is_sign(token, "{")) {
    lexer_.seek(position);
    return false;
  }
  const size_t close = partner_of(token.begin);
  if (!open_block(keys, token)) return true;
  read_object(close);
  close_block(keys.size(), close + 1);
  lexer_.seek(close + 1);
  return true;
}

// name = , "name" : , (expression) = . What is more than one token is an expression, and its source the name.
bool HclReader::read_object_key(const HclLexeme& first, NodeKey& key) {
  HclLexeme token = first;
  size_t tokens = 0, end = first.end;
  while (token.kind != HclToken::assign && token.kind != HclToken::colon) {
    const bool is_open = token.kind == HclToken::open;
    if (ends_value(token, Lines::end_values) || token.kind == HclToken::unknown || token.kind == HclToken::broken) {
      lexer_.seek(token.begin);
      return complain(token, "expected '=' or ':' behind a name");
    }
    if (is_open) lexer_.seek(partner_of(token.begin) + 1);
    end = lexer_.position();
    tokens += is_open ? 2 : 1;
    token = next();
  }
  if (tokens == 0) return complain(token, "expected a name");
  key.text = tokens == 1 ? name_text(first) : source(first.begin, end);
  key.span = span(first.begin, end);
  return true;
}

// After an error within an object or tuple: to the next comma or line of it.
void HclReader::skip_entry(size_t close) {
  for (;;) {
    const HclLexeme token = lexer_.next();
    if (token.begin >= close || token.kind == HclToken::end) return lexer_.seek(close);
    if (token.kind == HclToken::comma || token.kind == HclToken::newline) return lexer_.seek(token.begin);
    if (token.kind == HclToken::open) lexer_.seek(partner_of(token.begin) + 1);
  }
}

// After the first token of an operand: behind it, whatever is nested. False: it is none.
bool HclReader::skip_operand(const HclLexeme& token) {
  switch (token.kind) {
    case HclToken::identifier: case HclToken::number: case HclToken::string: case HclToken::heredoc: return true;
    case HclToken::open: {
      const size_t close = partner_of(token.begin);
      if (close == std::string_view::npos) return complain(token, "a bracket is not closed");
      lexer_.seek(close + 1);
      return true;
    }
    case HclToken::broken:
      resume_ = token.end;
      return complain(token, "a string or heredoc is not closed");
    default:
      resume_ = token.kind == HclToken::unknown ? token.end : token.begin;
      return complain(token, "expected a value");
  }
}

// Whether the token is an operator that stands on the next line: no item of a block begins with one.
bool HclReader::goes_on_after_lines(const HclLexeme& token, size_t conditions) {
  if (token.kind != HclToken::newline) return false;
  const HclLexeme after = peek(Lines::are_blanks);
  return (after.kind == HclToken::sign && !is_sign(after, "!") && !is_sign(after, "-")) || (after.kind == HclToken::colon && conditions > 0);
}

// Operands and operators in turn, up to what ends the value. The text is the source.
bool HclReader::read_expression(const NodeKey& key, size_t begin, Lines lines) {
  lexer_.seek(begin);
  bool wants_operand = true;
  size_t end = begin, conditions = 0, tokens = 0, call_end = 0;
  std::string_view function;
  HclLexeme before;
  for (;; ++tokens) {
    HclLexeme token = next(lines);
    while (wants_operand && tokens > 0 && token.kind == HclToken::newline && !is_item_at(token.end)) token = next(lines);
    if (wants_operand) {
      if (is_sign(token, "-") || is_sign(token, "!")) continue;
      if (!skip_operand(token)) return false;
      wants_operand = false;
    } else if (token.kind == HclToken::sign) {
      if (is_sign(token, ".")) {
        const HclLexeme part = next();
        if (part.kind != HclToken::identifier && part.kind != HclToken::number && !is_sign(part, "*")) {
          resume_ = part.begin;
          return complain(part, "expected a name behind '.'");
        }
      } else {
        if (is_sign(token, "?")) ++conditions;
        wants_operand = true;
      }
    } else if (token.kind == HclToken::colon && conditions > 0) {
      --conditions;
      wants_operand = true;
    } else if (token.kind == HclToken::open && (is_sign(token, "[") || (is_sign(token, "(") && before.kind == HclToken::identifier))) {
      if (!skip_operand(token)) return false;
      if (tokens == 1 && is_sign(token, "(")) {
        function = lexer_.text(before);
        call_end = lexer_.position();
      }
    } else if (goes_on_after_lines(token, conditions)) {
      continue;
    } else {
      resume_ = token.begin;
      if (!ends_value(token, lines)) return complain(token, "expected an operator or the end of a value");
      break;
    }
    end = lexer_.position();
    before = token;
  }
  lexer_.seek(end);
  NodeExtra extra;
  if (call_end == end) extra.tag = function;
  builder_.scalar(key, NodeType::expression, source(begin, end), span(begin, end), extra);
  return true;
}

// Whether the brackets hold a `for` expression.
bool HclReader::is_for(const HclLexeme& open) {
  const size_t position = lexer_.position();
  lexer_.seek(open.end);
  const bool has_word = is_sign(next(Lines::are_blanks), "for");
  const bool is_for = has_word && next(Lines::are_blanks).kind == HclToken::identifier;
  lexer_.seek(position);
  return is_for;
}

size_t HclReader::partner_of(size_t open) {
  if (open >= matched_) match_brackets(open);
  const auto found = std::lower_bound(brackets_.begin(), brackets_.end(), open, [](const Brackets& pair, size_t at) { return pair.open < at; });
  if (found == brackets_.end() || found->open != open) return std::string_view::npos;
  if (found->close == std::string_view::npos) resume_ = std::max(resume_, matched_);
  return found->close;
}

// Finds the partners of a bracket and of all within it, once for each outermost bracket, so that no byte is searched twice.
void HclReader::match_brackets(size_t open) {
  const size_t position = lexer_.position();
  brackets_.clear();
  open_brackets_.clear();
  lexer_.seek(open);
  do {
    const HclLexeme token = lexer_.next();
    matched_ = token.end;
    if (token.kind == HclToken::open) {
      open_brackets_.push_back(brackets_.size());
      brackets_.push_back({token.begin, std::string_view::npos});
    } else if (token.kind == HclToken::close) {
      Brackets& last = brackets_[open_brackets_.back()];
      const char want = bytes_[last.open] == '(' ? ')' : bytes_[last.open] == '[' ? ']' : '}';
      if (bytes_[token.begin] != want) {
        matched_ = token.begin;
        break;
      }
      last.close = token.begin;
      open_brackets_.pop_back();
    } else if (token.kind == HclToken::end || token.kind == HclToken::broken || token.kind == HclToken::unknown ||
               (token.kind == HclToken::newline && is_item_in_value(token.end, bytes_[brackets_[open_brackets_.back()].open]))) {
      break;
    }
  } while (!open_brackets_.empty());
  lexer_.seek(position);
}

}  // namespace

void parse_hcl(ParsedFile& into, const DocumentLimits& limits) {
  HclReader reader(into, limits, false);
  reader.read();
  const bool has_syntax_problem = std::any_of(into.problems.begin(), into.problems.end(), [](const DocumentProblem& problem) {
    return problem.kind == DocumentProblem::Kind::syntax;
  });
  if (has_syntax_problem && reader.is_indented()) {
    into.nodes.clear();
    into.documents.clear();
    into.problems.clear();
    into.comments.clear();
    into.strings.clear();
    HclReader(into, limits, true).read();
  }
  note_encoding(into);
}

}  // namespace sealwarden
