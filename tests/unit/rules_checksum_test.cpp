// SPDX-License-Identifier: Apache-2.0
#include "rules/checksum.h"

#include "rules/token_maker.h"
#include "tests/support/catch.h"

using namespace sealwarden;

namespace {

struct Format {
  Checksum checksum;
  std::string prefix, alphabet;
  uint32_t length;
  std::string suffix;
  size_t token_size;
  size_t covered_from;  // first byte whose change must be noticed
  size_t uncovered_tail = 0;
};

const std::vector<Format> kFormats = {
    {Checksum::crc32_base62_body, "ghp_", "base62", 30, "", 40, 4},
    {Checksum::crc32_base62_body, "polar_oat_", "base62", 37, "", 53, 10},
    {Checksum::crc32_base62_body_hint, "ghs_", "base62", 30, "", 40, 4},
    {Checksum::crc32_base62_all_sep, "cfxk_", "base62", 20, "", 32, 0},
    {Checksum::crc32_hex_body, "cfut_", "base62", 40, "", 53, 5},
    {Checksum::crc32_hex_body_sep, "cfsk_ma_prod_", "hex", 32, "", 54, 13},
    {Checksum::crc32_hex_le_all, "glsa_", "base62", 32, "", 46, 0},
    {Checksum::crc32_hex_all, "ATBB", "base62", 24, "", 36, 0},
    {Checksum::crc32_hex_all, "ATATT3xFfGF0", "base64url", 171, "=", 192, 0},
    {Checksum::crc32_hex_all_hint, "cnvca", "base64url", 43, "", 56, 0},
    {Checksum::crc32_base62l_all, "apify_api_", "base62", 30, "", 46, 0},
    {Checksum::crc32_base64_body, "cflt", "base64", 54, "", 64, 4},
    {Checksum::gitlab_routable, "glpat-", "base64url", 40, "", 59, 0},
    {Checksum::github_fine_grained, "github_pat_", "base62", 74, "", 93, 0, 8},
};

std::string made(const Format& format, bool damage = false) {
  return make_token({format.prefix, format.alphabet, format.length, format.checksum, format.suffix, damage},
                    "seed");
}

}  // namespace

TEST_CASE("a made token holds and every change of a covered byte is noticed") {
  for (const Format& format : kFormats) {
    const std::string token = made(format);
    INFO(name_of(format.checksum) << " " << format.prefix);
    CHECK(token.size() == format.token_size);
    CHECK(checksum_holds(format.checksum, token));
    CHECK_FALSE(checksum_holds(format.checksum, made(format, true)));
    for (size_t i = format.covered_from; i < token.size() - format.uncovered_tail; ++i) {
      std::string changed = token;
      changed[i] = changed[i] == '7' ? '8' : '7';
      CAPTURE(i);
      CHECK_FALSE(checksum_holds(format.checksum, changed));
    }
  }
}

TEST_CASE("the weak checksum of crates.io holds for made tokens and damage breaks it") {
  const TokenRecipe good{"cio_tp_", "base62", 31, Checksum::crates_io_xor, "", false};
  TokenRecipe bad = good;
  bad.damage = true;
  for (int i = 0; i < 200; ++i) {
    CHECK(checksum_holds(good.checksum, make_token(good, std::to_string(i))));
    CHECK_FALSE(checksum_holds(good.checksum, make_token(bad, std::to_string(i))));
  }
}

TEST_CASE("checksums take any bytes") {
  const std::string odd[] = {"",
                             "_",
                             "__",
                             ".",
                             "...",
                             "a",
                             "\xff\xfe",
                             std::string(3, '\0'),
                             "_123456",
                             "12345678",
                             "_12345678",
                             ".01.000000000",
                             "cflt123456",
                             std::string(1000, '_'),
                             std::string(93, '.')};
  for (const std::string_view name : checksum_names()) {
    const Checksum checksum = *parse_checksum(name);
    for (const std::string& text : odd) {
      if (checksum != Checksum::none) CHECK_FALSE(checksum_holds(checksum, text));
      checksum_complete(checksum, text, text);
    }
  }
}

TEST_CASE("checksum names go both ways") {
  for (const std::string_view name : checksum_names())
    CHECK(name_of(*parse_checksum(name)) == name);
  CHECK_FALSE(parse_checksum("crc32"));
  CHECK(trust_of(Checksum::none) == Trust::hint);
  CHECK(trust_of(Checksum::crc32_base62_body) == Trust::sure);
  CHECK(trust_of(Checksum::crc32_base62_body_advisory) == Trust::advisory);
  CHECK(trust_of(Checksum::github_fine_grained) == Trust::hint);
}

TEST_CASE("forms that differ in case, padding or escapes hold") {
  const std::string hex = made({Checksum::crc32_hex_all, "ATBB", "base62", 24, "", 0, 0});
  std::string lower = hex;
  for (size_t i = hex.size() - 8; i < hex.size(); ++i)
    if (lower[i] >= 'A' && lower[i] <= 'F') lower[i] = static_cast<char>(lower[i] - 'A' + 'a');
  CHECK(checksum_holds(Checksum::crc32_hex_all, lower));

  const std::string atlassian = made(kFormats[8]);
  for (const char* form : {"\\=", "%3D"}) {
    std::string escaped = atlassian;
    escaped.replace(escaped.size() - 9, 1, form);
    CHECK(checksum_holds(Checksum::crc32_hex_all, escaped));
  }
}
