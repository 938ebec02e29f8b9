// SPDX-License-Identifier: Apache-2.0
#include "scanner/engine/entropy.h"

#include <array>
#include <cmath>
#include <cstdint>

namespace sealwarden {
namespace {

// What a byte forces the alphabet to hold, as bits.
enum : uint8_t { kDigit = 1, kHexLower = 2, kHexUpper = 4, kLower = 8, kUpper = 16, kBase64 = 32, kOther = 64 };

uint8_t class_of(char raw) {
  if (raw >= '0' && raw <= '9') return kDigit;
  if (raw >= 'a' && raw <= 'f') return kHexLower;
  if (raw >= 'A' && raw <= 'F') return kHexUpper;
  if (raw >= 'g' && raw <= 'z') return kLower;
  if (raw >= 'G' && raw <= 'Z') return kUpper;
  if (raw == '+' || raw == '/' || raw == '-' || raw == '_' || raw == '=') return kBase64;
  return kOther;
}

}  // namespace

double shannon_entropy(Bytes text) {
  std::array<size_t, 256> counts{};
  for (const char raw : text) ++counts[static_cast<unsigned char>(raw)];
  double bits = 0;
  for (const size_t count : counts)
    if (count != 0) {
      const double share = static_cast<double>(count) / static_cast<double>(text.size());
      bits -= share * std::log2(share);
    }
  return bits;
}

double entropy_bar(const EntropyCheck& check, Bytes text) {
  uint8_t seen = 0;
  for (const char raw : text) seen |= class_of(raw);
  if (seen & kOther) return check.any;
  if (seen & kBase64) return check.base64;
  const bool lower = seen & (kLower | kHexLower), upper = seen & (kUpper | kHexUpper);
  if (!lower && !upper) return check.digits;
  if (!(lower && upper)) return seen & (kLower | kUpper) ? check.base36 : check.hex;
  return check.base62;
}

}  // namespace sealwarden
