#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Installed from a linked worktree the hook works in all of them.
. "$(dirname "$0")/common.inc"

new_repo main
cd main
echo start > start
commit
git worktree add -q -b other ../linked
cd ../linked
run 0 hook install
echo "$(token linked)" > linked
git add linked
not git commit -m leak > "$out/linked" 2>&1
cd ../main
echo "$(token main)" > main
git add main
not git commit -m leak > "$out/main" 2>&1
cd ../linked/
run 0 hook uninstall
git commit -q -m passes
