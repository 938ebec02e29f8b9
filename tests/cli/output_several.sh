#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Several outputs in one run, one of them standard output; then no text is written.
. "$(dirname "$0")/common.inc"

echo "$(token leak)" > leak
run 1 scan --json - --sarif "$out/a.sarif"
cp "$stdout" "$out/piped.json"
check "$out/piped.json" 'len(F) == 1'
run 1 scan --json "$out/b.json" --sarif "$out/b.sarif"
[ ! -s "$stdout" ] || die "text besides the files"
cmp "$out/piped.json" "$out/b.json"
cmp "$out/a.sarif" "$out/b.sarif"
