#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Pipes and sockets are passed over, told, and no loss.
. "$(dirname "$0")/common.inc"

mkfifo pipe
echo "$(token leak)" > leak
run 1 scan --json "$out/report.json"
check "$out/report.json" 'r["complete"] and len(F) == 1 and any(s["reason"] == "special file" for s in r["ledger"]["skipped"])'
