// SPDX-License-Identifier: Apache-2.0
// Versions of a file that are judged one behind the other say what each says alone, whatever the edits between them; and a prefilter
// keeps no rule from what it would find.
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
    out += std::to_string(one.rule) + " " + std::to_string(one.span.begin) + "-" +
           std::to_string(one.span.end) + " " + one.node + " " + one.value + " " + one.message + " " +
           std::to_string(static_cast<int>(one.severity)) + std::to_string(static_cast<int>(one.confidence)) +
           std::to_string(static_cast<int>(one.kind)) + (one.accepted ? " accepted" : "") + "\n";
  return out;
}

}  // namespace

TEST_CASE("versions judged one behind the other say what each says alone", "[versions]") {
  const auto rules = shipped_rule_set();
  REQUIRE(rules);
  const PolicyEngine engine(*rules);
  size_t small = 0, edits = 0;
  for (unsigned seed = 0; seed < (std::getenv("SEEDS") != nullptr ? static_cast<unsigned>(std::atoi(std::getenv("SEEDS"))) : 400U); ++seed) {
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
