#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# An object that only unreachable ones name is no loss, but is told.
. "$(dirname "$0")/common.inc"

new_repo
echo one > one
commit
git checkout -q --detach
echo two > two
commit
id=$(git rev-parse HEAD:two)
git checkout -q main
rm -rf .git/logs .git/ORIG_HEAD ".git/objects/${id:0:2}/${id:2}"
run 0 history --json "$out/report.json"
check "$out/report.json" 'r["complete"] and any(s["reason"] == "missing object under unreachable roots" for s in r["ledger"]["skipped"])'
run 3 history --strict
