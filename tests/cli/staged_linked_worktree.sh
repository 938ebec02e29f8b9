#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# In a linked worktree its own index counts; GIT_INDEX_FILE names another.
. "$(dirname "$0")/common.inc"

new_repo main
cd main
echo start > start
commit
git worktree add -q -b other ../linked
cd ../linked
echo "$(token linked)" > linked
git add linked
run 1 staged
run 0 staged ../main
cp "$(git rev-parse --git-path index)" "$work/private/index"
git reset -q
run 0 staged
GIT_INDEX_FILE=$work/private/index run 1 staged
