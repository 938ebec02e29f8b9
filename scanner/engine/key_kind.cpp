// SPDX-License-Identifier: Apache-2.0
#include "scanner/engine/key_kind.h"

#include <algorithm>

#include "scanner/base/ascii.h"

namespace sealwarden {
namespace {

bool is_part(char c) { return is_alphanumeric(c) || static_cast<unsigned char>(c) >= 0x80; }

bool ends_in(const Lexicon& lexicon, WordList list, std::string_view token) {
  const auto& words = lexicon.words(list);
  return std::any_of(words.begin(), words.end(), [&](const std::string& word) { return token.ends_with(word); });
}

bool is_joined_pass(const Lexicon& lexicon, std::string_view token) {
  return token.size() > 4 && token.ends_with("pass") && lexicon.has(WordList::pass_start, token.substr(0, token.size() - 4));
}

// Whether `pattern`, tokens joined by "_", is the end of the name or all of it.
bool is_not_secret(const Lexicon& lexicon, const std::vector<std::string>& tokens) {
  std::string tail;
  for (size_t i = tokens.size(); i-- > 0 && tokens.size() - i <= 4;) {
    tail = tail.empty() ? tokens[i] : tokens[i] + "_" + tail;
    if (lexicon.has(WordList::not_secret, tail)) return true;
  }
  return false;
}

KeyKind kind_of_token(const Lexicon& lexicon, std::string_view token) {
  if (lexicon.has(WordList::password, token) || ends_in(lexicon, WordList::password_end, token) || is_joined_pass(lexicon, token))
    return KeyKind::password;
  if (lexicon.has(WordList::secret, token) || ends_in(lexicon, WordList::secret_end, token)) return KeyKind::secret;
  if (lexicon.has(WordList::token, token) || ends_in(lexicon, WordList::token_end, token)) return KeyKind::token;
  return token == "auth" || token == "key" || token == "keys" || token.ends_with("key") ? KeyKind::key : KeyKind::none;
}

KeyKind kind_of_pair(const Lexicon& lexicon, const std::string& first, const std::string& second) {
  const std::string pair = first + "_" + second;
  if (lexicon.has(WordList::pair_secret, pair)) return KeyKind::secret;
  return lexicon.has(WordList::pair_token, pair) ? KeyKind::token : KeyKind::none;
}

}  // namespace

std::vector<std::string> name_tokens(Bytes name) {
  std::vector<std::string> tokens;
  std::string token;
  const auto close = [&] {
    while (!token.empty() && is_digit(token.back())) token.pop_back();
    if (!token.empty()) tokens.push_back(std::move(token));
    token.clear();
  };
  for (size_t i = 0; i < name.size(); ++i) {
    const char c = name[i];
    if (!is_part(c)) {
      close();
      continue;
    }
    // aB starts a token, and so does the last capital of ABc.
    const bool after_lower = i > 0 && is_upper(c) && (is_lower(name[i - 1]) || is_digit(name[i - 1]));
    const bool last_capital = i > 0 && is_upper(c) && is_upper(name[i - 1]) && i + 1 < name.size() && is_lower(name[i + 1]);
    if (after_lower || last_capital) close();
    token += to_lower(c);
  }
  close();
  return tokens;
}

NamedKind key_kind(const Lexicon& lexicon, Bytes name) {
  const std::vector<std::string> tokens = name_tokens(name);
  if (tokens.empty() || is_not_secret(lexicon, tokens)) return {};
  // "encrypt_key" is no order to encrypt.
  if (tokens.size() > 1 && lexicon.has(WordList::not_first, tokens.front()) && kind_of_pair(lexicon, tokens[0], tokens[1]) != KeyKind::secret) return {};
  KeyKind kind = KeyKind::none;
  size_t last = 0;  // the last token that says so
  for (size_t i = 0; i < tokens.size(); ++i) {
    KeyKind one = kind_of_token(lexicon, tokens[i]);
    if (i > 0) one = std::max(one, kind_of_pair(lexicon, tokens[i - 1], tokens[i]));
    if (one == KeyKind::none) continue;
    kind = std::max(kind, one);
    last = i;
  }
  if (kind == KeyKind::none) return {};
  const bool described = std::any_of(tokens.begin() + static_cast<ptrdiff_t>(last) + 1, tokens.end(),
                                     [&](const std::string& token) { return lexicon.has(WordList::descriptor, token); });
  if (described) return {};
  // What follows without being a descriptor makes a key or a token another thing; a password stays one.
  const bool is_last = last + 1 == tokens.size();
  return {is_last || kind >= KeyKind::secret ? kind : std::min(kind, KeyKind::key), is_last};
}

}  // namespace sealwarden
