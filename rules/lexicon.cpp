// SPDX-License-Identifier: Apache-2.0
#include "rules/lexicon.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "rules/builtin.h"

namespace sealwarden {
namespace {

constexpr std::array<std::string_view, kWordLists> kListNames = {
    "password", "password_end", "pass_start", "secret", "secret_end", "token", "token_end", "pair_secret", "pair_token",
    "not_secret", "descriptor", "not_first", "not_wrapper", "lookup", "value_name", "verb", "setter", "sets_variable", "text_type", "constant",
    "placeholder", "placeholder_part", "name_word", "product_word", "reference_part", "reference_start", "hash_start", "code_ending",
    "prose_ending", "prose_name", "side_path", "side_folder", "default_credential"};

constexpr std::string_view kSymbolNames = "^abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0_-./+=~";

constexpr std::array<uint8_t, 256> make_symbols() {
  std::array<uint8_t, 256> table{};
  for (size_t i = 0; i < table.size(); ++i) table[i] = static_cast<uint8_t>(kSymbolNames.size() - 1);
  for (size_t i = 1; i < kSymbolNames.size(); ++i) table[static_cast<unsigned char>(kSymbolNames[i])] = static_cast<uint8_t>(i);
  for (char digit = '1'; digit <= '9'; ++digit) table[static_cast<unsigned char>(digit)] = table['0'];
  table[0] = 0;
  return table;
}
constexpr std::array<uint8_t, 256> kSymbolOf = make_symbols();

// The file gives digits and all else as one symbol each: chance spreads over their members.
constexpr double kDigits = 10, kOthers = 26;

tl::unexpected<Error> fault(std::string_view file, size_t line, const std::string& what) {
  return fail(Error::Kind::usage, std::string(file) + ":" + std::to_string(line) + ": " + what);
}

// Calls take(line, number from 1) for each line that is no remark.
template <class Take>
Result<void> each_line(std::string_view text, const Take& take) {
  for (size_t number = 1; !text.empty(); ++number) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    if (!line.empty() && line.front() != '#') TRY_VOID(take(line, number));
  }
  return {};
}

std::vector<std::string_view> split(std::string_view line) {
  std::vector<std::string_view> words;
  for (size_t at = line.find_first_not_of(' '); at < line.size(); at = line.find_first_not_of(' ', at)) {
    const size_t end = std::min(line.find(' ', at), line.size());
    words.push_back(line.substr(at, end - at));
    at = end;
  }
  return words;
}

}  // namespace

Result<Lexicon> Lexicon::read(std::string_view words, std::string_view pairs) {
  Lexicon lexicon;
  TRY_VOID(lexicon.read_words(words));
  TRY_VOID(lexicon.read_pairs(pairs));
  return lexicon;
}

Result<void> Lexicon::read_words(std::string_view text) {
  size_t list = kWordLists;
  return each_line(text, [&](std::string_view line, size_t number) -> Result<void> {
    if (line.front() == '[') {
      const std::string_view name = line.substr(1, line.find(']') - 1);
      list = static_cast<size_t>(std::find(kListNames.begin(), kListNames.end(), name) - kListNames.begin());
      if (list == kWordLists) return fault("lexicon.txt", number, "there is no list '" + std::string(name) + "'");
      return {};
    }
    if (list == kWordLists) return fault("lexicon.txt", number, "words before the first list");
    for (const std::string_view word : split(line)) {
      lists_[list].emplace_back(word);
      sets_[list].emplace(word);
    }
    return {};
  });
}

Result<void> Lexicon::read_pairs(std::string_view text) {
  size_t rows = 0;
  TRY_VOID(each_line(text, [&](std::string_view line, size_t number) -> Result<void> {
    const std::vector<std::string_view> cells = split(line);
    if (line.front() == ' ') return {};
    if (cells.size() != kSymbols || rows >= kSymbols || cells[0] != kSymbolNames.substr(rows, 1))
      return fault("char_pairs.txt", number, "a row needs its symbol and a number for each other one");
    for (size_t i = 1; i < kSymbols; ++i) {
      int tenths = 0;
      const auto [end, error] = std::from_chars(cells[i].data(), cells[i].data() + cells[i].size(), tenths);
      if (error != std::errc() || end != cells[i].data() + cells[i].size())
        return fault("char_pairs.txt", number, "'" + std::string(cells[i]) + "' is no number");
      bits_[rows][i] = static_cast<float>(tenths) / 10;
    }
    ++rows;
    return {};
  }));
  if (rows != kSymbols) return fault("char_pairs.txt", rows, "rows are missing");
  for (auto& row : bits_) {
    row[kSymbolOf['0']] += static_cast<float>(std::log2(kDigits));
    row[kSymbols - 1] += static_cast<float>(std::log2(kOthers));
  }
  return {};
}

const Lexicon& Lexicon::builtin() {
  static const Lexicon lexicon = read(builtin_words(), builtin_char_pairs()).value();
  return lexicon;
}

bool Lexicon::has(WordList list, std::string_view word) const { return sets_[static_cast<size_t>(list)].contains(word); }

double Lexicon::surprise(char before, char now) const {
  return bits_[kSymbolOf[static_cast<unsigned char>(before)]][kSymbolOf[static_cast<unsigned char>(now)]];
}

}  // namespace sealwarden
