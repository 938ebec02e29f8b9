// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sealwarden {

// Check digits of token formats. Add a name here and a row in checksum.cpp. "Advisory" forms are for issuers
// that never confirmed the recipe, or some of whose tokens fail it.
enum class Checksum : uint8_t {
  none,
  crc32_base62_body,  // GitHub, npm, Vercel: last 6 = base62(crc32(body)); the body starts after the last "_"
  crc32_base62_body_advisory,  // the same where it is only a hint: GitHub ghs_, SaladCloud
  crc32_base62_all_sep,  // Cfx.re, Synapse: ..._check, base62 (not always padded) of crc32(everything before
                         // the last "_")
  crc32_hex_body,      // Cloudflare cfk_/cfut_/cfat_: last 8 = hex(crc32(body between prefix "_" and check))
  crc32_hex_body_sep,  // Zuplo zpka_, Cashfree: ..._body_check
  crc32_hex_le_all,    // Grafana glsa_: little-endian hex of crc32(everything before the last "_")
  crc32_hex_all,       // Bitbucket ATBB, Atlassian ATATT/ATCTT (upper case): hex of crc32(everything before)
  crc32_hex_all_advisory,  // the same where it is only a hint: Canva cnvca (lower case)
  crc32_base62l_all,       // Apify: 6 base62 (0-9a-zA-Z) of crc32(prefix + body); advisory
  crc32_base64_body,    // Confluent cflt: last 6 = base64 of the 4 little-endian bytes of crc32(body after 4
                        // bytes of prefix)
  gitlab_routable,      // GitLab: ...B.01.LLCCCCCCC and the older ...B.LLCCCCCCC, base36
  crates_io_xor,        // crates.io cio_tp_: last = XOR of the 31 bytes before, mod 62
  github_fine_grained,  // github_pat_: base32 of SHA-256 of the first 77 bytes; advisory
};

// How sure the recipe is: a failed `sure` checksum refuses the match, an `advisory` one only leaves the
// confidence low.
bool checksum_is_sure(Checksum);
std::string_view name_of(Checksum);                             // "crc32-base62-body"
std::optional<Checksum> parse_checksum(std::string_view name);  // nullopt: unknown name
std::vector<std::string_view> checksum_names();                 // all, for messages

// Whether `token` (the whole token, prefix included) carries a right checksum. Total: any bytes may be
// passed.
bool checksum_holds(Checksum, std::string_view token);
// `prefix` + `body` + the check characters (with their separator, if the format has one) that make
// checksum_holds() true: the maker of example tokens. The body must have the length of the format, without
// check characters.
std::string checksum_complete(Checksum, std::string_view prefix, std::string_view body);

}  // namespace sealwarden
