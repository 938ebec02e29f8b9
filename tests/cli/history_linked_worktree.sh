#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# From a linked worktree, also under extensions.worktreeConfig, the whole repository is scanned.
. "$(dirname "$0")/common.inc"

new_repo main
cd main
echo "$(token one)" > one
commit
git config extensions.worktreeConfig true
git worktree add -q -b other ../linked
cd ../linked
echo "$(token two)" > two
commit
run 1 history --json "$out/linked.json"
check "$out/linked.json" 'sorted(f["path"] for f in F) == ["one", "two"] and all(f["at_head"] for f in F)'
run 1 history ../main --json "$out/main.json"
check "$out/main.json" 'sorted(f["at_head"] for f in F) == [False, True]'
