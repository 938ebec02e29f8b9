// SPDX-License-Identifier: Apache-2.0
// Versions of a file that are judged one behind the other say what each says alone, whatever the edits between them; and a prefilter
// keeps no rule from what it would find.
#include <algorithm>
#include <cstdlib>
#include <random>

#include "rules/builtin.h"
#include "scanner/doc/template_mask.h"
#include "scanner/policy/changed_parts.h"
#include "scanner/policy/version_judge.h"
#include "tests/support/policy_question.h"

using namespace sealwarden;
using namespace sealwarden::testing;

namespace {

using Random = std::mt19937;

// How many documents are tried: SEEDS of the environment, for long runs by hand.
unsigned seeds(unsigned usual) {
  const char* wanted = std::getenv("SEEDS");
  return wanted == nullptr ? usual : static_cast<unsigned>(std::strtoul(wanted, nullptr, 10));
}

size_t below(Random& random, size_t limit) { return random() % limit; }

std::string one_of(Random& random, const std::vector<std::string>& texts) { return texts[below(random, texts.size())]; }

std::string key(Random& random) {
  return one_of(random, {"image", "tag", "replicas", "password", "adminPassword", "auth", "name", "value", "env", "config", "data", "kind", "version", "token",
                         "description", "labels", "existingSecret", "url", "x.y/z", "stringData", "metadata", "default", "services", "args", "command",
                         "\"quoted\"", "with blanks", "app.json", "spec", "containers", "hosts", "jobs", "secretKey", "accessKey", "apiVersion"});
}

std::string value(Random& random) {
  // What an outline gives up on, if there is much of it: rare, so that most files have none.
  if (below(random, 60) == 0)
    return one_of(random, {"*anchor", "!tag x", "\"open", "value with: colon", "&anchor x", "|", "[a,"});
  return one_of(random, {"v1.2.3",
                         "\"4.5.*\"",
                         "8080",
                         "true",
                         "c0rrect-h0rse-9battery",
                         "plain words of a sentence",
                         "\"\"",
                         "{}",
                         "[]",
                         "'it is'",
                         "Secret",
                         "ConfigMap",
                         "DB_PASSWORD",
                         "kettle7moss",
                         "\"{{ .Values.tag }}\"",
                         "postgres://app:kettle7moss@db/x",
                         "${PASSWORD}",
                         "x # comment",
                         "admin",
                         "$(VAR)",
                         "[a, 'b', {c: d}]",
                         "[\"--password\", kettle7moss]",
                         "{password: kettle7moss}",
                         "--password",
                         "'{{ .Values.password | default \"kettle7moss\" }}'",
                         "eyJwYXNzd29yZCI6ICJrZXR0bGU3bW9zcyJ9",
                         "a=b"});
}

// Lines of a map at an indentation; what stands deeper follows its key.
void add_map(Random& random, size_t indent, int depth, std::vector<std::string>& lines) {
  const std::string blanks(indent, ' ');
  for (size_t i = 1 + below(random, 5); i > 0; --i) {
    const size_t choice = below(random, 12);
    if (choice == 0) lines.push_back(blanks + "# " + one_of(random, {"a comment", "password: x", "sealwarden:allow", "set the token here"}));
    else if (choice == 1) lines.emplace_back();
    else if (choice == 2) {
      lines.push_back(blanks + key(random) + one_of(random, {": |", ": >-", ":", ": some words"}));
      for (size_t j = below(random, 4); j > 0; --j)
        lines.push_back(
            blanks + "  " +
            one_of(random, {"a line of a text", "password: kettle7moss", "key: value", "# no comment",
                            "more words, and more", "curl -u a:kettle7moss http://h"}));
    } else if (choice == 3 && depth > 0) {
      lines.push_back(blanks + key(random) + ":");
      const std::string dash = below(random, 2) == 0 ? blanks + "- " : blanks + "  - ";
      for (size_t j = 1 + below(random, 3); j > 0; --j) {
        if (below(random, 2) == 0) {
          lines.push_back(dash + value(random));
          continue;
        }
        lines.push_back(dash + "name: " + value(random));
        lines.push_back(std::string(dash.size(), ' ') + key(random) + ": " + value(random));
      }
    } else if (choice < 6 && depth > 0) {
      lines.push_back(blanks + key(random) + ":");
      add_map(random, indent + 2, depth - 1, lines);
    } else {
      lines.push_back(blanks + key(random) + ": " + value(random));
    }
  }
}

std::string joined(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += line + "\n";
  return text;
}

void edit(Random& random, std::vector<std::string>& lines) {
  const size_t at = below(random, lines.size());
  const auto place = lines.begin() + static_cast<long>(at);
  switch (below(random, 30)) {
    case 0: {  // a run of lines goes
      if (lines.size() > 6) lines.erase(place, place + static_cast<long>(std::min(1 + below(random, 8), lines.size() - at)));
      if (lines.empty()) lines.emplace_back("a: b");
      return;
    }
    case 1: {  // or comes a second time, elsewhere
      const std::vector<std::string> run(place, place + static_cast<long>(std::min(1 + below(random, 8), lines.size() - at)));
      lines.insert(lines.begin() + static_cast<long>(below(random, lines.size())), run.begin(), run.end());
      return;
    }
    case 2:
      lines.insert(place,
                   one_of(random, {"---", "{{- if .x }}", "{{- end }}", "{{ include \"x\" . | nindent 4 }}",
                                   "{{- else }}", "{{/* a", "*/}}", "{{ .k }}: x"}));
      return;
    case 3: {  // other indentation
      for (size_t i = at; i < std::min(at + 4, lines.size()); ++i) lines[i] = "  " + lines[i];
      return;
    }
    default: break;
  }
  const size_t indent = std::min(lines[at].find_first_not_of(' '), lines[at].size());
  const std::string blanks(below(random, 8) == 0 ? below(random, 8) : indent, ' ');
  switch (below(random, 8)) {
    case 0: lines.insert(lines.begin() + static_cast<long>(at), blanks + key(random) + ": " + value(random)); break;
    case 1: lines.insert(lines.begin() + static_cast<long>(at), blanks + "- " + value(random)); break;
    case 2: lines.insert(lines.begin() + static_cast<long>(at), blanks + one_of(random, {"# words", "", "words of a text", "# token: kettle7moss"})); break;
    case 3:
      if (lines.size() > 1) lines.erase(lines.begin() + static_cast<long>(at));
      break;
    case 4: add_map(random, 0, 1, lines); break;
    default:
      if (const size_t colon = lines[at].find(": "); colon != std::string::npos) lines[at] = lines[at].substr(0, colon + 2) + value(random);
      else lines[at] = blanks + key(random) + ": " + value(random);
  }
}

std::string shown(const PolicyOutcome& outcome) {
  std::string out;
  for (const Violation& one : outcome.violations)
    out += std::to_string(one.rule) + " " + std::to_string(one.span.begin) + "-" + std::to_string(one.span.end) + " " + one.node + " " + one.value + " " +
           one.message + " " + one.document + " " + one.subject + " " + one.reason + " " + std::to_string(static_cast<int>(one.severity)) +
           std::to_string(static_cast<int>(one.confidence)) + std::to_string(static_cast<int>(one.kind)) + (one.accepted ? " accepted" : "") + "\n";
  return out;
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  for (size_t at = 0; at < text.size();) {
    const size_t end = std::min(text.find('\n', at), text.size());
    lines.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return lines;
}

// The texts that the shipped rules are tested with, and the paths that they have there.
std::vector<std::pair<std::string, std::string>> texts_of_rules() {
  auto rules = builtin_rules();
  REQUIRE(rules);
  REQUIRE(add_builtin_tests(*rules));
  std::vector<std::pair<std::string, std::string>> out;
  for (const Rule& rule : *rules)
    for (const RuleTest& test : rule.tests)
      if (rule.policy && document_format(test.path) == DocumentFormat::yaml && test.encoding == "utf-8" && test.text.size() < 4000)
        out.emplace_back(test.path, test.text);
  return out;
}

// Lines among others, so that an edit reaches a small part of the file only.
void add_filler(Random& random, std::vector<std::string>& lines) {
  const std::string words(60, 'w');
  for (size_t i = below(random, 30); i > 0; --i) lines.insert(lines.begin(), "filler" + std::to_string(i) + ": " + words);
  for (size_t i = 0; i < 6; ++i) {
    const size_t at = below(random, lines.size());
    const size_t indent = lines[at].find_first_not_of(' ');
    if (indent != std::string::npos && indent > 0 && lines[at][indent] != '-' && lines[at].find(": ") != std::string::npos)
      lines.insert(lines.begin() + static_cast<long>(at), std::string(indent, ' ') + "filler" + std::to_string(i) + ": " + words + words);
  }
}

const std::vector<std::string> kOddLines = {"password: c0rrect-h0rse-9battery",
                                            "- password: c0rrect-h0rse-9battery",
                                            "name: DB_PASSWORD",
                                            "value: kettle7moss-x91",
                                            "kind: Secret",
                                            "type: object",
                                            "apiVersion: v1",
                                            "data:",
                                            "stringData:",
                                            "labels:",
                                            "x: [a,#b]",
                                            "? a",
                                            "- - x",
                                            "-\tx",
                                            "secretKey: abc",
                                            "a: {b:'",
                                            "x: 'it''s",
                                            "a: \"x",
                                            "  y\"",
                                            "}",
                                            "]",
                                            "- # c",
                                            "key: >2",
                                            "- |",
                                            "- |+",
                                            "{x: y}: z",
                                            "x: [a, {b: c,",
                                            "d: e}]",
                                            "a:b",
                                            "a: b: c",
                                            "script: |",
                                            "-",
                                            "\"a\" : b",
                                            "{{x}}: y",
                                            "a: '{{x}}'",
                                            "services: {web: {image: x}}"};

// Edits of bytes and lines that make odd YAML, or none.
void edit_oddly(Random& random, std::vector<std::string>& lines) {
  const size_t at = below(random, lines.size());
  const auto place = lines.begin() + static_cast<long>(at);
  std::string& line = lines[at];
  const size_t indent = std::min(line.find_first_not_of(' '), line.size()), colon = line.find(':');
  const std::string blanks(indent, ' ');
  switch (below(random, 14)) {
    case 0: lines.insert(lines.begin() + static_cast<long>(below(random, lines.size())), std::string(line)); break;
    case 1: lines.insert(place, blanks + one_of(random, {"# sealwarden:allow", "# checkov:skip=CKV_SECRET_4:x", "# words password key", ""})); break;
    case 2: lines.insert(place, blanks + one_of(random, kOddLines)); break;
    case 3: line.insert(0, "  "); break;
    case 4:
      if (line.starts_with("  ")) line.erase(0, 2);
      break;
    case 5:
      if (colon != std::string::npos)
        line = line.substr(0, colon + 1) +
               one_of(random, {"", " |", " |+", " >-", " |2", " \"", " '", " [", " {", " # c", " x # c",
                               " {}", "\tx", " ~", " {password: kettle7moss-x91}"});
      break;
    case 6:
      if (!line.empty())
        line.insert(below(random, line.size()), one_of(random, {":", " ", "#", "\"", "'", "-", "[", "]", "{",
                                                                "}", ",", "&", "*", "!", "|", "\t", "?"}));
      break;
    case 7:
      if (!line.empty()) line.erase(below(random, line.size()), 1);
      break;
    case 8: line = blanks + "# " + line.substr(indent); break;
    case 9:
      if (indent < line.size() && line[indent] == '#') line = blanks + line.substr(std::min(line.size(), indent + 2));
      break;
    case 10: std::swap(line, lines[below(random, lines.size())]); break;
    case 11:
      if (colon != std::string::npos)
        line = blanks +
               one_of(random, {"password", "token", "labels", "name", "value", "env", "data", "metadata",
                               "image", "\"a b\"", "default", "annotations", "kind"}) +
               line.substr(colon);
      break;
    case 12:
      lines.insert(place, one_of(random, {"---", "--- # x", "...", "- a", "{{- if .x }}", "{{- end }}",
                                          "{{ toYaml .x | nindent 2 }}", "      "}));
      break;
    default: line += one_of(random, {"\r", " # password", "x", ",", "\""});
  }
}

}  // namespace

TEST_CASE("versions judged one behind the other say what each says alone", "[versions]") {
  const auto rules = shipped_rule_set();
  REQUIRE(rules);
  const PolicyEngine engine(*rules);
  size_t small = 0, edits = 0;
  for (unsigned seed = 0; seed < seeds(400); ++seed) {
    Random random(seed);
    std::vector<std::string> lines;
    if (below(random, 4) == 0) lines = {"apiVersion: v1", "kind: " + one_of(random, {"Secret", "ConfigMap", "Deployment"}), "metadata:", "  name: x"};
    add_map(random, 0, 3, lines);
    const std::string path = one_of(random, {"charts/x/values.yaml", "deploy/app.yaml", "roles/x/vars/main.yml", "docker-compose.yml", "src/application.yml",
                                             "charts/x/templates/app.yaml", ".github/workflows/ci.yml", "inventory/hosts.yml", "play.yml"});
    VersionJudge judge(engine);
    std::string before;
    for (int version = 0; version < 25; ++version) {
      const std::string text = joined(lines);
      const PolicyEngine::Question question{.path = path, .bytes = text, .hits = {}, .at_tip = false};
      const PolicyOutcome carried = judge.judge(question), alone = engine.judge(question);
      INFO("seed " << seed << " version " << version << " of " << path << "\n--- before\n" << before << "--- now\n" << text);
      REQUIRE(shown(carried) == shown(alone));
      if (!before.empty()) {
        ++edits;
        const auto kept = find_kept_lines(before, text);
        const auto was = outline_yaml(before, is_template_path(path)), is = outline_yaml(text, is_template_path(path));
        const auto part = kept && was && is ? engine.changed_parts().of({path, before, text, *was, *is, *kept}) : std::nullopt;
        small += part && part->text.size() < text.size() / 2 ? 1U : 0U;
      }
      before = text;
      edit(random, lines);
    }
  }
  // The test would show nothing if all was always judged.
  CHECK(small > edits / 20);
}

TEST_CASE("versions of what rules are tested with say what each says alone", "[versions]") {
  const auto rules = shipped_rule_set();
  REQUIRE(rules);
  const PolicyEngine engine(*rules);
  const auto texts = texts_of_rules();
  REQUIRE(texts.size() > 300);
  size_t carried = 0;
  for (unsigned seed = 0; seed < seeds(150); ++seed) {
    Random random(seed);
    auto [path, text] = texts[below(random, texts.size())];
    if (below(random, 3) == 0)
      path = one_of(random, {"charts/x/values.yaml", "deploy/app.yaml", "conf/app.yaml", "docker-compose.yml",
                             "charts/x/templates/app.yaml", ".gitlab-ci.yml", "roles/x/vars/main.yml"});
    std::vector<std::string> lines = lines_of(text), good;
    if (lines.empty()) continue;
    add_filler(random, lines);
    VersionJudge judge(engine);
    std::string before;
    for (int version = 0; version < 25; ++version) {
      const std::string now = joined(lines);
      const PolicyEngine::Question question{.path = path, .bytes = now, .hits = {}, .at_tip = false};
      const PolicyOutcome one = judge.judge(question), alone = engine.judge(question);
      INFO("seed " << seed << " version " << version << " of " << path << "\n--- before\n" << before << "--- now\n" << now);
      REQUIRE(shown(one) == shown(alone));
      before = now;
      // What cannot be read is judged whole: mostly back to what could be.
      if (alone.carries) {
        good = lines;
        ++carried;
      } else if (!good.empty() && below(random, 4) != 0) {
        lines = good;
      }
      edit_oddly(random, lines);
      if (lines.empty()) lines.emplace_back("a: b");
    }
  }
  CHECK(carried > seeds(150));
}
