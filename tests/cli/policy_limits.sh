#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# What policy rules do not look at because of a limit is a gap of the scan, not clean.
. "$(dirname "$0")/common.inc"

python3 - > many.yaml <<'PYTHON'
print("\n---\n".join(["apiVersion: v1\nkind: Pod\nspec: {hostPID: false}"] * 10050))
PYTHON
run 3 scan many.yaml --only CFG-K8S-028 --json "$out/report.json"
check "$out/report.json" 'not r["complete"] and any("more than 10000 documents" in example for row in r["ledger"]["skipped"] for example in row["examples"])'
