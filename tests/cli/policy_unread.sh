#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# What could not be read is told: as an open result, in the ledger and by the exit code. What could be read is judged.
. "$(dirname "$0")/common.inc"

cat > two.yaml <<'YAML'
apiVersion: v1
kind: Pod
metadata: {name: broken
spec: [
---
apiVersion: v1
kind: Pod
metadata: {name: api}
spec:
  containers:
  - name: c
    securityContext: {privileged: true}
YAML
rules=(--only CFG-K8S-023 --only CFG-DOC-001)
run 1 scan . "${rules[@]}" --json "$out/two.json" --sarif "$out/two.sarif" --text "$out/two.txt"
check "$out/two.json" '[(f["rule"], f["kind"]) for f in F if f["kind"] == "fail"] == [("CFG-K8S-023", "fail")]'
check "$out/two.json" '[f["kind"] for f in F if f["rule"] == "CFG-DOC-001"] == ["open"] and r["summary"]["open"] == 1'
check "$out/two.json" 'not r["complete"] and loss == ["document that could not be read"]'
# With file, line, what was expected, and who could not run.
check "$out/two.json" '[f for f in F if f["kind"] == "open"][0]["path"] == "two.yaml"'
check "$out/two.json" '"CFG-K8S-023" in [f for f in F if f["kind"] == "open"][0]["message"]'
check "$out/two.json" '3 <= [f for f in F if f["kind"] == "open"][0]["places"][0]["start_line"] <= 5'
check "$out/two.json" 'any("two.yaml" in e and "line" in e for row in r["ledger"]["skipped"] for e in row["examples"])'
python3 - "$out/two.sarif" <<'PYTHON' || die "SARIF does not tell what is open"
import json, sys
run = json.load(open(sys.argv[1]))["runs"][0]
kinds = {result["ruleId"]: (result["kind"], result["level"]) for result in run["results"]}
assert kinds["CFG-DOC-001"] == ("open", "none"), kinds
assert kinds["CFG-K8S-023"] == ("fail", "error"), kinds
PYTHON

# Nothing but what could not be read: incomplete, no finding.
rm two.yaml
broken() { printf 'apiVersion: v1\nkind: Pod\nspec: {containers: }]\n# privileged\n' > "$1"; }
broken one.yaml
run 3 scan . "${rules[@]}" --json "$out/one.json"
check "$out/one.json" 'not r["complete"] and all(f["kind"] == "open" for f in F) and len(F) >= 1'
# A file that no rule wants may be as broken as it likes.
printf 'a: [b\n' > one.yaml
run 0 scan . "${rules[@]}"
# The same in a change, and not for what was broken before it.
new_repo
broken one.yaml
commit
echo other > other
commit
run 0 range HEAD~1..HEAD "${rules[@]}"
broken two.yaml
git add two.yaml
run 3 staged . "${rules[@]}"
# What is broken on the way and mended at its end is not.
commit
printf 'apiVersion: v1\nkind: Pod\n# privileged\n' > two.yaml
commit
run 0 range HEAD~2..HEAD "${rules[@]}" --json "$out/mended.json"
check "$out/mended.json" 'r["complete"] and F == []'
