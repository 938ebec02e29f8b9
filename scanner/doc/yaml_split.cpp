// SPDX-License-Identifier: Apache-2.0
#include "scanner/doc/yaml_split.h"

#include <algorithm>

namespace sealwarden {
namespace {

constexpr size_t kMaxTagDirectives = 32;  // a reader compares each with each

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

class Splitter {
 public:
  explicit Splitter(std::string_view text) : text_(text) {
    for (size_t at = text.find('\r'); at != std::string_view::npos && !lone_cr_; at = text.find('\r', at + 1))
      lone_cr_ = at + 1 == text.size() || text[at + 1] != '\n';
  }

  YamlPieces split() {
    for (size_t line = 0; line < text_.size();) {
      const size_t next = next_line(line);
      if (is_marker(line, "---")) begin_marked(line);
      else if (is_marker(line, "...")) end_piece(next);
      else if (!piece_.content) look_at(line, next);
      line = next;
    }
    end_piece(text_.size());
    return std::move(out_);
  }

 private:
  size_t next_line(size_t at) const {
    if (!lone_cr_) {
      const size_t found = text_.find('\n', at);
      return found == std::string_view::npos ? text_.size() : found + 1;
    }
    while (at < text_.size() && text_[at] != '\n' && text_[at] != '\r') ++at;
    if (text_.substr(at, 2) == "\r\n") ++at;
    return std::min(at + 1, text_.size());
  }

  bool is_marker(size_t at, std::string_view marker) const {
    return text_[at] == marker[0] && text_.substr(at, 3) == marker && (at + 3 == text_.size() || is_space(text_[at + 3]));
  }

  void begin_marked(size_t line) {
    if (piece_.content || piece_.marked) end_piece(line);
    piece_.marked = true;
    look_at(line + 3, next_line(line));
  }

  void end_piece(size_t end) {
    if (end == begin_) return;
    piece_.span = {static_cast<uint32_t>(begin_), static_cast<uint32_t>(end)};
    out_.pieces.push_back(piece_);
    piece_ = {};
    begin_ = end;
    tags_ = 0;
  }

  // A line of a piece that held nothing but comments and directives so far.
  void look_at(size_t line, size_t next) {
    if (text_[line == text_.size() ? line - 1 : line] == '%' && !piece_.marked) return look_at_directive(line, next);
    while (line < next && is_space(text_[line])) ++line;
    piece_.content = line < next && text_[line] != '#';
  }

  void look_at_directive(size_t line, size_t next) {
    const std::string_view text = text_.substr(line, next - line);
    const bool version = text.starts_with("%YAML 1.1") || text.starts_with("%YAML 1.2") || text.starts_with("%YAML 2");
    const bool tag = text.starts_with("%TAG") && ++tags_ <= kMaxTagDirectives;
    if (!version && !tag) out_.unknown_directives.push_back(static_cast<uint32_t>(line));
  }

  std::string_view text_;
  bool lone_cr_ = false;
  YamlPieces out_;
  YamlPiece piece_;
  size_t begin_ = 0, tags_ = 0;
};

}  // namespace

YamlPieces split_yaml(std::string_view text) { return Splitter(text).split(); }

}  // namespace sealwarden
