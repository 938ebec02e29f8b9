#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# --refs-only leaves out what no ref reaches.
. "$(dirname "$0")/common.inc"

new_repo
echo start > file
commit
echo "$(token branch)" > branch
commit
echo "$(token reset)" > reset
commit
git reset -q --hard HEAD~1
token blob | git hash-object -w --stdin > /dev/null
run 1 history --json "$out/all.json"
check "$out/all.json" 'len(F) == 3'
run 1 history --refs-only --json "$out/refs.json"
check "$out/refs.json" '[f["path"] for f in F] == ["branch"]'
