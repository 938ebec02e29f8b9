#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A report that cannot be made: path and cause; an old report stays as it was.
. "$(dirname "$0")/common.inc"

echo "$(token leak)" > leak
run 4 scan --json no/such/folder/report.json
says 'no/such/folder/report.json.*No such file'
mkdir closed
echo old > closed/report.json
chmod 555 closed
drop_root
run 4 scan --sarif closed/report.json
says 'closed/report.json.*Permission denied'
[ "$(cat closed/report.json)" = old ]
