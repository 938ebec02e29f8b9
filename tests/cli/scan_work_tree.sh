#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Files as they stand, sorted, with line and column; .git is never a part of it.
. "$(dirname "$0")/common.inc"

new_repo
mkdir sub
printf 'a\nkey = %s\n' "$(token one)" > sub/one.txt
git config remote.origin.url "https://u:$(token url)@example.org/x"
echo clean > two.txt
run 1 scan --json "$out/report.json"
check "$out/report.json" 'len(F) == 1 and F[0]["path"] == "sub/one.txt" and r["target"]["kind"] == "scan"'
check "$out/report.json" '[(p["start_line"], p["start_column"], p["end_column"], p["start_byte"]) for p in F[0]["places"]] == [(2, 7, 47, 8)]'
check "$out/report.json" 'F[0]["places"][0]["reach"] == "worktree" and F[0]["places"][0]["commit"] is None'
run 1 scan
prints 'sub/one.txt:2:7'
