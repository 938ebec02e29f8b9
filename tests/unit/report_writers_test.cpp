// SPDX-License-Identifier: Apache-2.0
// The three writers against a made-up report: golden files, what they say when read back, and that no secret
// leaks. A wanted change of format: SEALWARDEN_APPROVE=1 build/.../test_report rewrites tests/golden/.
#include <simdjson.h>

#include <algorithm>
#include <cstdlib>
#include <string>

#include "report/encodings.h"
#include "report/wording.h"
#include "report/writers.h"
#include "scanner/base/atomic_file.h"
#include "tests/support/catch.h"
#include "tests/support/sample_report.h"

using namespace sealwarden;
namespace dom = simdjson::dom;

namespace {

void check_golden(const std::string& name, const std::string& text) {
  const std::string path = "tests/golden/" + name;
  if (std::getenv("SEALWARDEN_APPROVE") != nullptr) REQUIRE(write_file_atomically(path, text));
  const auto golden = read_file(path);
  REQUIRE(golden);
  CHECK(text == *golden);
}

std::string json_of(const Report& report, bool show_secrets = false) {
  std::string text;
  write_json(report, Redactor(report.findings), {.show_secrets = show_secrets}, [&](Bytes piece) { text += piece; });
  return text;
}
std::string sarif_of(const Report& report, SarifExtent extent = SarifExtent::for_readers) {
  std::string text;
  write_sarif(report, Redactor(report.findings), extent, [&](Bytes piece) { text += piece; });
  return text;
}
std::string text_of(const Report& report, bool show_secrets = false) {
  return write_text(report, Redactor(report.findings), {.show_secrets = show_secrets});
}

std::string_view text_at(dom::element element, const char* pointer) {
  std::string_view text;
  CAPTURE(pointer);
  REQUIRE(element.at_pointer(pointer).get_string().get(text) == simdjson::SUCCESS);
  return text;
}

uint64_t number_at(dom::element element, const char* pointer) {
  uint64_t number = 0;
  CAPTURE(pointer);
  REQUIRE(element.at_pointer(pointer).get_uint64().get(number) == simdjson::SUCCESS);
  return number;
}

dom::element parsed(dom::parser& parser, const std::string& json) {
  dom::element root;
  REQUIRE(parser.parse(json).get(root) == simdjson::SUCCESS);
  return root;
}

std::string keys_of(dom::element element, const char* pointer) {
  dom::object object;
  REQUIRE(element.at_pointer(pointer).get_object().get(object) == simdjson::SUCCESS);
  std::string keys;
  for (const auto field : object)
    (keys += keys.empty() ? "" : " ").append(field.key);
  return keys;
}

size_t occurrences(const std::string& text, std::string_view what) {
  size_t count = 0;
  for (size_t at = text.find(what); at != text.npos; at = text.find(what, at + 1))
    ++count;
  return count;
}

// A path, an author, words and examples that hold the secret in this form.
Report planted(const std::string& form) {
  Report report = sample::report();
  report.target.remote = "https://x:" + form + "@host/" + form;
  report.target.branch = form;
  for (Finding& finding : report.findings) {
    if (finding.path) finding.path = *finding.path + "/" + form;
    finding.reasons.push_back(form);
    if (finding.suppressed) finding.suppressed->why = form;
    for (Place& place : finding.places) {
      if (place.path) place.path = *place.path + "/" + form;
      place.author = form;
    }
  }
  for (Ledger::Row& row : report.ledger.skipped)
    row.examples.push_back(form);
  return report;
}

}  // namespace

TEST_CASE("the sample report is written as it always was") {
  const Report report = sample::report();
  check_golden("sample.json", json_of(report));
  check_golden("sample.sarif", sarif_of(report));
  check_golden("sample.txt", text_of(report));
}

TEST_CASE("an empty report is written as it always was") {
  Report report;
  report.tool_version = "0.1.0";
  report.target.kind = "scan";
  check_golden("empty.json", json_of(report));
  check_golden("empty.sarif", sarif_of(report));
  check_golden("empty.txt", text_of(report));
}

TEST_CASE("no writer lets a secret out, in whatever form it stands in the content") {
  for (const std::string& form : encoded_forms(sample::host_token().reveal())) {
    CAPTURE(form);
    const Report report = planted(form);
    for (const std::string& text :
         {json_of(report), sarif_of(report), text_of(report)})
      CHECK(text.find(form) == text.npos);
  }
}

TEST_CASE("secrets are shown in JSON and text when asked for") {
  const Report report = sample::report();
  dom::parser parser;
  const std::string json = json_of(report, true);
  const dom::element root = parsed(parser, json);
  CHECK(text_at(root, "/findings/0/secret") == sample::host_token().reveal());
  CHECK(text_at(root, "/findings/3/secret") == sample::password().reveal());
  CHECK(root.at_pointer("/findings/6/secret").is_null());
  CHECK(text_of(report, true).find(sample::host_token().reveal()) != std::string::npos);
  CHECK(occurrences(json, sample::host_token().reveal()) == 2);  // the two findings of it, nowhere else
}

TEST_CASE("JSON has the keys of schema 1 in their order") {
  dom::parser parser;
  const dom::element root = parsed(parser, json_of(sample::report()));
  CHECK(keys_of(root, "") == "schema tool target complete findings summary ledger");
  CHECK(keys_of(root, "/target") == "kind remote head refs_digest rules_digest as_of");
  CHECK(keys_of(root, "/findings/0") ==
        "rule also also_fingerprints class kind title message document node severity confidence reasons path fingerprint secret_id redacted secret "
        "at_head "
        "introduced removed merge_only suppressed places");
  CHECK(keys_of(root, "/findings/0/places/0") ==
        "commit blob carrier path reach author_date start_line start_column end_line end_column start_byte "
        "end_byte "
        "decoded");
  CHECK(keys_of(root, "/findings/7/suppressed") == "kind why new origin");
  CHECK(keys_of(root, "/ledger") == "scanned skipped");
  CHECK(keys_of(root, "/ledger/skipped/0") == "reason loss count examples");
  CHECK(keys_of(root, "/summary") ==
        "findings suppressed baselined secrets below_confidence failing open by_severity by_rule");
}

TEST_CASE("JSON says null for what is absent, and dates in UTC") {
  dom::parser parser;
  const dom::element root = parsed(parser, json_of(sample::report()));
  CHECK(text_at(root, "/target/remote") == "https://git.example.org/team/app.git");
  for (const char* pointer :
       {"/target/as_of", "/findings/0/secret", "/findings/0/suppressed", "/findings/4/path",
        "/findings/6/redacted", "/findings/3/places/0/commit", "/findings/3/places/0/author_date"}) {
    CAPTURE(pointer);
    CHECK(root.at_pointer(pointer).is_null());
  }
  CHECK(text_at(root, "/findings/0/places/0/author_date") == "2023-11-25T22:13:20Z");
  CHECK(text_at(root, "/findings/2/path") == "a folder/[id]: schl\xC3\xBCssel \xEF\xBF\xBD.yml");
  CHECK(text_at(root, "/findings/2/places/0/decoded/0") == "base64");
}

TEST_CASE("SARIF results lead to their rule, their file and their life") {
  dom::parser parser;
  const dom::element run = parsed(parser, sarif_of(sample::report())).at_pointer("/runs/0").value();
  const uint64_t rule = number_at(run, "/results/0/ruleIndex");
  CHECK(text_at(run, ("/tool/driver/rules/" + std::to_string(rule) + "/id").c_str()) == "github-pat-classic");
  CHECK(text_at(run, ("/tool/driver/rules/" + std::to_string(rule) + "/name").c_str()) == "GithubPatClassic");
  CHECK(text_at(run, "/results/0/level") == "error");
  CHECK(text_at(run, "/results/1/level") == "note");
  CHECK(text_at(run, "/results/6/kind") == "review");
  CHECK(text_at(run, "/results/6/level") == "none");
  CHECK(text_at(run, "/results/2/locations/0/physicalLocation/artifactLocation/uri") ==
        "a%20folder/%5Bid%5D%3A%20schl%C3%BCssel%20%FF.yml");
  CHECK(number_at(run, "/results/0/locations/0/physicalLocation/region/startColumn") == 13);  // UTF-16
  CHECK(number_at(run, "/results/0/locations/0/physicalLocation/region/byteLength") == 40);
  CHECK(number_at(run, "/results/0/relatedLocations/1/id") == 2);
  CHECK(text_at(run, "/results/4/locations/0/logicalLocations/0/kind") == "commit message");
  CHECK(text_at(run, "/results/4/locations/0/physicalLocation/artifactLocation/uri") ==
        ".git/commit-message/" + sample::id(51).hex());
  CHECK(text_at(run, "/results/0/baselineState") == "new");
  CHECK(text_at(run, "/results/8/baselineState") == "unchanged");
  CHECK(text_at(run, "/results/7/suppressions/0/kind") == "inSource");
  CHECK(text_at(run, "/results/8/suppressions/0/kind") == "external");
  CHECK(run.at_pointer("/results/0/suppressions").get_array().value().size() == 0);
}

TEST_CASE("SARIF says what was not scanned, and which version of what was") {
  dom::parser parser;
  const dom::element run = parsed(parser, sarif_of(sample::report())).at_pointer("/runs/0").value();
  CHECK_FALSE(run.at_pointer("/invocations/0/executionSuccessful").get_bool().value());
  const char* const kNotes = "/invocations/0/toolExecutionNotifications";
  CHECK(run.at_pointer(kNotes).get_array().value().size() == 4);
  CHECK(text_at(run, "/invocations/0/toolExecutionNotifications/0/descriptor/id") == "missing-object");
  CHECK(text_at(run, "/invocations/0/toolExecutionNotifications/0/level") == "error");
  CHECK(text_at(run, "/invocations/0/toolExecutionNotifications/2/level") == "note");
  CHECK(text_at(run, "/versionControlProvenance/0/repositoryUri") == "https://git.example.org/team/app.git");
  CHECK(text_at(run, "/versionControlProvenance/0/revisionId") == sample::id(1).hex());
  CHECK(text_at(run, "/columnKind") == "utf16CodeUnits");
}

TEST_CASE("what a damaged archive gives for a name is cut, at a character") {
  CHECK(shortened(std::string(500, 'a')) == std::string(500, 'a'));
  CHECK(shortened("a.zip!" + std::string(4000, '\1') + ": is encrypted").size() == 405);
  std::string name;
  for (int i = 0; i < 999; ++i) name += "\xE2\x82\xAC";
  CHECK(shortened(name).substr(0, 203) == name.substr(0, 198) + " ... ");
  CHECK(shortened(std::string(4000, '\x80')).size() < 410);
}

TEST_CASE("remotes that are no URI become one, or are left out") {
  const struct {
    const char *remote, *expected;
  } cases[] = {
      {"git@host:team/app.git", "ssh://host/team/app.git"},
      {"https://u:p@host:8080/a b", "https://host:8080/a%20b"},
      {"https://host/a%20b", "https://host/a%20b"},
      {"/srv/git/app", "file:///srv/git/app"},
      {"../elsewhere", nullptr},
  };
  dom::parser parser;
  for (const auto& each : cases) {
    CAPTURE(each.remote);
    Report report;
    report.target.remote = each.remote;
    const dom::element run = parsed(parser, sarif_of(report)).at_pointer("/runs/0").value();
    if (each.expected == nullptr)
      CHECK(run.at_pointer("/versionControlProvenance").error() == simdjson::NO_SUCH_FIELD);
    else
      CHECK(text_at(run, "/versionControlProvenance/0/repositoryUri") == each.expected);
  }
}

TEST_CASE("SARIF keeps to 25,000 results, the most severe, in their order, and says so") {
  Report report = sample::report();
  const Finding template_finding = report.findings[0];
  report.findings.clear();
  for (uint32_t i = 0; i < 25'010; ++i) {
    report.findings.push_back(template_finding);
    report.findings.back().places.resize(1);
    report.findings.back().places[0].region.start_line = i + 1;
    if (i % 2500 == 7) report.findings.back().severity = Severity::low;  // 10 of them, and 1 suppressed
  }
  report.findings[3].suppressed = Suppression{};
  dom::parser parser;
  const dom::element run = parsed(parser, sarif_of(report)).at_pointer("/runs/0").value();
  const dom::array results = run.at_pointer("/results").get_array().value();
  CHECK(results.size() == 25'000);
  CHECK(number_at(run, "/results/3/locations/0/physicalLocation/region/startLine") == 5);
  CHECK(text_at(run, "/invocations/0/toolExecutionNotifications/4/descriptor/id") == "result-limit");
  CHECK(text_at(run, "/invocations/0/toolExecutionNotifications/4/message/text").starts_with("10 findings"));
}

TEST_CASE("a rule that the report does not describe is named by its findings") {
  Report report = sample::report();
  report.rules.clear();
  dom::parser parser;
  const dom::element run = parsed(parser, sarif_of(report)).at_pointer("/runs/0").value();
  CHECK(run.at_pointer("/tool/driver/rules").get_array().value().size() == 5);
  CHECK(text_at(run, "/tool/driver/rules/0/name") == "CfgFile008");
  CHECK(text_of(report).find("Revoke the value") != std::string::npos);
}

TEST_CASE("the text tells one secret in many files once, and most files only by number") {
  Report report = sample::report();
  const Rule rule = report.rules[1];
  report.findings.clear();
  for (int i = 0; i < 500; ++i)
    report.findings.push_back(sample::finding(
        rule, sample::host_token(), {sample::place(1, "copies/" + std::to_string(i), Reach::head, 1, 40)}));
  const std::string text = text_of(report);
  CHECK(occurrences(text, "CRITICAL") == 1);
  CHECK(text.find("and 494 more: --json lists all") != std::string::npos);
}

TEST_CASE("the text fits its width, holds no escapes without colour, and is loud when there are gaps") {
  const Report report = sample::report();
  const std::string text = text_of(report);
  CHECK(text.find('\x1b') == text.npos);
  CHECK(text.find("INCOMPLETE") != text.npos);
  CHECK(text.find("git fetch --unshallow") != text.npos);
  const std::string coloured = write_text(report, Redactor(report.findings), {.colour = true});
  CHECK(coloured.find("\x1b[1;31mINCOMPLETE\x1b[0m") != coloured.npos);
  std::string plain;
  for (size_t i = 0; i < coloured.size(); ++i) {
    if (coloured[i] == '\x1b')
      i = coloured.find('m', i);
    else
      plain += coloured[i];
  }
  CHECK(plain == text);
}

TEST_CASE("content on a CI log is no workflow command, in no format") {
  Report report = sample::report();
  for (Finding& finding : report.findings)
    for (Place& place : finding.places) {
      place.path = "::error file=x::##[error]\n::set-output\x1b[2J";
      place.author = "a ::warning::b ##vso[task]";
    }
  for (Ledger::Row& row : report.ledger.skipped)
    row.examples = {"::error::x", "a\n::error::y"};
  for (const std::string& text : {json_of(report), sarif_of(report), text_of(report)}) {
    CHECK(text.find("##") == text.npos);
    CHECK(text.find('\x1b') == text.npos);
    for (size_t at = 0; at != text.npos; at = text.find('\n', at + 1)) {
      const size_t first = text.find_first_not_of(" \n", at);
      CHECK((first == text.npos || text.compare(first, 2, "::") != 0));
    }
  }
}

namespace {

// The sample, with two rules on documents: one that passes in two of them, one that is about none.
Report judged_sample() {
  Report report = sample::report();
  Rule passing = sample::rule("CFG-K8S-900", "Pod without a name", Severity::medium, RuleKind::config);
  passing.policy.emplace();
  passing.why = "Nobody finds it";
  passing.example = "metadata: {name: `api`}\n~~~";
  passing.owasp = {"A02:2025", "A05:2025"};
  passing.cis = {"CIS-K8S-5.2.2", "CIS-OTHER-1"};
  passing.equivalents = {"Other:1", "Another:2"};
  Rule other = sample::rule("CFG-K8S-901", "Job without an end", Severity::low, RuleKind::config);
  other.policy.emplace();
  other.owasp = {"CICD-SEC-4"};
  other.ssdf = {"PW.9.1"};
  Region region{.start_byte = 10, .end_byte = 30, .start_line = 2, .start_column = 1, .end_line = 4, .end_column = 3};
  region.start_column_utf16 = 1;
  region.end_column_utf16 = 3;
  JudgedFiles judged;
  judged.rules = {passing, other};
  judged.files["deploy/pods.yaml"] = {{"Pod/api", region, {0}}, {"", {}, {0}}};
  judged.not_applicable = {1};
  judged.commit = sample::id(1);
  report.judged = std::move(judged);
  return report;
}

}  // namespace

TEST_CASE("a complete SARIF file tells what is in order and what there was nothing of") {
  dom::parser parser;
  const dom::element run = parsed(parser, sarif_of(judged_sample(), SarifExtent::complete)).at_pointer("/runs/0").value();
  CHECK(run.at_pointer("/results").get_array().value().size() == 12);
  CHECK(text_at(run, "/results/9/kind") == "pass");
  CHECK(text_at(run, "/results/9/level") == "none");
  CHECK(text_at(run, "/results/9/message/text") == "In order: Pod/api.");
  CHECK(text_at(run, "/results/9/locations/0/physicalLocation/artifactLocation/uri") == "deploy/pods.yaml");
  CHECK(number_at(run, "/results/9/locations/0/physicalLocation/region/endLine") == 4);
  CHECK(text_at(run, "/results/9/locations/0/logicalLocations/0/fullyQualifiedName") == "Pod/api");
  CHECK(text_at(run, "/results/9/locations/0/properties/commit") == sample::id(1).hex());
  CHECK(run.at_pointer("/results/10/locations/0/logicalLocations").error() == simdjson::NO_SUCH_FIELD);
  CHECK(text_at(run, "/results/11/kind") == "notApplicable");
  CHECK(text_at(run, "/results/11/ruleId") == "CFG-K8S-901");
  CHECK(run.at_pointer("/results/11/locations").error() == simdjson::NO_SUCH_FIELD);
  // All results of a run have these two, or none.
  CHECK(text_at(run, "/results/11/baselineState") == "new");
  CHECK(run.at_pointer("/results/9/suppressions").get_array().value().size() == 0);
  CHECK(text_at(run, ("/tool/driver/rules/" + std::to_string(number_at(run, "/results/9/ruleIndex")) + "/id").c_str()) == "CFG-K8S-900");
  CHECK(number_at(run, "/properties/passed") == 2);
  CHECK(number_at(run, "/properties/not_applicable") == 1);
  CHECK(sarif_of(judged_sample()) == sarif_of(sample::report()));  // the file for readers is as it was
}

TEST_CASE("a complete SARIF file leaves out no finding, and says what else it leaves out") {
  Report report = judged_sample();
  const Finding one = report.findings[0];
  report.findings.assign(25'001, one);
  report.judged->left_out_from = "deploy/" + std::string(sample::host_token().reveal());
  const std::string text = sarif_of(report, SarifExtent::complete);
  CHECK(text.find(sample::host_token().reveal()) == std::string::npos);
  dom::parser parser;
  const dom::element run = parsed(parser, text).at_pointer("/runs/0").value();
  CHECK(run.at_pointer("/results").get_array().value().size() == 25'004);
  CHECK(text_at(run, "/invocations/0/toolExecutionNotifications/4/descriptor/id") == "pass-limit");
}

TEST_CASE("no secret stands in what is in order") {
  const std::string secret(sample::host_token().reveal());
  Report report = judged_sample();
  report.judged->files[secret + "/x.yaml"] = {{"Pod/" + secret, {}, {0}}};
  CHECK(sarif_of(report, SarifExtent::complete).find(secret) == std::string::npos);
}

TEST_CASE("rules lead to the catalogues that they name") {
  dom::parser parser;
  const dom::element run = parsed(parser, sarif_of(judged_sample(), SarifExtent::complete)).at_pointer("/runs/0").value();
  std::string names;
  const dom::array taxonomies = run.at_pointer("/taxonomies").get_array().value();  // no temporary in the loop: its owner would be gone
  for (const dom::element one : taxonomies)
    names.append(names.empty() ? "" : "; ").append(text_at(one, "/name"));
  CHECK(names == "CIS Benchmarks; CIS Kubernetes Benchmark; CWE; NIST SSDF; OWASP Top 10 CI/CD Security Risks; OWASP Top 10:2025");
  CHECK(text_at(run, "/taxonomies/5/version") == "2025");
  CHECK(text_at(run, "/taxonomies/2/taxa/0/helpUri") == "https://cwe.mitre.org/data/definitions/798.html");
  const std::string rule = "/tool/driver/rules/" + std::to_string(number_at(run, "/results/9/ruleIndex"));
  CHECK(text_at(run, (rule + "/relationships/0/target/toolComponent/name").c_str()) == "CWE");
  CHECK(text_at(run, (rule + "/relationships/0/kinds/0").c_str()) == "superset");
  CHECK(text_at(run, (rule + "/relationships/2/target/id").c_str()) == "A05:2025");
  CHECK(number_at(run, (rule + "/relationships/2/target/index").c_str()) == 1);
  CHECK(text_at(run, (rule + "/properties/equivalents/1").c_str()) == "Another:2");
  CHECK(text_at(run, (rule + "/properties/kind").c_str()) == "config");
}

TEST_CASE("the help of a rule on documents says why, how it looks when it is right, and how to accept it") {
  dom::parser parser;
  const dom::element run = parsed(parser, sarif_of(judged_sample(), SarifExtent::complete)).at_pointer("/runs/0").value();
  const std::string rule = "/tool/driver/rules/" + std::to_string(number_at(run, "/results/9/ruleIndex"));
  CHECK(text_at(run, (rule + "/fullDescription/text").c_str()) == "Pod without a name. Nobody finds it.");
  const std::string_view markdown = text_at(run, (rule + "/help/markdown").c_str());
  CHECK(markdown.starts_with("Nobody finds it.\n\nRevoke it"));
  CHECK(markdown.find("For example:\n\n    metadata: {name: `api`}\n    ~~~\n\n") != std::string_view::npos);
  CHECK(markdown.find("`sealwarden:allow CFG-K8S-900 reason=\"...\"`") != std::string_view::npos);
  CHECK(markdown.ends_with("Known elsewhere as Other:1, Another:2."));
  CHECK(text_at(run, (rule + "/help/text").c_str()).find("`") == std::string_view::npos);
}

TEST_CASE("what is known to be wrong goes before what is to be looked at, where not all fits") {
  Report report = sample::report();
  Finding open = report.findings[0];
  open.places.resize(1);
  Finding fault = open;
  fault.severity = Severity::low;
  open.kind = Finding::Kind::open;
  report.findings.assign(25'000, open);
  report.findings.push_back(fault);
  dom::parser parser;
  const dom::element run = parsed(parser, sarif_of(report)).at_pointer("/runs/0").value();
  CHECK(run.at_pointer("/results").get_array().value().size() == 25'000);
  CHECK(text_at(run, "/results/24999/kind") == "fail");
}
