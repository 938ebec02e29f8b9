#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A known secret whose file was renamed is known in history too, where the old path stays.
. "$(dirname "$0")/common.inc"

new_repo
echo "$(token known)" > f
commit
run 0 baseline create
commit
git mv f g
commit
run 0 history --json "$out/report.json"
check "$out/report.json" 'len(F) == 2 and not S'
cp g h
commit
run 1 history
