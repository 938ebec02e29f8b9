#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A secret in the name of a staged file.
. "$(dirname "$0")/common.inc"

new_repo
echo start > start
commit
echo harmless > "$(token name)"
git add .
run 1 staged --json "$out/report.json"
check "$out/report.json" 'F[0]["places"][0]["carrier"] == "file name"'
