// SPDX-License-Identifier: Apache-2.0
// JSON as its standard says, read from the places that simdjson's first stage finds: of each bracket, colon, comma, string and
// other token outside of strings. That stage also proves the text to be UTF-8 without control characters in strings. Its
// second stage copies every string and forgets where it was, so the tree is built from the places here. All else is left to
// the tolerant reader, which begins again from the front.
#include <algorithm>
#include <simdjson.h>

#include <cstring>
#include <memory>

#include "scanner/doc/builder.h"
#include "scanner/doc/json_text.h"
#include "scanner/doc/parse.h"
#include "scanner/doc/utf8_text.h"

namespace sealwarden {
namespace {

// The first stage of simdjson over a padded copy of a text. Places are offsets in the text.
class JsonPlaces {
 public:
  // False: the text is not JSON, or too long, or there is no memory for it.
  bool find(Bytes text) {
    if (text.empty() || text.size() > simdjson::SIMDJSON_MAXSIZE_BYTES - 64) return false;
    copy_ = simdjson::padded_string(text);
    if (copy_.data() == nullptr) return false;
    if (simdjson::get_active_implementation()->create_dom_parser_implementation(text.size(), 1, parser_) != simdjson::SUCCESS)
      return false;
    const auto* bytes = reinterpret_cast<const uint8_t*>(copy_.data());
    return parser_->stage1(bytes, text.size(), simdjson::stage1_mode::regular) == simdjson::SUCCESS;
  }
  [[nodiscard]] const char* text() const { return copy_.data(); }  // followed by zeros
  [[nodiscard]] size_t size() const { return parser_->n_structural_indexes; }
  // The text's size behind the last one.
  [[nodiscard]] uint32_t operator[](size_t i) const {
    return i < parser_->n_structural_indexes ? parser_->structural_indexes[i] : static_cast<uint32_t>(copy_.size());
  }

 private:
  simdjson::padded_string copy_;
  std::unique_ptr<simdjson::internal::dom_parser_implementation> parser_;
};

class StrictJson {
 public:
  StrictJson(ParsedFile& into, const DocumentLimits& limits) : builder_(into, limits), file_(into), most_nodes_(limits.nodes) {}

  // False: not strict JSON, and what was built is of no use.
  bool read() {
    base_ = utf8_mark_size(file_.bytes);
    text_ = file_.bytes.substr(base_);
    if (!places_.find(text_)) return false;
    padded_ = places_.text();
    // An item needs two places, an entry four; what is too much is never touched.
    file_.nodes.reserve(std::min<size_t>(places_.size() / 2 + 1, most_nodes_));
    while (next_ < places_.size()) {
      builder_.begin_document(base_ + places_[next_]);
      const bool read = read_tree();
      if (!read && !builder_.is_full()) return false;
      builder_.finish_document(base_ + end_, DocumentState::parsed);
      if (!read) return true;
    }
    return true;
  }

 private:
  enum class Step : uint8_t { opened, done, failed };

  [[nodiscard]] char peek() const { return padded_[places_[next_]]; }
  [[nodiscard]] Span span(uint32_t begin, uint32_t end) const { return {base_ + begin, base_ + end}; }

  // The end of the token that begins at the place before `next_`: blanks lie between it and the next place.
  [[nodiscard]] uint32_t token_end(uint32_t begin) const {
    const auto is_blank = [](char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; };
    uint32_t end = places_[next_];
    while (end > begin + 1 && is_blank(padded_[end - 1])) --end;
    return end;
  }

  // The decoded text of a string from its first quote; false: broken.
  bool read_string(uint32_t begin, std::string_view& text) {
    end_ = token_end(begin);
    if (end_ < begin + 2 || padded_[end_ - 1] != '"') return false;
    text = text_.substr(begin + 1, end_ - begin - 2);
    if (std::memchr(text.data(), '\\', text.size()) == nullptr) return true;
    JsonEscapes escapes;
    std::string decoded = decode_json_text(text, escapes);
    text = builder_.keep(std::move(decoded));
    return escapes.strict;
  }

  bool read_key(NodeKey& key) {
    const uint32_t begin = places_[next_++];
    if (padded_[begin] != '"' || !read_string(begin, key.text)) return false;
    key.span = span(begin, end_);
    return padded_[places_[next_++]] == ':';
  }

  bool read_word(const NodeKey& key, uint32_t begin) {
    end_ = token_end(begin);
    const std::string_view word = text_.substr(begin, end_ - begin);
    NodeType type = NodeType::null;
    if (word == "true" || word == "false") {
      type = NodeType::boolean;
    } else if (word != "null") {
      type = json_number(word);
      if (type == NodeType::text) return false;
    }
    return builder_.scalar(key, type, word, span(begin, end_));
  }

  Step read_value(const NodeKey& key) {
    const uint32_t begin = places_[next_];
    if (next_ >= places_.size()) return Step::failed;
    ++next_;
    const char c = padded_[begin];
    if (c == '"') {
      std::string_view text;
      if (!read_string(begin, text)) return Step::failed;
      return builder_.scalar(key, NodeType::text, text, span(begin, end_), {.flags = kQuoted}) ? Step::done : Step::failed;
    }
    if (c == '{' || c == '[') {
      const Span bracket = span(begin, begin + 1);
      if (!(c == '{' ? builder_.begin_map(key, bracket) : builder_.begin_sequence(key, bracket))) return Step::failed;
      end_ = begin + 1;
      open_.push_back(c == '{' ? '}' : ']');
      return Step::opened;
    }
    return read_word(key, begin) ? Step::done : Step::failed;
  }

  // After a value: what closes is closed. False: neither a comma nor the right bracket is next, or it is the document's end.
  bool read_closings() {
    while (!open_.empty() && peek() == open_.back()) {
      end_ = places_[next_++] + 1;
      builder_.end(base_ + end_);
      open_.pop_back();
    }
    return !open_.empty() && padded_[places_[next_++]] == ',';
  }

  bool read_tree() {
    open_.clear();
    NodeKey key;
    for (;;) {
      const Step step = read_value(key);
      if (step == Step::failed) return false;
      const bool is_filled = step == Step::opened && peek() != open_.back();
      if (!is_filled && !read_closings()) return open_.empty();
      key = {};
      if (open_.back() == '}' && !read_key(key)) return false;
    }
  }

  DocumentBuilder builder_;
  ParsedFile& file_;
  uint32_t most_nodes_;
  JsonPlaces places_;
  Bytes text_;                    // behind the mark
  const char* padded_ = nullptr;  // the same, followed by zeros
  uint32_t base_ = 0;             // of the text in the file
  size_t next_ = 0;               // place
  uint32_t end_ = 0;              // of the last token, in the text
  std::string open_;              // what closes each open map and sequence
};

}  // namespace

void parse_json(ParsedFile& into, const DocumentLimits& limits) {
  if (StrictJson(into, limits).read()) return;
  into.nodes.clear();
  into.documents.clear();
  into.problems.clear();
  into.strings.clear();
  parse_json_tolerantly(into, limits);
}

}  // namespace sealwarden
