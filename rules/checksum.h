// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sealwarden {

// Check digits of token formats. Facts: shared/facts/token-formats.md (sections named beside each), vectors of the same
// folder are run in the tests. Add a name here and a row in checksum.cpp.
enum class Checksum : uint8_t {
  none,
  crc32_base62_body,    // §1.1 GitHub, npm, Vercel: last 6 = base62(crc32(body)); body starts after the last "_" of the prefix
  crc32_hex_body,       // §1.3 Cloudflare cfk_/cfut_/cfat_: last 8 = hex(crc32(body between prefix "_" and check))
  crc32_hex_body_sep,   // §1.3 Zuplo zpka_, Cashfree: ..._body_check
  crc32_hex_le_all,     // §1.3 Grafana glsa_: little-endian hex of crc32(everything before the last "_")
  crc32_hex_all,        // §1.3 Canva cnvca, Bitbucket ATBB (upper), Atlassian ATATT/ATCTT: hex of crc32(everything before)
  crc32_base62l_all,    // §1.2 Apify: 6 base62 (0-9a-zA-Z) of crc32(prefix + body)
  crc32_base64_body,    // §1.4 Confluent cflt
  gitlab_routable,      // §1.5
  crates_io_xor,        // §1.7
  github_fine_grained,  // §2.1/2.2 github_pat_: SHA-256; advisory only
};

// How sure the recipe is: a failed `sure` checksum refuses the match, an `advisory` one only leaves the confidence low.
bool checksum_is_sure(Checksum);
std::string_view name_of(Checksum);                              // "crc32-base62-body"
std::optional<Checksum> parse_checksum(std::string_view name);   // nullopt: unknown name

// Whether `token` (the whole token, prefix included) carries a right checksum. Total: any bytes may be passed.
bool checksum_holds(Checksum, std::string_view token);
// `prefix` + `body` + the check characters that make checksum_holds() true: the maker of example tokens.
std::string checksum_complete(Checksum, std::string_view prefix, std::string_view body);

}  // namespace sealwarden
