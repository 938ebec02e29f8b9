// SPDX-License-Identifier: Apache-2.0
#include "scanner/decode/pdf_fonts.h"

#include <algorithm>

#include "scanner/decode/content.h"

namespace sealwarden {
namespace {

using Kind = PdfLexer::Token::Kind;
using Token = PdfLexer::Token;

constexpr size_t kLongestName = 64;
constexpr size_t kLongestText = 32;    // bytes of UTF-16 that one code may mean
constexpr size_t kMostScopes = 16;    // dictionaries in which a name of a stream is looked for
constexpr size_t kMostNames = 10'000;  // of one stream
const PdfFonts::Table kPlain;

uint32_t code_of(Bytes bytes) {
  uint32_t code = 0;
  for (const char c : bytes.substr(0, 4)) code = code << 8 | static_cast<uint8_t>(c);
  return code;
}

std::string utf8_of(Bytes utf16) { return std::string(WideText(utf16.substr(0, kLongestText), WideText::Form::utf16_big).text()); }

// The text of the code that is `step` behind the first of a range: its last unit is larger by that.
std::string text_behind(std::string utf16, uint32_t step) {
  if (utf16.size() < 2 || utf16.size() > kLongestText) return "";
  const uint32_t unit = code_of(Bytes(utf16).substr(utf16.size() - 2)) + step;
  utf16[utf16.size() - 2] = static_cast<char>(unit >> 8);
  utf16[utf16.size() - 1] = static_cast<char>(unit);
  return utf8_of(utf16);
}

// Reads "begincodespacerange <00> <FF>", "beginbfchar <CODE> <TEXT>" and "beginbfrange <FIRST> <LAST> <TEXT>" or, for the
// last, "[<TEXT> <TEXT>]".
class TableReader {
 public:
  TableReader(PdfFonts::Table& table, size_t room) : table_(table), room_(room) {}

  void read(Bytes stream) {
    PdfLexer lexer(stream);
    for (Token token = lexer.next(); token.kind != Kind::end; token = lexer.next()) {
      if (token.kind == Kind::word) {
        section_ = token.text;
        codes_.clear();
      } else if (token.kind == Kind::close_array) {
        codes_.clear();
      } else if (token.kind == Kind::hex_string) {
        take(pdf_string(token));
      }
      in_array_ = token.kind == Kind::open_array || (in_array_ && token.kind == Kind::hex_string);
    }
    std::ranges::sort(table_.texts, {}, &std::pair<uint32_t, std::string>::first);
  }

 private:
  void take(std::string bytes) {
    if (section_ == "begincodespacerange") {
      table_.code_size = static_cast<unsigned>(std::clamp<size_t>(bytes.size(), 1, 4));
    } else if (section_ == "beginbfchar") {
      take_one(std::move(bytes));
    } else if (section_ == "beginbfrange") {
      take_range(std::move(bytes));
    }
  }

  void take_one(std::string bytes) {
    codes_.push_back(std::move(bytes));
    if (codes_.size() < 2) return;
    add(code_of(codes_[0]), utf8_of(codes_[1]));
    codes_.clear();
  }

  void take_range(std::string bytes) {
    if (codes_.size() < 2) {
      codes_.push_back(std::move(bytes));
      next_ = code_of(codes_[0]);
      return;
    }
    if (in_array_) return add(next_++, utf8_of(bytes));
    constexpr uint32_t kMostOfRange = 0xFFFF;
    const uint32_t first = code_of(codes_[0]), last = code_of(codes_[1]);
    for (uint32_t step = 0; step <= kMostOfRange && first <= last && step <= last - first && room_ > 0; ++step) {
      add(first + step, text_behind(bytes, step));
    }
    codes_.clear();
  }

  void add(uint32_t code, std::string text) {
    if (room_ == 0) return;
    --room_;
    table_.texts.emplace_back(code, std::move(text));
  }

  PdfFonts::Table& table_;
  size_t room_;
  Bytes section_;
  std::vector<std::string> codes_;  // of the entry that is being read
  uint32_t next_ = 0;
  bool in_array_ = false;
};

}  // namespace

std::string PdfFonts::Table::text(Bytes codes) const {
  if (texts.empty()) return std::string(codes);
  std::string out;
  for (; codes.size() >= code_size; codes.remove_prefix(code_size)) {
    const uint32_t code = code_of(codes.substr(0, code_size));
    const auto found = std::ranges::lower_bound(texts, code, {}, &std::pair<uint32_t, std::string>::first);
    if (found != texts.end() && found->first == code) out += found->second;
  }
  return out;
}

void PdfFonts::take(const Token& token, uint64_t object) {
  if (token.kind == Kind::name) {
    name_ = token.text.substr(0, kLongestName);
    numbers_ = 0;
    if (fonts_.size() >= kMostReferences) return;
    if (name_ == "BaseFont") fonts_[object];
    if (name_ == "Identity-H") fonts_[object].has_glyph_numbers = true;
    return;
  }
  if (token.kind == Kind::number) {
    if (++numbers_ == 1) first_ = static_cast<uint64_t>(std::max<int64_t>(0, pdf_number(token.text)));
    return;
  }
  const bool is_reference = token.kind == Kind::word && token.text == "R" && numbers_ == 2 && !name_.empty();
  numbers_ = 0;  // the name stays: a list of references may follow
  if (!is_reference) return;
  if (name_ == "ToUnicode" && wanted_tables_.size() < kMostTables) {
    fonts_[object].table = first_;
    wanted_tables_.insert(first_);
  } else if (references_.size() < kMostReferences) {
    references_.push_back({object, name_, first_});
  }
}

void PdfFonts::read_table(uint64_t object, Bytes stream) {
  Table table;
  TableReader(table, kMostTexts - texts_).read(stream);
  texts_ += table.texts.size();
  tables_.try_emplace(object, std::move(table));
}

const PdfFonts::Table* PdfFonts::table_of(const Font& font) const {
  const auto table = tables_.find(font.table);
  if (table != tables_.end() && !table->second.texts.empty()) return &table->second;
  return font.has_glyph_numbers ? nullptr : &kPlain;
}

void PdfFonts::finish() {
  std::ranges::sort(references_);
  for (const Reference& reference : references_) {
    if (reference.name.starts_with("FontFile")) font_files_.insert(reference.target);
    if (reference.name == "Contents") pages_.try_emplace(reference.target, reference.object);
    const auto font = fonts_.find(reference.target);
    if (font == fonts_.end()) continue;
    const Table* table = table_of(font->second);
    const auto [place, is_new] = everywhere_.emplace(reference.name, table);
    if (!is_new && place->second != table) place->second = nullptr;
  }
}

std::vector<uint64_t> PdfFonts::targets(uint64_t object, std::string_view name) const {
  std::vector<uint64_t> result;
  auto at = std::ranges::lower_bound(references_, std::pair(object, name), {},
                                     [](const Reference& one) { return std::pair(one.object, std::string_view(one.name)); });
  for (; at != references_.end() && at->object == object && at->name == name && result.size() < kMostScopes; ++at) result.push_back(at->target);
  return result;
}

PdfFonts::Names::Names(const PdfFonts& fonts, uint64_t stream) : fonts_(fonts), objects_{stream} {
  const auto page = fonts.pages_.find(stream);
  if (page != fonts.pages_.end()) objects_.push_back(page->second);
  // Each says where its fonts are, and a page has what its parents have.
  for (size_t i = 0; i < objects_.size() && objects_.size() < kMostScopes; ++i) {
    for (const char* name : {"Resources", "Font", "Parent"}) {
      for (const uint64_t target : fonts.targets(objects_[i], name)) {
        if (std::ranges::find(objects_, target) == objects_.end()) objects_.push_back(target);
      }
    }
  }
}

const PdfFonts::Table* PdfFonts::Names::find(std::string_view name) {
  name = name.substr(0, kLongestName);
  const auto known = known_.find(name);
  if (known != known_.end()) return known->second;
  if (known_.size() >= kMostNames) return nullptr;
  return known_.emplace(name, look_up(name)).first->second;
}

const PdfFonts::Table* PdfFonts::Names::look_up(std::string_view name) const {
  for (const uint64_t object : objects_) {
    for (const uint64_t target : fonts_.targets(object, name)) {
      const auto font = fonts_.fonts_.find(target);
      if (font != fonts_.fonts_.end()) return fonts_.table_of(font->second);
    }
  }
  const auto found = fonts_.everywhere_.find(name);
  return found == fonts_.everywhere_.end() ? &kPlain : found->second;
}

}  // namespace sealwarden
