#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# An option with a file takes one argument; the path behind it is what is scanned.
. "$(dirname "$0")/common.inc"

mkdir folder
echo harmless > folder/file
echo "$(token elsewhere)" > other
run 0 scan --json "$out/report.json" folder
check "$out/report.json" 'not F and r["ledger"]["scanned"]["blobs"] == 1'
[ "$(cat folder/file)" = harmless ] || die "the scanned file was overwritten"
