// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "scanner/doc/document.h"

namespace sealwarden {

enum class HclToken : uint8_t {
  end, newline, identifier, number, string, heredoc,
  open, close,      // ( [ { ) ] }
  assign, colon, comma,
  sign,             // any other operator
  broken,           // a string or heredoc without an end; it ends with its line
  unknown,
};

// A token: bytes [begin, end). Of strings and heredocs, [body_begin, body_end) is what stands between the quotes or marks.
struct HclLexeme {
  HclToken kind = HclToken::end;
  bool strips_indent = false;  // heredoc: <<-
  size_t begin = 0, end = 0;
  size_t body_begin = 0, body_end = 0;
};

// Tokens of HCL 2, and of HCL 1 as far as it differs. A string is one token whatever is nested in it: "${f("${x}")}".
// Identifiers hold namespaces: provider::aws::f. Comments go to `comments`, each once, however often they are read.
class HclLexer {
 public:
  HclLexer(Bytes bytes, size_t begin, std::vector<DocumentComment>& comments) : bytes_(bytes), comments_(comments), at_(begin) {}

  HclLexeme next();
  [[nodiscard]] size_t position() const { return at_; }
  void seek(size_t position) { at_ = position; }  // the begin or end of a token
  [[nodiscard]] std::string_view text(const HclLexeme& lexeme) const { return bytes_.substr(lexeme.begin, lexeme.end - lexeme.begin); }
  [[nodiscard]] std::string_view body(const HclLexeme& lexeme) const {
    return bytes_.substr(lexeme.body_begin, lexeme.body_end - lexeme.body_begin);
  }

 private:
  void skip_blanks();
  void skip_comment(size_t end);
  HclLexeme read_string();
  HclLexeme read_heredoc();
  HclLexeme read_sign();
  [[nodiscard]] size_t string_end(size_t quote);
  [[nodiscard]] size_t identifier_end(size_t at) const;
  [[nodiscard]] size_t number_end(size_t at) const;
  HclLexeme broken_line(size_t begin);
  [[nodiscard]] char peek(size_t at) const { return at < bytes_.size() ? bytes_[at] : '\0'; }
  [[nodiscard]] bool may_search() const { return searched_ <= 2 * bytes_.size(); }

  Bytes bytes_;
  std::vector<DocumentComment>& comments_;
  size_t at_;
  size_t comments_end_ = 0;
  size_t searched_ = 0;  // bytes beyond a line in which the end of a string or heredoc was looked for in vain
  std::vector<char> nesting_;
};

// Whether ${ or %{ begins an interpolation or directive in the text of a string or heredoc.
bool has_hcl_template(std::string_view body);
// The text of a string without templates: escapes decoded. False: an escape is none of HCL's, and stays as it is.
bool decode_hcl_string(std::string_view body, std::string& out);
// The text of a heredoc without templates: $${ and %%{ decoded, the lines' common indentation taken off.
std::string decode_hcl_heredoc(std::string_view body, bool strips_indent);

}  // namespace sealwarden
