#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# What the baseline knows is marked and does not fail; what is new fails; it holds no secret.
. "$(dirname "$0")/common.inc"

new_repo
echo "$(token known)" > known
commit
run 0 baseline create --output "$out/baseline.json"
run 0 history --baseline "$out/baseline.json" --json "$out/report.json"
check "$out/report.json" 'len(F) == 1 and F[0]["suppressed"]["kind"] == "baseline" and r["summary"]["baselined"] == 1'
echo "$(token new)" > new
commit
run 1 history --baseline "$out/baseline.json" --json "$out/report.json" --sarif "$out/report.sarif"
check "$out/report.json" '[f["path"] for f in S] == ["new"]'
grep -q '"baselineState": *"unchanged"' "$out/report.sarif"
grep -q '"baselineState": *"new"' "$out/report.sarif"
run 2 history --baseline no-such-file
