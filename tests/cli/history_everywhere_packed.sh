#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The same repository after git repack -adk and git pack-refs: the same findings.
. "$(dirname "$0")/common.inc"

bash "$root/fixtures/repos/everywhere.sh" "$work/here" packed > manifest
sed 's/.*"token": "\([^"]*\)".*/\1/' manifest > "$work/planted"
run 1 history repo --json "$work/private/shown.json" --show-secrets
python3 "$here/everywhere_check.py" manifest repo "$work/private/shown.json"
run 1 history repo --json "$out/report.json"
rm -rf repo repo-alternate linked library
bash "$root/fixtures/repos/everywhere.sh" "$work/here" > /dev/null
run 1 history repo --json "$out/loose.json"
cmp "$out/report.json" "$out/loose.json"
