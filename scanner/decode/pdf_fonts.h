// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "scanner/decode/pdf_lexer.h"

namespace sealwarden {

// The fonts of a PDF document, as far as they say what the codes in their strings mean. Owns what it keeps; bounded: of
// references and tables beyond a bound nothing is known.
class PdfFonts {
 public:
  // What codes mean, as UTF-8. A table of no entries means every code itself.
  struct Table {
    unsigned code_size = 1;                               // bytes
    std::vector<std::pair<uint32_t, std::string>> texts;  // by code
    [[nodiscard]] std::string text(Bytes codes) const;
  };

  // The tokens of each object, in order.
  void take(const PdfLexer::Token& token, uint64_t object);
  // Is this object's stream a table of a font?
  [[nodiscard]] bool is_table(uint64_t object) const { return wanted_tables_.contains(object); }
  void read_table(uint64_t object, Bytes stream);
  // Is it a font itself? To be asked after finish().
  [[nodiscard]] bool is_font_file(uint64_t object) const { return font_files_.contains(object); }
  // When all of the above is done.
  void finish();

  // What names like "F4" mean in one content stream. Such a name stands in the stream's own dictionary, in that of the page
  // whose content it is, or in one that these refer to. Where none of them has it, it means what it means in the whole
  // document, if that is one thing. Borrows the fonts.
  class Names {
   public:
    Names(const PdfFonts& fonts, uint64_t stream);
    // A table of no entries if the font has none, null if the meaning of its codes cannot be known.
    const Table* find(std::string_view name);

   private:
    [[nodiscard]] const Table* look_up(std::string_view name) const;
    const PdfFonts& fonts_;
    std::vector<uint64_t> objects_;  // that may have the name, the nearest first
    std::map<std::string, const Table*, std::less<>> known_;
  };

 private:
  static constexpr size_t kMostReferences = 200'000, kMostTables = 2000, kMostTexts = 1 << 18;
  struct Font {
    bool has_glyph_numbers = false;
    uint64_t table = 0;  // object; 0 for none
  };

  struct Reference {  // "/NAME TARGET 0 R" in an object
    uint64_t object;
    std::string name;
    uint64_t target;
    auto operator<=>(const Reference&) const = default;
  };
  [[nodiscard]] std::vector<uint64_t> targets(uint64_t object, std::string_view name) const;
  [[nodiscard]] const Table* table_of(const Font& font) const;

  std::map<uint64_t, Font> fonts_;  // by object
  std::vector<Reference> references_;
  std::set<uint64_t> wanted_tables_, font_files_;
  std::map<uint64_t, Table> tables_;                            // by object
  std::map<std::string, const Table*, std::less<>> everywhere_;  // by name; null where it means several things
  std::map<uint64_t, uint64_t> pages_;                          // by content stream
  size_t texts_ = 0;                                            // in all tables
  std::string name_;                                            // the last name, and what followed it
  unsigned numbers_ = 0;
  uint64_t first_ = 0;
};

}  // namespace sealwarden
