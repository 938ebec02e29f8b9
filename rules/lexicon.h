// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "scanner/base/bytes.h"
#include "scanner/base/result.h"

namespace sealwarden {

// The word lists of rules/lexicon.txt; what each is for stands there.
enum class WordList : uint8_t {
  password, password_end, pass_start, secret, secret_end, token, token_end, pair_secret, pair_token, not_secret, descriptor,
  not_first, not_wrapper, lookup, value_name, verb, setter, sets_variable, text_type, constant, placeholder, placeholder_part, name_word,
  product_word,
  reference_part, reference_start, hash_start, code_ending, prose_ending,
  prose_name, side_path, side_folder, default_credential
};
inline constexpr size_t kWordLists = 33;

// What the judge of secrets without a format knows about words and characters. Immutable; share freely.
class Lexicon {
 public:
  // `words` as in rules/lexicon.txt, `pairs` as in rules/char_pairs.txt. An Error of kind usage names the line at fault.
  static Result<Lexicon> read(std::string_view words, std::string_view pairs);
  // The shipped one, read at first use. Thread-safe.
  static const Lexicon& builtin();

  // Words are compared as they stand: lower case.
  [[nodiscard]] bool has(WordList list, std::string_view word) const;
  // The list in the order of the file, for searches.
  [[nodiscard]] const std::vector<std::string>& words(WordList list) const { return lists_[static_cast<size_t>(list)]; }
  // How much `now` surprises behind `before` in ordinary names and literals, in bits; nullopt-like '\0' for `before` is the
  // start of a text.
  [[nodiscard]] double surprise(char before, char now) const;

 private:
  static constexpr size_t kSymbols = 61;  // of SYMBOLS in bench/train_char_pairs.py, the start included
  Result<void> read_words(std::string_view text);
  Result<void> read_pairs(std::string_view text);
  struct Hash {
    using is_transparent = void;
    size_t operator()(std::string_view word) const { return std::hash<std::string_view>()(word); }
  };
  std::array<std::vector<std::string>, kWordLists> lists_;
  std::array<std::unordered_set<std::string, Hash, std::equal_to<>>, kWordLists> sets_;
  std::array<std::array<float, kSymbols>, kSymbols> bits_{};
};

}  // namespace sealwarden
