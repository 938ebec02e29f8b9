#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A secret far inside a file of 300 MB, across no limit.
. "$(dirname "$0")/common.inc"

{ head -c 160000000 /dev/zero | tr '\0' 'x'; printf '\n%s\n' "$(token deep)"; head -c 140000000 /dev/zero | tr '\0' 'y'; } > large
run 1 scan large --json "$out/report.json"
check "$out/report.json" 'r["complete"] and len(F) == 1 and F[0]["places"][0]["start_byte"] == 160000001 and F[0]["places"][0]["start_line"] == 2'
