#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A merge brings what neither parent had; what it only takes over is not new.
. "$(dirname "$0")/common.inc"

new_repo
echo "$(token main)" > main
commit
git checkout -q -b change HEAD
echo change > change
commit
git checkout -q main
echo "$(token later)" > later
commit
git checkout -q change
git merge -q --no-edit main
run 0 range main..change
echo "$(token evil)" > evil
git add evil
git commit -q --amend --no-edit
run 1 range main..change --json "$out/report.json"
check "$out/report.json" '[f["path"] for f in F] == ["evil"] and F[0]["merge_only"]'
