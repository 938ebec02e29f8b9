#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Through the installed hook: a leak is refused, with a one-line way to accept it; a clean commit passes.
. "$(dirname "$0")/common.inc"

new_repo
run 0 hook install
echo clean > clean
commit
echo "$(token leak)" > leak
git add leak
tick
not git commit -m leak > "$out/refused" 2>&1
grep -q 'leak:1:1' "$out/refused"
grep -q 'sealwarden:allow' "$out/refused"
[ "$(git rev-list --count HEAD)" = 1 ]
sed -i 's/$/  # sealwarden:allow made up/' leak
commit
[ "$(git rev-list --count HEAD)" = 2 ]
