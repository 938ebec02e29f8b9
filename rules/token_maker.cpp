// SPDX-License-Identifier: Apache-2.0
#include "rules/token_maker.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <random>

#include "scanner/base/ascii.h"
#include "scanner/base/digest.h"

namespace sealwarden {
namespace {

constexpr std::string_view kDigits = "0123456789";
constexpr std::string_view kLower = "abcdefghijklmnopqrstuvwxyz";
constexpr std::string_view kUpper = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
constexpr int kDraws = 8;

std::string joined(std::string_view a, std::string_view b, std::string_view c = {}, std::string_view d = {}) {
  return std::string(a).append(b).append(c).append(d);
}

std::string only_alphanumeric(const std::string& alphabet) {
  std::string out;
  std::copy_if(alphabet.begin(), alphabet.end(), std::back_inserter(out), is_alphanumeric);
  return out.empty() ? alphabet : out;
}

// The standard fixes this generator's numbers, but not those of its distributions: hence the plain remainder.
std::mt19937_64 generator_for(std::string_view seed) {
  const Sha256 digest = sha256(seed);
  uint64_t number = 0;
  for (size_t i = 0; i < 8; ++i)
    number = number << 8 | digest[i];
  return std::mt19937_64(number);
}

char pick(std::mt19937_64& random, const std::string& alphabet) {
  return alphabet[random() % alphabet.size()];
}

double entropy(std::string_view text) {
  std::array<size_t, 256> counts{};
  for (const char c : text)
    ++counts[static_cast<unsigned char>(c)];
  double bits = 0;
  for (const size_t count : counts) {
    if (count == 0) continue;
    const double share = static_cast<double>(count) / static_cast<double>(text.size());
    bits -= share * std::log2(share);
  }
  return bits;
}

std::string draw(std::mt19937_64& random, const std::string& alphabet, size_t length) {
  const std::string edges = only_alphanumeric(alphabet);
  std::string body;
  for (size_t i = 0; i < length; ++i)
    body += pick(random, i == 0 || i + 1 == length ? edges : alphabet);
  return body;
}

std::string draw_best(std::mt19937_64& random, const std::string& alphabet, size_t length) {
  std::string best;
  double most = -1;
  for (int i = 0; i < kDraws; ++i) {
    std::string body = draw(random, alphabet, length);
    if (const double bits = entropy(body); bits > most) {
      most = bits;
      best = std::move(body);
    }
  }
  return best;
}

// Changes one character so that the checksum notices, the middle of the body first: a weak sum overlooks one change in 62,
// a structure all those inside its content. The token as it was if nothing is noticed anywhere.
std::string damaged(const TokenRecipe& recipe, const std::string& token, const std::string& alphabet) {
  const size_t middle = recipe.prefix.size() + recipe.length / 2;
  for (size_t i = 0; i < token.size(); ++i) {
    std::string changed = token;
    char& place = changed[(middle + i) % token.size()];
    for (const char c : alphabet) {
      if (c == place) continue;
      place = c;
      if (!checksum_holds(recipe.checksum, changed)) return changed;
    }
  }
  return token;
}

void replace_all(std::string& text, std::string_view what, std::string_view with) {
  for (size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size()))
    text.replace(at, what.size(), with);
}

std::string hex_text(std::string_view bytes) {
  constexpr std::string_view kHex = "0123456789abcdef";
  std::string out;
  for (const char c : bytes) {
    out += kHex[static_cast<unsigned char>(c) >> 4];
    out += kHex[static_cast<unsigned char>(c) & 15];
  }
  return out;
}

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

// Pairs of hex digits, with blanks and line ends between them as one likes.
std::optional<std::string> bytes_of_hex(std::string text) {
  text.erase(std::remove_if(text.begin(), text.end(),
                            [](char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; }),
             text.end());
  if (text.size() % 2 != 0) return std::nullopt;
  std::string bytes;
  for (size_t i = 0; i < text.size(); i += 2) {
    const int high = hex_value(text[i]), low = hex_value(text[i + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    bytes += static_cast<char>(high << 4 | low);
  }
  return bytes;
}

// The code point at `i`, which moves behind it. TOML has already checked that the text is UTF-8.
uint32_t next_code_point(std::string_view text, size_t& i) {
  const auto lead = static_cast<unsigned char>(text[i++]);
  const int more = lead < 0xC0 ? 0 : lead < 0xE0 ? 1 : lead < 0xF0 ? 2 : 3;
  uint32_t value = more == 0 ? lead : lead & (0x3FU >> more);
  for (int k = 0; k < more && i < text.size(); ++k)
    value = value << 6 | (static_cast<unsigned char>(text[i++]) & 0x3FU);
  return value;
}

std::string utf16(std::string_view text, bool big_endian) {
  std::string out;
  const auto put = [&](uint32_t unit) {
    const char high = static_cast<char>(unit >> 8 & 0xFF), low = static_cast<char>(unit & 0xFF);
    out += big_endian ? high : low;
    out += big_endian ? low : high;
  };
  put(0xFEFF);
  for (size_t i = 0; i < text.size();) {
    const uint32_t point = next_code_point(text, i);
    if (point < 0x10000) {
      put(point);
    } else {
      put(0xD800 + ((point - 0x10000) >> 10));
      put(0xDC00 + ((point - 0x10000) & 0x3FF));
    }
  }
  return out;
}

Result<std::string> encoded(const Rule& rule, const RuleTest& test, std::string text) {
  if (test.encoding == "utf-16le") return utf16(text, false);
  if (test.encoding == "utf-16be") return utf16(text, true);
  if (test.encoding != "hex") return text;
  if (auto bytes = bytes_of_hex(std::move(text))) return *std::move(bytes);
  return fail(Error::Kind::usage, rule.origin + ": rule " + rule.id + ", test '" + test.name +
                                      "': the text is not pairs of hex digits; correct it or its encoding");
}

}  // namespace

std::optional<std::string> alphabet_characters(std::string_view name) {
  if (name == "digits") return std::string(kDigits);
  if (name == "hex") return joined(kDigits, "abcdef");
  if (name == "HEX") return joined(kDigits, "ABCDEF");
  if (name == "base32") return joined(kUpper, "234567");
  if (name == "base36") return joined(kDigits, kLower);
  if (name == "base58") return std::string("123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz");
  if (name == "base62") return joined(kDigits, kUpper, kLower);
  if (name == "base64") return joined(kDigits, kUpper, kLower, "+/");
  if (name == "base64url") return joined(kDigits, kUpper, kLower, "-_");
  if (name == "lower") return std::string(kLower);
  if (name == "upper") return std::string(kUpper);
  if (name.starts_with("chars:") && name.size() > 6) return std::string(name.substr(6));
  return std::nullopt;
}

std::string make_token(const TokenRecipe& recipe, std::string_view seed) {
  const std::string alphabet = alphabet_characters(recipe.alphabet).value_or(joined(kDigits, kLower));
  std::mt19937_64 random = generator_for(seed);
  const std::string body = draw_best(random, alphabet, recipe.length);
  const std::string token = checksum_complete(recipe.checksum, recipe.prefix, body + recipe.suffix);
  return recipe.damage ? damaged(recipe, token, alphabet) : token;
}

Result<TestBytes> expand_test(const Rule& rule, const RuleTest& test) {
  TestBytes made{{}, test.expect_secret, test.old, test.files};
  std::string text = test.text;
  if (test.make) {
    const std::string seed = rule.id + "/" + test.name;
    for (const std::string mark : {"{token}", "{token2}"}) {
      const std::string token = make_token(*test.make, seed + mark);
      replace_all(text, mark, test.encoding == "hex" ? hex_text(token) : token);
      replace_all(made.secret, mark, token);
      if (made.old) replace_all(*made.old, mark, token);
      for (auto& [path, content] : made.files) replace_all(content, mark, token);
    }
  }
  TRY(made.bytes, encoded(rule, test, std::move(text)));
  return made;
}

}  // namespace sealwarden
