#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# What is no diff cannot be a clean one; an empty one, or a log without changes, can.
. "$(dirname "$0")/common.inc"

echo "$(token plain)" > text
run 2 stdin --diff < text
says 'no unified diff'
run 0 stdin --diff < /dev/null
new_repo
echo one > file
commit
git commit -q --allow-empty -m 'nothing changes'
git show > "$work/private/empty"
run 0 stdin --diff < "$work/private/empty"
git mv file other
git diff -M --cached > "$work/private/renamed"
run 0 stdin --diff < "$work/private/renamed"
