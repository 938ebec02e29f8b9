#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A reader that goes away ends the program with a message and no signal.
. "$(dirname "$0")/common.inc"

mkdir many
python3 "$root/fixtures/make_token.py" $(seq 400) | split -l 1 -a 4 - many/
set +e
"$program" scan many 2> "$out/err" | head -c 10 > /dev/null
status=${PIPESTATUS[0]}
set -e
[ "$status" = 4 ] || die "exit status $status"
grep -qi 'broken pipe' "$out/err"
