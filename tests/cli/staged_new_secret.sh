#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# What the index brings against HEAD, and only that.
. "$(dirname "$0")/common.inc"

new_repo
echo "$(token old)" > old
commit
run 0 staged
echo more >> old
echo "$(token new)" > new
git add old new
echo "$(token unstaged)" > unstaged
echo "$(token late)" >> new
run 1 staged --json "$out/report.json"
check "$out/report.json" '[(f["path"], f["places"][0]["reach"]) for f in F] == [("new", "staged")] and r["target"]["kind"] == "staged"'
run 1 staged
prints 'new:1:1'
