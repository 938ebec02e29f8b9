#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A full disk: a message with path and cause, and no half report.
. "$(dirname "$0")/common.inc"

[ -w /dev/full ] || skip "there is no /dev/full"
echo "$(token leak)" > leak
run 4 scan --json /dev/full
says '/dev/full.*No space left'
status=0
"$program" scan > /dev/full 2> "$out/text" || status=$?
[ "$status" = 4 ] || die "exit status $status"
grep -q 'No space left' "$out/text"
