#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Lines of a pre-receive hook: new, moved and deleted refs.
. "$(dirname "$0")/common.inc"

new_repo
echo "$(token old)" > old
commit
old=$(git rev-parse HEAD)
git checkout -q --detach
echo "$(token new)" > new
commit
new=$(git rev-parse HEAD)
git checkout -q main
zero=0000000000000000000000000000000000000000
echo "$old $new refs/heads/main" > moved
run 1 range --stdin-refs --json "$out/moved.json" < moved
check "$out/moved.json" '[f["path"] for f in F] == ["new"]'
echo "$zero $new refs/heads/topic" > created
run 1 range --stdin-refs --json "$out/created.json" < created
check "$out/created.json" '[f["path"] for f in F] == ["new"]'
echo "$old $zero refs/heads/main" > deleted
run 0 range --stdin-refs < deleted
cat created moved deleted > all
run 1 range --stdin-refs < all
echo "not three words at all" > broken
run 2 range --stdin-refs < broken
