#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# --exit-zero turns findings into 0, and nothing else.
. "$(dirname "$0")/common.inc"

new_repo
echo "$(token leak)" > leak
commit
run 0 history --exit-zero --json "$out/report.json"
check "$out/report.json" 'len(F) == 1'
run 2 history no-such-place --exit-zero
echo two > two
commit
id=$(git rev-parse HEAD:two)
rm -f ".git/objects/${id:0:2}/${id:2}"
run 1 history
run 3 history --exit-zero
