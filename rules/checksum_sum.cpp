// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <vector>

#include "rules/bip39_words.h"
#include "rules/checksum_parts.h"
#include "rules/checksum_recipes.h"
#include "scanner/base/digest.h"

namespace sealwarden {
namespace {

std::string text_of(const Sha256& digest) { return {digest.begin(), digest.end()}; }

constexpr size_t kCratesBody = 31;
char xor_digit(std::string_view body) {
  unsigned char value = 0;
  for (const char c : body) value = static_cast<unsigned char>(value ^ static_cast<unsigned char>(c));
  return kLettersDigits[value % kLettersDigits.size()];
}

// 77 covered bytes, 8 check digits, 8 of unknown use.
constexpr size_t kFineCovered = 77, kFineCheck = 8, kFineSeparator = 33;

// The digits of a number that people write in groups; nullopt if something else is in it.
std::optional<std::string> without_blanks(std::string_view text, std::string_view blanks) {
  constexpr size_t kMost = 64;
  std::string plain;
  for (const char c : text) {
    if (blanks.find(c) != std::string_view::npos) continue;
    plain += c;
    if (plain.size() > kMost) return std::nullopt;
  }
  return plain;
}

int luhn_rest(std::string_view digits) {
  int sum = 0;
  for (size_t i = 0; i < digits.size(); ++i) {
    const int digit = digits[digits.size() - 1 - i] - '0';
    const int doubled = digit * 2 > 9 ? digit * 2 - 9 : digit * 2;
    sum += i % 2 == 0 ? digit : doubled;
  }
  return sum % 10;
}

// Of letters and digits; a letter counts as two digits.
int mod97(std::string_view text) {
  int rest = 0;
  for (const char c : text) {
    const int value = static_cast<int>(kDigitsUpperLower.find(c));
    rest = (rest * (value > 9 ? 100 : 10) + value) % 97;
  }
  return rest;
}

constexpr size_t kKeyBytes = 32;

uint32_t crc16(std::string_view bytes) {
  uint32_t value = 0;
  for (const char c : bytes) {
    value ^= static_cast<uint32_t>(static_cast<unsigned char>(c)) << 8;
    for (int bit = 0; bit < 8; ++bit) value = ((value & 0x8000U) != 0 ? value << 1 ^ 0x1021U : value << 1) & 0xFFFFU;
  }
  return value;
}
std::string with_crc16(std::string_view payload) { return joined(payload, little_endian(crc16(payload)).substr(0, 2)); }
bool ends_with_crc16(std::string_view bytes) {
  const auto cut = cut_tail(bytes, 2);
  return cut && from_little_endian(cut->tail) == crc16(cut->head);
}
constexpr unsigned char kSeedKind = 18 << 3;  // base32 writes it as "S"

std::string double_sha256(std::string_view payload) { return text_of(sha256(text_of(sha256(payload)))).substr(0, 4); }

constexpr std::string_view kBech32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
constexpr size_t kMostBech32 = 1023;  // of lnurl and the like; others end at 90

class Polymod {
 public:
  void add(uint32_t value) {
    constexpr std::array<uint32_t, 5> kGenerator = {0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3};
    const uint32_t top = sum_ >> 25;
    sum_ = (sum_ & 0x1ffffff) << 5 ^ value;
    for (size_t i = 0; i < kGenerator.size(); ++i)
      if ((top >> i & 1) != 0) sum_ ^= kGenerator[i];
  }
  void add_name(std::string_view name) {
    for (const char c : name) add(static_cast<unsigned char>(c) >> 5);
    add(0);
    for (const char c : name) add(static_cast<unsigned char>(c) & 31);
  }
  [[nodiscard]] uint32_t sum() const { return sum_; }

 private:
  uint32_t sum_ = 1;
};

std::string lowered(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return out;
}
bool has_lower(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) { return c >= 'a' && c <= 'z'; });
}
bool has_upper(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
}

constexpr size_t kMostWords = 24, kWordBits = 11, kWordsInList = 2048;

// The words of a text; more than the longest mnemonic has are not asked for.
std::vector<std::string_view> words_of(std::string_view text, size_t most) {
  std::vector<std::string_view> words;
  constexpr std::string_view kBetween = " \t\r\n,;\"'[]";
  for (size_t at = text.find_first_not_of(kBetween); at < text.size() && words.size() < most;) {
    const size_t end = std::min(text.find_first_of(kBetween, at), text.size());
    words.push_back(text.substr(at, end - at));
    at = text.find_first_not_of(kBetween, end);
  }
  return words;
}

const std::vector<std::string_view>& bip39_words() {
  static const std::vector<std::string_view> kWords = words_of(bip39_word_list(), kWordsInList);
  return kWords;
}

// A bit per character, for a few hundred bits.
std::string bits_of(uint32_t value, size_t width) {
  std::string bits;
  for (size_t i = width; i > 0; --i) bits += (value >> (i - 1) & 1) != 0 ? '1' : '0';
  return bits;
}
std::string bits_of(std::string_view bytes) {
  std::string bits;
  for (const char c : bytes) bits += bits_of(static_cast<unsigned char>(c), 8);
  return bits;
}
std::string bytes_of_bits(std::string_view bits) {
  std::string bytes;
  for (size_t i = 0; i + 8 <= bits.size(); i += 8) {
    unsigned value = 0;
    for (const char bit : bits.substr(i, 8)) value = value << 1 | (bit == '1' ? 1U : 0U);
    bytes += static_cast<char>(value);
  }
  return bytes;
}
std::string bip39_check_bits(std::string_view entropy) { return bits_of(text_of(sha256(entropy))).substr(0, entropy.size() / 4); }

constexpr std::string_view kSecp256k1Order = "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141";

// "[12,34,...]" of 64 numbers below 256, blanks allowed; nullopt for anything else.
std::optional<std::string> bytes_of_list(std::string_view text) {
  std::string bytes;
  if (!text.starts_with('[') || !text.ends_with(']')) return std::nullopt;
  for (const std::string_view number : words_of(text, 2 * kKeyBytes + 1)) {
    const auto value = number.size() <= 3 ? decoded_number(number, kDecimal) : std::nullopt;
    if (!value || *value > 255) return std::nullopt;
    bytes += static_cast<char>(*value);
  }
  return bytes;
}

std::string ed25519_half(std::string_view seed) {
  const auto half = ed25519_public_key(seed);
  return {half.begin(), half.end()};
}

}  // namespace

bool holds_crates_io(std::string_view token) {
  const auto cut = cut_tail(token, 1);
  if (!cut) return false;
  const std::string_view body = body_of(cut->head);
  return body.size() == kCratesBody && cut->tail[0] == xor_digit(body);
}
std::string complete_crates_io(std::string_view prefix, std::string_view body) {
  return joined(prefix, body, std::string(1, xor_digit(body)));
}

bool holds_github_fine_grained(std::string_view token) {
  return token.size() == kFineCovered + 2 * kFineCheck &&
         token.substr(kFineCovered, kFineCheck) ==
             to_base32(text_of(sha256(token.substr(0, kFineCovered)))).substr(0, kFineCheck);
}
// A body of 74 brings the last 8 characters itself, one of 66 gets some.
std::string complete_github_fine_grained(std::string_view prefix, std::string_view body) {
  std::string head = joined(prefix, body);
  if (head.size() > kFineSeparator) head[kFineSeparator] = '_';
  std::string rest = head.size() > kFineCovered ? head.substr(kFineCovered) : std::string();
  head.resize(std::min(head.size(), kFineCovered));
  const std::string digits = to_base32(text_of(sha256(head)));
  if (rest.empty()) rest = digits.substr(kFineCheck, kFineCheck);
  return joined(head, digits.substr(0, kFineCheck), rest);
}

bool holds_luhn(std::string_view token) {
  const auto digits = without_blanks(token, " -");
  return digits && digits->size() >= 8 && all_of(*digits, kDecimal) && luhn_rest(*digits) == 0;
}
std::string complete_luhn(std::string_view prefix, std::string_view body) {
  const std::string head = joined(prefix, body);
  const std::string digits = all_of(head, kDecimal) ? joined(head, "0") : std::string();
  return joined(head, std::string(1, kDecimal[static_cast<size_t>(10 - luhn_rest(digits)) % 10]));
}

bool holds_iban(std::string_view token) {
  const auto plain = without_blanks(token, " ");
  if (!plain || plain->size() < 15 || plain->size() > 34) return false;
  const std::string_view text = *plain;
  return all_of(text, kDigitsUpperLower.substr(0, 36)) && all_of(text.substr(0, 2), kDigitsUpperLower.substr(10, 26)) &&
         all_of(text.substr(2, 2), kDecimal) && mod97(joined(text.substr(4), text.substr(0, 4))) == 1;
}
std::string complete_iban(std::string_view prefix, std::string_view body) {
  const std::string moved = joined(body, prefix, "00");
  const int rest = all_of(moved, kDigitsUpperLower.substr(0, 36)) ? mod97(moved) : 0;
  return joined(prefix, encoded_number(static_cast<uint64_t>(98 - rest), kDecimal, 2), body);
}

bool holds_nats_nkey(std::string_view token) {
  const auto bytes = token.size() == 58 ? from_base32(token) : std::nullopt;
  return bytes && (static_cast<unsigned char>((*bytes)[0]) & 0xF8) == kSeedKind && ends_with_crc16(*bytes);
}
// The prefix is "S" and the letter of a kind: U a user, A an account.
std::string complete_nats_nkey(std::string_view prefix, std::string_view body) {
  const size_t found = prefix.size() == 2 ? kBase32.find(prefix[1]) : 0;
  const unsigned kind = found == std::string_view::npos ? 0 : static_cast<unsigned>(found) << 3;
  std::string payload;
  payload += static_cast<char>(kSeedKind | kind >> 5);
  payload += static_cast<char>((kind & 31) << 3);
  return to_base32(with_crc16(joined(payload, drawn_bytes(body, kKeyBytes))));
}

bool holds_stellar_seed(std::string_view token) {
  const auto bytes = token.size() == 56 ? from_base32(token) : std::nullopt;
  return bytes && static_cast<unsigned char>((*bytes)[0]) == kSeedKind && ends_with_crc16(*bytes);
}
std::string complete_stellar_seed(std::string_view, std::string_view body) {
  return to_base32(with_crc16(joined(std::string(1, static_cast<char>(kSeedKind)), drawn_bytes(body, kKeyBytes))));
}

bool holds_base58check(std::string_view token) {
  const auto bytes = from_base58(token);
  if (!bytes || bytes->size() < 8) return false;
  const auto cut = cut_tail(*bytes, 4);
  return cut && double_sha256(cut->head) == cut->tail;
}
// A WIF key, or an extended private key at the root of its tree.
std::string complete_base58check(std::string_view prefix, std::string_view body) {
  struct Version {
    std::string_view prefix, bytes;
  };
  using namespace std::string_view_literals;
  constexpr Version kExtended[] = {
      {"xprv", "\x04\x88\xad\xe4"sv}, {"yprv", "\x04\x9d\x78\x78"sv}, {"zprv", "\x04\xb2\x43\x0c"sv}, {"tprv", "\x04\x35\x83\x94"sv}};
  std::string payload = joined("\x80", drawn_bytes(body, kKeyBytes), prefix == "5" ? "" : "\x01");
  for (const Version& one : kExtended)
    if (prefix == one.prefix)
      payload = joined(one.bytes, std::string(9, '\0'), drawn_bytes(joined(body, "chain"), kKeyBytes),
                       joined(std::string(1, '\0'), drawn_bytes(body, kKeyBytes)));
  return to_base58(joined(payload, double_sha256(payload)));
}

bool holds_bech32(std::string_view token) {
  if (token.size() > kMostBech32 || (has_lower(token) && has_upper(token))) return false;
  const std::string text = lowered(token);
  const auto cut = cut_at_last(text, '1');
  if (!cut || cut->head.empty() || cut->tail.size() < 6 || !all_of(cut->tail, kBech32)) return false;
  Polymod polymod;
  polymod.add_name(cut->head);
  for (const char c : cut->tail) polymod.add(static_cast<uint32_t>(kBech32.find(c)));
  return polymod.sum() == 1 || polymod.sum() == 0x2BC830A3;  // bech32, bech32m
}
// The case of the check characters goes with that of the prefix.
std::string complete_bech32(std::string_view prefix, std::string_view body) {
  Polymod polymod;
  polymod.add_name(lowered(prefix.substr(0, prefix.find('1'))));
  for (const char c : lowered(body)) polymod.add(static_cast<uint32_t>(std::min(kBech32.find(c), size_t{0} + 31)));
  for (int i = 0; i < 6; ++i) polymod.add(0);
  std::string check;
  for (int shift = 25; shift >= 0; shift -= 5) check += kBech32[(polymod.sum() ^ 1) >> shift & 31];
  if (has_upper(prefix))
    for (char& c : check)
      if (c >= 'a') c = static_cast<char>(c - 'a' + 'A');
  return joined(prefix, body, check);
}

bool holds_bip39(std::string_view token) {
  const std::vector<std::string_view> words = words_of(token, kMostWords + 1);
  if (words.size() < 12 || words.size() > kMostWords || words.size() % 3 != 0) return false;
  std::string bits;
  for (const std::string_view word : words) {
    const auto& list = bip39_words();
    const auto at = std::lower_bound(list.begin(), list.end(), word);
    if (at == list.end() || *at != word) return false;
    bits += bits_of(static_cast<uint32_t>(at - list.begin()), kWordBits);
  }
  const size_t check = words.size() / 3;  // bits
  const auto cut = cut_tail(bits, check);
  return cut && bip39_check_bits(bytes_of_bits(cut->head)) == cut->tail;
}
std::string complete_bip39(std::string_view prefix, std::string_view body) {
  const auto given = from_hex(body);
  const std::string entropy = given && given->size() >= 16 && given->size() <= 32 ? *given : drawn_bytes(body, 16);
  const std::string bits = joined(bits_of(entropy), bip39_check_bits(entropy));
  std::string text(prefix);
  for (size_t i = 0; i + kWordBits <= bits.size(); i += kWordBits) {
    size_t index = 0;
    for (const char bit : bits.substr(i, kWordBits)) index = index << 1 | (bit == '1' ? 1U : 0U);
    if (i > 0) text += ' ';
    text += bip39_words()[index];
  }
  return text;
}

bool holds_secp256k1_key(std::string_view token) {
  if (token.starts_with("0x")) token.remove_prefix(2);
  const std::string digits = lowered(token.substr(0, 65));
  return digits.size() == 64 && all_of(digits, kHexLower) && digits.find_first_not_of('0') != std::string::npos &&
         digits < kSecp256k1Order;
}

bool holds_solana_keypair(std::string_view token) {
  const auto bytes = token.starts_with('[') ? bytes_of_list(token) : from_base58(token);
  if (!bytes || bytes->size() != 2 * kKeyBytes) return false;
  const std::string_view both = *bytes;
  return ed25519_half(both.substr(0, kKeyBytes)) == both.substr(kKeyBytes);
}
std::string complete_solana_keypair(std::string_view, std::string_view body) {
  const std::string seed = drawn_bytes(body, kKeyBytes);
  return to_base58(joined(seed, ed25519_half(seed)));
}

}  // namespace sealwarden
