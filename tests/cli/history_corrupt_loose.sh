#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A loose object that is no zlib stream is a loss; the rest is scanned.
. "$(dirname "$0")/common.inc"

new_repo
echo one > one
echo "$(token leak)" > leak
commit
id=$(git rev-parse HEAD:one)
chmod u+w ".git/objects/${id:0:2}/${id:2}"
echo garbage > ".git/objects/${id:0:2}/${id:2}"
run 1 history --json "$out/report.json"
check "$out/report.json" 'not r["complete"] and loss == ["corrupt object"] and len(F) == 1'
run 3 history --exit-zero
