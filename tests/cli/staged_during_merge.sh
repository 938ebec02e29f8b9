#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# What a branch that is being merged holds at the path is not brought by the merge; what the merge adds is.
. "$(dirname "$0")/common.inc"

new_repo
echo base > base
commit
git checkout -q -b side
echo "$(token known)" > leak
commit
git checkout -q main
echo more > more
commit
git merge -q --no-commit --no-ff side > /dev/null
run 0 staged
echo "$(token fresh)" >> leak
git add leak
run 1 staged --json "$out/report.json"
check "$out/report.json" 'len(F) == 1 and F[0]["places"][0]["start_line"] == 2'
