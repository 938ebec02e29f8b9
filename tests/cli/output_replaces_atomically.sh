#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A report replaces an older one; nothing temporary stays behind.
. "$(dirname "$0")/common.inc"

echo "$(token leak)" > leak
mkdir reports
echo old > reports/report.json
run 1 scan leak --json reports/report.json
check reports/report.json 'len(F) == 1'
[ "$(ls -A reports)" = report.json ] || die "something else is in the folder"
