// SPDX-License-Identifier: Apache-2.0
#include "scanner/base/digest.h"

#include <openssl/evp.h>

#include <stdexcept>

namespace sealwarden {
namespace {

// Chosen so that a guess costs milliseconds while a report with thousands of weak values still takes seconds.
constexpr int kSlowRounds = 20'000;

}  // namespace

Sha256 sha256(Bytes data) {
  Sha256 digest{};
  unsigned size = 0;
  if (EVP_Digest(data.data(), data.size(), digest.data(), &size, EVP_sha256(), nullptr) != 1 || size != digest.size())
    throw std::runtime_error("OpenSSL refuses SHA-256");
  return digest;
}

std::string hex(const Sha256& digest, size_t digits) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  for (const uint8_t byte : digest) {
    text += kDigits[byte >> 4];
    text += kDigits[byte & 15];
  }
  text.resize(digits);
  return text;
}

Sha256 slow_hash(Bytes value, Bytes salt) {
  Sha256 digest{};
  if (PKCS5_PBKDF2_HMAC(value.data(), static_cast<int>(value.size()),
                        reinterpret_cast<const unsigned char*>(salt.data()), static_cast<int>(salt.size()), kSlowRounds,
                        EVP_sha256(), static_cast<int>(digest.size()), digest.data()) != 1)
    throw std::runtime_error("OpenSSL refuses PBKDF2");
  return digest;
}

}  // namespace sealwarden
