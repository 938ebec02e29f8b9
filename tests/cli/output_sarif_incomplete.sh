#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A loss is a notification in SARIF, and the execution was not successful.
. "$(dirname "$0")/common.inc"

new_repo
echo one > one
commit
id=$(git rev-parse HEAD:one)
rm -f ".git/objects/${id:0:2}/${id:2}"
run 3 history --sarif "$out/report.sarif"
python3 - "$out/report.sarif" "$id" <<'PYTHON'
import json, sys
run = json.load(open(sys.argv[1], encoding="utf-8"))["runs"][0]
invocation = run["invocations"][0]
assert invocation["executionSuccessful"] is False
assert sys.argv[2] in json.dumps(invocation["toolExecutionNotifications"])
PYTHON
