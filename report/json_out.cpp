// SPDX-License-Identifier: Apache-2.0
#include "report/json_out.h"

#include <cstdio>
#include <utility>

#include "report/utf8.h"

namespace sealwarden {
namespace {

void append_unicode_escape(std::string& out, uint32_t code) {
  char text[16];
  std::snprintf(text, sizeof text, "\\u%04x", static_cast<unsigned>(code));
  out += text;
}

void append_character(std::string& out, std::string_view bytes, uint32_t code) {
  if (code == '"' || code == '\\')
    (out += '\\') += bytes;
  else if (code == '\n')
    out += "\\n";
  else if (code == '\t')
    out += "\\t";
  else if (is_control(code))
    append_unicode_escape(out, code);
  else
    out += bytes;
}

void append_quoted(std::string& out, std::string_view text) {
  out += '"';
  while (!text.empty()) {
    const Character character = first_character(text);
    if (character.length == 0)
      out += "\xEF\xBF\xBD";
    else if (text.starts_with("##"))
      append_unicode_escape(out, '#');
    else
      append_character(out, text.substr(0, character.length), character.code);
    text.remove_prefix(character.length == 0 ? 1 : character.length);
  }
  out += '"';
}

}  // namespace

void JsonOut::new_line() {
  out_ += '\n';
  out_.append(2 * levels_.size(), ' ');
}

void JsonOut::before_value() {
  if (std::exchange(after_key_, false) || levels_.empty()) return;
  Level& level = levels_.back();
  if (!std::exchange(level.empty, false)) out_ += level.layout == Layout::flat ? ", " : ",";
  if (level.layout == Layout::lines) new_line();
}

void JsonOut::open(char bracket, Layout layout) {
  before_value();
  out_ += bracket;
  const bool inside_flat = !levels_.empty() && levels_.back().layout == Layout::flat;
  levels_.push_back({inside_flat ? Layout::flat : layout});
}

void JsonOut::close(char bracket) {
  const Level level = levels_.back();
  levels_.pop_back();
  if (level.layout == Layout::lines && !level.empty) new_line();
  out_ += bracket;
  constexpr size_t kPiece = size_t{1} << 18;
  if (!sink_ || out_.size() < kPiece) return;
  sink_(out_);
  out_.clear();
}

JsonOut& JsonOut::key(std::string_view name) {
  before_value();
  append_quoted(out_, name);
  out_ += ": ";
  after_key_ = true;
  return *this;
}

void JsonOut::literal(std::string_view text) {
  before_value();
  out_ += text;
}

void JsonOut::string(std::string_view text) {
  before_value();
  append_quoted(out_, text);
}

void JsonOut::string(const std::optional<std::string>& text) {
  if (text)
    string(std::string_view(*text));
  else
    null();
}

void JsonOut::strings(const std::vector<std::string>& texts) {
  open_array(Layout::flat);
  for (const std::string& text : texts)
    string(text);
  close_array();
}

std::string JsonOut::take() {
  out_ += '\n';
  return std::exchange(out_, {});
}

void JsonOut::finish() { sink_(take()); }

}  // namespace sealwarden
