#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A file and a folder that may not be read: a loss with path and cause.
. "$(dirname "$0")/common.inc"

mkdir closed
echo secret > closed/file
echo secret > file
echo fine > fine
chmod 000 file closed
drop_root
run 3 scan --json "$out/report.json"
check "$out/report.json" 'loss == ["unreadable file"] and r["ledger"]["scanned"]["blobs"] == 1'
grep -q 'Permission denied' "$out/report.json"
run 3 scan
chmod 755 closed
