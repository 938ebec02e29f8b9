#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A secret that came and went within the range is found.
. "$(dirname "$0")/common.inc"

new_repo
echo start > start
commit
echo "$(token brief)" > brief
commit
git rm -q brief
commit
run 1 range HEAD~2..HEAD --json "$out/report.json"
check "$out/report.json" '[f["path"] for f in F] == ["brief"] and not F[0]["at_head"]'
run 0 range HEAD~1..HEAD
