#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# An object that may not be read is a loss with path and cause.
. "$(dirname "$0")/common.inc"

new_repo
echo one > one
commit
id=$(git rev-parse HEAD:one)
chmod 000 ".git/objects/${id:0:2}/${id:2}"
drop_root
run 3 history --json "$out/report.json"
check "$out/report.json" 'not r["complete"] and len(loss) == 1'
grep -q "$id\|${id:2}" "$out/report.json"
