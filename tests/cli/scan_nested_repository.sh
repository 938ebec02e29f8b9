#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Another repository inside the folder: its files as they stand, or a row in the ledger; never its .git.
. "$(dirname "$0")/common.inc"

new_repo
echo outer > outer
commit
new_repo inner
git -C inner config remote.origin.url "https://u:$(token url)@example.org/x"
run 0 scan --json "$out/report.json"
check "$out/report.json" 'r["complete"] and not F'
