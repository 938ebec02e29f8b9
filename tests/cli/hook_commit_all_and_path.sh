#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# git commit -a and git commit PATH use an index of their own: what they would bring is checked.
. "$(dirname "$0")/common.inc"

new_repo
echo one > one
echo two > two
commit
run 0 hook install
echo "$(token leak)" >> one
echo more >> two
not git commit -a -m all > "$out/all" 2>&1
not git commit -m path one > "$out/path" 2>&1
git commit -q -m fine two
[ "$(git rev-list --count HEAD)" = 2 ]
git add one
echo again >> two
git commit -q -m "only two" two
[ "$(git rev-list --count HEAD)" = 3 ]
not git commit -m rest > "$out/rest" 2>&1
