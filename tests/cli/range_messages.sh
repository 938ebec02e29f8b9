#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Messages, authors and file names of the commits in the range count.
. "$(dirname "$0")/common.inc"

new_repo
echo start > start
commit
tick
git commit -q --allow-empty -m "About $(token message)"
tick
GIT_AUTHOR_NAME=$(token author) git commit -q --allow-empty -m "Odd"
echo harmless > "$(token name)"
commit
run 1 range HEAD~3..HEAD --json "$out/report.json"
check "$out/report.json" 'sorted(p["carrier"] for f in F for p in f["places"]) == ["author", "commit message", "file name"]'
