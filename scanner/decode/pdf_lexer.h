// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "scanner/base/bytes.h"

namespace sealwarden {

// The words of PDF's syntax, which documents, object streams and content streams share. Every byte is read once.
class PdfLexer {
 public:
  struct Token {
    enum class Kind : uint8_t { end, number, name, string, hex_string, open_dictionary, close_dictionary, open_array, close_array, word };
    Kind kind = Kind::end;
    Bytes text;  // of names and strings without their signs; borrowed
  };

  explicit PdfLexer(Bytes text) : text_(text) {}
  Token next();
  [[nodiscard]] size_t offset() const { return at_; }
  void move_to(size_t offset) { at_ = offset; }  // forward only

 private:
  Token string();
  Token token(Token::Kind kind, size_t size);

  Bytes text_;
  size_t at_ = 0;
};

// The number's whole part, sign and all; 0 if there is none.
int64_t pdf_number(Bytes text);
// What a string token means, in bytes.
std::string pdf_string(const PdfLexer::Token& token);
// The same as text: strings that are marked as UTF-16 become UTF-8.
std::string pdf_text(const PdfLexer::Token& token);
// The bytes behind the filters ASCIIHexDecode and ASCII85Decode.
std::string decode_ascii_hex(Bytes text);
std::string decode_ascii_85(Bytes text);

}  // namespace sealwarden
