#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The refs of a linked worktree are refs like others.
. "$(dirname "$0")/common.inc"

new_repo main
cd main
git commit -q --allow-empty -m start
git worktree add -q --detach ../linked
cd ../linked
echo "$(token own)" > leak
commit
git update-ref refs/worktree/kept HEAD
git checkout -q --detach HEAD~1
cd ../main
run 1 history --refs-only --json "$out/report.json"
check "$out/report.json" '[p["reach"] for f in F for p in f["places"]] == ["tip"]'
