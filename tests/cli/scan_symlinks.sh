#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A symlink's target text is scanned; what it points at is not.
. "$(dirname "$0")/common.inc"

mkdir folder outside
echo "$(token outside)" > outside/file
ln -s ../outside folder/directory
ln -s ../outside/file folder/file
ln -s "nowhere/$(token link)" folder/link
run 1 scan folder --json "$out/report.json"
check "$out/report.json" '[(f["path"], f["places"][0]["carrier"]) for f in F] == [("link", "symlink")]'
check "$out/report.json" 'r["complete"] and any(s["reason"] == "symlink not followed" for s in r["ledger"]["skipped"])'
