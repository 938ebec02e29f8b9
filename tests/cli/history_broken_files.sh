#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Broken index, packed-refs and reflog: each is a loss with its name.
. "$(dirname "$0")/common.inc"

new_repo
echo one > one
commit
cp -r .git good
echo "this is no index" > .git/index
run 3 history --json "$out/index.json"
check "$out/index.json" 'loss == ["corrupt repository file"]'
grep -q 'index' "$out/index.json"
rm -rf .git && cp -r good .git
echo "zzzz refs/heads/x" > .git/packed-refs
run 3 history --json "$out/refs.json"
check "$out/refs.json" 'loss == ["corrupt repository file"]'
rm -rf .git && cp -r good .git
echo "not an id" > .git/refs/heads/broken
run 3 history --json "$out/ref.json"
check "$out/ref.json" 'loss == ["corrupt repository file"]'
