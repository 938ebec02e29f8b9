// SPDX-License-Identifier: Apache-2.0
// PDF: objects, each "NUMBER GENERATION obj ... endobj", some with a stream of bytes behind a dictionary. The file is read
// once from its start to its end and no reference is followed, neither the table of objects nor one from an object to
// another: whatever they say, nothing can go in circles, and objects that no table names any more are read as well.
//
// Given are, as members: the text that each content stream shows ("object 12"), in its order, its strings decoded, the pieces
// of a line put together; other streams decompressed; the strings of all objects, those in object streams too ("strings").
// Not given: images, fonts, tables of objects. Text in fonts whose characters are numbers of glyphs ("Identity-H") would have
// to be looked up in the font; it is given as its bytes, and a gap says so.
#include <algorithm>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "scanner/engine/packed_stream.h"
#include "scanner/engine/pdf_lexer.h"

namespace sealwarden {
namespace {

using Kind = PdfLexer::Token::Kind;
using Token = PdfLexer::Token;

constexpr size_t kPiece = 4 << 20;  // of strings that are given as one member
constexpr size_t kMostFilters = 8;

// What the text operators of a content stream show.
class ContentText {
 public:
  // Strings that stand in dictionaries, which are not shown as they stand, are given to `aside`.
  explicit ContentText(std::string& aside) : aside_(aside) {}

  // True if it shows any text.
  bool read(Bytes content) {
    PdfLexer lexer(content);
    for (Token token = lexer.next(); token.kind != Kind::end; token = lexer.next()) {
      if (token.kind == Kind::word && token.text == "ID") {
        skip_image(content, lexer);
      } else {
        take(token);
      }
    }
    return shows_;
  }
  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  static constexpr int64_t kGap = -180;  // thousandths of the font's size: a move of the pen that stands for a blank

  // The bytes of an image among the operators, up to its "EI".
  static void skip_image(Bytes content, PdfLexer& lexer) {
    size_t end = lexer.offset();
    do {
      end = content.find("EI", end + 1);
    } while (end != Bytes::npos && content[end - 1] != '\n' && content[end - 1] != '\r' && content[end - 1] != ' ');
    lexer.move_to(end == Bytes::npos ? content.size() : end + 2);
  }

  void take(const Token& token) {
    switch (token.kind) {
      case Kind::string:
      case Kind::hex_string:
        if (dictionaries_ > 0) {
          aside_.append(pdf_text(token)) += '\n';
        } else {
          pending_ += pdf_text(token);
        }
        break;
      case Kind::number:
        number_ = pdf_number(token.text);
        is_zero_ = token.text.find_first_of("123456789") == Bytes::npos;
        if (in_array_ && number_ < kGap) pending_ += ' ';
        if (!in_array_) last_number_ = token.text;
        break;
      case Kind::open_array:
        in_array_ = true;
        break;
      case Kind::close_array:
        in_array_ = false;
        break;
      case Kind::open_dictionary:
        ++dictionaries_;
        break;
      case Kind::close_dictionary:
        if (dictionaries_ > 0) --dictionaries_;
        break;
      case Kind::word:
        act(token.text);
        pending_.clear();
        in_array_ = false;
        break;
      default:
        break;
    }
  }

  void act(Bytes name) {
    if (name == "Tj" || name == "TJ") {
      show();
    } else if (name == "'" || name == "\"") {
      new_line();
      show();
    } else if (name == "Td" || name == "TD") {
      is_zero_ ? blank() : new_line();
    } else if (name == "T*" || name == "ET") {
      new_line();
    } else if (name == "Tm") {  // its last number is how high the line is
      last_number_ == height_ ? blank() : new_line();
      height_ = last_number_;
    }
  }

  void show() {
    shows_ = shows_ || !pending_.empty();
    text_ += pending_;
  }
  void blank() {
    if (!text_.empty() && text_.back() != '\n' && text_.back() != ' ') text_ += ' ';
  }
  void new_line() {
    if (!text_.empty() && text_.back() != '\n') text_ += '\n';
  }

  std::string& aside_;
  std::string text_, pending_;
  Bytes last_number_, height_;
  int64_t number_ = 0;
  size_t dictionaries_ = 0;
  bool is_zero_ = false, in_array_ = false, shows_ = false;
};

// What the dictionary of an object says of its stream.
struct StreamFacts {
  std::vector<Bytes> filters;
  Bytes type, subtype;
  int64_t length = -1;   // -1: stated elsewhere
  bool is_font = false;  // has the lengths of a font's parts

  [[nodiscard]] bool is_of_interest() const {
    return !is_font && type != "XRef" && subtype != "Image" && subtype != "Type1C" && subtype != "CIDFontType0C" && subtype != "OpenType";
  }
};

// Collects facts from the tokens of an object, of its outermost dictionary.
class FactReader {
 public:
  void begin() { *this = {}; }
  [[nodiscard]] const StreamFacts& facts() const { return facts_; }

  void take(const Token& token) {
    switch (token.kind) {
      case Kind::open_dictionary:
        ++depth_;
        break;
      case Kind::close_dictionary:
        if (depth_ > 0) --depth_;
        break;
      case Kind::open_array:
        ++arrays_;
        return;
      case Kind::close_array:
        if (arrays_ > 0) --arrays_;
        break;
      case Kind::name:
        if (depth_ == 1) take_name(token.text);
        return;
      case Kind::number:
        if (depth_ == 1 && arrays_ == 0 && key_ == "Length") facts_.length = facts_.length == -1 ? pdf_number(token.text) : -1;
        if (key_ == "Length") return;  // a reference has two numbers
        break;
      default:
        if (key_ == "Length") facts_.length = -1;  // "12 0 R"
        break;
    }
    if (depth_ == 1 && arrays_ == 0) key_ = {};
  }

 private:
  // A name behind a key is its value; any other is a key, but in arrays.
  void take_name(Bytes name) {
    if (key_.empty() || key_ == "Length") {
      if (arrays_ > 0) return;
      key_ = name;
      if (name == "Length1" || name == "Length2" || name == "Length3") facts_.is_font = true;
      return;
    }
    if (key_ == "Filter" && facts_.filters.size() < kMostFilters) facts_.filters.push_back(name);
    if (key_ == "Type") facts_.type = name;
    if (key_ == "Subtype") facts_.subtype = name;
    if (arrays_ == 0) key_ = {};
  }

  StreamFacts facts_;
  Bytes key_;
  size_t depth_ = 0, arrays_ = 0;
};

bool is_image_filter(Bytes name) {
  return name == "DCTDecode" || name == "JPXDecode" || name == "JBIG2Decode" || name == "CCITTFaxDecode";
}

// "/Encrypt" in a trailer, with a reference or dictionary behind it.
bool is_encrypted(Bytes document) {
  constexpr std::string_view kKey = "/Encrypt";
  for (size_t at = document.find(kKey); at != Bytes::npos; at = document.find(kKey, at + 1)) {
    const size_t value = document.find_first_not_of(" \t\r\n", at + kKey.size());
    if (value == Bytes::npos) return false;
    const char c = document[value];
    if (c == '<' || (value > at + kKey.size() && c >= '0' && c <= '9')) return true;
  }
  return false;
}

class PdfReader {
 public:
  PdfReader(Bytes document, Unpacking& job) : document_(document), job_(job) {}

  void read() {
    if (is_encrypted(document_)) return job_.gap(UnpackGap::Kind::encrypted, "", "the PDF document is encrypted");
    PdfLexer lexer(document_);
    Bytes before_last, last;  // the tokens before
    for (Token token = lexer.next(); token.kind != Kind::end && !job_.stopped(); token = lexer.next()) {
      if (token.kind == Kind::word && token.text == "obj") {
        path_ = "object " + std::string(before_last.substr(0, 20));
        facts_.begin();
      } else if (token.kind == Kind::word && token.text == "stream") {
        lexer.move_to(read_stream(lexer.offset()));
        facts_.begin();
      } else {
        facts_.take(token);
        take_string(token);
      }
      before_last = last;
      last = token.text;
    }
    give_strings();
    if (has_glyph_numbers_) {
      job_.gap(UnpackGap::Kind::unsupported, "", "some of the PDF document's text is in fonts whose encoding is not read");
    }
  }

 private:
  void take_string(const Token& token) {
    if (token.kind == Kind::name && token.text == "Identity-H") has_glyph_numbers_ = true;
    if ((token.kind != Kind::string && token.kind != Kind::hex_string) || token.text.empty()) return;
    strings_.append(pdf_text(token)) += '\n';
    if (strings_.size() >= kPiece) give_strings();
  }

  void give_strings() {
    if (!strings_.empty() && job_.admit()) job_.give("strings", strings_);
    strings_.clear();
  }

  // Returns the offset behind the stream whose keyword ends at `at`.
  size_t read_stream(size_t at) {
    constexpr std::string_view kEnd = "endstream";
    if (document_.substr(at).starts_with("\r\n")) {
      at += 2;
    } else if (document_.substr(at).starts_with('\n')) {
      at += 1;
    }
    const StreamFacts& facts = facts_.facts();
    size_t size = static_cast<size_t>(std::max<int64_t>(facts.length, 0));
    const Bytes rest = document_.substr(at);
    const bool is_right = facts.length >= 0 && size < rest.size() && rest.substr(size, kEnd.size() + 8).find(kEnd) != Bytes::npos;
    if (!is_right) size = std::min(rest.size(), rest.find(kEnd));
    if (facts.is_of_interest()) take_stream(facts, rest.substr(0, size));
    return at + size;
  }

  void take_stream(const StreamFacts& facts, Bytes packed) {
    std::string decoded;
    size_t next = 0;
    for (; next < facts.filters.size(); ++next) {
      const Bytes filter = facts.filters[next];
      if (filter == "ASCIIHexDecode") {
        decoded = decode_ascii_hex(packed);
      } else if (filter == "ASCII85Decode") {
        decoded = decode_ascii_85(packed);
      } else {
        break;
      }
      packed = decoded;
    }
    if (next == facts.filters.size()) return take_plain(facts, packed);
    if (is_image_filter(facts.filters.back())) return;
    if (next + 1 < facts.filters.size() || facts.filters[next] != "FlateDecode") {
      return job_.gap(UnpackGap::Kind::unsupported, path_, "is compressed by a filter that is not read: " + std::string(facts.filters[next].substr(0, 40)));
    }
    // Without the two bytes before it and the checksum behind it, which often is not there.
    PackedStream stream(Codec::deflate, packed.substr(std::min<size_t>(packed.size(), 2)), job_);
    const Bytes plain = stream.next(UnpackBudget::kMember);
    take_plain(facts, plain);
    const PackedStream::State state = stream.state();
    if (state == PackedStream::State::limit) {
      job_.stop(path_, std::string(message_of(state)));
    } else if (state == PackedStream::State::open) {
      job_.gap(UnpackGap::Kind::limit, path_, "is longer than 64 MiB");
    } else if (state != PackedStream::State::end) {
      job_.gap(kind_of(state), path_, std::string(message_of(state)));
    }
  }

  void take_plain(const StreamFacts& facts, Bytes plain) {
    if (facts.type == "ObjStm") {
      PdfLexer lexer(plain);
      for (Token token = lexer.next(); token.kind != Kind::end && !job_.stopped(); token = lexer.next()) take_string(token);
      return;
    }
    if (plain.find("begincmap") != Bytes::npos) return;  // a font's table
    ContentText content(strings_);
    const bool may_show = facts.type.empty() || facts.type == "XObject";
    if (may_show && plain.find("BT") != Bytes::npos && content.read(plain)) plain = content.text();
    if (!plain.empty() && job_.admit()) job_.give(path_, plain);
  }

  Bytes document_;
  Unpacking& job_;
  FactReader facts_;
  std::string path_ = "object";
  std::string strings_;
  bool has_glyph_numbers_ = false;
};

}  // namespace

void unpack_pdf(Bytes container, Unpacking& job) { PdfReader(container, job).read(); }

}  // namespace sealwarden
