// SPDX-License-Identifier: Apache-2.0
#include <cmath>

#include "scanner/policy/quantity.h"
#include "tests/support/policy_question.h"

using namespace sealwarden;
using namespace sealwarden::testing;

TEST_CASE("three values", "[logic]") {
  const Truth no = Truth::no, unknown = Truth::unknown, yes = Truth::yes;
  CHECK((yes & unknown) == unknown);
  CHECK((no & unknown) == no);
  CHECK((yes | unknown) == yes);
  CHECK((no | unknown) == unknown);
  CHECK(!unknown == unknown);
  CHECK(!yes == no);
}

TEST_CASE("operators on literals", "[conditions]") {
  const std::string text =
      "t: text\nn: 12\nq: 128Mi\nb: yes\nf: \"no\"\nz: null\ne: \"\"\nl: [1, 2, 2]\nm: {x: 1}\nr: \"${VAR}\"\nd: postgres://app:pw1@db:5432/x?y=z\n"
      "c: aG91c2U=\nj: '{\"k\": [1]}'\nv: v1.20.3\nw: 0.0.0.0/0\nu: ENC[AES256,x]\ns: text\n";
  const std::vector<std::pair<std::string, std::string>> rows = {
      {"{ path = 't', exists = true }", "yes"},          {"{ path = 'none', exists = true }", "no"},
      {"{ path = 'none', absent = true }", "yes"},       {"{ path = 't', eq = 'text' }", "yes"},
      {"{ path = 't', eq = 'TEXT' }", "no"},             {"{ path = 't', eq = 'TEXT', ignore_case = true }", "yes"},
      {"{ path = 'n', eq = 12 }", "yes"},                {"{ path = 't', ne = 'text' }", "no"},
      {"{ path = 't', in = ['a', 'text'] }", "yes"},     {"{ path = 't', not_in = ['a'] }", "yes"},
      {"{ path = 'n', lt = 13 }", "yes"},                {"{ path = 'n', ge = 13 }", "no"},
      {"{ path = 'q', gt = '100Mi' }", "yes"},           {"{ path = 'q', le = '127Mi' }", "no"},
      {"{ path = 't', matches = '^te' }", "yes"},        {"{ path = 't', not_matches = 'te' }", "no"},
      {"{ path = 't', glob = 't*t' }", "yes"},           {"{ path = 't', length_gt = 4 }", "no"},
      {"{ path = 'l', length_eq = 3 }", "yes"},          {"{ path = 'b', truthy = true }", "yes"},
      {"{ path = 'b', truthy = false }", "no"},          {"{ path = 'f', falsy = true }", "yes"},
      {"{ path = 't', type = 'text' }", "yes"},          {"{ path = 'n', type = ['text', 'number'] }", "yes"},
      {"{ path = 'z', type = 'null' }", "yes"},          {"{ path = 'm', type = 'map' }", "yes"},
      {"{ path = 't', literal = true }", "yes"},         {"{ path = 'e', literal = true }", "no"},
      {"{ path = 'r', literal = true }", "no"},          {"{ path = 'r', reference = true }", "yes"},
      {"{ path = 'd', url = { path = 'password', eq = 'pw1' } }", "yes"},
      {"{ path = 'd', url = { path = 'port', eq = '1' } }", "no"},
      {"{ path = 'c', base64 = { matches = '^house$' } }", "yes"},
      {"{ path = 'j', parse = { name = 'x.json', when = { path = 'k[0]', eq = 1 } } }", "yes"},
      {"{ path = 'v', semver_lt = '1.21' }", "yes"},     {"{ path = 'v', semver_lt = '1.20.3' }", "no"},
      {"{ path = 'w', cidr_any = true }", "yes"},        {"{ path = 'u', encrypted = true }", "yes"},
      {"{ path = 't', same_as = 's' }", "yes"},          {"{ path = 't', differs_from = 's' }", "no"},
      {"{ path = 'l[*]', count_eq = 3 }", "yes"},        {"{ path = 'l[*]', unique = true }", "no"},
      {"{ all = [{ path = 't', exists = true }, { path = 'none', exists = true }] }", "no"},
      {"{ any = [{ path = 'none', exists = true }, { path = 't', exists = true }] }", "yes"},
      {"{ not = { path = 'none', exists = true } }", "yes"},
      {"{ some = 'l[*]', when = { eq = 2 } }", "yes"},   {"{ every = 'l[*]', when = { gt = 0 } }", "yes"},
      {"{ every = 'none[*]', when = { gt = 0 } }", "yes"}, {"{ none = 'l[*]', when = { eq = 3 } }", "yes"},
      {"{ file = '**/x.yaml' }", "yes"},                 {"{ file = 'y.yaml' }", "no"},
  };
  for (const auto& [condition, wanted] : rows) {
    INFO(condition);
    CHECK(verdict(text, condition) == wanted);
  }
}

TEST_CASE("an expression makes unknown what depends on its value", "[conditions]") {
  const std::string text = "a: {{ .Values.a }}\nb: fixed\n";
  const std::string file = "templates/x.yaml";
  const std::vector<std::pair<std::string, std::string>> rows = {
      {"{ path = 'a', exists = true }", "yes"},          {"{ path = 'a', eq = 'x' }", "unknown"},
      {"{ path = 'a', ne = 'x' }", "unknown"},           {"{ path = 'a', truthy = true }", "unknown"},
      {"{ path = 'a', lt = 3 }", "unknown"},             {"{ path = 'a', matches = 'Values' }", "unknown"},
      {"{ path = 'a', type = ['text', 'expression'], matches = 'Values' }", "yes"},
      {"{ path = 'a', type = 'expression' }", "yes"},    {"{ path = 'a', literal = true }", "no"},
      {"{ path = 'a', reference = true }", "yes"},       {"{ not = { path = 'a', eq = 'x' } }", "unknown"},
      {"{ all = [{ path = 'a', eq = 'x' }, { path = 'b', eq = 'other' }] }", "no"},
      {"{ any = [{ path = 'a', eq = 'x' }, { path = 'b', eq = 'fixed' }] }", "yes"},
      {"{ any = [{ path = 'a', eq = 'x' }, { path = 'b', eq = 'other' }] }", "unknown"},
      {"{ some = '*', when = { eq = 'fixed' } }", "yes"}, {"{ every = '*', when = { eq = 'fixed' } }", "unknown"},
      {"{ none = '*', when = { eq = 'other' } }", "unknown"},
  };
  for (const auto& [condition, wanted] : rows) {
    INFO(condition);
    CHECK(verdict(text, condition, file) == wanted);
  }
  // Below a map that a template adds to, a key that is not seen may be there.
  const std::string hidden = "spec:\n  {{- include \"x\" . | nindent 2 }}\n  b: 1\n";
  CHECK(verdict(hidden, "{ path = 'spec.a', absent = true }", file) == "unknown");
  CHECK(verdict(hidden, "{ path = 'spec.a', exists = true }", file) == "unknown");
  CHECK(verdict(hidden, "{ path = 'spec.b', exists = true }", file) == "yes");
  CHECK(verdict(hidden, "{ path = 'spec.*', count_lt = 2 }", file) == "unknown");
  CHECK(verdict("spec: {b: 1}\n", "{ path = 'spec.a', absent = true }", file) == "yes");
}

TEST_CASE("what a rule does with unknown", "[conditions]") {
  const std::string text = "a: {{ .Values.a }}\n", file = "templates/x.yaml";
  const auto kinds = [&](const std::string& lines) {
    std::string out;
    for (const Violation& one : judged(policy_rule("each = 'a'\nwhen = { eq = 'x' }\n" + lines), text, file).violations)
      out += one.kind == Finding::Kind::open ? "open" : one.kind == Finding::Kind::review ? "review" : "fail";
    return out;
  };
  CHECK(kinds("") == "open");
  CHECK(kinds("on_unknown = 'open'\nresult = 'review'") == "open");
  CHECK(kinds("on_unknown = 'ignore'").empty());
  CHECK(kinds("on_unknown = 'fail'") == "fail");
  CHECK(kinds("on_unknown = 'fail'\nresult = 'review'") == "review");
}

TEST_CASE("a rule that does not apply for certain does not apply", "[conditions]") {
  const std::string file = "templates/x.yaml";
  const std::string rule = policy_rule("where = { path = 'kind', eq = 'Pod' }\neach = 'a'\nwhen = { truthy = true }");
  CHECK(judged(rule, "kind: Pod\na: true\n", file).violations.size() == 1);
  CHECK(judged(rule, "kind: {{ .Values.kind }}\na: true\n", file).violations.empty());
}

TEST_CASE("quantities", "[quantity]") {
  const std::vector<std::pair<std::string, double>> rows = {
      {"3", 3}, {"-2.5", -2.5}, {"+4", 4}, {"1.5e3", 1500}, {"0x1F", 31}, {"0o17", 15}, {"1_000", 1000}, {"500m", 0.5}, {"128Mi", 134217728},
      {"1Gi", 1073741824}, {"1k", 1000}, {"1g", 1073741824}, {"30s", 30}, {"250ms", 0.25}, {"1h30m", 5400}, {"90d", 7776000}, {"80%", 0.8}, {" 7 ", 7},
  };
  for (const auto& [text, wanted] : rows) {
    INFO(text);
    const auto number = parse_quantity(text);
    REQUIRE(number);
    CHECK(std::abs(*number - wanted) <= 1e-9 * std::abs(wanted));
  }
  for (const std::string text : {"", "x", "12 apples", "1h30apples", "Mi", "inf", "nan", "infinity", "0x", "--1", "."}) {
    INFO(text);
    CHECK_FALSE(parse_quantity(text));
  }
  CHECK(version_less("1.2.3", "1.10") == true);
  CHECK(version_less("v1.10", "1.10.0") == false);
  CHECK(version_less("1.10", "1.10.1") == true);
  CHECK_FALSE(version_less("latest", "1.0"));
}
