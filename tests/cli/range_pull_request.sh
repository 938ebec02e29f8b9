#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Only what the commits bring that the base does not have, placed in the commit that brings it.
. "$(dirname "$0")/common.inc"

new_repo
echo "$(token old)" > old
commit
git checkout -q -b change
echo more >> old
echo "$(token new)" > new
commit
brings=$(git rev-parse HEAD)
echo harmless > harmless
commit
run 1 range main..change --json "$out/report.json"
check "$out/report.json" "[(f['path'], f['introduced']) for f in F] == [('new', ['$brings'])] and F[0]['places'][0]['commit'] == '$brings'"
run 0 range change..main
run 0 range main..main
run 1 range main..HEAD .
