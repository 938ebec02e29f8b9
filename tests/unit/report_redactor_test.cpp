// SPDX-License-Identifier: Apache-2.0
#include "report/redactor.h"

#include <string>

#include "report/encodings.h"
#include "tests/support/catch.h"
#include "tests/support/sample_report.h"

using namespace sealwarden;

TEST_CASE("a secret is shown by at most 4 characters and a quarter") {
  CHECK(redacted(Secret("")) == "…(0)");
  CHECK(redacted(Secret("abc")) == "…(3)");
  CHECK(redacted(Secret("abcd")) == "a…(4)");
  CHECK(redacted(Secret("abcdefghijk")) == "ab…(11)");
  CHECK(redacted(Secret("abcdefghijklmnop")) == "abcd…(16)");
  CHECK(redacted(Secret(std::string("abcd") + std::string(96, 'x'))) == "abcd…(100)");
}

TEST_CASE("characters are shown whole, control characters and stray bytes escaped") {
  CHECK(redacted(Secret("\xE2\x82\xAC"
                        "12345")) == "…(8)");  // a quarter is 2 bytes, the character has 3
  CHECK(redacted(Secret("\xE2\x82\xAC"
                        "123456789")) == "\xE2\x82\xAC…(12)");
  CHECK(redacted(Secret("\x1b[2Jxxxx")) == "\\x1b[…(8)");
  CHECK(redacted(Secret("\xFF"
                        "bcdefg")) == "\\xff…(7)");
}

TEST_CASE("URLs lose their user information and nothing else") {
  const struct {
    const char *url, *expected;
  } cases[] = {
      {"https://user:pw@host/x", "https://host/x"},
      {"https://user@host", "https://host"},
      {"https://host/x@y", "https://host/x@y"},
      {"https://host:8080/x@y", "https://host:8080/x@y"},
      {"https://[::1]:80/x@y", "https://[::1]:80/x@y"},
      {"https://u:p@ss@host/x", "https://host/x"},
      {"https://u:p/a#ss@host/x", "https://host/x"},  // no proper URL, but a password
      {"ssh://git@host:22/x", "ssh://host:22/x"},
      {"git@host:owner/x", "git@host:owner/x"},
      {"user:pw@host/x", "host/x"},
      {"/srv/git/x.git", "/srv/git/x.git"},
      {"", ""},
  };
  for (const auto& each : cases) {
    CAPTURE(each.url);
    CHECK(without_user_information(each.url) == each.expected);
  }
}

TEST_CASE("content cannot steer a terminal or a CI log") {
  CHECK(escape_for_terminal("a\x1b[31m\n\t\x7f") == "a\\x1b[31m\\x0a\\x09\\x7f");
  CHECK(escape_for_terminal("schl\xC3\xBCssel \xFF") == "schl\xC3\xBCssel \\xff");
  CHECK(escape_for_terminal("\xC2\x9B"
                            "31m") == "\\u009b31m");  // C1
  CHECK(escape_for_terminal("a\xE2\x80\xAE"
                            "b") == "a\\u202eb");  // turns the direction of text
  CHECK(escape_for_terminal("::error::x") == "\\x3a:error::x");
  CHECK(escape_for_terminal("  ::error") == "  \\x3a:error");
  CHECK(escape_for_terminal("a::b") == "a::b");
  CHECK(escape_for_terminal("x ##[error] ##vso[task]") == "x \\x23#[error] \\x23#vso[task]");
}

TEST_CASE("secrets are taken out of a text in every form") {
  Redactor redact;
  redact.add(sample::host_token());
  redact.add(sample::password());
  for (const Secret& secret : {sample::host_token(), sample::password()})
    for (const std::string& form : encoded_forms(secret.reveal())) {
      CAPTURE(form);
      CHECK(redact("a " + form + " b") == "a " + redacted(secret) + " b");
    }
  CHECK(redact("nothing here") == "nothing here");
  CHECK(redact("") == "");
}

TEST_CASE("overlapping secrets leave nothing of either, neighbours are told apart") {
  Redactor redact;
  redact.add(Secret("0123456789abcdef"));
  redact.add(Secret("abcdefghijklmnop"));
  redact.add(Secret("0123"));
  CHECK(redact("<0123456789abcdefghijklmnop>") == "<0123…(16)>");
  CHECK(redact("<0123456789abcdef0123456789abcdef>") == "<0123…(16)0123…(16)>");
  CHECK(redact("<01234567>") == "<0…(4)4567>");
}

TEST_CASE("short secrets are not looked for, nor ordinary words that only a blob holds") {
  std::vector<Finding> findings = {sample::finding(sample::rule("r", "t", Severity::low), Secret("postgres"),
                                                   {sample::place(1, "a", Reach::head, 1, 8)})};
  CHECK(Redactor(findings)("docker/postgres/x") == "docker/po…(8)/x");
  findings[0].ordinary_word = true;
  CHECK(Redactor(findings)("docker/postgres/x") == "docker/postgres/x");
  findings[0].places[0].carrier = Carrier::file_name;
  CHECK(Redactor(findings)("docker/postgres/x") == "docker/po…(8)/x");
  Redactor redact;
  redact.add(Secret("abc"));
  CHECK(redact("abc") == "abc");
}

TEST_CASE("of a long secret every line is known") {
  std::string key;
  for (uint32_t i = 0; i < 30; ++i)
    key += sample::token("", 64, i) + "\n";
  Redactor redact;
  redact.add(Secret(key));
  CHECK(redact("x " + sample::token("", 64, 17)).size() < 20);
  CHECK(redact(key) == redacted(Secret(key)));
}
