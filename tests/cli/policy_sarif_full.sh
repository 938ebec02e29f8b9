#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# --sarif-full also tells what is in order (pass: rule by document) and which rules found nothing to look at (notApplicable).
. "$(dirname "$0")/common.inc"

# full CONDITION: about R (results as (rule, kind, file, first line, name)), run and passed(rule): what the last file tells.
full() {
  python3 - "$out/full.sarif" "$1" <<'PYTHON' || die "$1"
import json, sys
run = json.load(open(sys.argv[1], encoding="utf-8"))["runs"][0]
def told(r):
    at = (r.get("locations") or [{}])[0]
    physical = at.get("physicalLocation", {"artifactLocation": {"uri": None}, "region": {"startLine": None}})
    name = at.get("logicalLocations", [{}])[0].get("fullyQualifiedName")
    return r["ruleId"], r["kind"], physical["artifactLocation"]["uri"], physical["region"]["startLine"], name
R = [told(r) for r in run["results"]]
passed = lambda rule: [r[2:] for r in R if r[:2] == (rule, "pass")]
rules = run["tool"]["driver"]["rules"]
taxa = {t["name"]: [taxon["id"] for taxon in t["taxa"]] for t in run["taxonomies"]}
for r in run["results"]:
    assert rules[r["ruleIndex"]]["id"] == r["ruleId"], r
    assert (r["level"] == "none") == (r["kind"] != "fail") and r["message"]["text"].endswith("."), r
for rule in rules:
    for one in rule.get("relationships", []):
        assert taxa[one["target"]["toolComponent"]["name"]][one["target"]["index"]] == one["target"]["id"], rule["id"]
once = [r for r in R if r[1] == "notApplicable"]
assert len({r[0] for r in once}) == len(once) and not {r[0] for r in once} & {r[0] for r in R if r[1] != "notApplicable"}
if not eval(sys.argv[2]):
    print(*R, sep="\n", file=sys.stderr)
    sys.exit(1)
PYTHON
}
pod() { printf 'apiVersion: v1\nkind: Pod\nmetadata: {name: %s, namespace: shop}\nspec:\n  containers:\n  - name: c\n%s' "$1" "${2-}"; }
bad='    securityContext: {privileged: true}
' good='    securityContext: {privileged: false}
'
rules=(--only CFG-K8S-023 --only 'CFG-DKR-*' --only CFG-DOC-001 --only CFG-ENC-003 --only CFG-ENV-002)

# Each document by itself; one that does not name what the rule is about is in order too.
{ pod api "$good"; echo ---; pod bad "$bad"; echo ---; pod plain; } > pods.yaml
run 1 scan . "${rules[@]}" --json "$out/plain.json" --sarif "$out/plain.sarif"
run 1 scan . "${rules[@]}" --json "$out/one.json" --sarif "$out/one.sarif" --sarif-full "$out/full.sarif"
full 'passed("CFG-K8S-023") == [("pods.yaml", 1, "Pod/shop/api"), ("pods.yaml", 17, "Pod/shop/plain")]'
full '[r[3] for r in R if r[1] == "fail"] == [15] and passed("CFG-DOC-001") == [("pods.yaml", 1, None)]'
full '{"CFG-DKR-001", "CFG-ENC-003", "CFG-ENV-002"} <= {r[0] for r in R if r[1] == "notApplicable"}'
full 'run["properties"]["passed"] == len([r for r in R if r[1] == "pass"]) == 3'
# Nothing else changes, and it does not hang on threads.
cmp "$out/plain.json" "$out/one.json"
cmp "$out/plain.sarif" "$out/one.sarif"
run 1 scan . "${rules[@]}" -j1 --sarif-full "$out/j1.sarif"
run 1 scan . "${rules[@]}" -j8 --sarif-full "$out/j8.sarif"
cmp "$out/j1.sarif" "$out/j8.sarif"

# What cannot be known is neither in order nor beside the point; nor is what could not be read.
mkdir -p chart/templates
echo 'name: chart' > chart/Chart.yaml
pod made '    {{- toYaml .Values.security | nindent 4 }}
' > chart/templates/pod.yaml
{ pod one "$good"; echo ---; printf 'a: [b\n# privileged\n'; } > broken.yaml
run 1 scan . "${rules[@]}" --sarif-full "$out/full.sarif"
full '{r[2] for r in R if r[0] == "CFG-K8S-023"} == {"pods.yaml"}'
full '("CFG-DOC-001", "open", "broken.yaml") in [r[:3] for r in R] and "broken.yaml" not in [p[0] for p in passed("CFG-DOC-001")]'
rm pods.yaml broken.yaml
run 0 scan . "${rules[@]}" --sarif-full "$out/full.sarif"
full 'not [r for r in R if r[0] == "CFG-K8S-023"]'
rm -r chart

# Rules on trees; results that are accepted.
printf 'files = [".env.*"]\n[[key]]\nname = "A"\nrequired = true\n' > env.schema.toml
echo A=1 > .env.production
echo B=1 > .env.staging
pod bad "    # sealwarden:allow CFG-K8S-023 reason=\"of the test\"
$bad" > pods.yaml
run 1 scan . "${rules[@]}" --sarif-full "$out/full.sarif"
full '[p[0] for p in passed("CFG-ENV-002")] == [".env.production"]'
full '("CFG-ENV-002", "fail", ".env.staging") in [r[:3] for r in R] and not passed("CFG-K8S-023")'
full 'all("suppressions" in r for r in run["results"])'
