#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A secret that is a file's content and its name: two places, whether the file is committed or only staged.
. "$(dirname "$0")/common.inc"

new_repo
mkdir x y
token both | tee "x/$(token both)" > "y/$(token both)"
git add x
git commit -qm x
git add y
run 1 history --json "$out/report.json"
places='sorted(f["path"][0] + " " + p["carrier"] + " " + p["reach"] for f in F for p in f["places"])'
check "$out/report.json" "$places == ['x blob head', 'x file name head', 'y blob staged', 'y file name staged']"
