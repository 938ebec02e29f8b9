// SPDX-License-Identifier: Apache-2.0
#include "scanner/engine/value_class.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "scanner/base/ascii.h"
#include "scanner/engine/key_kind.h"

namespace sealwarden {
namespace {

struct Counts {
  size_t digits = 0, lowers = 0, uppers = 0, blanks = 0, high = 0, base64 = 0, others = 0, distinct = 0;
  bool hex = true, base32 = true;
};

Counts count(Bytes value) {
  Counts counts;
  std::array<bool, 256> seen{};
  for (const char c : value) {
    if (!seen[static_cast<unsigned char>(c)]) ++counts.distinct;
    seen[static_cast<unsigned char>(c)] = true;
    counts.hex = counts.hex && is_hex_digit(c);
    counts.base32 = counts.base32 && (is_upper(c) || (c >= '2' && c <= '7'));
    if (is_digit(c)) ++counts.digits;
    else if (is_lower(c)) ++counts.lowers;
    else if (is_upper(c)) ++counts.uppers;
    else if (is_blank(c)) ++counts.blanks;
    else if (static_cast<unsigned char>(c) >= 0x80) ++counts.high;
    else if (c == '-' || c == '_' || c == '+' || c == '/' || c == '=') ++counts.base64;
    else ++counts.others;
  }
  return counts;
}

// Characters among which chance would choose to make such a value.
double alphabet_size(const Counts& counts) {
  if (counts.others + counts.high + counts.blanks > 0) return 94;
  if (counts.base64 > 0) return 65;
  const bool lower = counts.lowers > 0, upper = counts.uppers > 0;
  if (!lower && !upper) return 10;
  if (counts.hex && !(lower && upper)) return 16;
  if (counts.base32) return 32;
  return lower && upper ? 62 : counts.digits > 0 ? 36 : 26;
}

bool contains(Bytes value, std::string_view part) { return value.find(part) != Bytes::npos; }

bool starts_with_one(const Lexicon& lexicon, WordList list, Bytes value) {
  const auto& starts = lexicon.words(list);
  return std::any_of(starts.begin(), starts.end(), [&](const std::string& start) { return value.starts_with(start); });
}

// {name} or, parted from the rest, <name>, as templates of many languages and manuals have it.
bool has_slot(Bytes value) {
  for (size_t at = value.find_first_of("{<"); at != Bytes::npos; at = value.find_first_of("{<", at + 1)) {
    size_t end = at + 1;
    while (end < value.size() && (is_word(value[end]) || value[end] == '.' || value[end] == '-')) ++end;
    if (end < at + 3 || end >= value.size()) continue;
    const bool parted = at == 0 || !is_word(value[at - 1]) || end + 1 == value.size() || !is_word(value[end + 1]);
    if (value[at] == '{' ? value[end] == '}' : value[end] == '>' && parted) return true;
  }
  return false;
}

// $name at the start or behind a separator: what stands before a $ in a password of chance may be anything, but hardly is
// that and four small letters behind it.
bool has_small_variable(Bytes value) {
  for (size_t at = value.find('$'); at != Bytes::npos; at = value.find('$', at + 1)) {
    if (at > 0 && (is_word(value[at - 1]) || value[at - 1] == '$')) continue;
    size_t end = at + 1;
    while (end < value.size() && (is_letter(value[end]) || value[end] == '_')) ++end;
    if (end > at + 4 && is_lower(value[at + 1]) && is_lower(value[at + 2])) return true;
  }
  return false;
}

// %s, %d, %v, %w of format strings: at the start, or with no letter or digit behind, which would make "Pa5s%word" one.
bool has_format_verb(Bytes value) {
  for (size_t at = value.find('%'); at != Bytes::npos && at + 1 < value.size(); at = value.find('%', at + 1)) {
    if (std::string_view("sdvw").find(value[at + 1]) == Bytes::npos) continue;
    if (at == 0 || at + 2 == value.size() || !is_alphanumeric(value[at + 2])) return true;
  }
  return false;
}

// What is left of program text where a quote or a bracket ends the value: `.append("password=").append(x)`, `password: auth[1]`.
bool is_torn_code(Bytes value) {
  if (value.size() > 3 && value.starts_with(").") && is_letter(value[2])) return true;
  const size_t open = value.find('[');
  return open != Bytes::npos && open > 1 && open + 2 == value.size() && is_digit(value.back()) &&
         std::all_of(value.begin(), value.begin() + static_cast<ptrdiff_t>(open), [](char c) { return is_lower(c) || c == '_'; });
}

// $NAME, ${...}, $(...), {{...}}, %NAME%, <name>, @name@, #{...}, <%=, %s, {0}, :bind, vault:..., f(x).
bool is_reference(const Lexicon& lexicon, Bytes value) {
  for (const std::string& part : lexicon.words(WordList::reference_part))
    if (contains(value, part)) return true;
  if (contains(value, "' +") || contains(value, "\" +") || starts_with_one(lexicon, WordList::reference_start, value)) return true;
  // A slot in front may name how the rest is stored: {SSHA}..., {noop}...
  const size_t scheme = value.front() == '{' ? value.find('}') : Bytes::npos;
  if (has_slot(scheme != Bytes::npos && scheme + 1 < value.size() ? value.substr(scheme + 1) : value)) return true;
  const char first = value.front(), last = value.back();
  if (first == '"' || last == '"' || (first == '\'' && last == '\'')) return true;       // joined to something
  if (first == '\\' || (first == '^' && (last == '$' || contains(value, "[")))) return true;  // binary, an expression
  const auto is_shouted = [](char c) { return is_upper(c) || c == '_' || is_digit(c); };
  if (first == '@' && value.size() > 3 && std::all_of(value.begin() + 1, value.end(), is_shouted)) return true;
  for (size_t at = value.find('$'); at != Bytes::npos; at = value.find('$', at + 1)) {  // a$NAMEb
    size_t end = at + 1;
    while (end < value.size() && (is_upper(value[end]) || value[end] == '_')) ++end;
    if (end > at + 3) return true;
  }
  if (has_small_variable(value) || has_format_verb(value) || is_torn_code(value)) return true;
  if (first == '$' && value.size() > 1 && (is_letter(value[1]) || value[1] == '_') && std::all_of(value.begin() + 1, value.end(), [](char c) {
        return is_word(c) || c == '-' || c == '>' || c == '[' || c == ']' || c == '\'' || c == ':' || c == '.';
      }))
    return true;
  if ((first == '%' && last == '%') || (first == '<' && last == '>') || (first == '@' && last == '@' && value.size() > 2) ||
      (first == '{' && last == '}') || (first == '[' && last == ']') || (first == '_' && last == '_' && value.starts_with("__")))
    return true;
  const Bytes called = last == ')' ? value.substr(0, value.find('(')) : Bytes();  // f(x)
  return !called.empty() && called.size() < value.size() &&
         std::all_of(called.begin(), called.end(), [](char c) { return is_word(c) || std::string_view(".:>-").find(c) != Bytes::npos; });
}

// 1234.., abcd.., aaaa.., abab..: what a finger does on a keyboard or in a loop.
bool is_run(Bytes value) {
  if (value.size() < 4) return false;
  size_t steps = 0, period = 0;
  for (size_t i = 1; i < value.size(); ++i) {
    const int step = value[i] - value[i - 1];
    steps += step >= -1 && step <= 1;
  }
  for (size_t width = 1; width <= 4 && period == 0; ++width) {
    bool repeats = value.size() >= 3 * width;
    for (size_t i = width; i < value.size() && repeats; ++i) repeats = value[i] == value[i - width];
    if (repeats) period = width;
  }
  return period != 0 || steps * 10 >= (value.size() - 1) * 8;
}

bool is_placeholder(const Lexicon& lexicon, Bytes value, const Counts& counts) {
  const std::string lower = lower_case(value);
  if (counts.high > 0 && counts.digits + counts.lowers + counts.uppers == 0) return true;
  if (lexicon.has(WordList::placeholder, lower) || counts.distinct < 3 || is_run(lower)) return true;
  for (const WordList list : {WordList::password, WordList::secret, WordList::token})  // "password": "Passwort", a translation
    if (lexicon.has(list, lower)) return true;
  std::string letters;
  for (const char c : lower)
    if (is_letter(c) || static_cast<unsigned char>(c) >= 0x80) letters += c;
  if (value.size() <= 16 && letters.size() >= 4 && letters.size() + 3 >= value.size() && counts.digits == 0 &&
      lexicon.has(WordList::placeholder, letters))
    return true;
  const auto& parts = lexicon.words(WordList::placeholder_part);
  return std::any_of(parts.begin(), parts.end(), [&](const std::string& part) { return lower.find(part) != std::string::npos; });
}

bool is_uuid(Bytes value) {
  if (value.size() != 36) return false;
  for (size_t i = 0; i < value.size(); ++i) {
    const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    if (dash ? value[i] != '-' : !is_hex_digit(value[i])) return false;
  }
  return true;
}

// A path, a URL, a mail address, a host: told by structure. A slash alone may be base64's.
bool is_place(Bytes value, double bits) {
  if (contains(value, "://")) return true;
  if (value.starts_with("./") || value.starts_with("../") || value.starts_with("~/") || contains(value, ":\\") || value.starts_with("//*"))
    return true;
  const size_t at = value.find('@');
  if (at != Bytes::npos && at > 0 && value.find('@', at + 1) == Bytes::npos && value.find('.', at) != Bytes::npos &&
      std::all_of(value.begin(), value.end(), [](char c) { return is_word(c) || c == '.' || c == '-' || c == '+' || c == '@'; }) &&
      value.size() - value.rfind('.') <= 5)
    return true;
  const size_t second = value.find('/', 1);
  const bool separated = value.find_first_of("-._") != Bytes::npos && value.find_first_of("+=") == Bytes::npos;
  if (value.front() == '/' && second != Bytes::npos && separated) return true;
  const auto slashes = std::count(value.begin(), value.end(), '/');
  const bool plain = std::all_of(value.begin(), value.end(), [](char c) { return is_word(c) || c == '/' || c == '.' || c == '-' || c == '*' || c == ':'; });
  if (plain && slashes > 0 && bits < 0 && (slashes > 1 || value.front() == '/' || contains(value, "."))) return true;
  if (contains(value, "::") && value.find_first_not_of("0123456789abcdefABCDEF:.") == Bytes::npos) return true;  // an IPv6 address
  const Bytes version = value.substr(std::min(value.find_first_not_of("^~<>= v"), value.size()));  // what is asked of one
  const bool dotted = std::all_of(version.begin(), version.end(), [](char c) { return is_digit(c) || c == '.'; });
  if (dotted && std::count(value.begin(), value.end(), '.') > 1) return true;  // an object id, an address, a version
  return value.front() == '#' && bits < 4 && value.size() > 1 && is_letter(value[1]);  // a selector
}

// Words of developers alone, joined by separators or case.
bool is_name(const Lexicon& lexicon, Bytes value) {
  const bool joined = std::all_of(value.begin(), value.end(), [](char c) { return is_word(c) || std::string_view("-.:/#[]\\").find(c) != Bytes::npos; });
  if (!joined) return false;
  // a.b.c and A\B\C, of letters alone: a module, a class.
  const bool lettered = std::all_of(value.begin(), value.end(), [](char c) { return is_letter(c) || c == '_' || c == '.' || c == '\\'; });
  const auto parts = std::count(value.begin(), value.end(), '.') + std::count(value.begin(), value.end(), '\\');
  if (lettered && (parts > 1 || (parts == 1 && contains(value, "_")))) return true;
  const std::vector<std::string> tokens = name_tokens(value);
  if (tokens.size() < 2) return false;
  const auto known = std::count_if(tokens.begin(), tokens.end(), [&](const std::string& token) { return lexicon.has(WordList::name_word, token); });
  const bool promising = std::any_of(tokens.begin(), tokens.end(), [&](const std::string& token) {
    if (token == "pw") return false;  // two letters promise nothing in a value: another_pw
    return lexicon.has(WordList::password, token) || lexicon.has(WordList::secret, token) || lexicon.has(WordList::token, token);
  });
  // What holds digits is a name only if every word of it is one. A digit within a word makes a password of it: p4ssWord.
  const bool digits = std::any_of(value.begin(), value.end(), is_digit);
  const auto is_spelt_with_digit = [&](const std::string& token) {
    return std::any_of(token.begin(), token.end(), is_digit) && !lexicon.has(WordList::name_word, token);
  };
  if (digits && std::any_of(tokens.begin(), tokens.end(), is_spelt_with_digit)) return false;
  const bool numbered = value.size() > 2 && is_digit(value.back()) && is_digit(value[value.size() - 2]);  // ciPass77
  if (numbered && value.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") == Bytes::npos &&
      std::any_of(value.begin(), value.end(), is_lower) && !std::all_of(tokens.begin(), tokens.end(), [&](const std::string& token) {
        return lexicon.has(WordList::name_word, token);
      }))
    return false;
  return promising || static_cast<size_t>(known) * (digits ? 1 : 2) >= tokens.size();
}

// required|min:6|confirmed
bool is_validation(const Lexicon& lexicon, Bytes value) {
  if (!contains(value, "|")) return (value.starts_with("min:") || value.starts_with("max:")) && value.size() <= 7;
  for (size_t begin = 0; begin <= value.size();) {
    const size_t end = std::min(value.find('|', begin), value.size());
    const Bytes part = value.substr(begin, end - begin);
    const std::vector<std::string> tokens = name_tokens(part.substr(0, part.find(':')));
    if (tokens.empty() || std::none_of(tokens.begin(), tokens.end(), [&](const std::string& token) { return lexicon.has(WordList::name_word, token); }))
      return false;
    begin = end + 1;
  }
  return true;
}

bool is_sentence(Bytes value, const Counts& counts) {
  if (counts.blanks == 0) return false;
  return counts.blanks * 12 >= value.size() || counts.lowers > 0;
}

}  // namespace

std::string_view name_of(ValueClass kind) {
  static constexpr std::array<std::string_view, 12> kNames = {"empty", "reference", "placeholder", "sentence", "hash",  "place", "name",
                                                              "uuid",  "number",     "word",        "mixed",    "random"};
  return kNames[static_cast<size_t>(kind)];
}

double randomness(const Lexicon& lexicon, Bytes value) {
  const double chance = std::log2(alphabet_size(count(value)));
  const bool fold = std::none_of(value.begin(), value.end(), is_lower);  // SHOUTED words are words
  double bits = 0;
  char before = '\0';
  for (char c : value) {
    if (fold) c = to_lower(c);
    bits += std::min(lexicon.surprise(before, c), chance + 4) - chance;
    before = c;
  }
  return bits;
}

bool is_ordinary_word(const Lexicon& lexicon, Bytes value) {
  constexpr size_t kLongest = 16, kLeastStretch = 4;
  constexpr double kMostBits = 3;  // most of a stretch that is a word's
  if (value.size() > kLongest) return false;
  Bytes words = value;
  while (!words.empty() && is_blank(words.front())) words.remove_prefix(1);
  while (!words.empty() && is_blank(words.back())) words.remove_suffix(1);
  for (size_t digits = 0; digits < 2 && !words.empty() && is_digit(words.back()); ++digits) words.remove_suffix(1);
  const auto joins = [](char c) { return std::string_view("/_-. ").find(c) != Bytes::npos; };
  const auto of_words = [&](char c) { return is_letter(c) || joins(c); };
  if (!std::all_of(words.begin(), words.end(), of_words) || std::count_if(words.begin(), words.end(), joins) > 2) return false;
  const std::vector<std::string> tokens = name_tokens(words);
  const auto is_known = [&](const std::string& token) {
    return lexicon.has(WordList::name_word, token) || lexicon.has(WordList::product_word, token);
  };
  if (!tokens.empty() && std::all_of(tokens.begin(), tokens.end(), is_known)) return true;
  // A word outweighs the chance beside it, so each stretch is asked.
  for (size_t first = 0; first + kLeastStretch <= words.size(); ++first)
    for (size_t size = kLeastStretch; first + size <= words.size(); ++size)
      if (randomness(lexicon, words.substr(first, size)) > kMostBits) return false;
  return true;
}

ValueClass value_class(const Lexicon& lexicon, Bytes value) {
  while (!value.empty() && is_blank(value.front())) value.remove_prefix(1);
  while (!value.empty() && is_blank(value.back())) value.remove_suffix(1);
  if (value.size() < 3) return ValueClass::empty;
  if (is_reference(lexicon, value)) return ValueClass::reference;
  const Counts counts = count(value);
  if (starts_with_one(lexicon, WordList::hash_start, value)) return ValueClass::hash;
  if (is_placeholder(lexicon, value, counts)) return ValueClass::placeholder;
  if (is_uuid(value)) return ValueClass::uuid;
  const double bits = randomness(lexicon, value);
  // No sentence: 'A0Zr/3yX R~XHH!jmN]LWX', as frameworks print keys.
  const bool mixed = counts.digits > 0 && counts.lowers > 0 && counts.uppers > 0 && counts.others > 0;
  const bool strewn = mixed && counts.blanks * 10 <= value.size() && counts.high == 0 && bits > 20;
  if (!strewn && is_sentence(value, counts)) return ValueClass::sentence;
  if (is_place(value, bits)) return ValueClass::place;
  if (counts.digits == value.size()) return ValueClass::number;
  const bool has_digit = counts.digits > 0;
  if ((!has_digit && is_name(lexicon, value)) || is_validation(lexicon, value)) return ValueClass::name;
  const bool varied = counts.digits > 0 || (counts.lowers > 0 && counts.uppers > 0) || bits > 20;
  if (varied && value.size() >= 8 && bits > 6) return ValueClass::random;
  if (is_name(lexicon, value)) return ValueClass::name;
  if (counts.lowers + counts.uppers + counts.high == value.size()) return ValueClass::word;
  return ValueClass::mixed;
}

}  // namespace sealwarden
