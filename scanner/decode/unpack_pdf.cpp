// SPDX-License-Identifier: Apache-2.0
// PDF: objects, each "NUMBER GENERATION obj ... endobj", some with a stream of bytes behind a dictionary. The file is read
// from its start to its end, then its streams one by one. The table of objects is not asked, and of references only those from
// a font to its table of characters are followed: whatever they say, nothing can go in circles, and objects that no table
// names any more are read as well.
//
// Given are, as members: the text that each content stream shows ("object 12"), in its order, its strings decoded, the pieces
// of a line put together; other streams decompressed; the strings of all objects, those in object streams too ("strings").
// Not given: images, fonts, tables of objects; and text of fonts that do not say what their codes mean, which a gap tells.
#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "scanner/decode/packed_stream.h"
#include "scanner/decode/pdf_filters.h"
#include "scanner/decode/pdf_fonts.h"
#include "scanner/decode/pdf_lexer.h"

namespace sealwarden {
namespace {

using Kind = PdfLexer::Token::Kind;
using Token = PdfLexer::Token;

constexpr size_t kPiece = 4 << 20;  // of strings that are given as one member
constexpr size_t kMostFilters = 8;
constexpr size_t kRoomOfStep = 8192;  // more than one code of LZW or run of bytes stands for
constexpr size_t kMostStreams = 200'000;
constexpr size_t kMostPairs = 200'000;  // of an object stream: programs put some hundreds of objects into one

// What the text operators of a content stream show.
class ContentText {
 public:
  // Strings that stand in dictionaries, which are not shown as they stand, are given to `aside`.
  ContentText(PdfFonts::Names fonts, std::string& aside) : fonts_(std::move(fonts)), aside_(aside) {}

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
  // Some of its text is in a font whose codes cannot be known.
  [[nodiscard]] bool has_unread() const { return has_unread_; }

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
          take_shown(token);
        }
        break;
      case Kind::name:
        name_ = token.text;
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

  void take_shown(const Token& token) {
    if (text_.size() + pending_.size() > UnpackBudget::kMember) return;  // which give() will tell
    if (font_ != nullptr) {
      const std::string text = font_->text(pdf_string(token));
      shows_blanks_ = shows_blanks_ || text.find(' ') != std::string::npos;
      pending_ += text;
    } else {
      has_unread_ = true;
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
    } else if (name == "T*") {
      new_line();
    } else if (name == "Tm") {  // its last number is how high the line is
      last_number_ == height_ ? blank() : new_line();
      height_ = last_number_;
    } else if (name == "Tf") {
      font_ = fonts_.find(name_);
    }
  }

  void show() {
    shows_ = shows_ || !pending_.empty();
    text_ += pending_;
    const auto is_start = [](char c) { return (static_cast<uint8_t>(c) & 0xC0) != 0x80; };
    places_each_ = std::ranges::count_if(pending_, is_start) <= 1;
  }
  // A step to the right is a blank, but where blanks are shown as characters, or each character is placed for itself.
  void blank() {
    if (!shows_blanks_ && !places_each_ && !text_.empty() && text_.back() != '\n' && text_.back() != ' ') text_ += ' ';
  }
  void new_line() {
    if (!text_.empty() && text_.back() != '\n') text_ += '\n';
  }

  PdfFonts::Names fonts_;
  std::string& aside_;
  const PdfFonts::Table* font_ = fonts_.find("");
  std::string text_, pending_;
  Bytes name_, last_number_, height_;
  int64_t number_ = 0;
  size_t dictionaries_ = 0;
  bool is_zero_ = false, in_array_ = false, shows_ = false, has_unread_ = false;
  bool places_each_ = false, shows_blanks_ = false;
};

// What the dictionary of an object says of its stream.
struct StreamFacts {
  std::vector<Bytes> filters;
  PdfParameters parameters;  // of its last filter that has any: one prepares rows only once
  Bytes type, subtype;
  int64_t length = -1;   // -1: stated elsewhere
  int64_t objects = -1;  // in an object stream; -1: not stated
  bool is_font = false;  // has the lengths of a font's parts
  bool names_key = false;  // says how the document is encrypted

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
        if (depth_ == 1 && key_ == "Encrypt") facts_.names_key = true;
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
        parameter_ = token.text;
        return;
      case Kind::number:
        if (depth_ == 2) return take_parameter(pdf_number(token.text));
        if (depth_ == 1 && arrays_ == 0 && key_ == "Length") facts_.length = facts_.length == -1 ? pdf_number(token.text) : -1;
        if (depth_ == 1 && arrays_ == 0 && key_ == "N") facts_.objects = pdf_number(token.text);
        if (depth_ == 1 && arrays_ == 0 && key_ == "Encrypt") facts_.names_key = true;
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

  void take_parameter(int64_t value) {
    if (key_ != "DecodeParms" && key_ != "DP") return;
    PdfParameters& all = facts_.parameters;
    if (parameter_ == "Predictor") all.predictor = value;
    if (parameter_ == "Colors") all.colors = value;
    if (parameter_ == "BitsPerComponent") all.bits = value;
    if (parameter_ == "Columns") all.columns = value;
    if (parameter_ == "EarlyChange") all.early_change = value;
  }

  StreamFacts facts_;
  Bytes key_, parameter_;
  size_t depth_ = 0, arrays_ = 0;
};

bool is_image_filter(Bytes name) {
  return name == "DCTDecode" || name == "JPXDecode" || name == "JBIG2Decode" || name == "CCITTFaxDecode";
}

// The bytes of the stream whose keyword ends at `at`.
Bytes stream_bytes(Bytes document, size_t at, const StreamFacts& facts) {
  constexpr std::string_view kEnd = "endstream";
  if (document.substr(at).starts_with("\r\n")) {
    at += 2;
  } else if (document.substr(at).starts_with('\n')) {
    at += 1;
  }
  size_t size = static_cast<size_t>(std::max<int64_t>(facts.length, 0));
  const Bytes rest = document.substr(at);
  const bool is_right = facts.length >= 0 && size < rest.size() && rest.substr(size, kEnd.size() + 8).find(kEnd) != Bytes::npos;
  if (!is_right) size = std::min(rest.size(), rest.find(kEnd));
  return rest.substr(0, size);
}

// Whether a trailer, or the dictionary of a table of objects, names a key. Anywhere else the word means nothing.
bool is_encrypted(Bytes document) {
  if (document.find("/Encrypt") == Bytes::npos) return false;
  PdfLexer lexer(document);
  FactReader facts;
  bool is_trailer = false;
  for (Token token = lexer.next(); token.kind != Kind::end; token = lexer.next()) {
    const Bytes word = token.kind == Kind::word ? token.text : "";
    if (word == "stream") {
      if (facts.facts().type == "XRef" && facts.facts().names_key) return true;
      const Bytes stream = stream_bytes(document, lexer.offset(), facts.facts());
      lexer.move_to(static_cast<size_t>(stream.data() - document.data()) + stream.size());
    }
    if (word == "obj" || word == "stream" || word == "trailer") {
      is_trailer = word == "trailer";
      facts.begin();
    } else {
      facts.take(token);
      if (is_trailer && facts.facts().names_key) return true;
    }
  }
  return false;
}

class PdfReader {
 public:
  PdfReader(Bytes document, Unpacking& job) : document_(document), job_(job) {}

  void read() {
    is_encrypted_ = is_encrypted(document_);
    if (is_encrypted_) job_.gap(UnpackGap::Kind::encrypted, "", "the PDF document is encrypted");
    read_objects();
    for (const Stream& stream : streams_) {
      if (fonts_.is_table(stream.object)) take_stream(stream);
    }
    fonts_.finish();
    for (const Stream& stream : streams_) {
      if (job_.stopped()) break;
      if (!fonts_.is_table(stream.object) && !fonts_.is_font_file(stream.object)) take_stream(stream);
    }
    give_strings();
    if (has_unread_text_ && !is_encrypted_) {
      job_.gap(UnpackGap::Kind::unsupported, "", "some of the PDF document's text is in fonts that do not say what it means");
    }
  }

 private:
  struct Stream {
    uint64_t object;
    StreamFacts facts;
    Bytes packed;
    [[nodiscard]] std::string path() const { return "object " + std::to_string(object); }
  };

  // Collects strings and fonts, the streams for later; takes object streams at once.
  void read_objects() {
    PdfLexer lexer(document_);
    FactReader facts;
    uint64_t object = 0;
    Bytes before_last, last;  // the tokens before
    for (Token token = lexer.next(); token.kind != Kind::end && !job_.stopped(); token = lexer.next()) {
      if (token.kind == Kind::word && token.text == "obj") {
        object = static_cast<uint64_t>(std::max<int64_t>(0, pdf_number(before_last)));
        facts.begin();
      } else if (token.kind == Kind::word && token.text == "stream") {
        lexer.move_to(find_stream(lexer.offset(), object, facts.facts()));
        facts.begin();
      } else {
        facts.take(token);
        take_token(token, object);
      }
      before_last = last;
      last = token.text;
    }
  }

  void take_token(const Token& token, uint64_t object) {
    fonts_.take(token, object);
    if ((token.kind != Kind::string && token.kind != Kind::hex_string) || token.text.empty()) return;
    strings_.append(pdf_text(token)) += '\n';
    if (strings_.size() >= kPiece) give_strings();
  }

  void give_strings() {
    if (!strings_.empty() && job_.admit()) job_.give("strings", strings_);
    strings_.clear();
  }

  // Returns the offset behind the stream whose keyword ends at `at`.
  size_t find_stream(size_t at, uint64_t object, const StreamFacts& facts) {
    const Stream stream{object, facts, stream_bytes(document_, at, facts)};
    if (facts.type == "ObjStm") {
      take_stream(stream);
    } else if (facts.is_of_interest()) {
      if (streams_.size() == kMostStreams) job_.stop(stream.path(), "the PDF document has too many streams");
      streams_.push_back(stream);
    }
    return static_cast<size_t>(stream.packed.data() - document_.data()) + stream.packed.size();
  }

  // Of an encrypted document only what can be decompressed without a flaw is not encrypted: the document may lie, or leave parts
  // of it open. That the others break off need not be told one by one.
  void take_stream(const Stream& stream) {
    if (!stream.facts.filters.empty() && is_image_filter(stream.facts.filters.back())) return;
    Bytes packed = stream.packed;
    std::string decoded;
    is_sound_ = !is_encrypted_ || !stream.facts.filters.empty();
    for (const Bytes filter : stream.facts.filters) {
      std::optional<std::string> next = apply(filter, stream, packed);
      if (!next && is_encrypted_) return;
      if (!next) {
        const std::string message = "is compressed by a filter that is not read: " + std::string(filter.substr(0, 40));
        return job_.gap(UnpackGap::Kind::unsupported, stream.path(), message);
      }
      decoded = std::move(*next);
      packed = decoded;
    }
    if (is_sound_) take_plain(stream, packed);
    if (is_spent_) job_.stop(stream.path(), std::string(message_of(PackedStream::State::limit)));
  }

  // None if it is not read. Names may be short.
  std::optional<std::string> apply(Bytes filter, const Stream& stream, Bytes packed) {
    if (filter == "ASCIIHexDecode" || filter == "AHx") return decode_ascii_hex(packed);
    if (filter == "ASCII85Decode" || filter == "A85") return decode_ascii_85(packed);
    const bool is_flate = filter == "FlateDecode" || filter == "Fl", is_lzw = filter == "LZWDecode" || filter == "LZW";
    if (is_flate) return undo_pdf_predictor(inflate(stream, packed), stream.facts.parameters);
    if (!is_lzw && filter != "RunLengthDecode" && filter != "RL") return std::nullopt;
    const size_t most = std::min(job_.room(1), UnpackBudget::kMember);
    PdfDecoded made = is_lzw ? decode_pdf_lzw(packed, stream.facts.parameters.early_change != 0, most) : decode_pdf_run_length(packed, most);
    job_.made(made.bytes.size(), 1);
    is_spent_ = made.bytes.size() + kRoomOfStep > most;
    if (!made.is_sound) tell_damage(stream, PackedStream::State::corrupt);
    return is_lzw ? undo_pdf_predictor(std::move(made.bytes), stream.facts.parameters) : std::move(made.bytes);
  }

  // Without the two bytes before the packed ones and the checksum behind them, which often is not there.
  std::string inflate(const Stream& stream, Bytes packed) {
    PackedStream plain(Codec::deflate, packed.substr(std::min<size_t>(packed.size(), 2)), job_);
    std::string made(plain.next(UnpackBudget::kMember));
    const PackedStream::State state = plain.state();
    if (state == PackedStream::State::limit) {
      is_spent_ = true;
    } else if (state == PackedStream::State::open) {
      job_.gap(UnpackGap::Kind::limit, stream.path(), kTooLong);
    } else if (state != PackedStream::State::end) {
      tell_damage(stream, state);
    }
    return made;
  }

  void tell_damage(const Stream& stream, PackedStream::State state) {
    is_sound_ = !is_encrypted_;
    if (!is_encrypted_) job_.gap(kind_of(state), stream.path(), std::string(message_of(state)));
  }

  void take_plain(const Stream& stream, Bytes plain) {
    if (stream.facts.type == "ObjStm") return take_object_stream(plain, stream.facts.objects);
    if (fonts_.is_table(stream.object)) return fonts_.read_table(stream.object, plain);
    ContentText content(PdfFonts::Names(fonts_, stream.object), strings_);
    const bool may_show = stream.facts.type.empty() || stream.facts.type == "XObject";
    if (may_show && plain.find("BT") != Bytes::npos && content.read(plain)) plain = content.text();
    has_unread_text_ = has_unread_text_ || content.has_unread();
    if (!plain.empty() && job_.admit()) job_.give(stream.path(), plain);
    if (strings_.size() >= kPiece) give_strings();
  }

  // As many pairs of an object's number and where it begins behind them as the dictionary says, then the objects.
  void take_object_stream(Bytes plain, int64_t stated) {
    const size_t most = stated < 0 ? kMostPairs : std::min(kMostPairs, static_cast<size_t>(stated));
    PdfLexer lexer(plain);
    std::vector<std::pair<size_t, uint64_t>> objects;  // offset, number
    Token token = lexer.next();
    for (Bytes number; token.kind == Kind::number && objects.size() < most; token = lexer.next()) {
      if (number.empty()) {
        number = token.text;
        continue;
      }
      const int64_t offset = std::max<int64_t>(0, pdf_number(token.text));
      objects.emplace_back(static_cast<size_t>(offset), static_cast<uint64_t>(std::max<int64_t>(0, pdf_number(number))));
      number = {};
    }
    // The first token behind the pairs begins the first object.
    const size_t first = static_cast<size_t>(token.text.data() - plain.data());
    std::ranges::sort(objects);
    size_t next = 0;
    uint64_t object = 0;
    for (; token.kind != Kind::end && !job_.stopped(); token = lexer.next()) {
      const size_t offset = static_cast<size_t>(token.text.data() - plain.data()) - first;
      for (; next < objects.size() && objects[next].first <= offset; ++next) object = objects[next].second;
      take_token(token, object);
    }
  }

  Bytes document_;
  Unpacking& job_;
  PdfFonts fonts_;
  std::vector<Stream> streams_;
  std::string strings_;
  bool has_unread_text_ = false;
  bool is_spent_ = false;  // the job's budget
  bool is_encrypted_ = false, is_sound_ = true;
};

}  // namespace

void unpack_pdf(Bytes container, Unpacking& job) { PdfReader(container, job).read(); }

}  // namespace sealwarden
