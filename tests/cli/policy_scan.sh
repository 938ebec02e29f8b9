#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A manifest with faults: what is said of each, in JSON, SARIF and text.
. "$(dirname "$0")/common.inc"

mkdir deploy
cat > deploy/api.yaml <<'YAML'
apiVersion: v1
kind: Pod
metadata: {name: api, namespace: shop}
spec:
  containers:
  - name: c
    image: registry.example.com/api:1.4.2
    securityContext:
      privileged: true
    env:
    - {name: DB_PASSWORD, value: "c0rrect-h0rse-9battery"}
    - {name: DB_PASSWORD_FILE, value: /run/secrets/db}
YAML
run 1 scan . --only 'CFG-K8S-0*' --json "$out/report.json" --sarif "$out/report.sarif" --text "$out/report.txt"
check "$out/report.json" '{"CFG-K8S-001", "CFG-K8S-023"} <= {f["rule"] for f in F} and r["complete"]'
check "$out/report.json" '[f for f in F if f["rule"] == "CFG-K8S-023"][0]["node"] == "spec.containers[name=c].securityContext.privileged"'
check "$out/report.json" '[f["document"] for f in F if f["rule"] == "CFG-K8S-023"] == ["Pod/shop/api"]'
check "$out/report.json" '[f["class"] for f in F if f["rule"] == "CFG-K8S-023"] == ["config"]'
check "$out/report.json" 'all(f["message"] and f["kind"] == "fail" for f in F)'
# The place is the value, the value is hidden, the one with a file's name is none.
check "$out/report.json" '[p["start_column"] for f in F if f["rule"] == "CFG-K8S-001" for p in f["places"] if p["start_line"] == 11] == [35]'
check "$out/report.json" '[p["end_column"] for f in F if f["rule"] == "CFG-K8S-001" for p in f["places"]] == [57]'
check "$out/report.json" '[f["class"] for f in F if f["rule"] == "CFG-K8S-001"] == ["secret"]'
check "$out/report.json" '[f["node"] for f in F if f["rule"] == "CFG-K8S-001"] == ["spec.containers[name=c].env[name=DB_PASSWORD].value"]'
grep -rqF c0rrect-h0rse "$out" && die "the secret is in a report"
grep -q 'Pod/shop/api' "$out/report.txt" || die "the text report does not name the document"

python3 - "$out/report.sarif" <<'PYTHON' || die "the SARIF report is not as it should be"
import json, sys
run = json.load(open(sys.argv[1]))["runs"][0]
by_rule = {}
for result in run["results"]:
    by_rule.setdefault(result["ruleId"], []).append(result)
privileged = by_rule["CFG-K8S-023"][0]
assert privileged["kind"] == "fail" and privileged["level"] == "error", privileged
logical = privileged["locations"][0]["logicalLocations"][0]["fullyQualifiedName"]
assert logical == "Pod/shop/api:spec.containers[name=c].securityContext.privileged", logical
assert list(privileged["fingerprints"]) == ["policy/v1"], privileged["fingerprints"]
assert list(privileged["partialFingerprints"]) == ["policy/v1"]
PYTHON

# Where nothing is wrong nothing is said.
sed -i -e '/privileged/d' -e '/DB_PASSWORD,/d' deploy/api.yaml
run 0 scan . --only 'CFG-K8S-001' --only CFG-K8S-023
