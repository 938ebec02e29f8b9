#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Several paths, a single file, and a path that is not there.
. "$(dirname "$0")/common.inc"

mkdir one two
echo "$(token one)" > one/file
echo "$(token two)" > two/file
echo clean > clean
run 1 scan one two --json "$out/two.json"
check "$out/two.json" 'len(F) == 2'
run 1 scan one/file
run 0 scan clean
run 2 scan missing
says 'missing'
run 2 scan clean missing
