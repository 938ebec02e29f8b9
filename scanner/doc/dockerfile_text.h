// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "scanner/base/bytes.h"

namespace sealwarden {

// One instruction's text: lines of a file that continue each other as one, which knows where its bytes stand in the file.
// Offsets into text() are of the joined text.
class JoinedText {
 public:
  explicit JoinedText(Bytes bytes) : bytes_(bytes) {}
  void clear();
  // Appends bytes [begin, end) of the file.
  void append(size_t begin, size_t end);
  // After the last append(): takes blanks off the end and makes text().
  void finish();

  [[nodiscard]] std::string_view text() const { return text_; }
  // Where the byte at `offset` stands in the file; of text().size(): behind the last byte.
  [[nodiscard]] uint32_t source(size_t offset) const;
  // Behind the byte before `offset`: where a range that ends there ends in the file.
  [[nodiscard]] uint32_t source_end(size_t offset) const { return offset == 0 ? source(0) : source(offset - 1) + 1; }
  // Whether text() [begin, end) stands in the file without a gap.
  [[nodiscard]] bool is_whole(size_t begin, size_t end) const { return source_end(end) - source(begin) == end - begin; }

 private:
  struct Piece {
    size_t at;  // in the text
    size_t begin, end;  // in the file
  };
  Bytes bytes_;
  std::vector<Piece> pieces_;
  std::string storage_;  // of more than one piece
  std::string_view text_;
};

// Range of a joined text.
struct TextRange {
  size_t begin = 0, end = 0;
  [[nodiscard]] bool empty() const { return begin == end; }
};

// The blanks that separate words; a line's end is none of them.
inline bool is_docker_blank(char c) { return c == ' ' || c == '\t' || c == '\v' || c == '\f' || c == '\r'; }
size_t skip_docker_blanks(std::string_view text, size_t at);
// Behind the word that begins at `at`: up to a blank, quotes and escapes being looked at or not.
size_t docker_word_end(std::string_view text, size_t at, char escape);
size_t docker_plain_word_end(std::string_view text, size_t at);
// The same, but an action of a template ("{{ x }}", "<%= x %>") is part of its word, blanks and all.
size_t docker_template_word_end(std::string_view text, size_t at);
// Whether $NAME or ${...} begins at `at`.
bool is_docker_variable(std::string_view text, size_t at);

// A string of the exec form: its range without quotes, and its decoded text if that differs.
struct ExecString {
  TextRange range;
  bool has_escapes = false;
  std::string decoded;
};
// Reads `text` from `begin` to its end as a JSON array of strings. False: it is none, and so the shell form.
bool read_exec_form(std::string_view text, size_t begin, std::vector<ExecString>& into);

// A heredoc that a word announces: <<EOF, <<-"EOF", 3<<EOF.
struct HeredocMark {
  std::string name;
  bool strips_tabs = false;
  bool expands = true;  // false: its name is quoted
};
// The heredocs that the words of `text` announce, from `begin` on.
std::vector<HeredocMark> find_heredoc_marks(std::string_view text, size_t begin);

}  // namespace sealwarden
