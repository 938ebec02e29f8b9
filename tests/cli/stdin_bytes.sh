#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Bytes from standard input, with line and column.
. "$(dirname "$0")/common.inc"

printf 'one\n  %s\n' "$(token piped)" > input
run 1 stdin --json "$out/report.json" < input
check "$out/report.json" 'len(F) == 1 and F[0]["places"][0]["start_line"] == 2 and F[0]["places"][0]["start_column"] == 3'
check "$out/report.json" 'r["target"]["kind"] == "stdin" and F[0]["path"] is None'
echo clean > input
run 0 stdin < input
run 0 stdin < /dev/null
