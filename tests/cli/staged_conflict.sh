#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# In a merge conflict the sides are looked at.
. "$(dirname "$0")/common.inc"

new_repo
echo base > file
commit
git checkout -q -b side
echo "$(token side)" > file
commit
git checkout -q main
echo other > file
commit
git merge -q side > /dev/null 2>&1 || true
[ -n "$(git ls-files -u)" ] || die "no conflict"
run 1 staged --json "$out/report.json"
check "$out/report.json" 'len(F) == 1 and F[0]["path"] == "file"'
