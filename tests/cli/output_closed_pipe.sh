#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A reader that goes away ends the program with a message and no signal.
. "$(dirname "$0")/common.inc"

mkdir many
for i in $(seq 3000); do echo "key = $i" > "many/$i"; done
echo "$(token leak)" > many/leak
for i in $(seq 400); do cp many/leak "many/leak$i"; done
set +e
"$program" scan many 2> "$out/err" | head -c 10 > /dev/null
status=${PIPESTATUS[0]}
set -e
[ "$status" = 4 ] || die "exit status $status"
grep -qi 'broken pipe' "$out/err"
