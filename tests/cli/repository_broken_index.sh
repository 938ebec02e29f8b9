#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# An index that cannot be read is a gap of the scan, with a report, for every command that reads it.
. "$(dirname "$0")/common.inc"

new_repo
echo "$(token held)" > f
commit
truncate -s 0 .git/index
run 1 scan --json "$out/report.json"
check "$out/report.json" 'loss == ["corrupt repository file"] and len(F) == 1'
run 3 staged --sarif "$out/report.sarif" --json "$out/report.json"
check "$out/report.json" 'loss == ["corrupt repository file"] and not r["complete"] and not F'
run 1 history --json "$out/report.json"
check "$out/report.json" 'loss == ["corrupt repository file"]'
