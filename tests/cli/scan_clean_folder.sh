#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A folder without secrets, in no repository: exit status 0.
. "$(dirname "$0")/common.inc"

mkdir folder
echo nothing > folder/file
run 0 scan folder --json "$out/report.json"
check "$out/report.json" 'r["complete"] and not F and r["ledger"]["scanned"]["blobs"] == 1'
run 0 scan
