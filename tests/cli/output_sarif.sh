#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# SARIF 2.1.0: results, rules with help, fingerprints, provenance without user information.
. "$(dirname "$0")/common.inc"

new_repo
printf 'ä = "%s"\n' "$(token leak)" > leak
commit
git remote add origin "https://u:$(token url)@example.org/x.git"
run 1 history --sarif "$out/report.sarif"
python3 - "$out/report.sarif" <<'PYTHON'
import json, sys
log = json.load(open(sys.argv[1], encoding="utf-8"))
assert log["version"] == "2.1.0" and "sarif" in log["$schema"]
run = log["runs"][0]
assert run["columnKind"] == "utf16CodeUnits" and run["invocations"][0]["executionSuccessful"] is True
result = [r for r in run["results"] if r["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "leak"][0]
region = result["locations"][0]["physicalLocation"]["region"]
assert (region["startLine"], region["startColumn"], region["byteOffset"], region["byteLength"]) == (1, 6, 6, 40), region
rule = run["tool"]["driver"]["rules"][result["ruleIndex"]]
assert rule["id"] == result["ruleId"] == "github-pat-classic" and rule["help"]["text"]
assert result["partialFingerprints"] and result["level"] == "error"
assert run["versionControlProvenance"][0]["repositoryUri"] == "https://example.org/x.git"
PYTHON
