// SPDX-License-Identifier: Apache-2.0
// XML through expat. Elements become entries by their local names; whether one is a map or a text shows at its first child or
// at its end, so it is begun then. expat tells where an event begins and how long it is; where the attributes of a start tag
// are is read from the tag again. What comes out of an internal entity has the place of the reference to it.
#define XML_DTD 1  // declares the limits of expansion, which every packaged expat has
#include <expat.h>

#include <algorithm>
#include <climits>
#include <memory>

#include "scanner/doc/builder.h"
#include "scanner/doc/parse.h"
#include "scanner/doc/utf8_text.h"

namespace sealwarden {
namespace {

// Entities of entities: expat goes down its stack for each, so their number is its depth at most.
constexpr unsigned kMostEntities = 500;
// Text that entities make of a file: so many times its bytes, once there is as much as the second figure.
constexpr float kMostExpansion = 10;
constexpr unsigned long long kExpansionStart = 256 << 10;

// expat looks at each declared attribute for each element: so many looks, and so many more a byte of the file.
constexpr uint64_t kMostLooks = 1'000'000, kLooksPerByte = 16;

constexpr std::string_view kBlanks = " \t\r\n";

struct FreeParser {
  void operator()(XML_Parser parser) const { XML_ParserFree(parser); }
};

// Which encoding expat is told. What is neither UTF-8 nor ASCII nor said to be is read as Latin-1: a byte is a character.
struct XmlEncoding {
  bool is_utf8;
  bool is_as_said;
};

std::string_view declared_encoding(Bytes text) {
  if (!text.starts_with("<?xml")) return "";
  text = text.substr(0, text.find("?>"));
  const size_t name = text.find("encoding");
  const size_t quote = name == Bytes::npos ? name : text.find_first_of("\"'", name);
  if (quote == Bytes::npos) return "";
  return text.substr(quote + 1, text.find(text[quote], quote + 1) - quote - 1);
}

XmlEncoding encoding_of(Bytes text) {
  std::string name(declared_encoding(text).substr(0, 8));
  for (char& c : name) c = static_cast<char>(c | 0x20);
  // A text in UTF-16 has become UTF-8 before it gets here, and its declaration is of yesterday.
  const bool is_unicode = name.starts_with("utf") || name.starts_with("ucs") || name == "iso-1064";
  const bool is_said = name.empty() || is_unicode || name == "us-ascii" || name == "ascii";
  const bool is_ascii = std::all_of(text.begin(), text.end(), [](char c) { return (c & 0x80) == 0; });
  const bool is_utf8 = is_ascii || (is_said && first_invalid_utf8(text) == text.size());
  return {is_utf8, is_utf8 || !is_said};
}

// Text between tags, as it comes in pieces: a view of the file as long as it can be.
struct TextRun {
  bool is_empty = true;
  bool is_plain = true;
  Span span;
  std::string decoded;  // if it is not plain
};

Span trim(Bytes text, Span span) {
  while (span.begin < span.end && kBlanks.find(text[span.begin]) != Bytes::npos) ++span.begin;
  while (span.begin < span.end && kBlanks.find(text[span.end - 1]) != Bytes::npos) --span.end;
  return span;
}

class XmlReader {
 public:
  XmlReader(ParsedFile& into, const DocumentLimits& limits)
      : builder_(into, limits, DocumentBuilder::Order::by_path), limits_(limits), file_(into), bytes_(into.bytes) {}

  void read() {
    base_ = utf8_mark_size(bytes_);
    base_ = static_cast<uint32_t>(std::min(bytes_.find_first_not_of(kBlanks, base_), bytes_.size()));
    if (base_ == bytes_.size()) return;
    const Bytes text = bytes_.substr(base_);
    builder_.begin_document(base_);
    const XmlEncoding encoding = encoding_of(text);
    parser_.reset(XML_ParserCreate(encoding.is_utf8 ? "UTF-8" : "ISO-8859-1"));
    if (parser_ == nullptr || text.size() > INT_MAX) {
      stop(DocumentProblem::Kind::budget, "there is no memory for a text of this size");
    } else {
      set_handlers();
      if (XML_Parse(parser_.get(), text.data(), static_cast<int>(text.size()), 1) != XML_STATUS_OK) end_early();
    }
    builder_.finish_document(std::max(end_, base_), DocumentState::parsed);
    if (!encoding.is_as_said) note_encoding(file_);
  }

 private:
  struct Element {
    NodeKey key;
    Span tag;  // its start tag
    bool is_map = false;
  };

  static XmlReader& self(void* data) { return *static_cast<XmlReader*>(data); }

  void set_handlers() {
    XML_Parser parser = parser_.get();
    XML_SetBillionLaughsAttackProtectionMaximumAmplification(parser, kMostExpansion);
    XML_SetBillionLaughsAttackProtectionActivationThreshold(parser, kExpansionStart);
    XML_SetUserData(parser, this);
    XML_SetElementHandler(
        parser, [](void* data, const XML_Char* name, const XML_Char** attributes) { self(data).start_element(name, attributes); },
        [](void* data, const XML_Char*) { self(data).end_element(); });
    XML_SetCharacterDataHandler(
        parser, [](void* data, const XML_Char* text, int size) { self(data).add_text({text, static_cast<size_t>(size)}); });
    XML_SetSkippedEntityHandler(
        parser, [](void* data, const XML_Char* name, int) { self(data).add_text("&" + std::string(name) + ";"); });
    XML_SetCommentHandler(parser, [](void* data, const XML_Char*) { self(data).comment(); });
    XML_SetEntityDeclHandler(
        parser, [](void* data, const XML_Char*, int, const XML_Char*, int, const XML_Char*, const XML_Char*, const XML_Char*,
                   const XML_Char*) { self(data).count_entity(); });
    XML_SetAttlistDeclHandler(
        parser, [](void* data, const XML_Char*, const XML_Char*, const XML_Char*, const XML_Char*, int) { ++self(data).attributes_; });
  }

  // What the event that is told stands for in the file. Within an entity: the reference.
  Span event_span() {
    const XML_Index index = XML_GetCurrentByteIndex(parser_.get());  // -1: none
    const auto begin = base_ + static_cast<uint32_t>(std::max<XML_Index>(index, 0));
    const int size = XML_GetCurrentByteCount(parser_.get());
    if (size > 0 || begin >= bytes_.size() || bytes_[begin] != '&') return {begin, begin + static_cast<uint32_t>(std::max(size, 0))};
    if (reference_.begin != begin || reference_.end == 0)
      reference_ = {begin, static_cast<uint32_t>(std::min(bytes_.find(';', begin), bytes_.size() - 1) + 1)};
    return reference_;
  }

  void stop(DocumentProblem::Kind kind, const char* what) {
    const uint32_t at = parser_ == nullptr ? base_ : event_span().begin;
    builder_.problem(kind, {at, at}, what);
    stop();
  }
  // A limit refused something, which is told.
  void stop() {
    is_stopped_ = true;
    if (parser_ != nullptr) XML_StopParser(parser_.get(), XML_FALSE);
  }

  // After an error: its place, and what the innermost element had as text.
  void end_early() {
    const XML_Error error = XML_GetErrorCode(parser_.get());
    if (!is_stopped_) {
      const Span at = event_span();
      const bool is_budget = error == XML_ERROR_AMPLIFICATION_LIMIT_BREACH || error == XML_ERROR_NO_MEMORY;
      const auto kind = is_budget ? DocumentProblem::Kind::budget : DocumentProblem::Kind::syntax;
      const auto after = static_cast<uint32_t>(std::min<size_t>(at.begin + 1, bytes_.size()));
      builder_.problem(kind, {std::min(at.begin, after), after}, XML_ErrorString(error));
      end_ = std::max({end_, at.begin, run_.span.end});
      if (!open_.empty()) give_text();
    }
  }

  void count_entity() {
    if (!is_stopped_ && ++entities_ > kMostEntities) stop(DocumentProblem::Kind::budget, "more entities are declared than are read");
  }
  void comment() {
    const Span span = event_span();
    if (!is_stopped_ && bytes_.substr(span.begin, 4) == "<!--") builder_.comment(span);
  }

  // --- elements ---

  // The local name of an element or attribute whose name, as expat gives it, may stand at `at`.
  NodeKey local_key(std::string_view name, Span at) {
    const size_t colon = name.rfind(':');
    const size_t skipped = colon == std::string_view::npos || colon + 1 == name.size() ? 0 : colon + 1;
    const std::string_view local = name.substr(skipped);
    if (bytes_.substr(at.begin, at.end - at.begin) != name) return {builder_.keep(std::string(local)), at};
    const Span span{static_cast<uint32_t>(at.begin + skipped), at.end};
    return {bytes_.substr(span.begin, local.size()), span};
  }

  void start_element(std::string_view name, const XML_Char** attributes) {
    if (is_stopped_) return;
    looks_ += attributes_;
    if (looks_ > kMostLooks + kLooksPerByte * bytes_.size())
      return stop(DocumentProblem::Kind::budget, "too many attributes are declared");
    const Span tag = event_span();
    end_ = tag.end;
    if (!open_.empty() && (!make_map() || !give_text())) return;
    const Bytes source = bytes_.substr(tag.begin, tag.end - tag.begin);
    const bool is_in_place = source.starts_with('<');
    const size_t name_end = is_in_place ? std::min(source.find_first_of(" \t\r\n/>"), source.size()) : 0;
    const Span at = is_in_place ? Span{tag.begin + 1, static_cast<uint32_t>(tag.begin + name_end)} : tag;
    open_.push_back({local_key(name, at), tag});
    if (open_.size() == 1 && !make_map()) return;
    uint32_t next = at.end;
    for (int i = 0; i < XML_GetSpecifiedAttributeCount(parser_.get()); i += 2)
      if (!give_attribute(attributes[i], attributes[i + 1], tag, is_in_place, next)) return;
  }

  // The element that is open begins as a map. False: refused.
  bool make_map() {
    Element& element = open_.back();
    if (element.is_map) return true;
    element.is_map = true;
    const bool begun = open_.size() == 1 ? builder_.begin_map(element.key, element.tag)
                                         : builder_.enter_repeated_map(element.key, element.tag);
    if (!begun) stop();
    return begun;
  }

  // The attribute that stands first from `next` on, which is set behind it.
  bool give_attribute(std::string_view name, std::string_view value, Span tag, bool is_in_place, uint32_t& next) {
    Span name_span = tag, value_span = tag;
    if (is_in_place) {
      const Bytes source = bytes_.substr(0, tag.end);
      const auto find = [&](size_t at) { return static_cast<uint32_t>(std::min<size_t>(at, tag.end)); };
      name_span.begin = find(source.find_first_not_of(kBlanks, next));
      name_span.end = find(source.find_first_of(" \t\r\n=", name_span.begin));
      value_span.begin = find(source.find_first_of("\"'", name_span.end));
      if (value_span.begin < tag.end) value_span.end = find(source.find(source[value_span.begin], value_span.begin + 1)) + 1;
      next = value_span.end = std::min(value_span.end, tag.end);
    }
    if (name == "xmlns" || name.starts_with("xmlns:")) return true;
    if (!make_map()) return false;
    const NodeKey key = local_key(name, name_span);
    const bool is_quoted = value_span.end - value_span.begin >= 2;
    const Bytes inner = is_quoted ? bytes_.substr(value_span.begin + 1, value_span.end - value_span.begin - 2) : Bytes();
    const std::string_view text = is_in_place && inner == value ? inner : builder_.keep(std::string(value));
    if (builder_.repeated_scalar(key, NodeType::text, text, value_span, {.flags = kQuoted})) return true;
    stop();
    return false;
  }

  void end_element() {
    if (is_stopped_ || open_.empty()) return;
    end_ = std::max(end_, event_span().end);
    if (!give_text()) return;
    if (open_.back().is_map) builder_.end(end_);
    open_.pop_back();
  }

  // --- text ---

  void add_text(std::string_view piece) {
    if (is_stopped_) return;
    const Span span = event_span();
    const Bytes source = bytes_.substr(span.begin, span.end - span.begin);
    if (run_.is_empty) {
      run_.is_empty = false;
      run_.span = span;
      run_.is_plain = source == piece;
      if (!run_.is_plain) run_.decoded = piece;
      return;
    }
    if (run_.is_plain && (span.begin != run_.span.end || source != piece)) {
      run_.is_plain = false;
      run_.decoded = bytes_.substr(run_.span.begin, run_.span.end - run_.span.begin);
    }
    run_.span.end = std::max(run_.span.end, span.end);
    if (run_.is_plain) return;
    run_.decoded += piece;
    if (run_.decoded.size() > limits_.text) stop(DocumentProblem::Kind::budget, "a text beyond the limit");
  }

  // The text that came since the last tag: of an element that is a map its "#text", else its value. False: refused.
  bool give_text() {
    const Element& element = open_.back();
    TextRun run = std::move(run_);
    run_ = {};
    if (run.is_empty) run.span = {element.tag.end, element.tag.end};
    const Span span = trim(bytes_, run.span);
    std::string_view text = bytes_.substr(span.begin, span.end - span.begin);
    if (!run.is_plain) {
      const std::string_view decoded = run.decoded;
      const size_t first = std::min(decoded.find_first_not_of(kBlanks), decoded.size());
      text = decoded.substr(first, decoded.find_last_not_of(kBlanks) + 1 - first);
    }
    if (text.empty() && element.is_map) return true;
    if (!run.is_plain) text = builder_.keep(std::string(text));
    const NodeKey key = element.is_map ? NodeKey{"#text", {span.begin, span.begin}} : element.key;
    if (builder_.repeated_scalar(key, NodeType::text, text, span)) return true;
    stop();
    return false;
  }

  DocumentBuilder builder_;
  DocumentLimits limits_;
  ParsedFile& file_;
  Bytes bytes_;
  uint32_t base_ = 0;  // where expat's text begins
  uint32_t end_ = 0;   // of the last tag
  std::unique_ptr<XML_ParserStruct, FreeParser> parser_;
  std::vector<Element> open_;
  TextRun run_;
  Span reference_;  // to the entity that is read
  unsigned entities_ = 0;    // that are declared
  unsigned attributes_ = 0;  // that are declared
  uint64_t looks_ = 0;       // at them
  bool is_stopped_ = false;
};

}  // namespace

void parse_xml(ParsedFile& into, const DocumentLimits& limits) { XmlReader(into, limits).read(); }

}  // namespace sealwarden
