#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Control characters and workflow commands in names do not reach the terminal as such.
. "$(dirname "$0")/common.inc"

new_repo
mkdir -p $'::error ::x\033[31m'
echo "$(token leak)" > $'::error ::x\033[31m/a\nb'
commit
run 1 history
not grep -q $'\033' "$stdout"
not grep -Eq '^::|##\[' "$stdout"
run 1 scan
not grep -q $'\033' "$stdout"
run 1 history --json "$out/report.json"
check "$out/report.json" 'len(F) == 1'
