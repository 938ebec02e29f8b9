// SPDX-License-Identifier: Apache-2.0
// Pairs of versions where the part that an edit reaches is larger than it looks.
#include "scanner/policy/version_judge.h"

#include <algorithm>

#include "rules/builtin.h"
#include "tests/support/policy_question.h"

using namespace sealwarden;
using namespace sealwarden::testing;

namespace {

const PolicyEngine& engine() {
  static const auto rules = shipped_rule_set();
  REQUIRE(rules);
  static const PolicyEngine made(*rules);
  return made;
}

PolicyEngine::Question question(const std::string& path, const std::string& text) { return {.path = path, .bytes = text, .hits = {}, .at_tip = false}; }

std::string shown(const PolicyOutcome& outcome) {
  std::string out;
  for (const Violation& one : outcome.violations)
    out += std::to_string(one.rule) + " " + std::to_string(one.span.begin) + " " + one.node + " " + one.subject + (one.accepted ? " accepted" : "") + "\n";
  return out;
}

// Both ways, the second version says what it says alone; and the two do not say the same, else the case would show nothing.
void judge_both(const std::string& path, const std::string& one, const std::string& other) {
  const auto judge = [&](const std::string& before, const std::string& now) {
    INFO(path << "\n--- before\n" << before << "--- now\n" << now);
    VersionJudge versions(engine());
    (void)versions.judge(question(path, before));
    CHECK(shown(versions.judge(question(path, now))) == shown(engine().judge(question(path, now))));
  };
  judge(one, other);
  judge(other, one);
  const PolicyOutcome first = engine().judge(question(path, one)), second = engine().judge(question(path, other));
  const auto accepted = [](const PolicyOutcome& outcome) {
    return std::count_if(outcome.violations.begin(), outcome.violations.end(), [](const Violation& violation) { return violation.accepted.has_value(); });
  };
  CHECK((first.violations.size() != second.violations.size() || accepted(first) != accepted(second)));
}

const std::string kWords(75, 'w');

// Entries that are in no part.
std::string filler(int count, const std::string& indent = "") {
  std::string out;
  for (int i = 0; i < count; ++i) out += indent + "filler" + std::to_string(i) + ": " + kWords + "\n";
  return out;
}

}  // namespace

TEST_CASE("template actions that go show what the map around them has", "[judge]") {
  const std::string path = "charts/x/templates/app.yaml", tail = "  accessKey: c0rrecth0rse9batteryAB\n  y: " + kWords + "\n" + filler(3);
  judge_both(path, "minio:\n  {{- toYaml .Values.extra | nindent 2 }}\n  b: 1\n" + filler(1, "  ") + tail, "minio:\n  b: 1\n" + filler(1, "  ") + tail);
  judge_both("docker-compose.yml.j2", filler(2) + "{{ y }}\nservices:\n  web:\n    image: x\n    command: mysql -uroot -pc0rrect8horse\n",
             filler(2) + "services:\n  web:\n    image: x\n    command: mysql -uroot -pc0rrect8horse\n");
}

TEST_CASE("of entries of one key the last counts", "[judge]") {
  const std::string map =
      "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: db\ndata:\n  app.yaml: |\n    db_password: "
      "kettle7moss-x91\n" +
      filler(3, "  ") + filler(3);
  judge_both("deploy/app.yaml", map, map + "data:\n  foo: eA==\n");
}

TEST_CASE("lines that become a comment, or a text, are another thing", "[judge]") {
  const std::string rest = "    # x\n    # psql postgres://app:c0rrect9horse@db.internal/app\nlast: " + kWords + "\n";
  judge_both("charts/x/values.yaml", filler(3) + "run:\n  script: |\n" + rest, filler(3) + "run:\n" + rest);
  const std::string marked = "  # sealwarden:allow\npassword: c0rrect-h0rse-9battery\n" + filler(3);
  judge_both("charts/x/values.yaml", filler(3) + "a:\n" + marked, filler(3) + "a: |\n" + marked);
}

TEST_CASE("blanks at the end of a text are a part of it", "[judge]") {
  judge_both("charts/x/values.yaml",
             filler(3) + "password: |\n  kettle7moss-x91\n      \nc: " + kWords + "\n",
             filler(3) + "password: |\n  kettle7moss-x91\nc: " + kWords + "\n");
}

TEST_CASE("a file that no rule wanted was not read", "[judge]") {
  const std::string broken = "a: x\n  b: y\nkind: CustomResourceDefinition\n" + filler(4);
  judge_both("conf/app.yaml", broken, "password: changeme\n" + broken);
}

TEST_CASE("a word in a comment arms a rule for the whole file", "[judge]") {
  const std::string text = filler(2) + "Kennwort: c0rrect-h0rse-9battery\n" + filler(1, "x");
  judge_both("conf/app.yaml", text, "# token of the app\n" + text);
}

TEST_CASE("values in brackets hold what a kind of document asks for", "[judge]") {
  const std::string text = "x-common:\n  command: mysql -uroot -pc0rrect8horse\n" + filler(3) + "services:\n  web:\n    ports: []\n";
  judge_both("deploy/app.yaml", text, text + "  db: {image: redis}\n");
}

TEST_CASE("a quote behind a colon begins no text", "[judge]") {
  const std::string head = "c: {password:' ''}\nzz: " + kWords + "\n",
                    tail = filler(1) + "b: {z: '{{x}}'}\n" + filler(4, "y") +
                           "db:\n  password: kettle7moss-x91\n";
  judge_both("conf/app.yaml", head + tail, head + "type: object\n" + tail);
}

TEST_CASE("what is asked after the last version borrows nothing of its question", "[judge]") {
  VersionJudge versions(engine());
  const std::string text = "a: 1\n";
  {
    const PolicyEngine::Question asked{.path = "a/path/that/is/too/long/to/lie/within/a/string.yaml", .bytes = text, .hits = {}};
    (void)versions.judge(asked);
  }
  CHECK_FALSE(versions.wants_pairs("a/path/that/is/too/long/to/lie/within/a/string.yaml", text));
}
