#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A renamed file is known by its secret; a second copy is new.
. "$(dirname "$0")/common.inc"

new_repo
echo "$(token known)" > before
run 1 scan --json "$out/before.json"
commit
run 0 baseline create --output "$out/baseline.json"
mv before after
run 0 scan --baseline "$out/baseline.json"
cp after copy
run 1 scan --baseline "$out/baseline.json"
