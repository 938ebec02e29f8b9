// SPDX-License-Identifier: Apache-2.0
// Expressions of GitHub's workflows, and what scripts print.
#include <string>

#include "scanner/policy/github_expressions.h"
#include "scanner/policy/github_scripts.h"
#include "tests/support/catch.h"

using namespace sealwarden;

namespace {

// Contexts in order: '!' before those that do not flow, "{}" behind those of which all flows, "[]" with a computed key.
std::string contexts(std::string_view text) {
  std::string out;
  for (const GithubExpression& expression : github_expressions(text)) {
    if (!expression.is_read) out += "? ";
    for (const GithubContext& one : expression.contexts) {
      out += std::string(one.flows ? "" : "!") + one.name + (one.is_whole ? "{}" : "") + (one.has_computed_key ? "[]" : "") + " ";
      CHECK(text.substr(one.begin, 1) != " ");
      CHECK(one.end <= expression.end);
    }
  }
  return out;
}

std::string prints(std::string_view script) {
  ScriptSecrets secrets{{"KEY"}, {}};
  for (const GithubExpression& one : github_expressions(script)) secrets.expressions.emplace_back(one.begin, one.end);
  std::string out;
  for (const PrintedSecret& one : printed_secrets(script, secrets)) {
    out += one.way == PrintedSecret::Way::plain ? "plain " : one.way == PrintedSecret::Way::changed ? "changed " : "traced ";
    CHECK(one.begin < one.end);
    CHECK(one.end <= script.size());
  }
  return out;
}

}  // namespace

TEST_CASE("Contexts are found however they are written", "[github]") {
  CHECK(contexts("${{ github.event.issue.title }}") == "github.event.issue.title ");
  CHECK(contexts("${{github['event'].Issue[ 'Title' ]}}") == "github.event.issue.title ");
  CHECK(contexts("${{ github.event.commits[0].message }} ${{ a.*.b }}") == "github.event.commits.*.message a.*.b ");
  CHECK(contexts("${{ secrets[matrix.name] }}") == "!matrix.name secrets.*[] ");
  CHECK(contexts("${{ toJSON(github.event) }}") == "github.event{} ");
  CHECK(contexts("${{ fromJSON(secrets.a).b[0] }}") == "secrets.a ");
  CHECK(contexts("a ${{ 'it''s }}' }} b ${{ x }}") == "x ");
}

TEST_CASE("What is asked is not what flows", "[github]") {
  CHECK(contexts("${{ a.b == 'x' }}") == "!a.b ");
  CHECK(contexts("${{ a && b || c }}") == "!a b c ");
  CHECK(contexts("${{ !a }}") == "!a ");
  CHECK(contexts("${{ contains(a, 'x') && b || '' }}") == "!a b ");
  CHECK(contexts("${{ format('{0}', a) }}") == "a ");
  CHECK(contexts("${{ (a || b).c }}") == "a b ");
}

TEST_CASE("What is no expression is not read", "[github]") {
  CHECK(contexts("${{ a.b").empty());
  CHECK(contexts("$ {{ a }} ${ { b }}").empty());
  CHECK(contexts("${{ a + b }}") == "? a ");
  CHECK(contexts("${{ " + std::string(100000, '(') + " }}").starts_with("?") == false);
  CHECK(contexts("${{ " + std::string(1000, '(') + " }}") == "? ");
}

TEST_CASE("Who writes what a context holds", "[github]") {
  CHECK(github_author("github.event.issue.title", false) == GithubAuthor::outsider);
  CHECK(github_author("github.event.commits.*.author.name", false) == GithubAuthor::outsider);
  CHECK(github_author("github.event.inputs.name", false) == GithubAuthor::writer);
  CHECK(github_author("github.event.issue.number", false) == GithubAuthor::nobody);
  CHECK(github_author("github.event", false) == GithubAuthor::nobody);
  CHECK(github_author("github.event", true) == GithubAuthor::outsider);
  CHECK(github_author("github.event.issue.number", true) == GithubAuthor::nobody);
}

TEST_CASE("Scripts that print secrets", "[github]") {
  CHECK(prints("echo $KEY") == "plain ");
  CHECK(prints("echo \"${{ secrets.A }}\" | base64 -w0") == "changed ");
  CHECK(prints("if true; then printf '%s' \"${KEY}\" | rev | tee /dev/stderr; fi") == "changed ");
  CHECK(prints("cat <<E\n$KEY\nE\necho done") == "plain ");
  CHECK(prints("cat <<< $KEY | xxd") == "changed ");
  CHECK(prints("echo ${KEY#a}") == "changed ");
  CHECK(prints("echo $(echo $KEY | base64)") == "changed ");
  CHECK(prints("set -ex\ncurl $KEY") == "traced ");
  CHECK(prints("env | sort; printenv") == "traced traced ");
}

TEST_CASE("Scripts that hand secrets on", "[github]") {
  for (const std::string_view script :
       {"echo $KEY > f", "echo $KEY >> $GITHUB_ENV", "echo '$KEY'", "echo ${#KEY}", "echo $KEY | docker login --password-stdin",
        "# echo $KEY", "X=$(echo $KEY | base64)",
        "{ echo $KEY; } > f", "(echo $KEY) | gpg", "cat > f <<E\n$KEY\nE\n", "echo ::add-mask::$KEY", "echo $KEYS", "env A=b make", "set -e\ncurl $KEY",
        "echo $KEY | \\\n  base64 -d > f", "echo $KEY | sha256sum", "set -x\nmake\nset +x\ncurl $KEY"}) {
    CAPTURE(script);
    CHECK(prints(script).empty());
  }
}
