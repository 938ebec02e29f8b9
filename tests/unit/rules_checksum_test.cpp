// SPDX-License-Identifier: Apache-2.0
#include "rules/checksum.h"

#include <algorithm>
#include <set>

#include "rules/checksum_parts.h"
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
    {Checksum::crc32_any, "acme_", "base62", 36, "", 47, 5},
    {Checksum::laravel_sanctum, "12|", "base62", 40, "", 51, 3},
    {Checksum::laravel_sanctum, "7|app_", "base62", 40, "", 54, 6},
    {Checksum::hex_pm, "hex_", "hex", 32, "", 44, 4},
    {Checksum::xata, "xao_", "base62", 20, "", 37, 4, 1},
    {Checksum::luhn, "4", "digits", 14, "", 16, 0},
    {Checksum::iban, "DE", "digits", 18, "", 22, 0},
    {Checksum::nats_nkey, "SU", "base32", 56, "", 58, 0, 1},
    {Checksum::stellar_seed, "S", "base32", 55, "", 56, 0},
    {Checksum::base58check, "5", "base58", 50, "", 51, 0},
    {Checksum::base58check, "K", "base58", 51, "", 52, 0},
    {Checksum::base58check, "xprv", "base58", 107, "", 111, 0},
    {Checksum::bech32, "AGE-SECRET-KEY-1", "chars:QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L", 52, "", 74, 0},
    {Checksum::bech32, "nsec1", "chars:qpzry9x8gf2tvdw0s3jn54khce6mua7l", 52, "", 63, 0},
    {Checksum::solana_keypair, "", "base58", 88, "", 88, 0},
    {Checksum::azure_his_v1, "+ASt", "base64", 76, "", 88, 0, 3},
    {Checksum::azure_his_v1, "AzCa", "base64", 33, "", 44, 0, 2},
    {Checksum::azure_his_v1_advisory, "AzSe", "base64", 42, "", 52, 0},
    {Checksum::azure_his_v1_advisory, "AzFu", "base64url", 44, "", 56, 0, 3},
    {Checksum::azure_his_v1_hint, "+ACR", "base64", 42, "", 52, 0},
    {Checksum::azure_cask_v0, "", "base62", 52, "JQQJ99CKACAAAAAAAAAAAAASAZDO", 84, 0},
    {Checksum::azure_ad_8q, "a1B8Q~", "base62", 31, "", 40, 0},
    {Checksum::azure_devops_legacy, "", "chars:abcdefghijklmnopqrstuvwxyz234567", 52, "", 52, 0, 1},
};

// Structures notice only what breaks them: that some damage does so is asked of them.
const std::vector<Format> kStructures = {
    {Checksum::openpgp_crc24, "PRIVATE KEY BLOCK", "base64", 400, "", 0, 0},
    {Checksum::bip39, "", "hex", 32, "", 0, 0},
    {Checksum::bip39, "", "hex", 64, "", 0, 0},
    {Checksum::azure_cask_v1, "", "base62", 43, "AQJJQABAATESTAABKXXab", 64, 0},
    {Checksum::aws_key_id, "AKIA", "base32", 16, "", 20, 0},
    {Checksum::jwt, "", "base62", 20, "", 0, 0},
    {Checksum::jwt, R"({"iss":"supabase","role":"service_role"})", "base62", 20, "", 0, 0},
    {Checksum::pypi_macaroon, "pypi-AgEIcHlwaS5vcmc", "base62", 20, "", 0, 0},
    {Checksum::pypi_macaroon, "pypi-AgENdGVzdC5weXBpLm9yZw", "base62", 20, "", 0, 0},
    {Checksum::discord_bot, "", "base64url", 38, "", 70, 0},
    {Checksum::jfrog_reference, "", "base62", 27, "", 64, 0},
    {Checksum::jfrog_api_key, "AKCp", "base58", 69, "", 73, 0},
    {Checksum::sentry_org, "sntrys_", "base62", 43, "", 0, 0},
    {Checksum::grafana_cloud, "glc_", "base62", 24, "", 0, 0},
    {Checksum::grafana_legacy, "", "base62", 32, "", 0, 0},
    {Checksum::onepassword_account, "ops_", "base62", 40, "", 0, 0},
    {Checksum::atlassian_dc, "", "base62", 20, "", 44, 0},
    {Checksum::volcengine_key_id, "AKLT", "hex", 32, "", 47, 0},
    {Checksum::shopee_partner, "shpk", "lower", 30, "", 64, 0},
    {Checksum::convex_deploy, "prod:happy-fox-123|01", "hex", 72, "", 93, 0},
    {Checksum::basic_auth, "deploy:", "base62", 14, "", 28, 0},
    {Checksum::fernet_key, "", "base64url", 43, "", 44, 0},
    {Checksum::fernet_token, "", "base64url", 43, "", 100, 0},
    {Checksum::wireguard_key, "", "base64", 43, "", 44, 0},
    {Checksum::uuid, "", "chars:0123456789abcdefg", 32, "", 36, 0},
    {Checksum::openssh_key, "none", "base64", 40, "", 0, 0},
    {Checksum::openssh_key, "aes256-ctr", "base64", 40, "", 0, 0},
    {Checksum::pem_key, "RSA PRIVATE KEY", "base64", 40, "", 0, 0},
    {Checksum::pem_key, "DSA PRIVATE KEY", "base64", 40, "", 0, 0},
    {Checksum::pem_key, "EC PRIVATE KEY", "base64", 40, "", 0, 0},
    {Checksum::pem_key, "PRIVATE KEY", "base64", 40, "", 0, 0},
    {Checksum::pem_key, "ENCRYPTED PRIVATE KEY", "base64", 40, "", 0, 0},
    {Checksum::putty_key, "3 none", "base64", 40, "", 0, 0},
    {Checksum::putty_key, "2 aes256-cbc", "base64", 40, "", 0, 0},
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

TEST_CASE("made structures hold, damaged ones do not") {
  for (const Format& format : kStructures) {
    const std::string token = made(format);
    INFO(name_of(format.checksum) << " " << format.prefix << " " << token);
    if (format.token_size != 0) CHECK(token.size() == format.token_size);
    CHECK(checksum_holds(format.checksum, token));
    CHECK_FALSE(checksum_holds(format.checksum, made(format, true)));
  }
}

TEST_CASE("every check has a format here") {
  std::set<Checksum> seen = {Checksum::none, Checksum::crates_io_xor, Checksum::secp256k1_key,
                             Checksum::crc32_base62_body_advisory, Checksum::crc32_base62_all_sep_advisory};
  for (const auto* list : {&kFormats, &kStructures})
    for (const Format& format : *list) seen.insert(format.checksum);
  CHECK(seen.size() == checksum_names().size());
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

// Each string is a heap block of its own size, so that AddressSanitizer sees a byte too far.
void take(const std::string& text) {
  for (const std::string_view name : checksum_names()) {
    const std::string exact(text.data(), text.size());
    checksum_holds(*parse_checksum(name), exact);
  }
}

TEST_CASE("checksums take what is cut short, changed or drawn") {
  for (const auto* list : {&kFormats, &kStructures})
    for (const Format& format : *list) {
      const std::string token = made(format);
      for (size_t size = 0; size < token.size(); ++size) checksum_holds(format.checksum, token.substr(0, size));
      for (size_t start = 0; start < token.size(); ++start) checksum_holds(format.checksum, token.substr(start));
      for (size_t i = 0; i < token.size(); ++i) {
        std::string changed = token;
        changed[i] = static_cast<char>(i * 37 + 129);
        checksum_holds(format.checksum, changed);
      }
    }
  for (size_t size = 0; size < 130; ++size) {
    take(drawn_bytes("any", size));
    take(drawn_text("any", kBase64, size));
    take("-----BEGIN RSA PRIVATE KEY-----\n" + drawn_text("pem", kBase64, size) + "\n-----END RSA PRIVATE KEY-----");
  }
  for (const char c : {'1', 'A', '0', '=', '\n', '{', '['}) take(std::string(70'000, c));
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

TEST_CASE("GitLab's older routable form, without a version") {
  const std::string body = to_base64("c:1\no:1\nu:2s" + drawn_bytes("seed", 16) + "\x10", kBase64Url, false);
  const std::string head = "glpat-" + body + "." + encoded_number(body.size(), kBase36, 2);
  const std::string token = head + encoded_number(crc32(head), kBase36, 7);
  CHECK(checksum_holds(Checksum::gitlab_routable, token));
  CHECK_FALSE(checksum_holds(Checksum::gitlab_routable, "glpau-" + token.substr(6)));
}

TEST_CASE("any of the usual sums of an unknown issuer is seen") {
  const std::string body = drawn_text("seed", kLettersDigits, 32), hex = to_hex(drawn_bytes("seed", 16));
  const std::string all = "corp_key_" + body;
  const auto holds = [](const std::string& token) { return checksum_holds(Checksum::crc32_any, token); };
  CHECK(holds(all + encoded_number(crc32(body), kDigitsUpperLower, 6)));
  CHECK(holds(all + encoded_number(crc32(all), kDigitsLowerUpper, 6)));
  CHECK(holds(all + encoded_number(crc32(body), kHexLower, 8)));
  CHECK(holds(all + encoded_number(byte_swapped(crc32(all)), kHexUpper, 8)));
  CHECK(holds(all + "_" + encoded_number(crc32(all), kHexLower, 8)));
  CHECK(holds(all + encoded_number(crc32(all), kBase36, 7)));
  CHECK(holds("hex_" + hex + encoded_number(crc32(*from_hex(hex)), kHexLower, 8)));
  CHECK(holds("12|" + body + "A1B2C3D4" + encoded_number(crc32(body + "A1B2C3D4"), kHexLower, 8)));
  CHECK_FALSE(holds(all + "000000"));
  CHECK_FALSE(holds("x_" + body.substr(0, 20) + encoded_number(crc32(body.substr(0, 20)), kDigitsUpperLower, 6)));
  size_t by_chance = 0;
  for (int i = 0; i < 20'000; ++i) by_chance += holds("acme_" + drawn_text(std::to_string(i), kLettersDigits, 40)) ? 1 : 0;
  CHECK(by_chance == 0);
}

TEST_CASE("Redis keys that were handed out with letters for + and / hold") {
  size_t tried = 0;
  for (int i = 0; i < 40; ++i) {
    std::string key = checksum_complete(Checksum::azure_his_v1, "AzCa", drawn_text("k" + std::to_string(i), kBase64, 33));
    const size_t special = static_cast<size_t>(std::count(key.begin(), key.end(), '+') + std::count(key.begin(), key.end(), '/'));
    std::replace(key.begin(), key.end(), '+', 'P');
    std::replace(key.begin(), key.end(), '/', 'F');
    if (special == 0 || std::count(key.begin(), key.end(), 'P') + std::count(key.begin(), key.end(), 'F') > 8) continue;
    CHECK(checksum_holds(Checksum::azure_his_v1, key));
    ++tried;
  }
  CHECK(tried > 10);
}

TEST_CASE("each seed of a service counts") {
  for (const char* seed : {"Send0000", "Listen00", "Manage00"}) {
    const std::string covered = *from_base64(drawn_text(seed, kBase64, 33) + "+ASbAAAAAA");
    const std::string head = covered.substr(0, 28);
    CHECK(checksum_holds(Checksum::azure_his_v1_advisory, to_base64(head + little_endian(marvin32(head, seed)))));
  }
}

TEST_CASE("a CASK key with both ways of writing its sum") {
  const std::string head = drawn_text("seed", kLettersDigits, 52) + "JQQJ99CKACAAAAAAAAAAAAASAZEG";
  const std::string sum = little_endian(marvin32(*from_base64(head), "Default0"));
  CHECK(checksum_holds(Checksum::azure_cask_v0, head + to_base64(sum)));
  CHECK(checksum_holds(Checksum::azure_cask_v0, head + to_base64(sum).substr(0, 4)));
  CHECK(checksum_holds(Checksum::azure_cask_v0, checksum_complete(Checksum::azure_cask_v0, "", head)));
  CHECK_FALSE(checksum_holds(Checksum::azure_cask_v0, head.substr(0, 59) + "Z" + head.substr(60) + to_base64(sum)));
}

TEST_CASE("CASK keys of the new form: the fields must be plausible") {
  const auto holds = [](const std::string& fixed, size_t secret = 43) {
    return checksum_holds(Checksum::azure_cask_v1, drawn_text("seed", kLettersDigits, secret) + fixed);
  };
  CHECK(holds("AQJJQABAATESTAABKXXab"));
  CHECK(holds("AQJJQABBATESTdataAABKXXab"));
  CHECK(holds("AAQJJQACAATESTAABKXXab", 86));
  CHECK_FALSE(holds("AQJJQABAATESTdataAABKXXab"));  // fields that nobody announced
  CHECK_FALSE(holds("AQJJQACAATESTAABKXXab"));      // the size of another secret
  CHECK_FALSE(holds("AQJJQABAATESTAABMXXab"));      // month 13
  CHECK_FALSE(holds("AQJJQABAATESTAABKfXab"));      // day 32
  CHECK_FALSE(holds("AQJJQABAATESTAABKXYab"));      // hour 24
  CHECK_FALSE(holds("BQJJQABAATESTAABKXXab"));      // no padding
}

TEST_CASE("AWS: ids of old carry no account, new ones one of twelve digits") {
  const auto holds = [](const char* body) { return checksum_holds(Checksum::aws_key_id, std::string("AKIA") + body); };
  CHECK(holds("IOSFODNN7AAAAAAA"));
  CHECK(holds("QAAAAAAAAAAAAAAA"));
  CHECK_FALSE(holds("7777777777777777"));
  CHECK_FALSE(holds("IOSFODNN8AAAAAAA"));
  CHECK_FALSE(holds("IOSFODNN7AAAAAA"));
}

TEST_CASE("tokens of JSON: what is inside decides") {
  const auto token = [](const std::string& header, const std::string& payload, size_t signature) {
    return to_base64(header, kBase64Url, false) + "." + to_base64(payload, kBase64Url, false) + "." +
           to_base64(drawn_bytes("s", signature), kBase64Url, false);
  };
  const auto holds = [](const std::string& text) { return checksum_holds(Checksum::jwt, text); };
  for (const auto& [algorithm, size] : std::vector<std::pair<std::string, size_t>>{
           {"HS256", 32}, {"HS384", 48}, {"HS512", 64}, {"RS256", 256}, {"PS512", 512}, {"ES256", 64}, {"ES384", 96},
           {"ES512", 132}, {"EdDSA", 64}, {"EdDSA", 114}, {"none", 0}, {"new", 7}}) {
    CHECK(holds(token(R"({"alg":")" + algorithm + R"("})", "{}", size)));
    if (algorithm != "new") CHECK_FALSE(holds(token(R"({"alg":")" + algorithm + R"("})", "{}", size + 1)));
  }
  const std::string good = token(R"({"alg":"HS256"})", "{}", 32);
  CHECK(holds(token("{\n  \"alg\": \"HS256\"\n}", R"({"a":[1,{"b":null}]})", 32)));
  CHECK(holds("ghs_1234_" + good));
  CHECK_FALSE(holds(token(R"({"alg":5})", "{}", 32)));
  CHECK_FALSE(holds(token(R"({"typ":"JWT"})", "{}", 32)));
  CHECK_FALSE(holds(token(R"({"alg":"HS256"})", "[]", 32)));
  CHECK_FALSE(holds(token(R"({"alg":"HS256"})", R"({"a":)", 32)));
  CHECK_FALSE(holds(good.substr(0, good.size() - 1)));
  CHECK_FALSE(holds("{}"));
  CHECK_FALSE(holds(token(R"({"alg":"HS256","x":)" + std::string(5000, '[') + "}", "{}", 32)));
}

TEST_CASE("key files hold as they stand in programs") {
  const std::string pem = checksum_complete(Checksum::pem_key, "EC PRIVATE KEY", "seed");
  const auto rewritten = [&](const std::string& line_end) {
    std::string text = pem;
    for (size_t at = text.find('\n'); at != std::string::npos; at = text.find('\n', at + line_end.size()))
      text.replace(at, 1, line_end);
    return text;
  };
  for (const char* line_end : {"\r\n", "\\n", "\\\\n", "\\n\" +\n  \"", "\n    ", "\n# "})
    CHECK(checksum_holds(Checksum::pem_key, rewritten(line_end)));
  CHECK(checksum_holds(Checksum::pem_key, rewritten("\n...\n")));  // not judged
  CHECK_FALSE(checksum_holds(Checksum::pem_key, rewritten("\nAAAA\n")));
  const std::string openssh = checksum_complete(Checksum::openssh_key, "none", "seed");
  CHECK_FALSE(checksum_holds(Checksum::openssh_key, openssh.substr(0, 140) + openssh.substr(144)));
  const std::string encrypted = "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n\nabcd\n-----END RSA PRIVATE KEY-----";
  CHECK(checksum_holds(Checksum::pem_key, encrypted));

  const std::string putty = checksum_complete(Checksum::putty_key, "3 none", "seed");
  CHECK(checksum_holds(Checksum::putty_key, putty.substr(0, putty.find("-MAC"))));
  CHECK_FALSE(checksum_holds(Checksum::putty_key, putty.substr(0, putty.find("Private-Lines"))));
}

TEST_CASE("an OpenPGP sum counts only where it stands plainly") {
  const std::string text = checksum_complete(Checksum::openpgp_crc24, "PRIVATE KEY BLOCK", drawn_text("seed", kBase64, 200));
  const size_t sum = text.rfind("\n=");
  std::string wrong = text, without = text;
  wrong.replace(sum + 2, 4, wrong.substr(sum + 2, 4) == "AAAA" ? "BBBB" : "AAAA");
  without.erase(sum, 6);
  const auto holds = [](const std::string& armour) { return checksum_holds(Checksum::openpgp_crc24, armour); };
  CHECK(holds(text));
  CHECK(holds(without));
  CHECK_FALSE(holds(wrong));
  wrong.insert(sum, "\nsomething else (of a program)");
  CHECK(holds(wrong));
  CHECK_FALSE(holds("no armour"));
}

TEST_CASE("numbers that people write in groups") {
  const std::string card = checksum_complete(Checksum::luhn, "4", "00000000000000"), iban = checksum_complete(Checksum::iban, "GB", "WEST12345698765432");
  CHECK(checksum_holds(Checksum::luhn, card.substr(0, 4) + " " + card.substr(4, 4) + "-" + card.substr(8)));
  CHECK(iban.substr(2, 2) == "82");  // the example of the standard
  CHECK(checksum_holds(Checksum::iban, iban.substr(0, 4) + " " + iban.substr(4)));
  CHECK_FALSE(checksum_holds(Checksum::luhn, "0000000"));
}

TEST_CASE("private keys of secp256k1 lie below its order") {
  const auto holds = [](const std::string& digits) { return checksum_holds(Checksum::secp256k1_key, digits); };
  const std::string order = "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd036414";
  CHECK(holds(order + "0"));
  CHECK(holds("0x" + order + "0"));
  CHECK_FALSE(holds(order + "1"));
  CHECK_FALSE(holds(std::string(64, '0')));
  CHECK_FALSE(holds(order));
}

TEST_CASE("a Solana key pair as a list of numbers") {
  const std::string bytes = *from_base58(checksum_complete(Checksum::solana_keypair, "", "seed"));
  std::string list;
  for (const char c : bytes) list += (list.empty() ? "[" : ", ") + std::to_string(static_cast<unsigned char>(c));
  CHECK(checksum_holds(Checksum::solana_keypair, list + "]"));
  CHECK_FALSE(checksum_holds(Checksum::solana_keypair, list + ",1]"));
  CHECK_FALSE(checksum_holds(Checksum::solana_keypair, list));
}
