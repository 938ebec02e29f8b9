// SPDX-License-Identifier: Apache-2.0
#include "scanner/base/digest.h"

#include <openssl/evp.h>

#include <memory>
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

std::array<uint8_t, 20> sha1(Bytes head, Bytes data) {
  struct Free {
    void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
  };
  thread_local const std::unique_ptr<EVP_MD_CTX, Free> context(EVP_MD_CTX_new());
  thread_local const std::unique_ptr<EVP_MD, decltype(&EVP_MD_free)> algorithm(EVP_MD_fetch(nullptr, "SHA1", nullptr), &EVP_MD_free);
  std::array<uint8_t, 20> digest{};
  unsigned size = 0;
  if (EVP_DigestInit_ex2(context.get(), algorithm.get(), nullptr) != 1 ||
      EVP_DigestUpdate(context.get(), head.data(), head.size()) != 1 ||
      EVP_DigestUpdate(context.get(), data.data(), data.size()) != 1 ||
      EVP_DigestFinal_ex(context.get(), digest.data(), &size) != 1 || size != digest.size())
    throw std::runtime_error("OpenSSL refuses SHA-1");
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

std::array<uint8_t, 32> ed25519_public_key(Bytes seed) {
  const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key(
      EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, reinterpret_cast<const unsigned char*>(seed.data()), seed.size()),
      &EVP_PKEY_free);
  std::array<uint8_t, 32> half{};
  size_t size = half.size();
  if (key == nullptr || EVP_PKEY_get_raw_public_key(key.get(), half.data(), &size) != 1 || size != half.size())
    throw std::runtime_error("OpenSSL refuses Ed25519");
  return half;
}

}  // namespace sealwarden
