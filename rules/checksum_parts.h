// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sealwarden {

// What the checks of token formats share: alphabets, encodings, sums. All total and free of state.

inline constexpr std::string_view kDigitsUpperLower = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
inline constexpr std::string_view kDigitsLowerUpper = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
inline constexpr std::string_view kLettersDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
inline constexpr std::string_view kBase64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
inline constexpr std::string_view kBase64Url = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
inline constexpr std::string_view kBase32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
inline constexpr std::string_view kBase32Lower = "abcdefghijklmnopqrstuvwxyz234567";
inline constexpr std::string_view kBase36 = kDigitsLowerUpper.substr(0, 36);
inline constexpr std::string_view kHexLower = kDigitsLowerUpper.substr(0, 16);
inline constexpr std::string_view kHexUpper = kDigitsUpperLower.substr(0, 16);
inline constexpr std::string_view kDecimal = kDigitsUpperLower.substr(0, 10);

std::string joined(std::string_view a, std::string_view b, std::string_view c = {}, std::string_view d = {});
// Whether the text has characters of the alphabet only; the empty text has.
bool all_of(std::string_view text, std::string_view alphabet);

// A token cut in two; the parts are views of it.
struct Cut {
  std::string_view head, tail;
};
// `tail` gets `width` characters; nullopt if nothing would be left for the head.
std::optional<Cut> cut_tail(std::string_view token, size_t width);
// At the last `mark`, which belongs to neither part; nullopt if there is none.
std::optional<Cut> cut_at_last(std::string_view token, char mark);
// What follows the last "_"; empty if there is none.
std::string_view body_of(std::string_view head);

// `value` in `width` digits of the alphabet, the most significant first.
std::string encoded_number(uint64_t value, std::string_view alphabet, size_t width);
// Of 1 to 8 digits; nullopt for others and for foreign characters. Decoding the field, not encoding the sum, makes differences
// of padding vanish.
std::optional<uint64_t> decoded_number(std::string_view text, std::string_view alphabet);

uint32_t crc32(std::string_view bytes);  // CRC-32/ISO-HDLC
uint32_t byte_swapped(uint32_t value);
// Marvin32; the seed's name is 8 ASCII characters ("Default0"), read as a big-endian number.
uint32_t marvin32(std::string_view bytes, std::string_view seed);
// The four bytes of the number, the least significant first.
std::string little_endian(uint32_t value);
uint32_t from_little_endian(std::string_view four_bytes);

std::string to_base64(std::string_view bytes, std::string_view alphabet = kBase64, bool padded = true);
// Either alphabet, with or without "=" at the end; spare bits may be anything. nullopt if it is no base64.
std::optional<std::string> from_base64(std::string_view text);
std::string to_base32(std::string_view bytes, std::string_view alphabet = kBase32);  // no padding
std::optional<std::string> from_base32(std::string_view text, std::string_view alphabet = kBase32);
std::string to_hex(std::string_view bytes);
std::optional<std::string> from_hex(std::string_view text);  // either case, an even number of digits
// Of at most 128 characters, since the work grows with the square; leading "1" are bytes of zero.
std::optional<std::string> from_base58(std::string_view text);
std::string to_base58(std::string_view bytes);

// Bytes drawn from `seed`, for made tokens: the same for the same seed, different for others.
std::string drawn_bytes(std::string_view seed, size_t count);
// Characters drawn in the same way.
std::string drawn_text(std::string_view seed, std::string_view alphabet, size_t count);

}  // namespace sealwarden
