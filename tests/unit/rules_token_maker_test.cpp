// SPDX-License-Identifier: Apache-2.0
#include "rules/token_maker.h"

#include <set>

#include "tests/support/catch.h"

using namespace sealwarden;

TEST_CASE("tokens are the same for the same seed and keep to their alphabet") {
  for (const std::string name : {"digits", "hex", "HEX", "base32", "base36", "base58", "base62", "base64",
                                 "base64url", "lower", "upper", "chars:+-."}) {
    const std::string alphabet = *alphabet_characters(name);
    const TokenRecipe recipe{"pre_", name, 40, Checksum::none, "~", false};
    const std::string token = make_token(recipe, "a");
    INFO(name);
    CHECK(token == make_token(recipe, "a"));
    CHECK(token != make_token(recipe, "b"));
    CHECK(token.size() == 45);
    CHECK(token.substr(4, 40).find_first_not_of(alphabet) == std::string::npos);
  }
  CHECK_FALSE(alphabet_characters("base63"));
  CHECK_FALSE(alphabet_characters("chars:"));
}

TEST_CASE("made bodies are varied and word boundaries hold at their ends") {
  for (int i = 0; i < 200; ++i) {
    const std::string body = make_token({"", "base64url", 20, Checksum::none, "", false}, std::to_string(i));
    CHECK(std::set<char>(body.begin(), body.end()).size() >= 14);
    CHECK(body.find_first_of("-_") != 0);
    CHECK(body.find_last_of("-_") != body.size() - 1);
  }
}

TEST_CASE("a test's text becomes bytes in its encoding") {
  Rule rule;
  rule.id = "r";
  RuleTest test;
  test.name = "t";
  const auto bytes = [&](const std::string& text, const std::string& encoding) {
    test.text = text;
    test.encoding = encoding;
    return expand_test(rule, test)->bytes;
  };
  using namespace std::string_literals;
  CHECK(bytes("a\xc3\xa9", "utf-8") == "a\xc3\xa9");
  CHECK(bytes("a\xc3\xa9", "utf-16le") ==
        "\xff\xfe"
        "a\0\xe9\0"s);
  CHECK(bytes("a\xe2\x82\xac", "utf-16be") == "\xfe\xff\0a\x20\xac"s);
  CHECK(bytes("\xf0\x9f\x94\x91", "utf-16be") == "\xfe\xff\xd8\x3d\xdd\x11"s);
  CHECK(bytes("00 Ff\n7f", "hex") == "\0\xff\x7f"s);
  test.text = "0g";
  CHECK_FALSE(expand_test(rule, test));
  test.text = "012";
  CHECK_FALSE(expand_test(rule, test));
}

TEST_CASE("tokens are filled in, two of them different") {
  Rule rule;
  rule.id = "r";
  RuleTest test;
  test.name = "t";
  test.make = TokenRecipe{"x_", "digits", 8, Checksum::none, "", false};
  test.text = "{token} {token2} {token}";
  test.expect_secret = "{token2}";
  const TestBytes plain = *expand_test(rule, test);
  REQUIRE(plain.bytes.size() == 32);
  CHECK(plain.bytes.substr(0, 10) == plain.bytes.substr(22));
  CHECK(plain.bytes.substr(11, 10) == plain.secret);
  CHECK(plain.bytes.substr(0, 10) != plain.secret);
  test.encoding = "hex";
  test.text = "00{token}";
  CHECK(expand_test(rule, test)->bytes.substr(1) == plain.bytes.substr(0, 10));
}
