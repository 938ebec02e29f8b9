// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "tests/support/policy_question.h"

using namespace sealwarden;
using namespace sealwarden::testing;

namespace {

// A rule on the key "bad", one on secrets under "password", both known to other tools.
std::string rules() {
  return policy_rule("each = '**.bad'\nwhen = { truthy = true }\nequivalents = ['Checkov:CKV_K8S_16', 'hadolint:DL3007', "
                     "'zizmor:unpinned-uses', 'Trivy:KSV-0017', 'kube-linter:privileged-container', 'KICS:1']") +
         policy_rule("each = '**.password'\nwhen = { secret = true }\nreport = { secret = true }\non_unknown = 'ignore'", "CFG-TST-002");
}

// "-" for what is not accepted, else where the mark is from ("ours") and why.
std::string accepted(const std::string& text, const std::string& path = "x.yaml") {
  const PolicyOutcome outcome = judged(rules(), text, path);
  std::string out;
  for (const Violation& one : outcome.violations) {
    out += out.empty() ? "" : " ";
    if (!one.accepted) out += "-";
    else out += (one.accepted->origin.empty() ? "ours" : one.accepted->origin) + (one.accepted->why.empty() ? "" : ":" + one.accepted->why);
  }
  for (const std::string& warning : outcome.warnings) out += " !" + warning.substr(0, warning.find(": "));
  return out;
}

}  // namespace

TEST_CASE("our own mark covers its line and the next", "[accept]") {
  CHECK(accepted("bad: true\n") == "-");
  CHECK(accepted("bad: true # sealwarden:allow reason=\"x y\"\n") == "ours:x y");
  CHECK(accepted("# sealwarden:allow CFG-TST-001\nbad: true\n") == "ours");
  CHECK(accepted("# sealwarden:allow rule-001, CFG-TST-002\nbad: true\n") == "ours");
  CHECK(accepted("# sealwarden:allow CFG-*\nbad: true\n") == "ours");
  CHECK(accepted("# sealwarden:allow CFG-TST-002\nbad: true\n") == "-");
  CHECK(accepted("# sealwarden:allow\n\nbad: true\n") == "-");
  CHECK(accepted("bad: true\n# sealwarden:allow\n") == "-");
  CHECK(accepted("# sealwarden:allow until=2027-01-31\nbad: true\n") == "ours");
  // Without a line end, and with the other ones.
  CHECK(accepted("bad: true # sealwarden:allow") == "ours");
  CHECK(accepted("# sealwarden:allow\r\nbad: true\r\n") == "ours");
}

TEST_CASE("a mark at fault is told and accepts nothing", "[accept]") {
  CHECK(accepted("# sealwarden:allow CFG-NO-001\nbad: true\n") == "- !x.yaml:1");
  CHECK(accepted("# sealwarden:allow CFG-TST-001 until=2027-13-01\nbad: true\n") == "- !x.yaml:1");
  CHECK(accepted("a: 1\n# sealwarden:allow CFG-TST-001, CFG-NO-001\nbad: true\n") == "- !x.yaml:2");
}

TEST_CASE("text is no comment", "[accept]") {
  CHECK(accepted("a: \"# sealwarden:allow\"\nbad: true\n") == "-");
  CHECK(accepted("a: |\n  # sealwarden:allow\nbad: true\n") == "-");
  CHECK(accepted("{\"a\": \"// sealwarden:allow\",\n\"bad\": true}\n", "x.json") == "-");
  CHECK(accepted("{// sealwarden:allow\n\"bad\": true}\n", "x.json") == "ours");
  CHECK(accepted("# sealwarden:allowed\nbad: true\n") == "-");
}

TEST_CASE("other tools' marks, with where they are from", "[accept]") {
  CHECK(accepted("# checkov:skip=CKV_K8S_16:driver\nbad: true\n") == "checkov:skip:driver");
  CHECK(accepted("bad: true\nx: 1 # checkov:skip=CKV_K8S_16:of the whole file\n") == "checkov:skip:of the whole file");
  CHECK(accepted("# checkov:skip=CKV_K8S_17:another\nbad: true\n") == "-");
  CHECK(accepted("# checkov:skip=CKV_K8S_160\nbad: true\n") == "-");
  CHECK(accepted("bad: true # zizmor: ignore[unpinned-uses]\n") == "zizmor: ignore");
  CHECK(accepted("bad: true # zizmor: ignore[other,unpinned-uses]\n") == "zizmor: ignore");
  CHECK(accepted("bad: true # zizmor: ignore[other]\n") == "-");
  CHECK(accepted("# trivy:ignore:KSV-0017\nbad: true\n") == "trivy:ignore");
  CHECK(accepted("# trivy:ignore:AVD-KSV-0017\nbad: true\n") == "trivy:ignore");
  CHECK(accepted("# kics-scan ignore-line\nbad: true\n") == "kics-scan ignore-line");
  CHECK(accepted("# hadolint ignore=DL3007\n\nbad: true\n") == "hadolint ignore");
  CHECK(accepted("# hadolint ignore=DL3008\nbad: true\n") == "-");
}

TEST_CASE("marks of an object and of a block", "[accept]") {
  const std::string linter = "metadata:\n  annotations: {ignore-check.kube-linter.io/privileged-container: driver}\nbad: true\n";
  CHECK(accepted(linter) == "ignore-check.kube-linter.io:driver");
  CHECK(accepted(linter + "---\nbad: true\n") == "ignore-check.kube-linter.io:driver -");
  CHECK(accepted("metadata: {annotations: {checkov.io/skip1: CKV_K8S_16=driver}}\nbad: true\n") == "checkov.io/skip:driver");
  CHECK(accepted("metadata: {annotations: {kube-linter.io/ignore-all: driver}}\nbad: true\n") == "kube-linter.io/ignore-all:driver");
  CHECK(accepted("resource \"a\" \"b\" {\n  # checkov:skip=CKV_K8S_16:driver\n  bad = true\n}\nresource \"a\" \"c\" {\n  bad = true\n}\n", "x.tf") ==
        "checkov:skip:driver -");
}

TEST_CASE("marks for secrets accept secrets alone", "[accept]") {
  CHECK(accepted("password: c0rrect-h0rse-9battery # pragma: allowlist secret\n") == "pragma: allowlist secret");
  CHECK(accepted("bad: true # pragma: allowlist secret\n") == "-");
}

TEST_CASE("a file full of marks costs no square of them", "[accept]") {
  std::string text;
  for (int i = 0; i < 20000; ++i) text += "# checkov:skip=CKV_K8S_99:x\nk" + std::to_string(i) + ": 1 # zizmor: ignore[a]\n";
  text += "bad: true\n";
  CHECK(accepted(text) == "-");
}
