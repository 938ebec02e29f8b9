// SPDX-License-Identifier: Apache-2.0
// A made-up report that has one of everything, for the tests of writers. Its secrets are made here, when a
// test runs.
#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "report/fingerprint.h"
#include "report/report.h"

namespace sealwarden::sample {

inline std::string token(std::string_view prefix, size_t length, uint32_t seed) {
  static constexpr std::string_view kAlphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  std::mt19937 random(seed);
  std::string text(prefix);
  while (text.size() < length)
    text += kAlphabet[random() % kAlphabet.size()];
  return text;
}

inline Secret host_token() { return Secret(token("ghp_", 40, 1)); }
inline Secret cloud_key() { return Secret(token("", 40, 2)); }
inline Secret chat_token() { return Secret(token("xoxb-", 55, 3)); }
inline Secret password() { return Secret("p\"w/" + token("", 8, 4)); }

inline ObjectId id(uint32_t seed) {
  std::mt19937 random(seed);
  ObjectId made;
  for (uint8_t& byte : made.raw)
    byte = static_cast<uint8_t>(random());
  return made;
}

inline Rule rule(std::string name, std::string title, Severity severity, RuleKind kind = RuleKind::secret) {
  Rule made;
  made.id = std::move(name);
  made.title = std::move(title);
  made.severity = severity;
  made.kind = kind;
  made.cwe = {"CWE-798"};
  made.advice =
      "Revoke it in the settings of the service, make a new one with the least rights that will do, and "
      "keep it in a secret store";
  made.url = "https://docs.example.org/rotate#" + made.id;
  return made;
}

inline Place place(uint32_t commit, std::optional<std::string> path, Reach reach, uint32_t line,
                   uint64_t length) {
  Place made;
  made.commit = id(commit);
  made.blob = id(commit + 1000);
  made.path = std::move(path);
  made.reach = reach;
  made.author_date = 1'700'000'000 + int64_t{commit} * 86'400;
  made.author = "Ada Example <ada@example.org>";
  const auto column = static_cast<uint32_t>(length);
  made.region = {.start_byte = 40,
                 .end_byte = 40 + length,
                 .start_line = line,
                 .start_column = 14,
                 .end_line = line,
                 .end_column = 14 + column,
                 .start_column_utf16 = 13,
                 .end_column_utf16 = 13 + column};
  return made;
}

inline Finding finding(const Rule& from, Secret secret, std::vector<Place> places) {
  Finding made;
  made.rule = from.id;
  made.title = from.title;
  made.severity = from.severity;
  made.secret = std::move(secret);
  made.path = places.front().path;
  made.fingerprint = fingerprint(made.rule, made.path, made.secret);
  made.secret_id = secret_id(made.rule, made.secret);
  made.places = std::move(places);
  for (const Place& at : made.places) {
    if (at.commit && made.introduced.empty()) made.introduced.push_back(*at.commit);
    made.at_head = made.at_head || at.reach == Reach::head;
  }
  return made;
}

inline void count(Report& report) {
  Report::Summary& summary = report.summary;
  for (const Finding& each : report.findings) {
    if (each.suppressed) {
      ++summary.suppressed;
      if (each.suppressed->kind == Suppression::Kind::baseline) ++summary.baselined;
      continue;
    }
    ++summary.findings;
    ++summary.by_severity[std::string(name_of(each.severity))];
    ++summary.by_rule[each.rule];
  }
  summary.failing = summary.findings;
  summary.secrets = summary.findings;
}

inline void add_leaks_in_files(Report& report, const std::vector<Rule>& rules) {
  report.findings.push_back(finding(
      rules[1], host_token(),
      {place(11, "deploy/prod.env", Reach::head, 12, 40), place(12, "deploy/prod.env", Reach::history, 9, 40),
       place(13, "deploy/prod.env", Reach::history, 7, 40)}));
  report.findings.back().introduced.push_back(id(13));
  report.findings.back().also = {"generic-assignment"};
  Finding copy = finding(rules[1], host_token(), {place(21, "tests/data/old.env", Reach::head, 3, 40)});
  copy.severity = Severity::low;
  copy.reasons = {"lies in a test folder"};
  report.findings.push_back(copy);
  Finding gone = finding(rules[0], cloud_key(),
                         {place(31, "a folder/[id]: schl\xC3\xBCssel \xFF.yml", Reach::history, 4, 54)});
  gone.places[0].decoded = {"base64"};
  gone.removed = {id(32)};
  report.findings.push_back(gone);
  Finding staged = finding(rules[3], password(), {place(41, "src/settings.py", Reach::staged, 88, 12)});
  staged.places[0].commit.reset();
  staged.places[0].author_date.reset();
  staged.places[0].author.clear();
  staged.introduced.clear();
  staged.confidence = Confidence::medium;
  staged.reasons = {"a value of low entropy", "no checksum"};
  report.findings.push_back(staged);
}

inline void add_leaks_elsewhere(Report& report, const std::vector<Rule>& rules) {
  Finding message = finding(rules[4], chat_token(), {place(51, std::nullopt, Reach::tip, 3, 55)});
  message.places[0].carrier = Carrier::commit_message;
  message.places[0].blob.reset();
  report.findings.push_back(message);
  const std::string named = "backup/" + std::string(chat_token().reveal()) + ".sql";
  Finding name = finding(rules[4], chat_token(), {place(52, named, Reach::unreachable, 1, 55)});
  name.places[0].carrier = Carrier::file_name;
  report.findings.push_back(name);
  Finding file = finding(rules[2], Secret(), {place(61, "home/.netrc", Reach::head, 1, 0)});
  file.places[0].region = {};
  file.kind = Finding::Kind::review;
  report.findings.push_back(file);
}

// Words of people, each with a secret in them.
inline void add_accepted(Report& report, const std::vector<Rule>& rules) {
  const std::string plain(host_token().reveal());
  Finding allowed = finding(rules[3], password(), {place(71, "docs/setup.md", Reach::head, 5, 12)});
  allowed.suppressed = {Suppression::Kind::allow_comment, "made up, not " + plain, true};
  report.findings.push_back(allowed);
  Finding known = finding(rules[0], cloud_key(), {place(81, "legacy/deploy.sh", Reach::head, 2, 40)});
  known.suppressed = {Suppression::Kind::baseline, "", false};
  known.places[0].author = plain + " <" + plain + "@example.org>";
  report.findings.push_back(known);
}

inline Report report() {
  Report made;
  made.tool_version = "0.1.0";
  const std::string plain(host_token().reveal());
  made.target = {"history",
                 "https://ada:" + plain + "@git.example.org/team/app.git",
                 id(1),
                 "main",
                 "0123456789abcdef",
                 "fedcba9876543210",
                 std::nullopt};
  made.rules = {rule("aws-secret-access-key", "AWS secret access key", Severity::critical),
                rule("github-pat-classic", "GitHub classic personal access token", Severity::critical),
                rule("CFG-FILE-008", "Credentials of a .netrc file", Severity::medium, RuleKind::file),
                rule("generic-password", "Password in an assignment", Severity::medium),
                rule("slack-bot-token", "Slack bot token", Severity::high)};
  add_leaks_in_files(made, made.rules);
  add_leaks_elsewhere(made, made.rules);
  add_accepted(made, made.rules);
  made.complete = false;
  made.baseline_used = true;
  made.ledger.blobs = 48'211;
  made.ledger.bytes = 1'234'567'890;
  made.ledger.skipped = {
      {Skip::missing_object, true, 12, {id(91).hex(), "tree " + id(92).hex() + " at " + plain}},
      {Skip::shallow_boundary, true, 1, {"commit " + id(93).hex()}},
      {Skip::submodule, false, 3, {"third_party/a", "third_party/b", "third_party/c"}},
      {Skip::ignored_file, false, 1204, {}}};
  count(made);
  made.summary.below_confidence = 17;
  return made;
}

}  // namespace sealwarden::sample
