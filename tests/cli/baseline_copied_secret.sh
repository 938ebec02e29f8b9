#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A known secret that is copied to another file while it stays in the first is new.
. "$(dirname "$0")/common.inc"

new_repo
echo "$(token known)" > a
commit
run 0 baseline create
commit
cp a b
git add b
run 1 staged --json "$out/report.json"
check "$out/report.json" '[f["path"] for f in S] == ["b"]'
