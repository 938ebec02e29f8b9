#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Each place where git can hold bytes gives its one finding, with the right carrier, reach and life.
. "$(dirname "$0")/common.inc"

bash "$root/fixtures/repos/everywhere.sh" "$work/here" > manifest
sed 's/.*"token": "\([^"]*\)".*/\1/' manifest > "$work/planted"
run 1 history repo --json "$work/private/shown.json" --show-secrets --sarif "$out/report.sarif"
python3 "$here/everywhere_check.py" manifest repo "$work/private/shown.json"
run 1 history repo/sub --json "$work/private/sub.json" --show-secrets
python3 "$here/everywhere_check.py" manifest repo/sub "$work/private/sub.json"
run 1 history repo --json "$out/report.json"
check "$out/report.json" 'r["complete"] and len(F) == 45'
run 1 history repo
