#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A shallow clone is scanned as far as it goes, and is never clean.
. "$(dirname "$0")/common.inc"

new_repo full
cd full
echo "$(token old)" > old
commit
git rm -q old
commit
echo new > new
commit
cd ..
git clone -q --depth 1 "file://$PWD/full" shallow
run 3 history shallow --json "$out/report.json"
check "$out/report.json" 'not F and not r["complete"] and loss == ["shallow boundary"]'
run 3 history shallow --exit-zero
