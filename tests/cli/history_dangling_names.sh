#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A name in a tree that nothing reaches; ORIG_HEAD after a clean-up is no loss; a stash keeps what it holds.
. "$(dirname "$0")/common.inc"

new_repo
echo ok > file
commit
echo two > file
commit
git reset -q --hard HEAD~1
git reflog expire --expire=now --all
git gc -q --prune=now
run 0 history
printf '100644 blob %s\t%s\n' "$(git hash-object -w file)" "$(token name)" | git mktree > /dev/null
echo "$(token untracked)" > untracked
git stash -qu
run 1 history --json "$out/report.json"
check "$out/report.json" '[(p["carrier"], p["reach"]) for f in F for p in f["places"] if p["carrier"] == "file name"] == [("file name", "unreachable")]'
check "$out/report.json" '[(f["removed"], f["places"][0]["reach"]) for f in F if f["path"] == "untracked"] == [([], "stash")]'
