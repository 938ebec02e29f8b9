// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sealwarden {

// Check digits and inner structures of token formats. Add a name here, a row in checksum.cpp, a line in rules/README.md. Where one recipe serves
// formats that are known with unequal certainty it has several names: plain, ..._advisory, ..._hint (see Trust).
enum class Checksum : uint8_t {
  none,
  // CRC-32 (checksum_crc.cpp)
  crc32_base62_body,           // GitHub, npm, Vercel: last 6 = base62(crc32(body)); the body starts after the last "_"
  crc32_base62_body_advisory,  // Polar, NetBird, Review Board
  crc32_base62_body_hint,      // GitHub ghs_, SaladCloud
  crc32_base62_all_sep,        // Cfx.re: ..._check, base62 (not always padded) of crc32(everything before the last "_")
  crc32_base62_all_sep_advisory,  // Matrix Synapse
  crc32_hex_body,                 // Cloudflare cfk_/cfut_/cfat_: last 8 = hex(crc32(body between prefix "_" and check))
  crc32_hex_body_sep,             // Zuplo zpka_, Cashfree: ..._body_check
  crc32_hex_le_all,               // Grafana glsa_: little-endian hex of crc32(everything before the last "_")
  crc32_hex_all,       // Bitbucket ATBB, Atlassian ATATT/ATCTT (upper case): hex of crc32(everything before)
  crc32_hex_all_hint,  // Canva cnvca (lower case)
  crc32_base62l_all,   // Apify: 6 base62 (0-9a-zA-Z) of crc32(prefix + body); a hint
  crc32_base64_body,   // Confluent cflt: last 6 = base64 of the 4 little-endian bytes of crc32(body after 4 bytes of prefix)
  crc32_any,           // any issuer: one of the usual recipes fits a body of 30 or more letters and digits
  gitlab_routable,     // GitLab: ...B.01.LLCCCCCCC and the older ...B.LLCCCCCCC, base36
  laravel_sanctum,     // 12|[prefix_]body of 40, hex(crc32(body)); advisory
  hex_pm,              // hex_, 16 bytes in hex, hex(crc32(bytes)); advisory
  xata,                // xau_, xao_: 20 bytes and their CRC-32 in bit-packed base62; advisory
  // Other sums (checksum_sum.cpp)
  crates_io_xor,        // crates.io cio_tp_: last = XOR of the 31 bytes before, mod 62
  github_fine_grained,  // github_pat_: base32 of SHA-256 of the first 77 bytes; a hint
  luhn,                 // payment cards: digits, blanks and "-" between them allowed
  iban,                 // ISO 13616: mod 97; blanks allowed
  openpgp_crc24,        // an OpenPGP armour whose CRC-24, if it has one, fits
  nats_nkey,            // base32 of two bytes of kind, 32 of seed, CRC-16; advisory
  stellar_seed,         // base32 of a version, 32 bytes of seed, CRC-16; advisory
  base58check,          // WIF, xprv and so on: the last 4 bytes are a double SHA-256
  bech32,               // age, nsec: BCH code over name and data, bech32 or bech32m
  bip39,                // 12 to 24 English words with their SHA-256 bits
  secp256k1_key,        // 64 hex digits that are a private key of the curve (structure)
  solana_keypair,       // 64 bytes, base58 or a JSON array: Ed25519 seed and its public key
  // Microsoft (checksum_azure.cpp)
  azure_his_v1,           // ...signature + 6: Marvin32 with the seeds of the signature: storage, Cosmos DB, Redis
  azure_his_v1_advisory,  // the other services
  azure_his_v1_hint,      // container registry
  azure_cask_v0,          // 84 or 88 characters with JQQJ9 at 52: Marvin32
  azure_cask_v1,          // QJJQ: no sum, but fields that must be plausible (structure); advisory
  azure_ad_8q,            // ...8Q~...: 3 base66 digits of Marvin32; a hint
  azure_devops_legacy,    // 52 base32 characters, CRC-32 scattered over the bytes; advisory
  // Structures (checksum_structure.cpp, checksum_key_file.cpp)
  aws_key_id,             // base32 that carries an account of 12 digits; advisory
  jwt,                    // JSON header with alg, JSON payload, signature of the length of alg; what stands before eyJ is free
  pypi_macaroon,          // pypi- and a macaroon that parses
  discord_bot,            // first part: 17 to 20 digits in base64
  jfrog_reference,        // base64 of reftkn:01:expiry:random; advisory
  jfrog_api_key,          // AKCp and 69: base58 of 54 bytes; advisory
  sentry_org,             // sntrys_ base64 of JSON with iat, url, region_url, org; advisory
  grafana_cloud,          // glc_ base64 of JSON with o, n, k; advisory
  grafana_legacy,         // base64 of JSON with k, n, id; advisory
  onepassword_account,    // ops_ base64 of JSON with signInAddress, userAuth, secretKey; advisory
  atlassian_dc,           // base64 of 12 digits, a colon and 20 bytes; advisory
  volcengine_key_id,      // AKLT and base64 of 32 hex digits; advisory
  shopee_partner,         // shpk and 60 hex digits of 30 letters; advisory
  convex_deploy,          // kind:name|01 and an even number of hex digits; advisory
  basic_auth,             // base64 of printable user:password
  fernet_key,             // base64 of 32 bytes; advisory
  fernet_token,           // version, time, 16-byte blocks, HMAC; advisory
  wireguard_key,          // base64 of 32 bytes, clamped as private keys are; advisory
  uuid,                   // version 1 to 8, variant 8, 9, a or b; advisory
  openssh_key,            // PEM text: openssh-key-v1 whose lengths fit, and equal check numbers if not encrypted; advisory
  pem_key,                // PEM text: PKCS #1, SEC 1, DSA or PKCS #8 whose DER lengths fit; advisory
  putty_key,              // .ppk text: headers, as many lines as they say; advisory
};
inline constexpr Checksum kLastChecksum = Checksum::putty_key;

// What a failed check means.
enum class Trust : uint8_t {
  sure,      // confirmed by the issuer or its published samples: the match is refused
  advisory,  // read in the issuer's documents or code, but not tried on samples: the match stays, with low confidence
  hint,      // reported by others, or some published samples fail: nothing
};
Trust trust_of(Checksum);

// What a check that holds says.
enum class Evidence : uint8_t {
  structure,  // the parts are what they must be
  digit,      // check digits of few bits
  proof,      // a sum that chance does not meet
};
Evidence evidence_of(Checksum);

// What the check of its rule says of a match that was not refused.
enum class CheckResult : uint8_t {
  silent,  // no check, or a hint that failed
  holds,
  fails,  // an advisory one
};

std::string_view name_of(Checksum);                             // "crc32-base62-body"
std::optional<Checksum> parse_checksum(std::string_view name);  // nullopt: unknown name
std::vector<std::string_view> checksum_names();                 // all, for messages

// Whether `token` (the whole token, prefix included) passes. Total: any bytes may be passed; the work is linear in the token's
// length, or bounded by a constant.
bool checksum_holds(Checksum, std::string_view token);
// A token of this format for examples: checksum_holds() is true of it if prefix and body have the form that the check's
// description in rules/README.md names. Mostly `prefix` + `body` + check characters (with their separator); of formats
// that wrap their content the body is that content, or what it is drawn from.
std::string checksum_complete(Checksum, std::string_view prefix, std::string_view body);

}  // namespace sealwarden
