#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A wrong command is named; options behind it, not before; one file holds one report; what cannot be written is told.
. "$(dirname "$0")/common.inc"

run 2 histroy
says "no command 'histroy'"
run 2 -j2 scan
says 'behind the command'
run 2
run 0 --help
run 2 scan --json same --sarif same
says 'more than one report'
run 2 scan --json - --sarif -
run 0 scan --json /dev/null --sarif /dev/null
status=0
"$program" rules list > /dev/full 2> "$out/err" || status=$?
[ "$status" = 4 ] && grep -q 'standard output' "$out/err" || die "rules list to a full disk: $status"
