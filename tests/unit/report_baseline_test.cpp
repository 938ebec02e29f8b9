// SPDX-License-Identifier: Apache-2.0
#include "report/baseline.h"

#include <string>

#include "tests/support/catch.h"
#include "tests/support/sample_report.h"

using namespace sealwarden;

namespace {

const std::string kOne = "sealwarden/v1:" + std::string(32, '1'),
                  kTwo = "sealwarden/v1:" + std::string(32, '2');

std::string file_with(const std::string& entries) {
  return "{\n  \"schema\": 1,\n  \"tool\": \"sealwarden\",\n  \"findings\": [" + entries + "]\n}\n";
}

std::string error_of(const std::string& text) {
  const auto read = read_baseline("b.json", text);
  REQUIRE_FALSE(read);
  CHECK(read.error().kind == Error::Kind::usage);
  CHECK(read.error().message.find("; write it anew with") != std::string::npos);
  return read.error().message;
}

Finding leak(const std::string& path, const Secret& secret) {
  return sample::finding(sample::rule("r", "A rule", Severity::high), secret,
                         {sample::place(1, path, Reach::head, 1, 10)});
}

Baseline::Entry entry_of(const Finding& finding) {
  return {finding.fingerprint, finding.secret_id, finding.rule, *finding.path};
}

}  // namespace

TEST_CASE("what was written is read again") {
  const Report report = sample::report();
  const Redactor redactor(report.findings);
  const std::string text = write_baseline(report, redactor);
  CHECK(text == write_baseline(report, redactor));
  CHECK(text.back() == '\n');
  CHECK(text.find(sample::chat_token().reveal()) == text.npos);
  const auto baseline = read_baseline("b.json", text);
  REQUIRE(baseline);
  CHECK(baseline->entries.size() == 8);  // all but the one that a comment allows
  Report again = sample::report();
  for (Finding& finding : again.findings)
    finding.suppressed.reset();
  CHECK(apply_baseline(*baseline, again.findings) == 8);
}

TEST_CASE("entries are sorted and each is there once; unknown keys and nulls are passed over") {
  const auto baseline =
      read_baseline("b", file_with("{\"path\": null, \"x\": [1, {\"y\": 2}], \"fingerprint\": \"" + kTwo +
                                   "\"}, {\"fingerprint\": \"" + kOne +
                                   "\", \"path\": \"a\\u00e9\"}, {\"fingerprint\": \"" + kTwo + "\"}"));
  REQUIRE(baseline);
  REQUIRE(baseline->entries.size() == 2);
  CHECK(baseline->entries[0].path == "a\xC3\xA9");
  CHECK(baseline->entries[1].fingerprint == kTwo);
  CHECK(read_baseline("b", file_with("")).value().entries.empty());
}

TEST_CASE("errors name file, line and remedy") {
  CHECK(error_of("").starts_with("b.json:1: "));
  CHECK(error_of("[]\n").starts_with("b.json:1: "));
  CHECK(error_of("{\n\"schema\": 2\n}\n").find("schema 2 is not known") != std::string::npos);
  CHECK(error_of("{\n\"schema\": 1\n}\n").find("\"findings\" is missing") != std::string::npos);
  CHECK(error_of("{\"findings\": []}").find("\"schema\" is missing") != std::string::npos);
  CHECK(error_of("{\"schema\": 1, \"entries\": [").starts_with("b.json:1: "));
  CHECK(error_of("{\"schema\": 1,\n\"findings\": {}}").starts_with("b.json:2: "));
  CHECK(error_of("{\"schema\": 1, \"findings\": []} x").starts_with("b.json:1: "));
  CHECK(error_of("{\"schema\": 1, \"findings\": []} {}").find("behind the end") != std::string::npos);
  CHECK(error_of("{\n\"schema\": 1,\n\"x\xFFy\": 2}").starts_with("b.json:3: "));
  CHECK(error_of(file_with("\n{\"fingerprint\": \"sealwarden/v1:12\"}\n")).starts_with("b.json:5: "));
  CHECK(error_of(file_with("{\"fingerprint\": 7}")).starts_with("b.json:4: "));
  CHECK(error_of(file_with("{\"fingerprint\": \"" + kOne + "\", \"secret_id\": \"x\"}")).find("secret_id") !=
        std::string::npos);
  CHECK(error_of(file_with("\n<<<<<<< HEAD\n")).starts_with("b.json:5: "));
}

TEST_CASE("a renamed file is known by its secret, once, and only if the old one is gone") {
  const Secret secret = sample::host_token();
  const Baseline baseline{{entry_of(leak("old", secret))}};
  std::vector<Finding> renamed = {leak("new", secret), leak("newer", secret)};
  CHECK(apply_baseline(baseline, renamed) == 1);
  CHECK(renamed[0].suppressed->kind == Suppression::Kind::baseline);
  CHECK_FALSE(renamed[1].suppressed);
  std::vector<Finding> copied = {leak("new", secret), leak("old", secret)};
  CHECK(apply_baseline(baseline, copied) == 1);
  CHECK_FALSE(copied[0].suppressed);
}

TEST_CASE("a finding without a secret has no renames; what is suppressed stays as it is") {
  const Baseline baseline{{entry_of(leak("old/.netrc", Secret()))}};
  std::vector<Finding> findings = {leak("new/.netrc", Secret())};
  CHECK(apply_baseline(baseline, findings) == 0);
  findings = {leak("old/.netrc", Secret())};
  findings[0].suppressed = {Suppression::Kind::ignore_file, "why", false};
  CHECK(apply_baseline(baseline, findings) == 0);
  CHECK(findings[0].suppressed->why == "why");
}

TEST_CASE("the ignore file: fingerprints with reasons, blank lines, comments") {
  const auto file =
      read_ignore_file("i", "\xEF\xBB\xBF# head\r\n\r\n  " + kOne + "  #  made up # really \r\n" + kTwo);
  REQUIRE(file);
  CHECK(file->entries.size() == 2);
  CHECK(file->entries.at(kOne).why == "made up # really");
  CHECK(file->entries.at(kTwo).why.empty());
  CHECK(read_ignore_file("i", "").value().entries.empty());
}

TEST_CASE("each wrong line of the ignore file is named, its content is not") {
  const auto file =
      read_ignore_file("i", kOne + "\npassword\n\nsealwarden/v9:" + std::string(32, '1') + " # x\n");
  REQUIRE_FALSE(file);
  CHECK(file.error().kind == Error::Kind::usage);
  CHECK(file.error().message.starts_with("i:2: not a fingerprint"));
  CHECK(file.error().message.find("\ni:4: a fingerprint of another version") != std::string::npos);
  CHECK(file.error().message.find("password") == std::string::npos);
  std::string many;
  for (int i = 0; i < 50; ++i)
    many += "x\n";
  CHECK(read_ignore_file("i", many).error().message.ends_with("\nand 30 more"));
}

TEST_CASE("the ignore file marks findings that are not marked yet") {
  std::vector<Finding> findings = {leak("a", sample::host_token()), leak("b", sample::host_token())};
  findings[1].suppressed = {Suppression::Kind::allow_comment, "", false};
  IgnoreFile file;
  for (const Finding& finding : findings)
    file.entries[finding.fingerprint] = {"because", true};
  CHECK(apply_ignore_file(file, findings) == 1);
  CHECK(findings[0].suppressed->kind == Suppression::Kind::ignore_file);
  CHECK(findings[0].suppressed->why == "because");
  CHECK(findings[0].suppressed->is_new);
  CHECK(findings[1].suppressed->kind == Suppression::Kind::allow_comment);
}
