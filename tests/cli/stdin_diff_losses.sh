#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# What a diff does not show, or the reader cannot read, is told as a loss.
. "$(dirname "$0")/common.inc"

new_repo
echo start > start
commit
printf 'a\0b' > binary
git add .
git diff --cached > "$work/private/diff"
run 3 stdin --diff --json "$out/report.json" < "$work/private/diff"
check "$out/report.json" 'loss == ["unreadable part of the input"]'
git diff --cached --binary > "$work/private/diff"
run 3 stdin --diff < "$work/private/diff"
prints "binary: a binary patch"
printf -- '--- a/x\n+++ b/x\n@@ -1 +1,3 @@\n one\n+two\n' | run 3 stdin --diff
