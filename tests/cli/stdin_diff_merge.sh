#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The diff of a merge, with a column for each parent: what the merge itself adds counts.
. "$(dirname "$0")/common.inc"

new_repo
seq 5 > file
commit
git checkout -q -b side
sed -i 's/3/side/' file
commit
git checkout -q main
sed -i 's/3/main/' file
commit
git merge -q side > /dev/null 2>&1 || true
{ seq 2; token merged; seq 4 5; } > file
commit
git show > "$work/private/diff"
grep -q '^@@@' "$work/private/diff"
run 1 stdin --diff --json "$out/report.json" < "$work/private/diff"
check "$out/report.json" '[(f["path"], f["places"][0]["start_line"], f["places"][0]["start_column"]) for f in F] == [("file", 3, 1)]'
check "$out/report.json" 'r["complete"] and not loss'
