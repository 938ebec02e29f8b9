#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A secret that HEAD holds elsewhere is new at this path.
. "$(dirname "$0")/common.inc"

new_repo
secret=$(token copied)
{ echo "$secret"; seq 30; } > original
commit
echo "x = $secret" > other
git add other
run 1 staged --json "$out/report.json"
check "$out/report.json" '[f["path"] for f in F] == ["other"]'
