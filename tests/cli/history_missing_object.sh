#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A missing object that refs reach: exit status 3, named in the ledger.
. "$(dirname "$0")/common.inc"

new_repo
echo one > one
commit
echo two > two
commit
id=$(git rev-parse HEAD:one)
rm -f ".git/objects/${id:0:2}/${id:2}"
run 3 history --json "$out/report.json"
check "$out/report.json" 'loss == ["missing object"] and not r["complete"]'
grep -q "$id" "$out/report.json"
run 3 history
grep -q "$id" "$stdout" "$stderr"
