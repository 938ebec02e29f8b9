#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# With --diff only what a unified diff adds counts, at its path and line.
. "$(dirname "$0")/common.inc"

new_repo
{ seq 20; echo "$(token removed)"; echo "$(token context)"; } > file
commit
{ seq 20; echo "$(token context)"; echo "$(token added)"; } > file
git diff > "$work/private/diff"
run 1 stdin --diff --json "$out/report.json" < "$work/private/diff"
check "$out/report.json" '[(f["path"], f["places"][0]["start_line"], f["places"][0]["start_column"]) for f in F] == [("file", 22, 1)]'
git diff -R > "$work/private/diff"
run 1 stdin --diff < "$work/private/diff"
