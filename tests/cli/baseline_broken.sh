#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A baseline that is none: exit status 2, file and cause.
. "$(dirname "$0")/common.inc"

echo clean > file
echo '{"schema": 1, "entries": [' > broken.json
run 2 scan file --baseline broken.json
says 'broken.json'
echo '[]' > broken.json
run 2 scan file --baseline broken.json
says 'broken.json'
