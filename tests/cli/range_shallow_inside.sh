#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A shallow boundary inside the range is a loss.
. "$(dirname "$0")/common.inc"

new_repo full
cd full
for i in 1 2 3 4; do echo "$i" > file; commit; done
cd ..
git clone -q --depth 2 "file://$PWD/full" shallow
base=$(git -C full rev-parse HEAD~3)
git -C shallow fetch -q --depth 1 origin "$base"
run 3 range "$base..HEAD" shallow --json "$out/report.json"
check "$out/report.json" 'loss == ["shallow boundary"]'
